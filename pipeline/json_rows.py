"""JSON Lines that people wrote: each line read by a pydantic model, each error told with its file and line."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import InputError
from pipeline.params import first_problem
from pipeline.writing import decode

Row = TypeVar("Row", bound=BaseModel)


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file that are not blank, each with its place: ``path, line number``."""
    for number, line in enumerate(decode(path).split("\n"), 1):
        if line.strip():
            yield f"{path}, line {number}", line


def read_rows(path: Path, form: type[Row], *, strict: bool = False) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a file as `form` reads them, each with its place.

    Raises
    ------
    InputError
        If a line is none of `form`; says file and line.
    """
    for where, line in lines_of(path):
        try:
            yield where, form.model_validate_json(line, strict=strict)
        except ValidationError as error:
            raise InputError(f"{where}: {first_problem(error)}") from None
