"""What each part of the model is worth: macro-F1 from cue rules to the stacked model, three seeds each.

    python benchmarks/ablation.py ARTICLES.jsonl [--out benchmarks/results] [--seeds 3] [--only NAME …]

ARTICLES.jsonl holds labelled real articles, as for learning_curve.py. Each cell (a system, a seed) is trained on the training
articles and measured on the file and on the project's test articles, sentences as the splitter cuts them. The figures go to
ablation.csv, the counts behind them to a folder in .cache/ablation that is named by a hash of data and parameters. A second
run goes on with the cells that are missing; `--only` says which to train, the table shows all that are there. Intervals are
bootstrap over clusters, differences to the system above paired. The systems with an encoder need what `make encoder`
installs; each encoder is fine-tuned once, in minutes on a GPU, in hours on two cores, but for the project's own, which is
taken as it is. Windows are read on all cores. Run it in the project's root after `dvc repro`.
"""

import argparse
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from learning_curve import read_labelled
from numpy.typing import NDArray

from pipeline.bootstrap import draws, interval
from pipeline.classifier import fit_classifier
from pipeline.cores import available_cores
from pipeline.encoder import Encoder
from pipeline.features import Featurizer
from pipeline.metrics import confusion, scores
from pipeline.params import EncodeParams, Params, read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.roles import cue_rule_labels
from pipeline.rows import known_scores, rows_of, stacked_columns
from pipeline.stages.encode import Lessons, make_encoder
from pipeline.stages.split import sentence_table
from pipeline.stages.train import as_if_new
from pipeline.tables import TEST, TRAIN, passages_of, read_sentences
from pipeline.tokens import tokenize_passage

Predict = Callable[[pd.DataFrame], list[str]]
_DRAWS = 2000
ALONE = {"window": 8, "before": 0, "after": 0, "longest_headline": 0, "batch": 160}
PUBLISHED = {"layers": None, "weight_step": 0.01, "piece_step": 0.01, "runs": 0}  # as good as not rounded


