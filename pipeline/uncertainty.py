"""What a model's doubt is worth: label only what it is sure of, and label sets held against what they promise."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.conformal import LabelSets
from pipeline.metrics import confusion, macro_f1
from pipeline.params import LABEL_JOINT

COVERAGES = tuple(step / 20 for step in range(1, 21))  # shares of the sentences that are labelled
_TOLD = (0.5, 0.8, 0.9)


def coverage_curve(predictions: pd.DataFrame, system: str, labels: Sequence[str]) -> pd.DataFrame:
    """Return what `system` gains where only the surest of `predictions` are labelled: a row for each of `COVERAGES`.

    Columns: `coverage` (share labelled), `threshold` (lowest `probability` of the predicted label among them), `accuracy`,
    `macro_f1`. Selective prediction by the winning probability (Geifman and El-Yaniv 2017, "Selective classification for deep
    neural networks"). Shares that would label no sentence are left out.
    """
    ordered = predictions.sort_values("probability", ascending=False, kind="stable")
    rows = []
    for coverage in COVERAGES:
        if count := round(coverage * len(ordered)):
            sure = ordered.head(count)
            counts = confusion(sure["label"].tolist(), sure[system].tolist(), labels)
            rows.append((coverage, sure["probability"].iloc[-1], np.trace(counts) / count, macro_f1(counts)))
    return pd.DataFrame(rows, columns=["coverage", "threshold", "accuracy", "macro_f1"])


def selective(curve: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return from a `coverage_curve` what is reached at some shares labelled: `accuracy`, `macro_f1` and the `threshold`."""
    rows = curve[curve["coverage"].isin(_TOLD)].set_index("coverage")[["accuracy", "macro_f1", "threshold"]]
    return {str(coverage): dict(row) for coverage, row in rows.iterrows()}


def measure_sets(predictions: pd.DataFrame, labels: Sequence[str], promised: LabelSets) -> dict[str, Any]:
    """Return how the label sets in `predictions` (see `prediction_rows`) keep what was `promised`.

    `target` and `coverage` are shares of sentences whose set holds the gold label, each cluster of documents weighing alike, as
    promised; `sentence_coverage` counts each sentence alike. `mean_size` counts labels, `single` and `needs_review` are the
    shares of sentences with one label and with more. `coverage_by_label` and `size_by_label` go by the gold label, None where
    there is none; sets are not promised to cover each label alike.
    """
    index = predictions.index
    sets = [joined.split(LABEL_JOINT) for joined in predictions["label_set"]]
    holds = pd.Series([label in found for label, found in zip(predictions["label"], sets, strict=True)], index=index)
    sizes = pd.Series([len(found) for found in sets], index=index)
    return {
        "target": promised.coverage,
        "coverage": float(holds.groupby(predictions["cluster"]).mean().mean()),
        "sentence_coverage": float(holds.mean()),
        "mean_size": float(sizes.mean()),
        "single": float((sizes == 1).mean()),
        "needs_review": float((sizes > 1).mean()),
        "coverage_by_label": _by_label(holds, predictions["label"], labels),
        "size_by_label": _by_label(sizes, predictions["label"], labels),
    }


def _by_label(values: "pd.Series[Any]", gold: "pd.Series[Any]", labels: Sequence[str]) -> dict[str, float | None]:
    means = values.astype(float).groupby(gold).mean()
    return {label: float(means[label]) if label in means else None for label in labels}
