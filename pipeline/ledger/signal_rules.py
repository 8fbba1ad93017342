"""What each rule of `pipeline.ledger.signals` looks for: functions from a ledger and its article's sentences to signals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.ledger.figures import figures_of
from pipeline.ledger.replies import Hearing, hearings
from pipeline.ledger.statements import Extract, Ledger, Signal, Statement
from pipeline.ledger.terms import SOURCES
from pipeline.ledger.threads import Thread, threads_of
from pipeline.ledger.wording import turns_of
from pipeline.roles import ALLEGATION, DENIAL

UNNAMED = ("unnamed", "collective", "role")  # kinds of source that no reader could look up
_MOST = 5  # words that a line shows


class Sentence(Protocol):
    """A sentence of the article: ``document[start:end] == text``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def text(self) -> str:
        """What stands there."""

    @property
    def label(self) -> str:
        """Its role."""


@dataclass(frozen=True, slots=True)
class Case:
    """An article to which rules are applied: its ledger, all its sentences, and the threads of its allegations."""

    ledger: Ledger
    sentences: Sequence[Sentence]
    threads: tuple[Thread, ...]


def case_of(ledger: Ledger, sentences: Sequence[Sentence]) -> Case:
    """Return what the rules are applied to."""
    return Case(ledger, sentences, threads_of(ledger))


def ungrounded(case: Case) -> Iterator[Signal]:
    """Yield the first allegations without evidence."""
    found = [thread.first for thread in case.threads if not thread.evidence]
    told = f"no evidence in this text is linked to {_of(found, case.threads, 'allegation')}"
    yield from _share("ungrounded", told, found, case.threads)


def unanswered(case: Case) -> Iterator[Signal]:
    """Yield the first allegations without a denial."""
    found = [thread.first for thread in case.threads if not any(s.label == DENIAL for s in thread.answers)]
    told = f"no denial in this text is linked to {_of(found, case.threads, 'allegation')}"
    yield from _share("unanswered", told, found, case.threads)


def right_of_reply(case: Case) -> Iterator[Signal]:
    """Yield for each target where its side is heard, or the allegations where it is not."""
    for hearing in hearings(case.ledger):
        fired = hearing.replies or hearing.allegations
        yield Signal("right-of-reply", _told_hearing(hearing), _numbers(fired), float(hearing.words))


def unnamed_share(case: Case) -> Iterator[Signal]:
    """Yield the statements whose source has no name."""
    statements = case.ledger.statements
    found = [s for s in statements if s.source.kind in UNNAMED]
    counts = {kind: sum(s.source.kind == kind for s in found) for kind in UNNAMED}
    kinds = ", ".join(f"{count} {SOURCES[kind]}" for kind, count in counts.items() if count)
    yield from _share(
        "unnamed-share", f"{_of(found, statements, 'statement')} from a source without a name: {kinds}", found, statements
    )


def hearsay(case: Case) -> Iterator[Signal]:
    """Yield the statements that reach the article at second hand."""
    statements = case.ledger.statements
    found = [s for s in statements if s.depth > 1]
    yield from _share("hearsay", f"{_of(found, statements, 'statement')} at second hand or further", found, statements)


def hedging(case: Case) -> Iterator[Signal]:
    """Yield the allegations with a hedge."""
    allegations = case.ledger.allegations
    found = [s for s in allegations if s.hedges]
    words = _quoted(hedge for s in found for hedge in s.hedges)
    yield from _share("hedging", f"{_of(found, allegations, 'allegation')} with a hedge: {words}", found, allegations)


def loaded_language(case: Case) -> Iterator[Signal]:
    """Yield the statements with loaded words, and tell in whose voice these stand."""
    found = [s for s in case.ledger.statements if s.loaded]
    words = [(s, word) for s in found for word in s.loaded]
    own = sum(_in_own_voice(s, word) for s, word in words)
    told = f"{_counted(len(words), 'loaded word')}, {own} in the author's own voice: {_quoted(word for _, word in words)}"
    if found:
        yield Signal("loaded-language", told, _numbers(found), float(len(words)))


