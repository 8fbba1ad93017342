"""The command `stance score`: every sentence of the articles that are handed over, with its role and probability."""

import sys
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import (
    FetchOption,
    FilesArgument,
    IdColumnOption,
    ModelOption,
    TextColumnOption,
    TitleColumnOption,
)
from pipeline.errors import InputError
from pipeline.outputs import Format, choose_format, write_scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.documents import Document
    from pipeline.ledger.statements import Ledger
    from pipeline.scorer import Scorer
    from pipeline.views import Scored


def score(
    files: FilesArgument,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Default: as the name --out ends, else table on a terminal and jsonl elsewhere."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write to FILE, whole or not at all. For html: a page NAME.html, or a folder for a site of many. FOLDER/: any "
            "number of articles, in shards of parquet or jsonl; run the same again to go on where a run was stopped.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the words that moved each score most; takes seconds an article.")
    ] = False,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = None,
    title_column: TitleColumnOption = None,
    fetch: FetchOption = False,
    force: Annotated[bool, typer.Option("--force", help="Score a text though it is not in English.")] = False,
    prior: Annotated[
        str | None,
        typer.Option(metavar="LABEL=SHARE,…", help="How frequent the labels are in these articles; each label, summing to 1."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=P", help="Give LABEL only from this probability on; may be repeated."),
    ] = None,
    outlet_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of a table, for a site: the column that names the outlet. Default: source."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="For FOLDER/: processes that score. Default: one a core; each takes 0.6 GB."),
    ] = None,
    shard_size: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="For FOLDER/: articles in a shard. Default: 1000.")
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="SCHEDULER", help="For FOLDER/: the address of a Dask cluster, say tcp://10.0.0.5:8786, to score on."
        ),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Print every sentence with its role and probability."""
    from pipeline.bulk.command import BulkOptions, names_folder, outside, score_found
    from pipeline.progress import track
    from pipeline.reading import ReadingOptions, documents_of, find_sources, read_sources
    from pipeline.scorer import load_model
    from pipeline.settings import parse_values

    target = None if out is None else Path(out)
    chosen = choose_format(form, target, outlet_column)
    options = ReadingOptions(text_column, id_column, title_column, fetch, force)
    found = find_sources(files, fetch=fetch)
    shards = target if out is not None and chosen is not Format.HTML and names_folder(out) else None
    if shards is not None:
        found = outside(found, shards)
    elif target is not None and found.holds(target):
        raise InputError(f"{target}: is one of the articles, and would be overwritten: name another --out")
    if note := found.note():
        typer.echo(f"note: {note}", err=True)
    priors = None if prior is None else parse_values(prior.split(","), "--prior")
    thresholds = parse_values(threshold, "--threshold") if threshold else None
    bulk = BulkOptions(workers, shard_size, dask)
    if shards is not None:
        score_found(found, shards, form, model, options, bulk, prior=priors, thresholds=thresholds, explain=explain)
        return
    bulk.refuse()
    scorer = load_model(model)
    if priors is not None:
        scorer = scorer.with_prior(priors)
    if thresholds is not None:
        scorer = scorer.with_thresholds(thresholds)
    shown = target is not None or not sys.stdout.isatty()
    readable = documents_of(read_sources(found.sources, options))
    documents = track(readable, "scoring", found.documents, shown=shown)
    scored, ledgers = _scored(scorer, documents, explain=explain, noted=chosen is Format.HTML and scorer.makes_ledgers)
    write_scored(scorer, scored, chosen, target, explained=explain, outlet_column=outlet_column, ledgers=ledgers)


def _scored(
    scorer: "Scorer", documents: "Iterator[Document]", *, explain: bool, noted: bool
) -> "tuple[Scored, Iterable[Ledger] | None]":
    """Return the scored articles, and the ledger of each where they are to be `noted`."""
    from pipeline.ledger.outputs import noted_by, parted

    if noted:
        return parted(noted_by(scorer, documents, explain=explain))
    read, again = tee(documents)
    return zip(read, scorer.score_documents(again, explain=explain), strict=True), None
