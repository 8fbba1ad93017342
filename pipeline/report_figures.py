"""The sections of the page that show figures: each takes an evaluation and returns what its template shows, or None."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.drawing import DASHES, SHAPES, Chart, Line, Note, count_axis, interval_chart, line_chart, share_axis
from pipeline.evaluation import MAJORITY, MODEL, RULES
from pipeline.metrics import confusion
from pipeline.rendering import signs_of
from pipeline.report_files import Evaluation, records

Content = dict[str, Any]

TEST_SET = "test"
_FEW = 30  # sentences; a point that stands for fewer is drawn hollow
_SHADES = 10  # of the confusion table
_SMALL = 236  # height of a chart that has others beside it
_SYSTEMS = {MODEL: "model", RULES: "cue rules", MAJORITY: "majority label"}


def results(e: Evaluation) -> Content:
    """Return macro-F1 of every system with its interval, the measures by label, and what else the metrics hold."""
    rows = [{**row, "name": _SYSTEMS.get(row["system"], row["system"])} for row in records(e.results)]
    tested = [row for row in rows if row["set"] == TEST_SET]
    intervals = [
        (f"{row['name']}: {_span(row)}", row["macro_f1"], _known(row["macro_f1_low"]), _known(row["macro_f1_high"]))
        for row in tested
    ]
    chart = interval_chart(
        "chart-results", "Macro-F1 of the model and its baselines", "; ".join(row[0] for row in intervals),
        share_axis("macro-F1, 95 % interval"), intervals,
    )  # fmt: skip
    return {
        "chart": chart,
        "rows": rows,
        "tested": tested,
        "model": tested[0],
        "test": e.part("test"),
        "cross_validation": e.part("cross_validation"),
        "corpus": e.part("corpus"),
    }


def confusions(e: Evaluation) -> Content:
    """Return counts and shares of each gold label predicted as each label."""
    counts = confusion(e.predictions["label"].tolist(), e.predictions[MODEL].tolist(), e.labels)
    shares = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    cells = [
        [{"count": n, "share": s, "shade": round(s * _SHADES)} for n, s in zip(*row, strict=True)]
        for row in zip(counts.tolist(), shares.tolist(), strict=True)
    ]
    return {"rows": list(zip(e.labels, cells, counts.sum(axis=1).tolist(), strict=True)), "totals": counts.sum(axis=0).tolist()}


def reliability(e: Evaluation) -> Content:
    """Return the reliability diagram of the winning probability, and one for the probability of each label."""
    signs = signs_of(e.labels)
    charts = []
    by_label = e.reliability_by_label
    if by_label is not None:
        for i, label in enumerate(e.labels):
            part = by_label[by_label["label"] == label]
            if not part.empty:
                charts.append((label, _reliability_chart(f"chart-reliability-{i}", label, part, signs[label].tint, _SMALL)))
    return {
        "chart": _reliability_chart("chart-reliability", "the label given", e.reliability, "", 300),
        "charts": charts,
        "bins": records(e.reliability),
        "few": _FEW,
        "test": e.part("test"),
        "error_by_label": e.part("test", "by_label_calibration_error"),
        "brier_by_label": e.part("test", "by_label_brier"),
    }


def _reliability_chart(name: str, label: str, bins: pd.DataFrame, tint: str, height: float) -> Chart:
    points = list(zip(bins["probability"], bins["accuracy"], strict=True))
    told = "; ".join(f"{p:.2f} said, {a:.2f} right, {n:.0f} sentences" for (p, a), n in zip(points, bins["count"], strict=True))
    return line_chart(
        name, f"Reliability of the probability of {label}", told,
        (share_axis("probability"), share_axis("share that it is")),
        [
            Line([(0, 0), (1, 1)], dash=DASHES[1]),
            Line(points, shape="circle", tint=tint, hollow=(bins["count"] < _FEW).tolist()),
        ],
        [Note((0.03, 0.9), "too modest"), Note((0.97, 0.04), "too sure", "end")], height=height,
    )  # fmt: skip


def precision_recall(e: Evaluation) -> Content | None:
    """Return the precision–recall curve of each label, with the point at which the model decides and the share of the label."""
    if e.precision_recall is None:
        return None
    signs, test = signs_of(e.labels), e.part("test")
    charts, averages = [], {}
    for i, label in enumerate(e.labels):
        part = e.precision_recall[e.precision_recall["label"] == label]
        if part.empty:
            continue
        averages[label] = float(part["average_precision"].iloc[0])
        share = float((e.predictions["label"] == label).mean())
        at = (test["recall"].get(label), test["precision"].get(label))
        lines = [Line(list(zip(part["recall"], part["precision"], strict=True)), tint=signs[label].tint)]
        lines.append(Line([(0, share), (1, share)], dash=DASHES[2]))
        notes = [Note((0.02, share), f"by chance {share:.2f}", dy=-5)]
        if None not in at:
            lines.append(Line([at], shape="square", tint=signs[label].tint))
            notes.append(Note(at, "as decided", "end", dx=-7, dy=13))
        told = f"average precision {averages[label]:.2f}; the model decides at precision {at[1]} and recall {at[0]}"
        axes = (share_axis("recall"), share_axis("precision"))
        name, title = f"chart-precision-recall-{i}", f"Precision and recall of {label}"
        charts.append((label, line_chart(name, title, told, axes, lines, notes, height=_SMALL)))
    return {"charts": charts, "averages": averages}


def coverage(e: Evaluation) -> Content | None:
    """Return accuracy and macro-F1 of the surest sentences against the share of sentences that are labelled."""
    if e.coverage is None:
        return None
    table = e.coverage.sort_values("coverage")
    kinds = {"accuracy": "accuracy", "macro_f1": "macro-F1"}
    lines = [
        Line(list(zip(table["coverage"], table[kind], strict=True)), name, DASHES[i], SHAPES[i])
        for i, (kind, name) in enumerate(kinds.items())
    ]
    told = "; ".join(
        f"{row.coverage:.0%}: accuracy {row.accuracy:.2f}, macro-F1 {row.macro_f1:.2f}" for row in table.itertuples()
    )
    chart = line_chart(
        "chart-coverage", "Accuracy and macro-F1 against coverage", told,
        (share_axis("share of sentences that get a label"), share_axis("measure on these")), lines,
    )  # fmt: skip
    return {"chart": chart, "rows": records(table), "selective": e.part("selective")}


def conformal(e: Evaluation) -> Content | None:
    """Return coverage and size of the conformal label sets."""
    found = e.part("conformal")
    return {"conformal": found} if found else None


def learning_curve(e: Evaluation) -> Content | None:
    """Return macro-F1 against training sentences: the mean and the range over seeds."""
    if e.learning_curve is None:
        return None
    grouped = e.learning_curve.groupby(["set", "share"], sort=True).agg(
        sentences=("sentences", "mean"), macro_f1=("macro_f1", "mean"), low=("macro_f1", "min"), high=("macro_f1", "max")
    ).reset_index()  # fmt: skip
    lines = [
        Line(
            list(zip(part["sentences"], part["macro_f1"], strict=True)), str(name), DASHES[i % len(DASHES)],
            SHAPES[i % len(SHAPES)], band=list(zip(part["low"], part["high"], strict=True)),
        )
        for i, (name, part) in enumerate(grouped.groupby("set", sort=True))
    ]  # fmt: skip
    told = "; ".join(f"{row.set}, {row.sentences:.0f} sentences: {row.macro_f1:.2f}" for row in grouped.itertuples())
    axes = (count_axis("training sentences (logarithmic)", grouped["sentences"].tolist()), share_axis("macro-F1"))
    chart = line_chart("chart-learning-curve", "Macro-F1 against training sentences", told, axes, lines)
    return {"chart": chart, "rows": records(grouped)}


def ablation(e: Evaluation) -> Content | None:
    """Return the table of the ablation as it stands."""
    if e.ablation is None:
        return None
    return {"columns": list(e.ablation.columns), "rows": e.ablation.to_numpy().tolist()}


def slices(e: Evaluation) -> Content | None:
    """Return the measures on each slice, grouped by what it is sliced by."""
    if e.slices is None:
        return None
    groups = [(str(name), records(part)) for name, part in e.slices.groupby("slice", sort=False)]
    return {"groups": groups, "whole": e.part("test")}


def _span(row: Content) -> str:
    low, high = row["macro_f1_low"], row["macro_f1_high"]
    return f"{row['macro_f1']:.3f}" if np.isnan(low) else f"{row['macro_f1']:.3f}, {low:.3f} to {high:.3f}"


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
