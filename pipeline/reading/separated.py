"""CSV, and the like of it with semicolons or tabs, to documents, a row at a time."""

import csv
import io
from collections.abc import Iterator
from itertools import chain

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input
from pipeline.reading.tables import check_columns, row_document

LONGEST_CELL = 10 * MEGABYTE  # characters
_SEPARATORS = ",;\t|"


def read_separated(table: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document of each row. The header tells what separates the cells; a row without a single filled cell is none.

    Raises
    ------
    InputError
        If there is no header, a column that was asked for is missing, or the file is not UTF-8.
    """
    csv.field_size_limit(LONGEST_CELL)  # 131,072 otherwise, and an article can be longer
    text = io.TextIOWrapper(table.stream, encoding="utf-8-sig", newline="")
    line = 1
    try:
        first = text.readline(LONGEST_CELL)
        reader = csv.reader(chain([first], text), delimiter=_separator(first, options), strict=True)
        header = _next_row(reader, f"{table.place}, line 1") or []
        if isinstance(header, str):
            raise InputError(header)
        check_columns(header, table.place, options)
        line = reader.line_num + 1
        while (cells := _next_row(reader, f"{table.place}, line {line}")) is not None:
            if any(cells):
                yield _row(header, cells, table, line, options)
            line = reader.line_num + 1
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise InputError(
            f"{table.place}: is not UTF-8 (0x{byte:02x} at line {line} or after): convert it, "
            "for example with `iconv -f WINDOWS-1252 -t UTF-8`"
        ) from None
    finally:
        text.detach()


def _next_row(reader: "Iterator[list[str]]", where: str) -> list[str] | str | None:
    """Return the next row, what is wrong with it, or None at the end; after a broken one the next line begins a row."""
    try:
        return next(reader, None)
    except csv.Error as error:
        return f"{where}: is no CSV ({error}): is a quote missing?"


def _row(header: list[str], cells: list[str] | str, table: Input, line: int, options: ReadingOptions) -> Document | Unread:
    name, where = f"{table.name}:{line}", f"{table.place}, line {line}"
    if isinstance(cells, str):
        return Unread(name, cells)
    if len(cells) != len(header):
        return Unread(name, f"{where}: has {len(cells)} cells, the header {len(header)}: quote cells that hold a separator")
    return row_document(dict(zip(header, cells, strict=True)), name, where, options)


def _separator(header: str, options: ReadingOptions) -> str:
    """Return the character that cuts `header` so that the column of the text is among its cells, a comma where none does."""
    for separator in _SEPARATORS:
        if options.text_column in next(csv.reader([header], delimiter=separator), []):
            return separator
    return _SEPARATORS[0]
