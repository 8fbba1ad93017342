"""The files that `evaluate` leaves, made up and small: what the page and the model card are tried on."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.ledger.measures import TOLD
from pipeline.ledger.tallies import BY_QUOTATION

ROLES = ("allegation", "denial", "evidence-claim", "context")
NEEDED = ("metrics.json", "results.csv", "predictions.csv", "reliability.csv")


def metrics_of(labels: Sequence[str]) -> dict:
    by_label = {kind: {label: 0.51234 for label in labels} for kind in ("precision", "recall", "f1")}
    measures = {"macro_f1": 0.61234, "accuracy": 0.7, **by_label, "calibration_error": 0.03456, "brier": 0.33}
    return {
        "test": {
            **measures, "macro_f1_low": 0.58, "macro_f1_high": 0.64, "cue_rules": {"macro_f1": 0.4, "accuracy": 0.6},
            "by_label_calibration_error": {label: 0.02 for label in labels}, "by_label_brier": {label: 0.1 for label in labels},
        },
        "demonstration": measures,
        "cross_validation": {"macro_f1_mean": 0.5, "macro_f1_sd": 0.01, "folds": 5},
        "selective": {"0.5": {"accuracy": 0.9, "macro_f1": 0.8, "threshold": 0.95}},
        "conformal": {
            "target": 0.9, "coverage": 0.9123, "mean_size": 1.4, "single": 0.7, "needs_review": 0.3,
            "coverage_by_label": {label: 0.9 for label in labels}, "size_by_label": {label: 1.4 for label in labels},
        },
        "neutrality": {
            "written": {"flip_rate": 0.0111, "mean_change": 0.01, "sentences": 500},
            "generated": {"flip_rate": 0.002, "mean_change": 0.004, "sentences": 3000},
            "together": {"flip_rate": 0.0033, "mean_change": 0.005, "sentences": 3500},
            "limit": 0.02,
        },
        "corpus": {"training_articles": 90, "training_sentences": 1800, "gold_sentences": 2000, "gold_labels_lost": 3},
        "behaviour": {"pairs_right": 0.5, "moves_seen": 0.6, "stays_kept": 0.8, "perturbations_kept": 0.9},
    }  # fmt: skip


def ledger_measures() -> dict:
    """What the evaluation of ledgers leaves, the same figures for all."""
    one = {"": 0.71234, "_low": 0.65, "_high": 0.75}
    figures = {name: {told + end: n for told in all_told for end, n in one.items()} for name, all_told in TOLD.items()}
    figures["depth"] |= {"precision": None}  # nothing was found
    parts = dict.fromkeys(BY_QUOTATION, 0.45678)
    return {
        "articles": 12, "statements": 1234, "cases": dict.fromkeys(TOLD, 345), "model": figures, "baseline": figures,
        "gain": {name: {all_told[0]: -0.0123} for name, all_told in TOLD.items()},
        "by_quotation": {"direct": {"statements": 99, "model": parts, "baseline": parts}},
        "two_readers": {"articles": 6, "statements": 60, "cases": dict.fromkeys(TOLD, 34), "figures": figures},
    }  # fmt: skip


def predictions_of(labels: Sequence[str], text: str) -> pd.DataFrame:
    rows = [
        {
            "document": f"article-{n // 10}", "domain": "courts", "sentence": n % 10, "label": labels[n % len(labels)],
            "model": labels[(n + (n % 3 == 0)) % len(labels)], "probability": 0.99 - n / 200,
            "label_set": "|".join(labels[:2]), "text": f"{text} {n}",
        }
        for n in range(120)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def tables_of(labels: Sequence[str], text: str) -> dict[str, pd.DataFrame]:
    """Every table of reports/ by its file's name; `text` stands wherever a sentence does."""
    first, second = labels[:2]
    bins = pd.DataFrame(
        {"lower": [0.5, 0.9], "upper": [0.6, 1], "count": [40, 9], "probability": [0.55, 0.95], "accuracy": [0.5, 1]}
    )
    results = pd.DataFrame([
        {
            "set": name, "system": system, "articles": 10, "sentences": 120, "macro_f1": 0.61234, "macro_f1_low": low,
            "macro_f1_high": high, "accuracy": 0.7,
            **{f"{kind}_{label}": 0.51234 for kind in ("precision", "recall", "f1") for label in labels},
        }
        for name, low, high in (("test", 0.58, 0.64), ("demonstration", None, None))
        for system in ("model", "majority")
    ])  # fmt: skip
    curve = [
        {"label": label, "threshold": t, "precision": t, "recall": 1 - t, "average_precision": 0.5}
        for label in labels
        for t in (0.1, 0.5, 0.9)
    ]
    case = {
        "id": "case-1",
        "kind": "hedge",
        "text_a": text,
        "want_a": first,
        "got_a": second,
        "text_b": text,
        "want_b": second,
        "got_b": second,
    }
    flip = {
        "kind": "written",
        "document": "swap-1",
        "sentence": 1,
        "from": text,
        "to": text,
        "before": first,
        "after": second,
        "change": -0.2,
        "text": text,
    }
    return {
        "results.csv": results,
        "predictions.csv": predictions_of(labels, text),
        "reliability.csv": bins,
        "reliability_by_label.csv": pd.concat([bins.assign(label=label) for label in labels]),
        "precision_recall.csv": pd.DataFrame(curve),
        "coverage.csv": pd.DataFrame(
            {"coverage": [0.5, 1], "threshold": [0.9, 0.3], "accuracy": [0.9, 0.7], "macro_f1": [0.8, 0.6]}
        ),
        "slices.csv": pd.DataFrame(
            [{"slice": "domain", "value": text, "articles": 3, "sentences": 40, "macro_f1": 0.5, "accuracy": 0.7}]
        ),
        "behaviour.csv": pd.DataFrame([case]),
        "behaviour_shares.csv": pd.DataFrame([{"kind": "hedge", "cases": 10, "passed": 7, "share": 0.7}]),
        "neutrality.csv": pd.DataFrame([flip]),
        "demonstration.csv": predictions_of(labels, text).head(10),
    }


def write_evaluation(
    reports: Path, benchmarks: Path, labels: Sequence[str] = ROLES, text: str = "The mayor denied it."
) -> None:
    """Write every file that the page reads."""
    for folder in (reports, benchmarks):
        folder.mkdir(parents=True, exist_ok=True)
    (reports / "metrics.json").write_text(json.dumps(metrics_of(labels)), encoding="utf-8")
    (reports / "ledger.json").write_text(json.dumps(ledger_measures()), encoding="utf-8")
    for name, table in tables_of(labels, text).items():
        table.to_csv(reports / name, index=False)
    seeds = [{"set": name, "share": share, "seed": seed, "sentences": 1800 * share, "macro_f1": 0.4 + share / 5 + seed / 50}
             for name in ("test", "a set with a long name") for share in (0.05, 1) for seed in (0, 1)]  # fmt: skip
    pd.DataFrame(seeds).to_csv(benchmarks / "learning_curve.csv", index=False)
    ablation = pd.DataFrame({"system": ["cue rules", "stacked"], "test": [0.4, 0.6], "test gain": ["", "+0.100 to +0.300"]})
    ablation.to_csv(benchmarks / "ablation.csv", index=False)
