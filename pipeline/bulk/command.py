"""`stance score --out FOLDER/`: what the command line says to a run by many workers, and hears from it."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from pipeline.bulk.folder import ERRORS
from pipeline.bulk.scoring import SHARD_SIZE, Form, Summary, score_to_folder
from pipeline.bulk.tally import Tally
from pipeline.errors import InputError
from pipeline.outputs import Format
from pipeline.reading import Found, Kind, ReadingOptions, Source, read_sources
from pipeline.reading.kinds import SINGLE

_FORMS: Mapping[Format | None, Form] = {None: "parquet", Format.PARQUET: "parquet", Format.JSONL: "jsonl"}


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """What can be said of a run by many workers; None where nothing was."""

    workers: int | None
    shard_size: int | None
    scheduler: str | None

    def refuse(self) -> None:
        """Raise InputError if something was said where there is no such run."""
        given = {"--workers": self.workers, "--shard-size": self.shard_size, "--dask": self.scheduler}
        for option, value in given.items():
            if value is not None:
                raise InputError(f"{option}: goes with a folder of shards: add --out FOLDER/")

    def check(self) -> None:
        """Raise InputError if two things were said of which one makes no use of the other."""
        if self.workers is not None and self.scheduler is not None:
            raise InputError("--workers: are those of this machine, with --dask there are none of them: leave one out")


def names_folder(out: str) -> bool:
    """Tell whether an --out is a folder, or is to become one.

    >>> names_folder("scored/"), names_folder("scored.parquet")
    (True, False)
    """
    return out.endswith("/") or Path(out).is_dir()


def outside(found: Found, out: Path) -> Found:
    """Return what was found without what an earlier run wrote, where `out` lies in a folder that is read.

    Raises
    ------
    InputError
        If nothing is left.
    """
    folder = out.resolve()
    sources = tuple(s for s in found.sources if not (s.is_file and Path(s.name).resolve().is_relative_to(folder)))
    if not sources:
        raise InputError(f"{out}: holds the articles: name another --out")
    return Found(sources, tuple(path for path in found.left_out if not path.resolve().is_relative_to(folder)))


def score_found(
    found: Found,
    out: Path,
    form: Format | None,
    model: Path | None,
    reading: ReadingOptions,
    bulk: BulkOptions,
    *,
    prior: Mapping[str, float] | None,
    thresholds: Mapping[str, float] | None,
    explain: bool,
) -> None:
    """Score what was found into the folder `out`, tell how far it is, and in the end what came of it.

    Raises
    ------
    InputError
        If `form` is not written to a folder of shards, or not one article could be scored.
    """
    bulk.check()
    if bulk.scheduler is not None:
        _quieten_dask()
    try:
        with Tally(count_documents(found.sources)) as tally:
            summary = score_to_folder(
                read_sources(found.sources, replace(reading, force=True)),  # the workers tell languages: for one it is too much
                out,
                model,
                prior=prior,
                thresholds=thresholds,
                explain=explain,
                reading=reading,
                form=_form_of(form, out),
                shard_size=bulk.shard_size or SHARD_SIZE,
                workers=bulk.workers,
                scheduler=bulk.scheduler,
                watch=tally,
            )
    except KeyboardInterrupt:
        typer.echo(f"{out}: stopped; run the same again to go on", err=True)
        raise
    _tell(summary, out)


def _quieten_dask() -> None:
    """Keep its log of lost connections, pages of it, from the terminal: what matters of them comes as an error."""
    import distributed  # noqa: F401 - sets the levels of its loggers

    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _form_of(form: Format | None, out: Path) -> Form:
    if form not in _FORMS:
        raise InputError(f"{out}: is a folder, of shards in parquet or jsonl, or of pages in html: name a file for {form}")
    return _FORMS[form]


def count_documents(sources: Iterable[Source]) -> int | None:
    """Return how many documents there are, None where that is known only once they are read."""
    total = 0
    for source in sources:
        count = 1 if source.kind in SINGLE else _count_rows(source) if source.kind is Kind.PARQUET else None
        if count is None:
            return None
        total += count
    return total


def _count_rows(source: Source) -> int | None:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        return int(read_metadata(source.name).num_rows)
    except (ArrowException, OSError):  # told when it is read
        return None


def _tell(summary: Summary, out: Path) -> None:
    if summary.errors and summary.errors == summary.articles:
        with (out / ERRORS).open(encoding="utf-8") as stream:
            first = json.loads(stream.readline())["reason"]
        raise InputError(first if summary.articles == 1 else f"none of {summary.articles:,} articles could be scored: {first}")
    earlier = f"; an earlier run had done {_counted(summary.before, 'article')}" if summary.before else ""
    scored = f"{_counted(summary.articles - summary.errors, 'article')} scored, {_counted(summary.sentences, 'sentence')}"
    typer.echo(f"{out}: {scored}, in {_counted(summary.shards, 'shard')}{earlier}", err=True)
    if summary.errors:
        typer.echo(f"{out / ERRORS}: why {_counted(summary.errors, 'article')} could not be", err=True)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
