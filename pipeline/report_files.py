"""What `evaluate` left in reports/, read for the page: metrics and tables, each checked for the columns that the page shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import InputError
from pipeline.writing import decode

_REPAIR = "run `dvc repro`"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of an evaluation; a table that is not there is None.

    `labels` are those of the metrics, in their order. `predictions` and `demonstration` hold one row a gold sentence. `ledger`
    holds what `pipeline.ledger.measures.measure_ledger` returned, empty where ledgers were not measured.
    """

    labels: tuple[str, ...]
    metrics: dict[str, Any]
    results: pd.DataFrame
    predictions: pd.DataFrame
    reliability: pd.DataFrame
    reliability_by_label: pd.DataFrame | None
    precision_recall: pd.DataFrame | None
    coverage: pd.DataFrame | None
    slices: pd.DataFrame | None
    behaviour: pd.DataFrame | None
    behaviour_shares: pd.DataFrame | None
    neutrality: pd.DataFrame | None
    demonstration: pd.DataFrame | None
    learning_curve: pd.DataFrame | None
    ablation: pd.DataFrame | None
    ledger: dict[str, Any]

    def part(self, *names: str) -> dict[str, Any]:
        """Return the part of the metrics under `names`, empty where there is none."""
        found: Any = self.metrics
        for name in names:
            found = found.get(name) or {}
        return dict(found)


def read_metrics(path: Path) -> dict[str, Any]:
    """Return the metrics that `evaluate` wrote.

    Raises
    ------
    InputError
        If the file is missing, is not JSON, or holds no measures of the test articles.
    """
    _be_there(path)
    metrics = _json(path)
    if not metrics.get("test", {}).get("f1"):
        raise InputError(f"{path}: holds no F1 of the test articles: {_REPAIR}")
    return metrics


def read_evaluation(reports: Path, benchmarks: Path) -> Evaluation:
    """Return what lies in the folder `reports`, and of the benchmarks' results in `benchmarks` what there is.

    Raises
    ------
    InputError
        If metrics.json, results.csv, predictions.csv or reliability.csv is missing, or a file lacks a column.
    """
    metrics = read_metrics(reports / "metrics.json")
    labels = tuple(metrics["test"]["f1"])
    by_label = [f"{kind}_{label}" for kind in ("precision", "recall", "f1") for label in labels]
    sentence = (("document", "label", "model", "text"), ("sentence", "probability"))
    bins = ("lower", "upper", "count", "probability", "accuracy")
    sides = [f"{name}_{side}" for name in ("text", "want", "got") for side in "ab"]
    return Evaluation(
        labels=labels,
        metrics=metrics,
        results=_table(
            reports / "results.csv", ("set", "system"), ("articles", "sentences", "macro_f1", "accuracy", *by_label),
            maybe=("macro_f1_low", "macro_f1_high"),
        ),
        predictions=_table(reports / "predictions.csv", *sentence),
        reliability=_table(reports / "reliability.csv", (), bins),
        reliability_by_label=_optional(reports / "reliability_by_label.csv", ("label",), bins),
        precision_recall=_optional(
            reports / "precision_recall.csv", ("label",), ("precision", "recall", "average_precision")
        ),
        coverage=_optional(reports / "coverage.csv", (), ("coverage", "threshold", "accuracy", "macro_f1")),
        slices=_optional(reports / "slices.csv", ("slice", "value"), ("articles", "sentences", "macro_f1", "accuracy")),
        behaviour=_optional(reports / "behaviour.csv", ("id", "kind", *sides), ()),
        behaviour_shares=_optional(reports / "behaviour_shares.csv", ("kind",), ("cases", "passed", "share")),
        neutrality=_optional(
            reports / "neutrality.csv", ("kind", "document", "from", "to", "before", "after", "text"), ("change",)
        ),
        demonstration=_optional(reports / "demonstration.csv", *sentence),
        learning_curve=_optional(benchmarks / "learning_curve.csv", ("set",), ("share", "sentences", "macro_f1")),
        ablation=_optional(benchmarks / "ablation.csv", ("system",), ()),
        ledger=_json(path) if (path := reports / "ledger.json").is_file() else {},
    )  # fmt: skip


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(decode(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: is not JSON (line {error.lineno}): {_REPAIR}") from None
    return found if isinstance(found, dict) else {}


def _table(path: Path, text: Sequence[str], numbers: Sequence[str], maybe: Sequence[str] = ()) -> pd.DataFrame:
    """Return a CSV file; the columns `numbers` are floats, `maybe` too where there are such, all others text as it stands."""
    _be_there(path)
    return _checked(_read(path), path, text, numbers, maybe)


def _optional(path: Path, text: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame | None:
    """Return a CSV file as `_table` does; None where there is no file, or a file without rows."""
    table = _read(path) if path.is_file() else pd.DataFrame()
    return None if table.empty else _checked(table, path, text, numbers)


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)  # a label or a text may be "None"
    except ValueError as error:
        raise InputError(f"{path}: is no table ({' '.join(str(error).split())}): {_REPAIR}") from None


def _checked(
    table: pd.DataFrame, path: Path, text: Sequence[str], numbers: Sequence[str], maybe: Sequence[str] = ()
) -> pd.DataFrame:
    missing = [name for name in (*text, *numbers) if name not in table]
    if missing:
        raise InputError(f"{path}: lacks the column {missing[0]!r}: {_REPAIR}")
    for name in (*numbers, *maybe):
        try:
            table[name] = pd.to_numeric(table[name]).astype(float) if name in table else float("nan")
        except ValueError as error:
            raise InputError(f"{path}: column {name!r} holds something else than numbers ({error}): {_REPAIR}") from None
    return table


def _be_there(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path} is missing: {_REPAIR}")
