"""How fast articles are scored into a folder, by one worker and by two, and how much memory that takes.

    python benchmarks/bulk.py [--articles 10000 100000] [--workers 1 2] [--encoder none] [--dask]

Articles are drawn from the corpus, with a new id each, into a Parquet file. Each figure is of a process of its own: the rate
without the start-up, the time on a processor that reading and writing takes, the high-water mark of its memory (resident set)
and that of its largest worker, and how long a second run takes to find that there is nothing to do. `--dask` scores on a
cluster of as many worker processes on this machine. Run it in the project's root after `dvc repro`, with nothing else on the
machine.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from pipeline.bulk import score_to_folder
from pipeline.bulk.tally import Unwatched
from pipeline.corpus import corpus_files, read_articles
from pipeline.model_files import read_model, save_model
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.reading import ReadingOptions, read

TOGETHER = 1000  # articles in a row group


def write_articles(path: Path, count: int) -> None:
    """Write `count` articles that are drawn from the corpus."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    params = read_params(Paths(Path.cwd()).params)
    texts = [article.text for article in read_articles(corpus_files(Path.cwd() / params.split.corpus), params.labels)]
    drawn = random.Random(0)
    with ParquetWriter(path, pa.schema([("id", pa.string()), ("text", pa.string())])) as writer:
        for first in range(0, count, TOGETHER):
            numbers = range(first, min(first + TOGETHER, count))
            writer.write_batch(
                pa.RecordBatch.from_pydict({"id": [f"{i:08}" for i in numbers], "text": [drawn.choice(texts) for _ in numbers]})
            )


def without_encoder(source: Path, folder: Path) -> Path:
    """Write the model in `source` to `folder` as it would score without its encoder; return the folder."""
    manifest, featurizer, _, classifier = read_model(source)
    save_model(folder, featurizer, None, replace(classifier, stacked=0), manifest.train, manifest.training)
    return folder


class Clock(Unwatched):
    """Hears when the workers are ready."""

    def skip(self, count: int) -> None:
        """Begin to count."""
        self.ready = time.perf_counter()


def score(path: Path, out: Path, model: Path, workers: int, *, dask: bool) -> dict[str, float]:
    """Score the articles at `path` and return how that went."""
    clock, started, worked = Clock(), time.perf_counter(), time.process_time()
    with cluster(workers) if dask else no_cluster() as scheduler:
        documents = read([str(path)], ReadingOptions(id_column="id", force=True))
        done = score_to_folder(documents, out, model, workers=workers, scheduler=scheduler, watch=clock)
    ended = time.perf_counter()
    seconds = ended - clock.ready
    worked = time.process_time() - worked
    return {
        "start-up s": clock.ready - started, "articles a second": done.articles / seconds,
        "sentences a second": done.sentences / seconds, "ms of its own an article": 1000 * worked / done.articles,
        "seconds": ended - started,
    }  # fmt: skip


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Give the address of a cluster on this machine."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as local:
        yield local.scheduler_address


@contextmanager
def no_cluster() -> Iterator[None]:
    """Give nothing."""
    yield None


def run(arguments: Sequence[str]) -> dict[str, float]:
    """Score in a process of its own and return how that went, and the memory that it and its workers took at most."""
    process = subprocess.Popen([sys.executable, __file__, "--run", *arguments], stdout=subprocess.PIPE, text=True)
    with watched(lambda: peaks(process.pid)) as found:
        told = json.loads(process.communicate()[0])
    own = found.pop(process.pid, 0.0)
    return {**told, "peak MB": own, "peak MB a worker": max(found.values(), default=0.0)}


@contextmanager
def watched(look: Callable[[], dict[int, float]]) -> Iterator[dict[int, float]]:
    """Look now and then while the block runs, and give the largest of what was seen of each process."""
    seen: dict[int, float] = {}
    over = Event()

    def watch() -> None:
        while not over.wait(0.2):
            for pid, peak in look().items():
                seen[pid] = max(seen.get(pid, 0.0), peak)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def peaks(pid: int) -> dict[int, float]:
    """Return the high-water marks of a process and all below it, in MB."""
    import psutil

    found: dict[int, float] = {}
    try:
        parent = psutil.Process(pid)
        processes = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return found
    for process in processes:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM"):
                found[process.pid] = int(line.split()[1]) / 1000
    return found


def main() -> None:
    """Run the benchmark."""
    import pandas as pd

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    ask.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    ask.add_argument("--encoder", choices=["fine-tuned", "none"], default="none")
    ask.add_argument("--dask", action="store_true")
    ask.add_argument("--run", nargs=5, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.run:
        path, out, model, workers, where = given.run
        print(json.dumps(score(Path(path), Path(out), Path(model), int(workers), dask=where == "dask")))
        return
    where, rows = "dask" if given.dask else "processes", []
    with tempfile.TemporaryDirectory() as name:
        folder, model = Path(name), Paths(Path.cwd()).scorer
        if given.encoder == "none":
            model = without_encoder(model, folder / "model")
        for count in given.articles:
            write_articles(articles := folder / f"{count}.parquet", count)
            for workers in given.workers:
                call = [str(articles), str(folder / f"{count} by {workers}"), str(model), str(workers), where]
                first, again = run(call), run(call)
                rows.append({"articles": count, "workers": workers, **first, "again s": again["seconds"]})
    print(f"encoder: {given.encoder}; {where}")
    print(pd.DataFrame(rows).round(1).to_string(index=False))


if __name__ == "__main__":
    main()
