"""Figures that were measured and figures that are shown: on another kind of processor the last digits are others."""

import re
import subprocess
from difflib import SequenceMatcher

from conftest import ROOT

_FIGURE = re.compile(r"[-+]?\b\d+\.\d+(?: ?%)?|\b\d+ ?%")
_MODEL = re.compile(r"stance-[0-9a-f]{12}")
_OFF, _PERCENT_OFF = 0.015, 1.0
_FEW = re.compile(  # lines with figures of thirty sentences, or of sixty to two hundred written cases
    r"seed article|\bsurvive\b|written cases|called what it is|minimal pairs|flip rates"
)
_FEW_OFF, _FEW_PERCENT_OFF = 0.1, 5.0
_LEDGER = re.compile(r"(?<=```console\n)\$ stance ledger .*?(?=```)", re.DOTALL)
_ALIKE = 0.75  # of the words of two ledgers of one article, in order: one close call moves many of them


def same(shown: str, made: str) -> bool:
    """Whether nothing is stale in a text.

    Ids of models aside it has to be what was made where the metrics in the checkout are those of its last commit. Others were
    measured anew, perhaps on another kind of processor, and may differ a little.
    """
    command = ["git", "diff", "--quiet", "HEAD", "--", "reports/metrics.json"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        return nearly(shown, made)
    return _unnamed(shown) == _unnamed(made)


def nearly(shown: str, made: str) -> bool:
    """Whether two texts are the same but for spaces, ids of models and the last digits of figures.

    >>> nearly("macro-F1 0.605, 3.4 %", "macro-F1 0.607,  3.7 %"), nearly("0.605", "0.645"), nearly("12 rows", "13 rows")
    (True, False, False)
    >>> nearly("seed article 0.43", "seed article 0.50"), nearly("0.58", "0.60"), nearly("0.58", "0.61")
    (True, True, False)
    """
    ledgers = [[block.split() for block in _LEDGER.findall(text)] for text in (shown, made)]
    if not all(SequenceMatcher(None, *pair, autojunk=False).ratio() > _ALIKE for pair in zip(*ledgers, strict=False)):
        return False
    shown, made = _LEDGER.sub("$ stance ledger", shown), _LEDGER.sub("$ stance ledger", made)
    words = [" ".join(_FIGURE.sub("#", _unnamed(text)).split()) for text in (shown, made)]
    if words[0] != words[1]:
        return False
    few = [bool(_FEW.search(line)) for line in shown.split("\n") for _ in _FIGURE.findall(line)]
    return all(map(_near, _FIGURE.findall(shown), _FIGURE.findall(made), few))


def _unnamed(text: str) -> str:
    return _MODEL.sub("stance-…", text)


def _near(one: str, other: str, few: bool) -> bool:
    """Whether two figures are near each other, rounded as they are; figures above one in proportion."""
    percent = one.endswith("%")
    value = float(one.rstrip(" %"))
    off = (_FEW_PERCENT_OFF if few else _PERCENT_OFF) if percent else (_FEW_OFF if few else _OFF) * max(1, abs(value))
    _, _, digits = one.rstrip(" %").partition(".")
    return abs(value - float(other.rstrip(" %"))) <= off + 10.0 ** -len(digits) * 1.001
