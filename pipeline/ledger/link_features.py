"""What speaks for it that a denial answers a statement, or that evidence is offered for it: where they stand, who speaks."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.ledger.alike import content_words, has_name, overlap, same_name
from pipeline.ledger.linear import Features
from pipeline.ledger.statements import Statement
from pipeline.names import common_words
from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE

CANDIDATES: Mapping[str, tuple[str, ...]] = {DENIAL: (ALLEGATION, EVIDENCE), EVIDENCE: (ALLEGATION, DENIAL)}
_FAR = (1, 2, 3, 5, 8, 13, 21)  # sentences: within each of these, statements are equally far apart
_RANKS = 4  # from here on, candidates count as equally many away


class Pairs:
    """The pairs of statements of one article that may be linked, described; the article's words are read once."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        common = common_words(s.text for s in statements)
        words = [content_words(s.text, common) for s in statements]
        spread = Counter(word for found in words for word in found)
        rarity = {word: math.log(len(statements) / count) for word, count in spread.items()}
        self._words = [{word: weight * rarity[word] for word, weight in found.items()} for found in words]
        self._rarity = rarity
        self._first = next((number for number, s in enumerate(statements) if s.label == ALLEGATION), None)

    def candidates(self, label: str) -> list[int]:
        """Return the places of the statements to which one with this label may be linked, in reading order."""
        return [number for number, s in enumerate(self._statements) if s.label in CANDIDATES[label]]

    def features(self, number: int) -> list[Features]:
        """Return what speaks for each of the candidates of the statement with the place `number`."""
        candidates = self.candidates(self._statements[number].label)
        places = {place.number: place for place in self._places(number, candidates)}
        return [self._pair(number, places[other]) for other in candidates]

    def _places(self, number: int, candidates: Sequence[int]) -> Iterator["_Place"]:
        """Yield the candidates, each counted from the statement outwards among those of its label on its side."""
        for label in CANDIDATES[self._statements[number].label]:
            same = [other for other in candidates if self._statements[other].label == label]
            earlier = [other for other in reversed(same) if other < number]
            later = [other for other in same if other > number]
            yield from (_Place(other, "earlier", rank, False) for rank, other in enumerate(earlier))
            yield from (_Place(other, "later", rank, not earlier) for rank, other in enumerate(later))

    def _pair(self, number: int, place: "_Place") -> Features:
        one, other = self._statements[number], self._statements[place.number]
        apart = abs(one.sentence - other.sentence)
        within = next((far for far in _FAR if apart <= far), "more")
        named = [
            place.side,
            other.label,
            f"{other.label} {place.side}",
            f"{other.label} {place.side} {min(place.rank, _RANKS)}",
            f"{place.side} within {within}",
            *(["none earlier"] if place.none_earlier else []),
            *(["next to"] if place.number == number - 1 else []),
            *(["headline"] if other.sentence == 0 else []),
            *(["first allegation"] if place.number == self._first else []),
            *_people(one, other),
        ]
        shared = self._words[number].keys() & self._words[place.number].keys()
        return {
            **dict.fromkeys(named, 1.0),
            "apart": math.log(apart),
            "overlap": overlap(self._words[number], self._words[place.number]),
            "rarest shared word": max((self._rarity[word] for word in shared), default=0.0),
        }


class _Place(NamedTuple):
    """Where a candidate stands: the `rank`-th of its label on this side; `none_earlier` of its label, where it is later."""

    number: int
    side: str
    rank: int
    none_earlier: bool


def _people(one: Statement, other: Statement) -> Iterator[str]:
    """Yield who is who in a statement and one to which it may be linked."""
    if _same(one.source.who, other.source.who):
        yield "same source"
    if one.source.kind == other.source.kind == "author":
        yield "both the author's"
    if _named(one.source.who, other.text):
        yield "its source is named there"
    if _named(other.source.who, one.text):
        yield "that source is named here"
    if other.target is None:
        yield "no target"
    else:
        if _same(one.source.who, other.target.who):
            yield "the target speaks"
        if _named(other.target.who, one.text):
            yield "the target is named here"


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and same_name(one, other)


def _named(who: str | None, text: str) -> bool:
    return who is not None and has_name(who) and who.casefold() in text.casefold()