@dataclass(frozen=True)
class Cell:
    """What a system is trained with: the training articles, the project, parameters, a seed, and a folder for encoders.

    Each method trains one system and returns what predicts the labels of a table of sentences.
    """

    train: pd.DataFrame
    paths: Paths
    params: Params
    cache: Path
    seed: int

    def encoder(self, name: str, **changes: float | None) -> Encoder:
        """Return an encoder, fine-tuned unless it lies in the cache; without a teacher unless `changes` give it a share."""
        folder = self.cache / f"{name}-{self.seed}"
        if not (folder / "encoder.json").is_file():
            plain = {"teacher_share": 0, "runs": 1, "folds": 0}
            encode = EncodeParams(**{**self.params.encode.model_dump(), **plain, **changes, "seed": self.seed})
            params = self.params.model_copy(update={"encode": encode})
            make_encoder(Lessons.read(self.paths, params), params, folder, self.cache / "checkpoints")
        return _reader(folder)

    def cue_rules(self) -> Predict:
        """Apply the cue rules."""
        return lambda table: [label for page in passages_of(table) for label in cue_rule_labels(tokenize_passage(page))]

    def bag_of_words(self) -> Predict:
        """Read words and cues of the sentence alone."""
        return self._classified(None, neighbours=(), neighbour_words=False)

    def neighbours(self) -> Predict:
        """Read words and cues of the sentences around too."""
        return self._classified(None)

    def frozen_encoder(self) -> Predict:
        """Fit a linear model on the vectors of the encoder as it was published, each sentence read alone."""
        encoder = self.encoder("frozen", **PUBLISHED, **ALONE)
        train = self._known()
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler()
        rows = scaler.fit_transform(_vectors(encoder, train))
        model = LogisticRegression(C=0.1, class_weight="balanced", max_iter=2000).fit(rows, train["label"])
        return lambda table: model.predict(scaler.transform(_vectors(encoder, table))).tolist()  # weighted, not tuned

    def fine_tuned_alone(self) -> Predict:
        """Fine-tune an encoder that reads each sentence alone."""
        return self._encoded(self.encoder("alone", **ALONE))

    def fine_tuned_in_context(self) -> Predict:
        """Fine-tune an encoder that reads each sentence among its neighbours."""
        return self._encoded(self.encoder("context"))

    def fine_tuned_with_teacher(self) -> Predict:
        """Let it learn what a larger encoder says, too."""
        return self._encoded(self.encoder("taught", teacher_share=self.params.encode.teacher_share))

    def own_encoder(self) -> Predict:
        """Take the project's own encoder, the average of several such."""
        return self._encoded(_reader(self.paths.encoder))

    def stacked(self) -> Predict:
        """Train the whole model on what it says."""
        return self._classified(_reader(self.paths.encoder))

    def _known(self) -> pd.DataFrame:
        return self.train[self.train["label"].notna()]

    def _encoded(self, encoder: Encoder) -> Predict:
        labels = list(self.params.labels)
        return lambda table: [
            labels[i] for said in encoder(passages_of(table)) for i in said.log_probabilities.argmax(axis=1).tolist()
        ]

    def _classified(self, encoder: Encoder | None, **changes: object) -> Predict:
        labels, featurize = self.params.labels, self.params.featurize.model_copy(update=changes)
        featurizer = Featurizer(featurize).fit(passages_of(self.train))
        known = self.train["label"].notna().to_numpy()
        documents, passages = self.train["document"].drop_duplicates().tolist(), passages_of(self.train)
        rows = rows_of(featurizer, encoder, passages, labels, known_scores(encoder, documents, passages, labels))[known]
        table = self.train[known]
        classifier = fit_classifier(
            rows, table["label"].tolist(), table["cluster"].tolist(), labels,
            self.params.train.model_copy(update={"seed": self.seed}),
            stacked=stacked_columns(encoder, labels), fresh=None if encoder is None else as_if_new(table, encoder),
        )  # fmt: skip

        def predict(table: pd.DataFrame) -> list[str]:
            found = classifier.probabilities(rows_of(featurizer, encoder, passages_of(table), labels))
            return [labels[i] for i in classifier.decide(found).tolist()]

        return predict


SYSTEMS: dict[str, Callable[[Cell], Predict]] = {
    "cue rules": Cell.cue_rules,
    "bag of words": Cell.bag_of_words,
    "+ neighbours": Cell.neighbours,
    "frozen encoder": Cell.frozen_encoder,
    "fine-tuned, each sentence alone": Cell.fine_tuned_alone,
    "fine-tuned in context": Cell.fine_tuned_in_context,
    "… and told by teachers": Cell.fine_tuned_with_teacher,
    "… average of several runs": Cell.own_encoder,
    "stacked": Cell.stacked,
}
SEEDLESS = ("cue rules", "frozen encoder", "… average of several runs")


def _reader(folder: Path) -> Encoder:
    encoder = Encoder(folder)
    encoder.threads = available_cores()
    return encoder


def _vectors(encoder: Encoder, table: pd.DataFrame) -> NDArray[np.float32]:
    return np.vstack([said.vectors for said in encoder(passages_of(table))])


