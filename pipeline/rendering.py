"""The templates of this package: how text and figures are written in them, how labels are marked, which style a page has."""

import base64
import hashlib
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.passages import printable
from pipeline.roles import mark_of, style_of
from pipeline.views import COMMANDS, shown

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

_TINTS = ("red", "blue", "green", "ochre", "violet", "teal")
_LINES = 5  # styles of underlining in article.css
_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Sign:
    """How a label is told from others: by its `mark`, its `tint` and the style of its `line`; context has neither of these."""

    mark: str
    tint: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """The style sheet of a page, and the `hash` by which the page's policy admits it and no other."""

    sheet: str
    hash: str


def environment(*, html: bool) -> "Environment":
    """Return what renders the templates: a name that is not there is an error, and for `html` everything is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    found.filters |= {f.__name__: f for f in (figure, nats, points, share, signed, visible, whole, words)}
    return found


def style(*names: str) -> Style:
    """Return the style sheets of these names as one, not to be escaped."""
    from markupsafe import Markup

    sheet = "\n".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Style(Markup(sheet), f"sha256-{digest}")


def signs_of(labels: Sequence[str]) -> dict[str, Sign]:
    """Return for each label its sign: that of the role, for other labels a mark that no other has."""
    marks, lines = chain("●■▼○□△▽◇★☆", map(str, count(1))), count()
    tints = [tint for tint in _TINTS if tint not in {style_of(label) for label in labels}]
    signs = {}
    for i, label in enumerate(labels):
        role = mark_of(label) != mark_of("")
        tint = style_of(label) if role else tints[i % len(tints)]
        line = str(next(lines) % _LINES) if tint else ""
        signs[label] = Sign(mark_of(label) if role else next(marks), tint, line)
    return signs


def figure(value: float | None) -> str:
    """Return a measure with three decimals; a dash where there is none."""
    return "–" if value is None or math.isnan(value) else f"{value:.3f}"


def signed(value: float) -> str:
    """Return a change with three decimals and its sign."""
    return f"{value:+.3f}".replace("-", "−")


def nats(value: float) -> str:
    """Return an effect on a score with one decimal and its sign."""
    return f"{value:+.1f}".replace("-", "−")


def share(value: float | None, decimals: int = 0) -> str:
    """Return a share in per cent; a dash where there is none.

    >>> share(0.0331), share(0.0331, 1)
    ('3 %', '3.3 %')
    """
    return "–" if value is None or math.isnan(value) else f"{100 * value:.{decimals}f} %"


def points(value: float) -> str:
    """Return a change of a share in percentage points with its sign.

    >>> points(-0.0331)
    '−3.3'
    """
    return f"{100 * value:+.1f}".replace("-", "−")


def whole(value: float) -> str:
    """Return a count with its thousands apart."""
    return f"{value:,.0f}"


def words(text: object) -> str:
    """Return text on one line, without characters that command a screen or turn its direction."""
    return shown(str(text))


def visible(text: str) -> str:
    """Return text of an article as HTML: line breaks are kept, and what would command a screen or turn its direction is named.

    >>> visible("a < b \u202e")
    Markup('a &lt; b <span class="control" title="right-to-left override">U+202E</span>')
    """
    from markupsafe import Markup, escape

    def named(found: re.Match[str]) -> str:
        code = ord(found[0])
        return f'<span class="control" title="{unicodedata.name(found[0], "control character").lower()}">U+{code:04X}</span>'

    plain = _LINE_BREAK.sub("\n", printable(text)).replace("\t", " ")
    return Markup("\n".join(COMMANDS.sub(named, str(escape(line))) for line in plain.split("\n")))
