"""The unit that is scored: a text, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be scored; all offsets refer to `text`.

    Parameters
    ----------
    id : its name in every output row
    text : what is scored; of a page or a PDF, what was extracted
    title : the headline, where it is known apart from the text
    source : the outlet that it is from: a site's host name, or what a table's column `source` says; never a file's name
    date : the day of publication, ``YYYY-MM-DD``
    author : who wrote it, several joined by ``; ``
    extra : further columns by name, carried to the output as they are
    kept : share of a page's visible characters that are in `text`, from 0 to 1; None where there was nothing to extract
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None
    author: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)
    kept: float | None = None