def digest_of(table: pd.DataFrame, params: Params, articles: Path) -> str:
    """Return a name for all that the figures depend on, but for the code."""
    digest = hashlib.sha256(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    digest.update(params.model_dump_json().encode() + articles.read_bytes())
    return digest.hexdigest()[:16]


def counts_of(table: pd.DataFrame, found: list[str], labels: list[str]) -> NDArray[np.int64]:
    """Return confusion counts by cluster, shape (clusters, labels, labels), clusters in the order of their numbers."""
    rows = table.assign(found=found)[table["label"].notna().to_numpy()]
    return np.stack(
        [confusion(part["label"].tolist(), part["found"].tolist(), labels) for _, part in rows.groupby("cluster", sort=True)]
    )


def macro_f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return macro-F1 of confusion counts, shape (…, labels, labels)."""
    return np.nanmean(scores(counts)["f1"], axis=-1)


def summary(cells: dict[tuple[str, int, str], NDArray[np.int64]], sets: list[str]) -> pd.DataFrame:
    """Return a row for each system: macro-F1, its interval and the paired difference to the system above, on each set."""
    rows, above = [], None
    for system in SYSTEMS:
        seeds = sorted({seed for name, seed, _ in cells if name == system})
        if not seeds:
            continue
        row: dict[str, object] = {"system": system, "seeds": len(seeds)}
        for name in sets:
            drawn = draws(len(cells[system, seeds[0], name]), _DRAWS, 0)
            values = np.mean([macro_f1(np.tensordot(drawn, cells[system, seed, name], 1)) for seed in seeds], axis=0)
            row[name] = np.mean([macro_f1(cells[system, seed, name].sum(axis=0)) for seed in seeds])
            row[f"{name} 95 %"] = "{:.3f} to {:.3f}".format(*interval(values))
            if above is not None:
                row[f"{name} gain"] = "{:+.3f} to {:+.3f}".format(*interval(values - above[name]))
            row[f"_{name}"] = values
        above = {name: row.pop(f"_{name}") for name in sets}
        rows.append(row)
    return pd.DataFrame(rows)


def cell_path(cache: Path, system: str, seed: int) -> Path:
    """Return where the counts of a cell are kept."""
    return cache / f"{system.replace(' ', '_')}-{seed}.npz"


def _runs(systems: Sequence[str], seeds: int) -> tuple[list[tuple[str, int]], str, int]:
    """Return the cells to make sure of, and what their progress is called; some systems know no seed."""
    runs = [(system, seed) for seed in range(seeds) for system in systems if not seed or system not in SEEDLESS]
    return runs, "cells", len(runs)


def read_cells(
    cache: Path, seeds: int, sets: Sequence[str]
) -> tuple[dict[tuple[str, int, str], NDArray[np.int64]], pd.DataFrame]:
    """Return the counts of all cells in the cache by system, seed and set, and the slowest of each system."""
    cells: dict[tuple[str, int, str], NDArray[np.int64]] = {}
    times = []
    for system in SYSTEMS:
        for seed in range(seeds):
            if (kept := cell_path(cache, system, seed)).is_file():
                found = np.load(kept)
                cells |= {(system, seed, name): found[name] for name in sets}
                seconds, rate = float(found["seconds"]), float(found["rate"])
                times.append({"system": system, "training seconds": seconds, "sentences a second": rate})
    return cells, pd.DataFrame(times).groupby("system", sort=False).max().reset_index()


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("articles", type=Path)
    ask.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--only", nargs="*", default=list(SYSTEMS), choices=list(SYSTEMS))
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    params = read_params(paths.params)
    labels = list(params.labels)
    table = read_sentences(paths.sentences)
    real = read_labelled(given.articles, labels)
    sets = {
        f"real ({given.articles.stem})": sentence_table(real, [TEST] * len(real), range(len(real)), [""] * len(real)),
        "test": table[table["split"] == TEST],
    }
    cache = paths.cache / "ablation" / digest_of(table, params, given.articles)
    cache.mkdir(parents=True, exist_ok=True)
    for system, seed in track(*_runs(given.only, given.seeds)):
        kept = cell_path(cache, system, seed)
        if not kept.is_file():
            started = time.perf_counter()
            predict = SYSTEMS[system](Cell(table[table["split"] == TRAIN], paths, params, cache, seed))
            trained = time.perf_counter()
            counts = {name: counts_of(part, predict(part), labels) for name, part in sets.items()}
            rate = sum(map(len, sets.values())) / (time.perf_counter() - trained)
            np.savez(kept, seconds=trained - started, rate=rate, **counts)
    cells, times = read_cells(cache, given.seeds, list(sets))
    shown = summary(cells, list(sets)).merge(times, on="system")
    given.out.mkdir(parents=True, exist_ok=True)
    shown.round(3).to_csv(given.out / "ablation.csv", index=False)
    print(shown.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