def attack_for_answer(case: Case) -> Iterator[Signal]:
    """Yield the answers that speak only of the accuser or of others."""
    attacks = [s for s in case.ledger.statements if _only_attacks(s) and not _answers_otherwise(case.ledger, s)]
    turns = [(number, turn) for number, s in enumerate(case.sentences) for turn in turns_of(s.text, s.start)]
    numbers = sorted({*(s.sentence for s in attacks), *(number for number, _ in turns)})
    told = []
    if attacks:
        told.append(f"{_counted(len(attacks), 'answer')} with nothing but an attack on the accuser or a counter-accusation")
    if turns:
        told.append(f"{_counted(len(turns), 'turn')} to what others do: {_quoted(turn for _, turn in turns)}")
    if numbers:
        yield Signal("attack-for-answer", "; ".join(told), tuple(numbers), float(len(numbers)))


def hardening(case: Case) -> Iterator[Signal]:
    """Yield the allegations that are hedged where they come first and flat later."""
    found, fired = [], []
    for thread in case.threads:
        first, *later = sorted((thread.first, *thread.again), key=lambda s: s.sentence)
        flat = [s for s in later if not s.hedges]
        if first.hedges and flat:
            found.append(first)
            fired += [first, *flat]
    told = f"{_of(found, case.threads, 'allegation')} hedged at its first mention and flat at a later one"
    yield from (Signal(s.rule, s.told, _numbers(fired), s.value) for s in _share("hardening", told, found, case.threads))


def numbers_without_origin(case: Case) -> Iterator[Signal]:
    """Yield the numbers that no source is given for."""
    held = [(s, figures_of(s.text, s.start)) for s in case.ledger.statements if s.source.kind in ("author", "unnamed")]
    found = [(s, figures) for s, figures in held if figures]
    words = [figure for _, figures in found for figure in figures]
    if found:
        told = f"{_counted(len(words), 'number')} for which nobody is named: {_quoted(words)}"
        yield Signal("numbers-without-origin", told, _numbers(s for s, _ in found), float(len(words)))


def _told_hearing(hearing: Hearing) -> str:
    if not hearing.replies:
        return f"{hearing.who}: not heard in this text"
    heard = f"heard in {_counted(len(hearing.own), 'statement')}" if hearing.own else "heard only through others"
    others = f", answered for in {_counted(len(hearing.others), 'denial')} of others" if hearing.others else ""
    verbs = [f"“{cue}” ({kind or 'other'})" for cue, kind in hearing.verbs]
    length = f"{_counted(hearing.words, 'word')}, {_counted(hearing.between or 0, 'sentence')} between"
    told = f"{hearing.who}: {heard}{others}, {length}"
    return f"{told}, reported with {', '.join(verbs)}" if verbs else told


def _only_attacks(statement: Statement) -> bool:
    if statement.label == ALLEGATION:
        return statement.linked("counters") is not None
    return statement.label == DENIAL and set(statement.kinds) == {"attack"}


def _answers_otherwise(ledger: Ledger, attack: Statement) -> bool:
    """Tell whether the source of an attack answers the same allegation in another statement by more than an attack."""
    answered = attack.linked("answers", "counters")
    if answered is None or attack.source.who is None:
        return False
    return any(
        s.label == DENIAL and s.source.who == attack.source.who and set(s.kinds) - {"attack"}
        for s in ledger.statements
        if (other := s.linked("answers")) is not None and _first(ledger, other) == _first(ledger, answered)
    )


def _first(ledger: Ledger, sentence: int) -> int:
    return ledger.first_of(sentence) if any(s.sentence == sentence for s in ledger.statements) else sentence


def _in_own_voice(statement: Statement, word: Extract) -> bool:
    said = any(content.start <= word.start and word.end <= content.end for content in statement.content)
    return statement.source.kind == "author" or not said


def _share(rule: str, told: str, found: Sequence[Statement], whole: Sequence[object]) -> Iterator[Signal]:
    if found:
        yield Signal(rule, told, _numbers(found), len(found) / len(whole))


def _numbers(statements: Iterable[Statement]) -> tuple[int, ...]:
    return tuple(sorted({s.sentence for s in statements}))


def _of(found: Sequence[object], whole: Sequence[object], noun: str) -> str:
    return f"{len(found)} of {_counted(len(whole), noun)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _quoted(extracts: Iterable[Extract]) -> str:
    words = list(dict.fromkeys(" ".join(extract.text.split()).lower() for extract in extracts))
    rest = [f"{len(words) - _MOST} more"] if len(words) > _MOST else []
    return ", ".join([f"“{word}”" for word in words[:_MOST]] + rest)
