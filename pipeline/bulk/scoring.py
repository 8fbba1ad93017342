"""Any number of articles into a folder, by many workers."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pipeline.bulk.folder import SHARDS, Folder, opened
from pipeline.bulk.lookahead import in_order
from pipeline.bulk.manifest import Settings, Shard
from pipeline.bulk.pools import Pool
from pipeline.bulk.processes import Processes
from pipeline.bulk.shards import Batch, Digest, Item, batches
from pipeline.bulk.tally import Unwatched, Watch
from pipeline.bulk.worker import Outcome, Recipe
from pipeline.cores import available_cores
from pipeline.documents import Document
from pipeline.manifest import SHARED, read_manifest
from pipeline.model_files import find_model
from pipeline.passages import printable
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.row_files import write_jsonl, write_parquet
from pipeline.views import SCHEMA_VERSION, Model
from pipeline.writing import replacing

if TYPE_CHECKING:
    from pipeline.scorer import ScoredSentence

SHARD_SIZE = 1000  # articles
Form = Literal["parquet", "jsonl"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a folder holds after a run, and how many articles of it were done before."""

    articles: int
    sentences: int
    errors: int
    shards: int
    before: int


def score_to_folder(
    documents: Iterable[Item],
    out: Path,
    model: Path | None = None,
    *,
    prior: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    explain: bool = False,
    reading: ReadingOptions | None = None,
    form: Form = "parquet",
    shard_size: int = SHARD_SIZE,
    workers: int | None = None,
    scheduler: str | None = None,
    watch: Watch | None = None,
) -> Summary:
    """Score `documents` into shards in the folder `out`; where it holds what an earlier run did, go on from there.

    Memory does not grow with their number. The bytes that are written do not depend on the number of workers, nor on when and
    how often a run was stopped. What cannot be scored is told in errors.jsonl and stops nothing.

    Parameters
    ----------
    documents : any number, read as they are needed; an `Unread` is passed on to errors.jsonl
    out : the folder; `sentences/` in it holds the shards, manifest.json says what is done
    model : the model's folder, by default that of `load_model`
    prior, thresholds, explain : as for `Scorer.with_prior`, `Scorer.with_thresholds`, `Scorer.score`
    reading : how `documents` were read, which goes into the manifest; what is not in English is refused unless it says `force`
    form : how shards are written
    shard_size : articles in a shard; at most as many are done anew after a run was stopped
    workers : processes, by default one a core; a script that calls this needs ``if __name__ == "__main__":``
    scheduler : address of a Dask cluster whose workers are used instead
    watch : is told how far it is

    Raises
    ------
    ModelError
        If the model cannot be used.
    InputError
        If `out` cannot be written, or was made of other articles or by other settings.
    """
    folder = (find_model() if model is None else model).absolute()
    recipe = Recipe(folder, _id_of(folder), prior, thresholds, explain, reading or ReadingOptions())
    watch = watch or Unwatched()
    with _pool(recipe, workers, scheduler, watch) as pool:
        settings = Settings(
            rows=SCHEMA_VERSION,
            model=pool.described.id,
            form=form,
            shard_size=shard_size,
            explained=explain,
            reading=asdict(recipe.reading),
        )
        with opened(out, settings, watch.note) as target:
            return _score_into(target, pool, iter(documents), watch)


def _id_of(model: Path) -> str:
    return read_manifest(model.parent if model.name == SHARED else model).id


def _pool(recipe: Recipe, workers: int | None, scheduler: str | None, watch: Watch) -> Pool:
    if scheduler is None:
        return Processes(recipe, workers or available_cores())
    from pipeline.bulk.cluster import Cluster

    return Cluster(recipe, scheduler, watch.note)


def _score_into(folder: Folder, pool: Pool, items: Iterator[Item], watch: Watch) -> Summary:
    left = folder.skip(items)
    before = sum(shard.articles for shard in folder.shards)
    watch.skip(before)
    parts = in_order(pool, batches(left, len(folder.shards), folder.manifest.settings.shard_size), watch.note)
    for number, part in groupby(parts, key=lambda scored: scored[0].shard):
        _write_shard(folder, pool.described, number, part, watch)
    folder.finish()
    shards = folder.shards
    articles, sentences = (sum(getattr(shard, name) for shard in shards) for name in ("articles", "sentences"))
    return Summary(articles, sentences, sum(shard.errors for shard in shards), len(shards), before)


def _write_shard(folder: Folder, model: Model, number: int, part: Iterator[tuple[Batch, list[Outcome]]], watch: Watch) -> None:
    settings, target = folder.manifest.settings, folder.part(number)
    counted = _Counted(number * settings.shard_size, watch)
    carried: dict[str, str] = {}
    with replacing(target) as temporary:
        if settings.form == "parquet":
            carried = write_parquet(model, counted(part), temporary, explained=settings.explained, carried=folder.carried)
        else:
            with temporary.open("w", encoding="utf-8", newline="") as stream:
                write_jsonl(model, counted(part), stream)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
    shard = Shard(
        file=f"{SHARDS}/{target.name}",
        first=counted.first,
        articles=counted.articles,
        sentences=counted.sentences,
        errors=len(counted.errors),
        input=counted.digest.hex,
        bytes=target.stat().st_size,
        carried={} if carried == folder.carried else carried,
    )
    folder.add(shard, counted.errors)


@dataclass(slots=True)
class _Counted:
    """Counts what goes into a shard, and keeps what does not."""

    first: int
    watch: Watch
    articles: int = 0
    sentences: int = 0
    digest: Digest = field(default_factory=Digest)
    errors: list[dict[str, object]] = field(default_factory=list)

    def __call__(self, part: Iterator[tuple[Batch, list[Outcome]]]) -> "Iterator[tuple[Document, list[ScoredSentence]]]":
        """Yield the documents of `part` that were scored, with their sentences."""
        for batch, outcomes in part:
            found = iter(outcomes)
            for number, item in enumerate(batch.items, self.first + self.articles):
                self.digest.add(item)
                outcome = next(found) if isinstance(item, Document) else item
                if isinstance(outcome, Unread):
                    self.errors.append(_error(number, outcome))
                else:
                    self.sentences += len(outcome)
                    yield cast("Document", item), outcome
            self.articles += len(batch.items)
            self.watch.advance(len(batch.items))


def _error(number: int, unread: Unread) -> dict[str, object]:
    return {"article": number, "document": printable(unread.id), "reason": printable(unread.reason)}
