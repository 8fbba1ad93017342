"""The section of the page that shows how good ledgers are: each measure beside a baseline and a second reader."""

from collections.abc import Mapping
from typing import Any

from pipeline.ledger.tallies import BY_QUOTATION
from pipeline.ledger.terms import QUOTATIONS
from pipeline.report_figures import Content
from pipeline.report_files import Evaluation

# what a row says, the measure (see `pipeline.ledger.tallies.tally`) and its figure
_ROWS = (
    ("Source, exact: F1", "source", "f1"),
    ("Cue, exact: F1", "cue", "f1"),
    ("Content, exact: F1", "content", "f1"),
    ("Content, by word: F1", "content_words", "f1"),
    ("Who: accuracy", "who", "accuracy"),
    ("Who: precision", "who", "precision"),
    ("Kind of source: accuracy", "kind", "accuracy"),
    ("Kind of source: macro-F1", "kind", "macro_f1"),
    ("Type of quotation: accuracy", "quotation", "accuracy"),
    ("At second hand: precision", "depth", "precision"),
    ("At second hand: recall", "depth", "recall"),
    ("Target, exact: F1", "target", "f1"),
    ("Target, same words: F1", "target_name", "f1"),
    ("Answers or supports: accuracy", "link", "accuracy"),
    ("Answers or supports: F1", "link", "f1"),
    ("Counters: F1", "counter", "f1"),
    ("Kinds of denial: F1", "denial", "f1"),
    ("Kinds of denial: macro-F1", "denial", "macro_f1"),
    ("Kinds of evidence: F1", "evidence", "f1"),
    ("Kinds of evidence: macro-F1", "evidence", "macro_f1"),
)
_FIELDS: Mapping[str, str] = {
    "source": "source", "cue": "cue", "content": "content", "content_words": "content, by word", "who": "who",
}  # fmt: skip


def ledger(e: Evaluation) -> Content | None:
    """Return the figures of the ledger, of its baseline and of two readers, and the F1 of its parts by type of quotation."""
    found = e.ledger
    if not found.get("model"):
        return None
    readers = found.get("two_readers") or {}
    return {
        "articles": found["articles"],
        "statements": found["statements"],
        "readers": readers,
        "rows": [_row(found, readers, *row) for row in _ROWS],
        "fields": [_FIELDS[name] for name in BY_QUOTATION],
        "quotations": [
            {
                "name": QUOTATIONS[name],
                "statements": part["statements"],
                "cells": [(_measured(part["model"], field), _measured(part["baseline"], field)) for field in BY_QUOTATION],
            }
            for name, part in found["by_quotation"].items()
            if part["statements"]
        ],
    }


def _row(found: Mapping[str, Any], readers: Mapping[str, Any], title: str, measure: str, told: str) -> Content:
    return {
        "title": title,
        "cases": found["cases"][measure],
        **{system: _measured(found[system][measure], told) for system in ("model", "baseline", "gain")},
        "readers": _measured(readers["figures"][measure], told) if readers else None,
    }


def _measured(figures: Mapping[str, float | None], told: str) -> Content:
    """Return a figure and the ends of its interval, None where it has none."""
    return {"value": figures.get(told), "low": figures.get(f"{told}_low"), "high": figures.get(f"{told}_high")}
