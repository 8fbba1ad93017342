"""A ledger on a terminal: each allegation with what answers it and the evidence offered, then what a rule found."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.ledger.statements import Ledger, Signal, Statement
from pipeline.ledger.terms import COUNTER, told_kinds, told_source, told_target
from pipeline.ledger.threads import Thread, loose, threads_of
from pipeline.roles import ALLEGATION, mark_of, style_of
from pipeline.site.article import ranges
from pipeline.views import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NOT_ANSWERED = "no answer in the text"
NO_EVIDENCE = "no evidence offered in the text"
NOTHING = "no allegation, denial or evidence"
SIGNALS = "signals, none of them a verdict"
_LONGEST = 160  # characters of a content that are shown

Cells = tuple[str, str, str, str, str]


def print_ledgers(ledgers: Iterable[Ledger], console: "Console") -> None:
    """Print a table for each ledger; sentences are numbered from 1, as on its page."""
    from rich.text import Text

    for ledger in ledgers:
        console.print(Text(shown(ledger.document), style="bold"))
        if ledger.statements:
            console.print(_table(ledger))
        else:
            console.print(Text(NOTHING, style="dim"))
        if ledger.signals:
            console.print(_signals_table(ledger.signals))
        console.print()


def clipped(text: str, longest: int = _LONGEST) -> str:
    r"""Return text for a terminal, on one line; a longer one ends in an ellipsis.

    >>> clipped("She had sold berths\nfor cash.", 12)
    'She had sol…'
    """
    line = shown(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def content_of(statement: Statement) -> str:
    """Return what a statement says: its contents, or the whole sentence where none was found."""
    return " … ".join(extract.text for extract in statement.content) or statement.text


def _table(ledger: Ledger) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", expand=False)
    for name in ("role", "who", "against, or how", "what"):
        table.add_column(name, overflow="fold")
    table.add_column("sentence", justify="right")
    for label, cells in _rows(ledger):
        table.add_row(*(Text(shown_cell, style=style_of(label) if label else "dim") for shown_cell in cells))
    return table


def _rows(ledger: Ledger) -> Iterator[tuple[str, Cells]]:
    """Yield rows with the label by which each is coloured, "" for what is said of the article."""
    threads = threads_of(ledger)
    for thread in threads:
        yield from _thread_rows(thread)
    if others := loose(ledger, threads):
        yield "", ("linked to no allegation", "", "", "", "")
        for s in others:
            yield s.label, _cells(s, told_kinds(s))


def _thread_rows(thread: Thread) -> Iterator[tuple[str, Cells]]:
    yield thread.first.label, _cells(thread.first, _against(thread.first))
    for s in thread.again:
        yield s.label, _cells(s, _against(s), "again")
    for s in thread.answers:
        counters = s.label == ALLEGATION
        yield s.label, _cells(s, _against(s) if counters else told_kinds(s), COUNTER if counters else s.label)
    if not thread.answers:
        yield "", ("", NOT_ANSWERED, "", "", "")
    for s in thread.evidence:
        yield s.label, _cells(s, told_kinds(s), s.label)
    if not thread.evidence:
        yield "", ("", NO_EVIDENCE, "", "", "")


def _against(allegation: Statement) -> str:
    return told_target(allegation.target) + (" · hedged" if allegation.hedges else "")


def _cells(s: Statement, how: str, under: str | None = None) -> Cells:
    role = f"{mark_of(s.label)} {s.label}" if under is None else f"  {mark_of(s.label)} {under}"
    return role, shown(told_source(s.source)), shown(how), clipped(content_of(s)), str(s.sentence + 1)


def _signals_table(signals: Iterable[Signal]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(SIGNALS, style="dim"), title_justify="left", box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for signal in signals:
        numbers = ranges([number + 1 for number in sorted(signal.sentences)])
        table.add_row(Text(shown(signal.rule)), Text(shown(signal.told)), Text(numbers, style="dim"))
    return table
