"""The templates of this package and how figures are written in them."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.views import shown

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def environment(*, html: bool) -> "Environment":
    """Return what renders the templates: a name that is not there is an error, and for `html` everything is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    found.filters |= {"figure": figure, "share": share, "signed": signed, "whole": whole, "words": words}
    return found


def figure(value: float | None) -> str:
    """Return a measure with three decimals; a dash where there is none."""
    return "–" if value is None or math.isnan(value) else f"{value:.3f}"


def signed(value: float) -> str:
    """Return a change with three decimals and its sign."""
    return f"{value:+.3f}".replace("-", "−")


def share(value: float | None, decimals: int = 0) -> str:
    """Return a share in per cent; a dash where there is none.

    >>> share(0.0331), share(0.0331, 1)
    ('3 %', '3.3 %')
    """
    return "–" if value is None or math.isnan(value) else f"{100 * value:.{decimals}f} %"


def whole(value: float) -> str:
    """Return a count with its thousands apart."""
    return f"{value:,.0f}"


def words(text: object) -> str:
    """Return text on one line, without characters that command a screen or turn its direction."""
    return shown(str(text))
