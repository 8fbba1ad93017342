"""The files that an evaluation leaves: what there is to look at, sentence by sentence and in pictures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.contrast import Behaviour
from pipeline.evaluation import DECIMALS, MODEL, precision_recall_by_label, reliability_by_label, reliability_of
from pipeline.metrics import confusion
from pipeline.neutrality import flipped
from pipeline.params import Params
from pipeline.plots import plot_confusion, plot_coverage, plot_precision_recall, plot_reliability
from pipeline.slices import slice_table
from pipeline.writing import replacing

_POINTS = 100  # of a precision-recall curve


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write `table` as CSV, floats rounded."""
    with replacing(path) as temporary:
        table.round(DECIMALS).to_csv(temporary, index=False, lineterminator="\n")


def write_metrics(metrics: Mapping[str, Any], path: Path) -> None:
    """Write `metrics` as JSON."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


def write_reports(
    reports: Path,
    params: Params,
    predicted: Mapping[str, pd.DataFrame],
    curve: pd.DataFrame,
    behaviour: Behaviour | None,
    swapped: pd.DataFrame,
) -> None:
    """Write all that is looked at beside the measures.

    Parameters
    ----------
    reports : the folder
    params : labels, and the bins of the reliability diagrams
    predicted : by set of articles what `prediction_rows` returns; without a `demonstration` its table is empty
    curve : the `coverage_curve` of the test articles
    behaviour : what became of the behavioural cases; None: their tables are empty
    swapped : the sentences of party swaps (see `pipeline.neutrality.Swaps`)
    """
    test = predicted["test"]
    write_csv(test, reports / "predictions.csv")
    write_csv(predicted.get("demonstration", test.head(0)), reports / "demonstration.csv")
    write_csv(slice_table(test, MODEL, params.labels), reports / "slices.csv")
    _write_curves(reports, params, test)
    write_csv(curve, reports / "coverage.csv")
    plot_coverage(curve, reports / "coverage.png")
    failing = pd.DataFrame(columns=["id", "kind"]) if behaviour is None else behaviour.failing()
    write_csv(failing, reports / "behaviour.csv")
    shares = pd.DataFrame(columns=["kind", "cases", "passed", "share"]) if behaviour is None else behaviour.shares()
    write_csv(shares, reports / "behaviour_shares.csv")
    write_csv(flipped(swapped), reports / "neutrality.csv")


def _write_curves(reports: Path, params: Params, test: pd.DataFrame) -> None:
    labels, bins = params.labels, params.evaluate.bins
    plot_confusion(confusion(test["label"].tolist(), test[MODEL].tolist(), labels), labels, reports / "confusion.png")
    reliability = reliability_of(test, bins)
    write_csv(reliability, reports / "reliability.csv")
    plot_reliability(reliability, reports / "reliability.png")
    write_csv(reliability_by_label(test, labels, bins), reports / "reliability_by_label.csv")
    recalls = precision_recall_by_label(test, labels, _POINTS)
    write_csv(recalls, reports / "precision_recall.csv")
    plot_precision_recall(recalls, reports / "precision_recall.png")
