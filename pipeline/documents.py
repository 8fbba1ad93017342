"""The unit that is scored: a text, and what is known of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


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


def document_of(number: int, item: Document | str) -> Document:
    """Return `item` where it is a document, else the document whose text it is, named by `number`."""
    return Document(id=str(number), text=item) if isinstance(item, str) else item


def problem_of(document: object) -> str | None:
    """Return what is wrong with the type of a document handed over, None where nothing is."""
    if not isinstance(document, Document):
        return f"must be a Document or a str. Got {type(document).__name__}"
    if not isinstance(document.text, str):
        return f"a text must be a str. Got {type(document.text).__name__}"
    if not isinstance(document.title, str | None):
        return f"a title must be a str. Got {type(document.title).__name__}"
    return None


def documents_of(frame: "pd.DataFrame", text: str, title: str | None) -> Iterator[Document]:
    """Yield a document for each row of `frame`, named by its index, from the columns `text` and `title`.

    Raises
    ------
    KeyError
        If `frame` has no such column.
    TypeError
        If a text is not a str; names its row.
    """
    for column in filter(None, (text, title)):
        if column not in frame.columns:
            raise KeyError(f"the frame has no column {column!r}; it has {list(frame.columns)}")
    titles = [None] * len(frame) if title is None else frame[title].tolist()
    for index, value, headline in zip(frame.index, frame[text].tolist(), titles, strict=True):
        if not isinstance(value, str):
            raise TypeError(f"column {text!r}, row {index!r}: a text must be a str. Got {value!r}")
        yield Document(id=str(index), text=value, title=headline if isinstance(headline, str) else None)
