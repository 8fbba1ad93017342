"""How good ledgers are, as a table for the README."""

from collections.abc import Mapping
from typing import Any

_ROWS = (
    ("source, exact", "source", "f1"),
    ("source, precision", "source", "precision"),
    ("who it is, where it is told", "who", "precision"),
    ("cue, exact", "cue", "f1"),
    ("content, exact", "content", "f1"),
    ("content, by word", "content_words", "f1"),
    ("kind of source", "kind", "accuracy"),
    ("type of quotation", "quotation", "accuracy"),
    ("at second hand", "depth", "f1"),
    ("target, same words", "target_name", "f1"),
    ("answers or supports", "link", "accuracy"),
    ("kinds of denial", "denial", "f1"),
    ("kinds of evidence", "evidence", "f1"),
)
_NAMES = {"f1": "F1", "precision": "precision", "accuracy": "accuracy"}


def ledger_results(metrics: Mapping[str, Any]) -> str:
    """Return the figures of the ledger in `metrics` as a table in Markdown; nothing where ledgers were not measured."""
    found = metrics.get("ledger") or {}
    if not found:
        return ""
    lines = ["| | figure | model | 95 % | baseline | two readers |", "|---|---|---|---|---|---|"]
    for title, measure, figure in _ROWS:
        model = found["model"][measure]
        low, high = model.get(f"{figure}_low"), model.get(f"{figure}_high")
        interval = "" if low is None or high is None else f"{low:.2f} to {high:.2f}"
        others = (_told(found[system].get(measure, {}).get(figure)) for system in ("baseline", "two_readers"))
        lines.append(f"| {title} | {_NAMES[figure]} | {_told(model[figure])} | {interval} | {' | '.join(others)} |")
    return "\n".join(lines) + "\n"


def _told(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
