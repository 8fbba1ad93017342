"""Figures as PNG: drawn offline, readable without colour."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.metrics import Counts
from pipeline.writing import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INCH = 1.1  # of the confusion plot, per label
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)), (0, (3, 1)), (0, (8, 2, 2, 2)))


def plot_confusion(counts: Counts, labels: Sequence[str], path: Path) -> None:
    """Draw confusion counts: rows gold, columns predicted, shaded by the share of the row, counts written in."""
    figure = _figure(_INCH * len(labels) + 2, _INCH * len(labels) + 1)
    axes = figure.subplots()
    shares = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("predicted")
    axes.set_ylabel("gold")
    for i, j in ((i, j) for i in range(len(labels)) for j in range(len(labels))):
        colour = "white" if shares[i, j] > 0.5 else "black"
        axes.text(j, i, f"{counts[i, j]}\n{shares[i, j]:.0%}", ha="center", va="center", color=colour)
    axes.set_title("Sentences of the test articles")
    _save(figure, path)


def plot_reliability(table: pd.DataFrame, path: Path) -> None:
    """Draw a reliability table (see `pipeline.metrics.reliability`): accuracy against probability, the ideal dashed."""
    figure = _figure(5.5, 5)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey", label="ideal")
    axes.plot(table["probability"], table["accuracy"], marker="o", color="black", label="model")
    for row in table.itertuples():
        axes.annotate(str(row.count), (row.probability, row.accuracy), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability of the label", ylabel="share of sentences where it is right")
    axes.set_title("Reliability (number of sentences at each point)")
    axes.legend(loc="upper left")
    _save(figure, path)


def plot_precision_recall(table: pd.DataFrame, path: Path) -> None:
    """Draw the precision-recall curve of each label (see `precision_recall_by_label`), told apart by dashes too."""
    figure = _figure(5.5, 5)
    axes = figure.subplots()
    for number, (label, part) in enumerate(table.groupby("label", sort=False)):
        name = f"{label} ({part['average_precision'].iloc[0]:.2f})"
        axes.plot(part["recall"], part["precision"], linestyle=_DASHES[number % len(_DASHES)], label=name)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="recall", ylabel="precision")
    axes.set_title("Precision and recall of each label (average precision)")
    axes.legend(loc="lower left")
    _save(figure, path)


def plot_coverage(table: pd.DataFrame, path: Path) -> None:
    """Draw a `coverage_curve`: accuracy and macro-F1 against the share of sentences that are labelled, the surest first."""
    figure = _figure(5.5, 5)
    axes = figure.subplots()
    axes.plot(table["coverage"], table["accuracy"], marker="o", color="black", label="accuracy")
    axes.plot(table["coverage"], table["macro_f1"], marker="s", linestyle="--", color="black", label="macro-F1")
    axes.set(xlim=(0, 1.02), ylim=(0, 1), xlabel="share of sentences labelled, the surest first", ylabel="on the labelled")
    axes.set_title("What is gained by labelling less")
    axes.legend(loc="lower left")
    _save(figure, path)


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: "Figure", path: Path) -> None:
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=120, format="png")
