"""Whose a statement is that names nobody: the speaker of a sentence near it, or nobody but the author."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pipeline.ledger.linear import Features, Linear, Ranker
from pipeline.ledger.pages import Page
from pipeline.ledger.phrases import MARKS, PRONOUNS
from pipeline.ledger.speech import Speech

BACK, AHEAD = 4, 1  # sentences in which the speaker may be named
LEAST = 0.7  # probability from which a statement is taken to go on with somebody's
_FIRST_PERSON = frozenset(["i", "we", "my", "our", "me", "us"])
_FORWARD_IS = frozenset(["that's", "this's"])
_FORWARD = frozenset(["that", "this", "so", "these", "those"])


@dataclass(frozen=True)
class SpeakerFinder:
    """Finds in which sentence the speaker is named of a statement that names nobody, where there is one.

    A quotation that goes on without a new attribution is spoken by who was named last; the claim of a headline or a lead may
    be attributed by the sentence after it.
    """

    ranker: Ranker
    least: float = LEAST

    @classmethod
    def fit(cls, pages: Sequence[tuple[Page, Sequence[Speech], Mapping[int, int | None]]], *, least: float = LEAST) -> Self:
        """Learn from pages, the speech of each of their sentences, and in which sentence the speaker of some is named."""
        rows: list[Features] = []
        right: list[bool] = []
        for page, speech, meant in pages:
            for number, sentence in meant.items():
                others = candidates(speech, number)
                rows += _rows(page, speech, number, others)
                right += [other == sentence for other in others]
        return cls(Ranker.fit(rows, right), least)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], *, least: float = LEAST) -> Self:
        """Return the finder that has these `parts`."""
        return cls(Ranker(parts["speaker"]), least)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that it is made of."""
        return {"speaker": self.ranker.linear}

    def find(self, page: Page, speech: Sequence[Speech], number: int) -> tuple[int, float] | None:
        """Return the sentence that names the speaker of sentence `number`, and how likely it is; None where none does."""
        if attributes_forward(page, speech, number):
            return number + 1, 1.0
        others = candidates(speech, number)
        best = self.ranker.best(_rows(page, speech, number, others))
        return None if best is None or best[1] < self.least else (others[best[0]], best[1])


def attributes_forward(page: Page, speech: Sequence[Speech], number: int) -> bool:
    """Tell whether the next sentence begins as one does that says whose the one before is: "That is according to …".

    This is a stated rule, as it stands before everything learnt.
    """
    if number + 1 >= len(speech) or speech[number + 1].source is None or page.tokens[number].quoted[:1] == [True]:
        return False
    words = page.tokens[number + 1].words
    begun = words[0] in _FORWARD_IS or (words[0] in _FORWARD and words[1:2] in (["is"], ["was"]))
    rest = words[1:4] if words[0] in _FORWARD_IS else words[2:5]
    return begun and (rest[:2] == ["according", "to"] or rest[:1] in (["what"], ["how"], ["the"]))


def candidates(speech: Sequence[Speech], number: int) -> list[int]:
    """Return the sentences near `number` that name a source, the nearest first, those before it first."""
    before = range(number - 1, max(-1, number - 1 - BACK), -1)
    after = range(number + 1, min(len(speech), number + 1 + AHEAD))
    return [other for other in (*before, *after) if speech[other].source is not None]


def _rows(page: Page, speech: Sequence[Speech], number: int, others: Sequence[int]) -> list[Features]:
    return [speaker_features(page, speech, number, other, nearest=other == others[0]) for other in others]


def speaker_features(page: Page, speech: Sequence[Speech], number: int, other: int, *, nearest: bool) -> Features:
    """Return what tells whether the source that sentence `other` names speaks in sentence `number` too.

    `nearest` says that of all sentences that name one it is the first to be asked.
    """
    own, theirs = page.tokens[number], page.tokens[other]
    distance = number - other
    low, high = min(number, other), max(number, other)
    breaks = sum(page.passage.starts_line[low + 1 : high + 1])
    words = own.words
    starts_inside = bool(own.quoted) and own.quoted[0] and words[0] not in MARKS
    share = sum(own.quoted) / max(1, len(words))
    level = "all" if share > 0.9 else "some" if share > 0 else "none"
    first_person = any(word in _FIRST_PERSON for word in words)
    their_share = sum(theirs.quoted) / max(1, len(theirs.words))
    source = speech[other].source or range(0)
    pronoun = len(source) == 1 and theirs.words[source.start] in PRONOUNS
    label, their_label = page.sentences[number].label, page.sentences[other].label
    own_cue = speech[number].cue is not None
    names = [
        f"distance={distance}", f"breaks={min(breaks, 3)}", f"distance,quoted={distance},{level}",
        f"starts inside={starts_inside}", f"inside,breaks={starts_inside},{min(breaks, 2)}", f"first person={first_person}",
        f"first,quoted={first_person},{level}", f"quoted={level},{their_share > 0.2}", f"ends open={theirs.open_quote}",
        f"open,distance={theirs.open_quote},{distance}", f"begins={words[0] if not own.named[0] else '<name>'}",
        f"pronoun={pronoun}", f"nearest={nearest}", f"label={label}", f"labels={label},{their_label}",
        f"labels,distance={label},{their_label},{distance}", f"cue={own_cue}", f"title={number == 0},{distance}",
        f"headline={page.passage.has_headline()},{min(number, 2)},{distance}",
        f"forward={distance < 0 and theirs.words[0] in _FORWARD}", f"paragraph={page.passage.starts_line[number]},{distance}",
        f"mark={words[0] in MARKS},{distance}", f"their cue={_cue(theirs.words, speech[other])}",
        f"sure={int(4 * speech[other].probability)}", f"length={min(len(words) // 6, 6)}",
    ]  # fmt: skip
    return dict.fromkeys(names, 1.0)


def _cue(words: Sequence[str], speech: Speech) -> str:
    return "-" if speech.cue is None else words[speech.cue.start]
