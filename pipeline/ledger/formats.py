"""The formats in which ledgers and comparisons are written, and which is meant where none is named."""

import sys
from enum import StrEnum
from pathlib import Path

PAGES = (".html", ".htm")


class LedgerFormat(StrEnum):
    """How ledgers are written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def ledger_format(form: LedgerFormat | None, out: Path | None) -> LedgerFormat:
    """Return `form`, or what the name `out` says, else a table for a terminal and JSON Lines for everything else."""
    if form is not None:
        return form
    if out is None:
        return LedgerFormat.TABLE if sys.stdout.isatty() else LedgerFormat.JSON
    return LedgerFormat.HTML if out.suffix.lower() in PAGES else LedgerFormat.JSON


def comparison_format(form: ComparisonFormat | None, out: Path | None) -> ComparisonFormat:
    """Return `form`, or what the name `out` says, else a table for a terminal and JSON Lines for everything else."""
    if form is not None:
        return form
    if out is None:
        return ComparisonFormat.TABLE if sys.stdout.isatty() else ComparisonFormat.JSON
    return ComparisonFormat.CSV if out.suffix.lower() == ".csv" else ComparisonFormat.JSON
