"""Scored articles in the format that was asked for, on standard output or in files that are written whole or not at all."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.ledger.statements import Ledger
    from pipeline.views import Model, Scored

PAGE_WIDTH = 120  # characters of a table that is not written to a terminal


class Format(StrEnum):
    """How scored sentences are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    HTML = "html"
    LABEL_STUDIO = "label-studio"


_SUFFIXES = {".csv": Format.CSV, ".parquet": Format.PARQUET, ".html": Format.HTML, ".htm": Format.HTML}


def choose_format(form: Format | None, out: Path | None, outlet_column: str | None) -> Format:
    """Return `form`, or what the name `out` says, else a table for a terminal and JSON Lines for everything else.

    Raises
    ------
    InputError
        If that format cannot be written to `out`, or makes no use of `outlet_column`.
    """
    if form is None:
        unnamed = Format.TABLE if out is None and sys.stdout.isatty() else Format.JSONL
        form = unnamed if out is None else _SUFFIXES.get(out.suffix.lower(), unnamed)
    if form is Format.PARQUET and out is None:
        raise InputError("--format parquet: is not written to standard output: name a file with --out")
    if form is Format.LABEL_STUDIO and out is not None and out.suffix != ".json":
        raise InputError(f"{out}: the name must end in .json; the labelling config is written beside it as .xml")
    if outlet_column is not None and not (form is Format.HTML and _is_site(out)):
        raise InputError("--outlet-column: the summary by outlet is part of a site: add --format html --out FOLDER")
    return form


def write_scored(
    model: "Model",
    scored: "Scored",
    form: Format,
    out: Path | None,
    *,
    explained: bool,
    outlet_column: str | None,
    ledgers: "Iterable[Ledger] | None" = None,
) -> None:
    """Write `scored` as `form`, which `choose_format` returned, to the file or folder `out`, else to standard output.

    Pages show the `ledgers`, one an article, where there are any.

    Raises
    ------
    InputError
        If `out` cannot be written, or `form` is a page and there is more than one article; nothing is left behind then.
    """
    from pipeline.writing import replacing

    if out is None:
        _write_text(model, scored, form, sys.stdout, explained=explained, ledgers=ledgers)
    elif form is Format.HTML and _is_site(out):
        from pipeline.site.pages import write_site

        write_site(model, scored, out, explained=explained, outlet_column=outlet_column, ledgers=ledgers)
    elif form is Format.PARQUET:
        from pipeline.row_files import write_parquet

        with replacing(out) as temporary:
            write_parquet(model, scored, temporary, explained=explained)
    else:
        with replacing(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            _write_text(model, scored, form, stream, explained=explained, ledgers=ledgers, beside=temporary)
        if form is Format.LABEL_STUDIO:
            from pipeline.label_studio import labelling_config

            with replacing(out.with_suffix(".xml")) as temporary:
                temporary.write_text(labelling_config(model.labels), encoding="utf-8")


def _write_text(
    model: "Model",
    scored: "Scored",
    form: Format,
    stream: IO[str],
    *,
    explained: bool,
    ledgers: "Iterable[Ledger] | None",
    beside: Path | None = None,
) -> None:
    if form is Format.TABLE:
        from rich.console import Console

        from pipeline.views import print_table

        print_table(scored, Console(file=stream, width=None if stream.isatty() else PAGE_WIDTH))
    elif form is Format.CSV:
        from pipeline.row_files import write_csv

        write_csv(model, scored, stream, explained=explained, beside=beside)
    elif form is Format.HTML:
        from pipeline.site.pages import write_page

        write_page(model, scored, stream, explained=explained, ledgers=ledgers)
    elif form is Format.LABEL_STUDIO:
        from pipeline.label_studio import write_tasks

        write_tasks(model.id, scored, stream)
    else:
        from pipeline.row_files import write_jsonl

        write_jsonl(model, scored, stream)


def _is_site(out: Path | None) -> bool:
    return out is not None and out.suffix.lower() not in (".html", ".htm")
