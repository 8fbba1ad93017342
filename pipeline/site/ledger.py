"""What a page shows of a ledger: its threads, with the parts of each sentence marked, and its signals with their rules."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ledger.signals import RULES
from pipeline.ledger.statements import Extract, Ledger, Signal, Statement
from pipeline.ledger.terms import COUNTER, QUOTATIONS, told_kind, told_kinds
from pipeline.ledger.threads import Thread, loose, threads_of
from pipeline.roles import ALLEGATION


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, and whether it is of the source, the cue or the content."""

    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A statement on the page; `whole` is False where it stands elsewhere on it and is only pointed to."""

    number: int  # of its sentence, from 1
    statement: Statement
    kind: str
    how: str
    notes: tuple[str, ...]
    pieces: tuple[Piece, ...]
    whole: bool = True

    @property
    def named_in(self) -> int | None:
        """The number of the other sentence that names the source, where it is another."""
        place = self.statement.source.sentence
        return None if place is None or place + 1 == self.number else place + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A thread on the page."""

    first: Row
    again: tuple[Row, ...]
    answers: tuple[Row, ...]
    evidence: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A signal on the page: the rule, what it is not, what it found, and the numbers from 1 of the sentences that fired it."""

    name: str
    rule: str
    limit: str
    told: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """A ledger as its page shows it; `numbers` are those, from 1, of the sentences that stand in it."""

    entries: tuple[Entry, ...]
    loose: tuple[Row, ...]
    signals: tuple[Found, ...]
    numbers: frozenset[int]
    labelled_by: str


def ledger_part(ledger: Ledger) -> LedgerPart:
    """Return what a page shows of `ledger`; every statement stands on it once as a whole."""
    threads, placed = threads_of(ledger), set[int]()
    entries = tuple(_entry(thread, placed) for thread in threads)
    return LedgerPart(
        entries=entries,
        loose=tuple(_rows(loose(ledger, threads), placed)),
        signals=tuple(map(_found, ledger.signals)),
        numbers=frozenset(s.sentence + 1 for s in ledger.statements),
        labelled_by=ledger.labelled_by,
    )


def pieces_of(statement: Statement) -> Iterator[Piece]:
    """Yield the sentence of a statement cut where a part begins or ends; the pieces together are the sentence."""
    marked = [
        *(("source", extract) for extract in _inside(statement, [statement.source.words])),
        *(("cue", extract) for extract in _inside(statement, [statement.cue])),
        *(("content", extract) for extract in _inside(statement, statement.content)),
    ]
    cuts = {statement.start, statement.end} | {at for _, extract in marked for at in (extract.start, extract.end)}
    for start, end in pairwise(sorted(cuts)):
        parts = tuple(dict.fromkeys(part for part, extract in marked if extract.start <= start and end <= extract.end))
        yield Piece(statement.text[start - statement.start : end - statement.start], parts)


def _inside(statement: Statement, extracts: Sequence[Extract | None]) -> list[Extract]:
    return [e for e in extracts if e is not None and statement.start <= e.start < e.end <= statement.end]


def _entry(thread: Thread, placed: set[int]) -> Entry:
    first, *again = _rows((thread.first, *thread.again), placed)
    counters = {s.sentence for s in thread.answers if s.label == ALLEGATION}  # whole in threads of their own
    answers = tuple(_rows(thread.answers, placed, counters))
    return Entry(first, tuple(again), answers, tuple(_rows(thread.evidence, placed)))


def _rows(statements: Iterable[Statement], placed: set[int], elsewhere: Collection[int] = ()) -> Iterator[Row]:
    """Yield rows, whole unless the sentence is `placed` already or has its place `elsewhere`."""
    for s in statements:
        whole = s.sentence not in placed and s.sentence not in elsewhere
        if whole:
            placed.add(s.sentence)
        yield _row(s, whole=whole)


def _row(s: Statement, *, whole: bool) -> Row:
    kind = "" if s.source.who is None else told_kind(s.source)
    how = COUNTER if s.label == ALLEGATION and not whole else told_kinds(s)
    return Row(s.sentence + 1, s, kind, how, tuple(_notes(s)), tuple(pieces_of(s)), whole)


def _notes(s: Statement) -> Iterator[str]:
    if s.quotation != "none":
        yield QUOTATIONS[s.quotation]
    if s.quote_unclosed:
        yield "a quotation mark is missing"
    if s.depth > 1:
        yield f"hearsay, depth {s.depth}"
    for told, extracts in (("hedged", s.hedges), ("loaded words", s.loaded)):
        if extracts:
            yield f"{told}: " + ", ".join(f"“{extract.text}”" for extract in extracts)


def _found(signal: Signal) -> Found:
    rule = RULES[signal.rule]
    return Found(rule.name, rule.text, rule.limit, signal.told, tuple(sorted(number + 1 for number in signal.sentences)))
