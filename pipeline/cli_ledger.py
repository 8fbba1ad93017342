"""The commands `stance ledger`, `compare` and `verify`: who alleges what against whom, who answered, on what evidence."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import FetchOption, FilesArgument, IdColumnOption, ModelOption, TextColumnOption, TitleColumnOption
from pipeline.errors import InputError
from pipeline.ledger.formats import ComparisonFormat, LedgerFormat, comparison_format, ledger_format

if TYPE_CHECKING:
    from pipeline.documents import Document
    from pipeline.ledger.outputs import LedgerModel
    from pipeline.ledger.receipts import Difference
    from pipeline.reading import Found, ReadingOptions

_SHOWN = 20  # differences that are told one by one
_LONGEST = 120  # characters of a value in a difference

OutOption = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to FILE, whole or not at all.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Read a text though it is not in English.")]


def ledger(
    files: FilesArgument,
    form: Annotated[
        LedgerFormat | None,
        typer.Option(
            "--format",
            help="json: JSON Lines, one object an article. Default: as the name --out ends, else table on a terminal and json "
            "elsewhere.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write to FILE, whole or not at all. For html: a page NAME.html, or a new folder for the pages of many.",
        ),
    ] = None,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = None,
    title_column: TitleColumnOption = None,
    fetch: FetchOption = False,
    force: ForceOption = False,
    model: ModelOption = None,
) -> None:
    """Print who alleges what against whom in each article, who answered, and on what evidence."""
    from pipeline.ledger.outputs import noted_by, write_ledgers
    from pipeline.reading import ReadingOptions

    chosen = ledger_format(form, out)
    options = ReadingOptions(text_column, id_column, title_column, fetch, force)
    found = _find(files, out, options)
    maker = _load(model)
    shown = out is not None or not sys.stdout.isatty()
    write_ledgers(maker, noted_by(maker, _documents(found, options, shown=shown)), chosen, out)


def compare(
    files: FilesArgument,
    form: Annotated[
        ComparisonFormat | None,
        typer.Option("--format", help="Default: as the name --out ends, else table on a terminal and json elsewhere."),
    ] = None,
    out: OutOption = None,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = None,
    title_column: TitleColumnOption = None,
    fetch: FetchOption = False,
    force: ForceOption = False,
    model: ModelOption = None,
) -> None:
    """Print which allegation each of several articles on one story carries: answered or not, on what evidence."""
    from pipeline.ledger.comparison import compare as compare_ledgers
    from pipeline.ledger.comparison_views import write_comparison
    from pipeline.ledger.outputs import noted_by
    from pipeline.reading import ReadingOptions
    from pipeline.writing import replacing

    options = ReadingOptions(text_column, id_column, title_column, fetch, force)
    found = _find(files, out, options)
    maker = _load(model)
    chosen = comparison_format(form, out)
    documents = _documents(found, options, shown=out is not None or not sys.stdout.isatty())
    ledgers = [ledger for _, _, ledger in noted_by(maker, documents)]
    if len(ledgers) < 2:
        raise InputError(f"{files[0]}: is one article: name at least two that tell of one story")
    compared = compare_ledgers(ledgers)
    if out is None:
        write_comparison(compared, chosen, sys.stdout)
    else:
        with replacing(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            write_comparison(compared, chosen, stream)


def verify(
    receipt: Annotated[
        Path, typer.Argument(metavar="RECEIPT", help="What `stance ledger --format json` wrote, or statements cut from it.")
    ],
    article: Annotated[
        str | None, typer.Argument(metavar="ARTICLE", help="What holds the article. Default: where the receipt read it from.")
    ] = None,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = None,
    title_column: TitleColumnOption = None,
    fetch: FetchOption = False,
    model: ModelOption = None,
) -> None:
    """Make a ledger again and compare it with its receipt: text, offsets, every statement and signal.

    Exit code 0 where all agree, else 2. Sentences are numbered from 0, as in the receipt. With another model than the
    receipt's only text and offsets are compared.
    """
    from pipeline.ledger.originals import with_originals
    from pipeline.ledger.receipts import differences, read_receipts
    from pipeline.reading import ReadingOptions

    receipts = read_receipts(receipt)
    options = ReadingOptions(text_column, id_column, title_column, fetch, force=True)
    maker = _load(model)
    count = 0
    for one, document in with_originals(receipts, article, options):
        for difference in differences(one, document, maker):
            count += 1
            if count <= _SHOWN:
                typer.echo(f"{one.where}: {_told(difference)}")
    if count > _SHOWN:
        typer.echo(f"… and {count - _SHOWN} more: {count} differences")
    if count:
        raise typer.Exit(InputError.exit_code)
    statements = sum(len(one.statements) for one in receipts)
    typer.echo(f"{receipt}: agrees: text, offsets and {statements} statement{'s' * (statements != 1)}, by {maker.id}")


def _find(files: list[str], out: Path | None, options: "ReadingOptions") -> "Found":
    from pipeline.reading import find_sources

    found = find_sources(files, fetch=options.fetch)
    if out is not None and found.holds(out):
        raise InputError(f"{out}: is one of the articles, and would be overwritten: name another --out")
    if note := found.note():
        typer.echo(f"note: {note}", err=True)
    return found


def _load(model: Path | None) -> "LedgerModel":
    from pipeline import scorer

    return scorer.load_model(model)


def _documents(found: "Found", options: "ReadingOptions", *, shown: bool) -> "Iterator[Document]":
    from pipeline.progress import track
    from pipeline.reading import documents_of, read_sources

    return track(documents_of(read_sources(found.sources, options)), "reading", found.documents, shown=shown)


def _told(difference: "Difference") -> str:
    from pipeline.ledger.views import clipped

    recorded, now = clipped(difference.recorded, _LONGEST), clipped(difference.now, _LONGEST)
    return f"{clipped(difference.what, _LONGEST)}: recorded {recorded}, now {now}"
