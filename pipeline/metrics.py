"""What is measured of predictions: F1 per label with an interval over documents, and what probabilities are worth."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.bootstrap import draws, interval

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


def confusion(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str]) -> Counts:
    """Return how often each of `labels` (rows) was predicted as each (columns)."""
    number = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for want, got in zip(gold, predicted, strict=True):
        counts[number[want], number[got]] += 1
    return counts


def macro_f1(counts: Counts) -> float:
    """Return the mean F1 of the labels that confusion `counts` (labels, labels) know of; see `scores`."""
    return float(np.nanmean(scores(counts)["f1"]))


def scores(counts: Counts) -> dict[str, Array]:
    """Return `precision`, `recall` and `f1` per label from confusion counts of shape (…, labels, labels).

    A label that is neither in the gold nor predicted has no score (nan) and stays out of averages; otherwise a division
    by zero is 0.
    """
    hits = np.diagonal(counts, axis1=-2, axis2=-1).astype(float)
    gold, found = counts.sum(axis=-1), counts.sum(axis=-2)
    absent = (gold + found) == 0
    return {
        "precision": np.where(absent, np.nan, hits / np.maximum(found, 1)),
        "recall": np.where(absent, np.nan, hits / np.maximum(gold, 1)),
        "f1": np.where(absent, np.nan, 2 * hits / np.maximum(gold + found, 1)),
    }


def macro_f1_interval(per_cluster: Counts, resamples: int, seed: int) -> tuple[float, float]:
    """Return the 95 % percentile-bootstrap interval of macro-F1 when clusters are drawn anew.

    `per_cluster` holds confusion counts, shape (clusters, labels, labels). Sentences of one article lean on each other, and
    so do articles of one cluster: clusters are drawn, not sentences.
    """
    totals = np.einsum("rc,cij->rij", draws(len(per_cluster), resamples, seed), per_cluster)
    return interval(np.nanmean(scores(totals)["f1"], axis=-1))


def share_interval(hits: Counts, sizes: Counts, resamples: int, seed: int) -> tuple[float, float]:
    """Return the 95 % percentile-bootstrap interval of ``hits.sum() / sizes.sum()`` when clusters are drawn anew.

    Both have a number for each cluster; see `macro_f1_interval`.
    """
    picked = draws(len(sizes), resamples, seed)
    return interval(picked @ hits / (picked @ sizes))


def reliability(probability: Array, correct: NDArray[np.bool_], bins: int) -> pd.DataFrame:
    """Return for each of `bins` equal ranges of `probability`: `count`, mean `probability` and `accuracy`.

    `probability` is that of the predicted label, or of one label, and `correct` whether a sentence has it. Empty ranges are
    left out. `lower` and `upper` bound the range; the last one includes 1.
    """
    where = np.minimum((probability * bins).astype(int), bins - 1)
    table = pd.DataFrame({"bin": where, "probability": probability, "accuracy": correct.astype(float)})
    grouped = table.groupby("bin").agg(
        count=("accuracy", "size"), probability=("probability", "mean"), accuracy=("accuracy", "mean")
    )
    grouped.insert(0, "lower", grouped.index / bins)
    grouped.insert(1, "upper", (grouped.index + 1) / bins)
    return grouped.reset_index(drop=True)


def calibration_error(table: pd.DataFrame) -> float:
    """Return the expected calibration error of a `reliability` table (Naeini, Cooper and Hauskrecht 2015)."""
    gaps = (table["probability"] - table["accuracy"]).abs() * table["count"]
    return float(gaps.sum() / table["count"].sum())


def brier(probabilities: Array, gold: Sequence[str], labels: Sequence[str]) -> float:
    """Return the Brier score, 0 to 2: the mean squared distance of `probabilities` (sentences, labels) from the truth."""
    truth = np.array([[label == want for label in labels] for want in gold], dtype=float)
    return float(((probabilities - truth) ** 2).sum(axis=1).mean())


def precision_recall(probability: Array, positive: NDArray[np.bool_], points: int) -> pd.DataFrame:
    """Return precision and recall of one label against the threshold from which its `probability` counts as a find.

    Columns: `threshold` (rising), `precision`, `recall`, and `average_precision`, the same in every row. A curve of more than
    `points` rows is thinned to those whose recall is nearest to evenly spaced ones. Empty where no sentence is `positive`.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve

    names = ["threshold", "precision", "recall", "average_precision"]
    if not positive.any():
        return pd.DataFrame(columns=names, dtype=float)
    precision, recall, threshold = precision_recall_curve(positive, probability)
    reached = recall[:-1]  # the last point has no threshold
    kept = np.arange(len(reached))
    if len(kept) > points:
        kept = np.unique([np.abs(reached - wanted).argmin() for wanted in np.linspace(0, 1, points)])
    average = average_precision_score(positive, probability)
    return pd.DataFrame(dict(zip(names, (threshold[kept], precision[kept], recall[kept], average), strict=True)))
