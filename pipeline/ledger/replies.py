"""Whether those against whom an article alleges something are heard in it: where, at what length, with which verb."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from pipeline.ledger.alike import has_name, same_name
from pipeline.ledger.statements import Ledger, Statement
from pipeline.roles import DENIAL

Reporting = Literal["denying", "conceding", "doubting", "neutral"]

# What a verb adds to "said"; of a cue with several, the first kind in this order counts. Phrases are joined by underscores.
_REPORTING: Mapping[Reporting, str] = {
    "denying": """
        deny denies denied denying reject rejects rejected rejecting dismiss dismisses dismissed dismissing
        refute refutes refuted refuting dispute disputes disputed disputing rebut rebuts rebutted
    """,
    "conceding": """
        admit admits admitted admitting acknowledge acknowledges acknowledged acknowledging
        concede concedes conceded conceding confess confesses confessed
    """,
    "doubting": """
        claim claims claimed claiming insist insists insisted insisting maintain maintains maintained maintaining
        allege alleges alleged alleging purport purports purported contend contends contended protest protests protested
    """,
    "neutral": """
        say says said saying tell tells told telling add adds added adding state states stated stating statement
        write writes wrote written writing reply replies replied respond responds responded answer answers answered
        comment comments commented according_to
    """,
}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an article holds of the side of one against whom it alleges something.

    `allegations` are those against `who`, `own` the statements whose source is `who`, and `others` the denials by anybody
    else that answer one of the allegations.
    """

    who: str
    allegations: tuple[Statement, ...]
    own: tuple[Statement, ...]
    others: tuple[Statement, ...]

    @property
    def replies(self) -> tuple[Statement, ...]:
        """The statements of the side of `who`, in reading order."""
        return tuple(sorted((*self.own, *self.others), key=lambda s: s.sentence))

    @property
    def between(self) -> int | None:
        """How many sentences stand between the first allegation and the reply nearest to it; None where there is no reply."""
        first = self.allegations[0].sentence
        return min((max(0, abs(reply.sentence - first) - 1) for reply in self.replies), default=None)

    @property
    def words(self) -> int:
        """How many words the contents of the replies have."""
        return sum(len(content.text.split()) for reply in self.replies for content in reply.content)

    @property
    def verbs(self) -> tuple[tuple[str, Reporting | None], ...]:
        """The cues of the replies, each once, with what their verb adds to "said"; None where the table holds none of it."""
        cues = dict.fromkeys(" ".join(reply.cue.text.split()) for reply in self.replies if reply.cue)
        return tuple((cue, reporting(cue)) for cue in cues)


def hearings(ledger: Ledger) -> tuple[Hearing, ...]:
    """Return a hearing for each one against whom the ledger holds an allegation, in the order of the first of these.

    A target of which only a pronoun is known is left out.
    """
    return tuple(_hearing(ledger, who, found) for who, found in _by_target(ledger.allegations))


def reporting(cue: str) -> Reporting | None:
    """Return what the words of saying add to "said": that it is denied, conceded, or told at a distance.

    >>> reporting("rejected the claims, saying"), reporting("insisted"), reporting("mused")
    ('denying', 'doubting', None)
    """
    words = _WORD.findall(cue.lower())
    found = {*words, *(f"{one}_{next_one}" for one, next_one in pairwise(words))}
    return next((kind for kind, forms in _reporting_forms().items() if found & forms), None)


@cache
def _reporting_forms() -> Mapping[Reporting, frozenset[str]]:
    return {kind: frozenset(block.split()) for kind, block in _REPORTING.items()}


def _by_target(allegations: Sequence[Statement]) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """Group allegations by whom they are against; the longest of the names that are of one stands for all."""
    groups: list[list[Statement]] = []
    for allegation in allegations:
        who = _who(allegation)
        if has_name(who):
            group = next((g for g in groups if any(same_name(who, _who(other)) for other in g)), None)
            if group is None:
                groups.append([allegation])
            else:
                group.append(allegation)
    for group in groups:
        yield max(map(_who, group), key=len), tuple(group)


def _who(allegation: Statement) -> str:
    return "" if allegation.target is None else allegation.target.who


def _hearing(ledger: Ledger, who: str, allegations: tuple[Statement, ...]) -> Hearing:
    made = {s.sentence for s in allegations}
    firsts = {ledger.first_of(number) for number in made}
    again = {s.sentence for s in ledger.allegations if ledger.first_of(s.sentence) in firsts}
    own = tuple(s for s in ledger.statements if s.sentence not in made and same_name(s.source.who or "", who))
    answers = ledger.to(sorted(again), "answers")
    return Hearing(who, allegations, own, tuple(s for s in answers if s.label == DENIAL and s not in own))
