"""A ledger as threads: each allegation with what repeats it, answers it and supports it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.ledger.statements import Ledger, Statement
from pipeline.roles import ALLEGATION


@dataclass(frozen=True, slots=True)
class Thread:
    """An allegation where it is first made, and the statements that are linked to it or to one that repeats it.

    `answers` holds denials, evidence that the accused offer, and counter-accusations; one that is itself an allegation has
    a thread of its own beside.
    """

    first: Statement
    again: tuple[Statement, ...] = ()
    answers: tuple[Statement, ...] = ()
    evidence: tuple[Statement, ...] = ()

    @property
    def sentences(self) -> tuple[int, ...]:
        """The numbers of the sentences that make the allegation."""
        return (self.first.sentence, *(s.sentence for s in self.again))


def threads_of(ledger: Ledger) -> tuple[Thread, ...]:
    """Return a thread for each allegation that restates no other, in reading order."""
    made: dict[int, list[Statement]] = {}
    for allegation in ledger.allegations:
        made.setdefault(ledger.first_of(allegation.sentence), []).append(allegation)
    return tuple(_thread(ledger, ledger.of(first), made[first]) for first in sorted(made))


def loose(ledger: Ledger, threads: Iterable[Thread]) -> tuple[Statement, ...]:
    """Return the denials and the evidence that are in no thread: what they answer or support is not in the article."""
    held = {s.sentence for thread in threads for s in (*thread.answers, *thread.evidence)}
    return tuple(s for s in ledger.statements if s.label != ALLEGATION and s.sentence not in held)


def _thread(ledger: Ledger, first: Statement, made: Iterable[Statement]) -> Thread:
    again = tuple(s for s in made if s.sentence != first.sentence)
    sentences = (first.sentence, *(s.sentence for s in again))
    return Thread(
        first,
        again,
        answers=ledger.to(sentences, "answers", "counters", "contests"),
        evidence=tuple(s for s in ledger.to(sentences, "supports") if s.label != ALLEGATION),
    )
