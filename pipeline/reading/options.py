"""What a reader is told, and what it tells of an input that cannot be scored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How inputs are read.

    Parameters
    ----------
    text_column : of a table, the column that holds the articles
    id_column : of a table, the column that names them; without one a row is called ``file:line`` or ``file:row``
    title_column : of a table, the column that holds headlines
    fetch : whether URLs among the inputs may be fetched
    force : whether a text is read that is not in English
    """

    text_column: str = "text"
    id_column: str | None = None
    title_column: str | None = None
    fetch: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that cannot be scored, and in one line why, where and what to do: empty, broken, not in English."""

    id: str
    reason: str
