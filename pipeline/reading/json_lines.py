"""JSON Lines to documents, a line at a time."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input
from pipeline.reading.tables import asked, lacks, row_document

LONGEST_LINE = 50 * MEGABYTE
_PATIENCE = 100  # rows of which one must have the columns that were asked for


def read_json_lines(table: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document of each line; one that is broken does not end the reading.

    Raises
    ------
    InputError
        If a line is too long to be one article, or none of the first rows has a column that was asked for.
    """
    unseen = asked(options)
    rows, columns = 0, []
    for number, line in _lines(table.stream, table.place):
        where, name = f"{table.place}, line {number}", f"{table.name}:{number}"
        if line.lstrip().startswith(b"["):
            yield Unread(name, f"{where}: is a JSON list, no object: `jq -c '.[]'` makes lines of a list")
            continue
        try:
            row = json.loads(line.rstrip().decode("utf-8"))
        except (ValueError, RecursionError) as error:
            yield Unread(name, f"{where}: is no JSON: {_problem(error)}")
            continue
        if not isinstance(row, dict):
            yield Unread(name, f"{where}: is no JSON object. Got {type(row).__name__}")
            continue
        rows, columns = rows + 1, [*row]
        unseen = {option: name for option, name in unseen.items() if name not in row}
        if unseen and rows == _PATIENCE:
            break
        yield row_document(row, name, where, options)
    if unseen and rows:
        raise InputError(lacks(f"{table.place}, lines 1 to {number}", *next(iter(unseen.items())), columns))


def _lines(stream: BinaryIO, place: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank with their numbers; a byte order mark is dropped."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise InputError(
                f"{place}, line {number}: is longer than {LONGEST_LINE // MEGABYTE} MB: JSON Lines have one article a line, "
                "`jq -c '.[]'` makes them of a list"
            )
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _problem(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 (byte {error.start} is 0x{error.object[error.start]:02x})"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[0].lower()}{error.msg[1:].removesuffix(' at')} at character {error.pos + 1}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
