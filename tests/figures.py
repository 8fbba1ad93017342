"""Figures that were measured and figures that are shown: on another kind of processor the last digits are others."""

import re
import subprocess

from conftest import ROOT

_FIGURE = re.compile(r"[-+]?\b\d+\.\d+(?: ?%)?|\b\d+ ?%")
_MODEL = re.compile(r"stance-[0-9a-f]{12}")
_OFF, _PERCENT_OFF = 0.015, 1.0


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
    """
    words = [" ".join(_FIGURE.sub("#", _unnamed(text)).split()) for text in (shown, made)]
    pairs = zip(_FIGURE.findall(shown), _FIGURE.findall(made), strict=False)
    return words[0] == words[1] and all(_near(*pair) for pair in pairs)


def _unnamed(text: str) -> str:
    return _MODEL.sub("stance-…", text)


def _near(one: str, other: str) -> bool:
    off = _PERCENT_OFF if one.endswith("%") else _OFF
    return abs(float(one.rstrip(" %")) - float(other.rstrip(" %"))) <= off
