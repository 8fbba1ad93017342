"""What a page shows of a scored article: its paragraphs, the roles of their sentences, and where each role stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.documents import Document
from pipeline.passages import passage
from pipeline.sentences import Span
from pipeline.views import STRONGEST

if TYPE_CHECKING:
    from pipeline.explanations import WordEffect
    from pipeline.scorer import ScoredSentence

LANE = 1000  # units of the width of a strip
_SHOWN = 0.05  # least effect of a word that is shown, with one decimal


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `effect` is what it did to the score if it is a word that moved it."""

    text: str
    effect: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on the page: its `number` from 1, what stands between it and the one before, and its text in pieces."""

    number: int
    gap: str
    pieces: tuple[Piece, ...]
    moved_by: "tuple[WordEffect, ...]"  # strongest first; empty unless explanations were asked for
    scored: "ScoredSentence"

    @property
    def others(self) -> list[str]:
        """The labels that cannot be ruled out beside the given one."""
        return [label for label in self.scored.label_set if label != self.scored.label]


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the sentences of one label stand: `places` are numbers of sentences with left edge and width of `LANE` units."""

    label: str
    places: tuple[tuple[int, float, float], ...]
    share: float  # of the sentences
    told: str  # the numbers in words


@dataclass(frozen=True, slots=True)
class Article:
    """A scored article as its page shows it.

    `titled` tells whether its first sentence is its title, `headed` whether the title stands above the text.
    """

    document: Document
    title: str
    titled: bool
    headed: bool
    paragraphs: tuple[tuple[Sentence, ...], ...]
    lanes: tuple[Lane, ...]
    sentences: int
    doubtful: int  # sentences that need a review


def article_of(document: Document, scored: "Sequence[ScoredSentence]", labels: Sequence[str]) -> Article:
    """Return what the page of `document` shows, with a lane for each of `labels`."""
    page = passage(document.text, [Span(s.start, s.end) for s in scored], document.title)
    first = " ".join(scored[0].text.split()) if scored else ""
    given = " ".join((document.title or "").split())
    titled = first.casefold() == given.casefold() if first and given else page.has_headline()
    paragraphs: list[list[Sentence]] = []
    for sentence, starts in zip(_sentences(document.text, scored), page.starts_line, strict=True):
        if starts:
            paragraphs.append([])
        paragraphs[-1].append(sentence)
    return Article(
        document=document,
        title=given or (first if titled else document.id),
        titled=titled,
        headed=bool(given) and not titled,
        paragraphs=tuple(map(tuple, paragraphs)),
        lanes=tuple(_lane(label, scored, len(document.text)) for label in labels),
        sentences=len(scored),
        doubtful=sum(s.needs_review for s in scored),
    )


def _sentences(text: str, scored: "Sequence[ScoredSentence]") -> Iterator[Sentence]:
    end = 0
    for number, s in enumerate(scored, 1):
        strongest = [] if s.explanation is None else s.explanation.strongest(STRONGEST)
        moved_by = tuple(word for word in strongest if abs(word.effect) >= _SHOWN)
        yield Sentence(number, " " if end < s.start else "", tuple(_pieces(s, moved_by)), moved_by, s)
        end = s.end


def _pieces(s: "ScoredSentence", words: "Sequence[WordEffect]") -> Iterator[Piece]:
    at = s.start
    for word in sorted(words, key=lambda word: word.start):
        if at < word.start:
            yield Piece(s.text[at - s.start : word.start - s.start])
        yield Piece(word.text, word.effect)
        at = word.end
    if at < s.end:
        yield Piece(s.text[at - s.start :])


def _lane(label: str, scored: "Sequence[ScoredSentence]", length: int) -> Lane:
    found = [(number, s) for number, s in enumerate(scored, 1) if s.label == label]
    places = tuple((number, LANE * s.start / length, LANE * (s.end - s.start) / length) for number, s in found)
    return Lane(label, places, len(found) / len(scored) if scored else 0.0, ranges([number for number, _ in found]))


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers in words.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1 to 3, 7, 9 and 10'
    """
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    told = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
