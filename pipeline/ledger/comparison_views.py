"""A comparison of ledgers as a table on a terminal, as JSON Lines and as CSV."""

import csv
import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from pipeline.ledger.comparison import Cell, Comparison, Row
from pipeline.ledger.formats import ComparisonFormat
from pipeline.ledger.outputs import console_of
from pipeline.ledger.terms import KINDS, UNATTRIBUTED, listed, told_source
from pipeline.ledger.views import NO_EVIDENCE, clipped
from pipeline.passages import printable
from pipeline.site.article import ranges
from pipeline.views import shown

if TYPE_CHECKING:
    from rich.console import Console

NOT_CARRIED = "not carried"
NOT_DENIED = "no denial in the text"
NOTHING = "no allegation in any of the articles"
_LONGEST = 200  # characters of an allegation that are shown


def write_comparison(comparison: Comparison, form: ComparisonFormat, stream: IO[str]) -> None:
    """Write a comparison; JSON and CSV hold a row for each allegation and article."""
    if form is ComparisonFormat.TABLE:
        print_comparison(comparison, console_of(stream))
    elif form is ComparisonFormat.JSON:
        for row in comparison.rows():
            stream.write(printable(json.dumps(row, ensure_ascii=False)) + "\n")
    else:
        writer = csv.DictWriter(stream, _column_names(), lineterminator="\n")
        writer.writeheader()
        for row in comparison.rows():
            writer.writerow({name: printable(str(value)) for name, value in row.items()})


def print_comparison(comparison: Comparison, console: "Console") -> None:
    """Print a row for each allegation and a column for each article; sentences are numbered from 1, as on their pages."""
    from rich.table import Table
    from rich.text import Text

    if not comparison.allegations:
        console.print(Text(NOTHING, style="dim"))
        return
    table = Table(box=None, pad_edge=False, header_style="dim", expand=False, padding=(0, 2, 1, 0))
    for name in ("allegation", *comparison.documents):
        table.add_column(Text(shown(name)), overflow="fold")
    for row in comparison.allegations:
        cells = (Text(NOT_CARRIED, style="dim") if cell is None else Text("\n".join(_lines(cell))) for cell in row.cells)
        table.add_row(Text(_allegation(row), style="bold"), *cells)
    console.print(table)


def _allegation(row: Row) -> str:
    return f"{clipped(row.allegation, _LONGEST)}\nagainst {shown(row.target or UNATTRIBUTED)}"


def _lines(cell: Cell) -> Iterator[str]:
    sentences = ranges([number + 1 for number in cell.sentences])
    wording = "hedged and flat" if cell.wording == "both" else cell.wording
    yield f"{wording}, sentence{'s' * (len(cell.sentences) > 1)} {sentences}"
    yield "from " + shown(listed(list(dict.fromkeys(map(told_source, cell.sources)))))
    for denial in cell.denials:
        kinds = listed([KINDS.get(kind, kind) for kind in denial.kinds])
        yield shown(f"denied by {told_source(denial.source)}{': ' * bool(kinds)}{kinds}, sentence {denial.sentence + 1}")
    if not cell.denials:
        yield NOT_DENIED
    yield "evidence: " + listed([KINDS.get(kind, kind) for kind in cell.evidence]) if cell.evidence else NO_EVIDENCE


def _column_names() -> list[str]:
    return list(next(Comparison(("",), (Row("", None, (None,)),)).rows()))
