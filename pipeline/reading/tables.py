"""Tables to documents: a row is an article, one column its text, all further columns are carried along."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread

_PLAIN = (str, int, float, bool, type(None))


def asked(options: ReadingOptions) -> dict[str, str]:
    """Return the columns that were asked for, by the option that asks."""
    wanted = {
        "--text-column": options.text_column,
        "--id-column": options.id_column,
        "--title-column": options.title_column,
    }
    return {option: name for option, name in wanted.items() if name is not None}


def lacks(place: str, option: str, column: str, columns: Sequence[str]) -> str:
    """Return the line that says that a column is missing, how to name another, and what there is."""
    listed = ", ".join(map(repr, columns[:20])) + (", …" if len(columns) > 20 else "")
    return f"{place}: has no column {column!r}: name one with {option}; it has {listed or 'none'}"


def check_columns(columns: Sequence[str], place: str, options: ReadingOptions) -> None:
    """Raise InputError if a column that was asked for is none of `columns`, or one of them stands twice."""
    for option, name in asked(options).items():
        if name not in columns:
            raise InputError(lacks(place, option, name, columns))
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise InputError(f"{place}: the column {min(twice)!r} stands twice: rename one")


def row_document(row: Mapping[str, object], name: str, where: str, options: ReadingOptions) -> Document | Unread:
    """Return the document in a row; `name` is its id where no column holds one, `where` is the row's place for errors.

    The columns `source`, `date` and `author` tell what is known of the article, and are carried along like all others.
    """
    given = row.get(options.id_column) if options.id_column else None
    identity = name if given is None or given == "" else str(given)
    for option in ("--text-column", "--id-column"):
        column = asked(options).get(option)
        if column is not None and column not in row:
            return Unread(identity, lacks(where, option, column, [*row]))
    text = row[options.text_column]
    if text is not None and not isinstance(text, str):
        return Unread(
            identity, f"{where}: column {options.text_column!r} must hold text. Got {type(text).__name__} {_shown(text)}"
        )
    document = Document(
        id=identity,
        text=text or "",
        title=_text(row.get(options.title_column)) if options.title_column else None,
        source=_text(row.get("source")),
        date=_day(row.get("date")),
        author=_text(row.get("author")),
        extra=_carried(row, options),
    )
    return checked(document, where, options, empty=f"column {options.text_column!r} is empty")


def _carried(row: Mapping[str, object], options: ReadingOptions) -> dict[str, object]:
    used = (options.text_column, options.id_column, options.title_column)
    return {name: plain(value) for name, value in row.items() if name not in used}


def plain(value: object) -> object:
    """Return a value of a table as JSON has it: times as ISO 8601, bytes as text, what else there is as its `str`.

    >>> plain({"seen": date(2024, 3, 5), "tags": ["port", b"theft"]})
    {'seen': '2024-03-05', 'tags': ['port', 'theft']}
    """
    if isinstance(value, float):
        return value if value - value == 0 else None  # neither NaN nor infinity is JSON
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: object) -> str | None:
    """Return the day that a value begins with, None where it is no date in ISO 8601."""
    text = value.isoformat() if isinstance(value, date | datetime) else value
    try:
        return date.fromisoformat(text[:10]).isoformat() if isinstance(text, str) else None
    except ValueError:
        return None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
