"""An article as the ledger reads it: its sentences with their labels, as tokens that know where in the article they stand."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.ledger.statements import ATTRIBUTED, Extract
from pipeline.passages import Passage, passage, printable
from pipeline.sentences import Span
from pipeline.tokens import Tokens, token_spans

Tokenizer = Callable[[Passage], list[Tokens]]
States = NDArray[np.floating[Any]]


class Labelled(Protocol):
    """A sentence with its label, ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def label(self) -> str:
        """Its label."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a page: ``text == page.text[start:end]``."""

    start: int
    end: int
    label: str
    text: str


@dataclass(frozen=True)
class Page:
    """An article: its text, its sentences in order, and their tokens.

    `states` are an encoder's hidden states of the tokens of each sentence, or what a probe finds in them, shape
    (tokens, columns); NaN where a token was not read.
    """

    text: str
    sentences: tuple[Sentence, ...]
    passage: Passage
    tokens: tuple[Tokens, ...]
    states: tuple[States, ...] | None = None

    @classmethod
    def of(cls, text: str, sentences: Sequence[Labelled], tokenizer: Tokenizer, title: str | None = None) -> "Page":
        """Return the page of `text` with its labelled `sentences`."""
        page = passage(text, [Span(s.start, s.end) for s in sentences], title)
        found = tuple(Sentence(s.start, s.end, s.label, text[s.start : s.end]) for s in sentences)
        return cls(text, found, page, tuple(tokenizer(page)))

    @cached_property
    def spans(self) -> tuple[tuple[Span, ...], ...]:
        """Where in the article each token of each sentence stands."""
        return tuple(
            tuple(Span(sentence.start + span.start, sentence.start + span.end) for span in token_spans(text))
            for sentence, text in zip(self.sentences, self.passage.sentences, strict=True)
        )

    @property
    def sentence_spans(self) -> list[Span]:
        """Where each sentence stands."""
        return [Span(sentence.start, sentence.end) for sentence in self.sentences]

    @property
    def attributed(self) -> list[int]:
        """The numbers of the sentences that are statements."""
        return [number for number, sentence in enumerate(self.sentences) if sentence.label in ATTRIBUTED]

    def extract(self, number: int, tokens: range) -> Extract:
        """Return the piece of the article that some tokens of a sentence are."""
        spans = self.spans[number]
        start, end = spans[tokens.start].start, spans[tokens.stop - 1].end
        return Extract(start, end, self.text[start:end])

    def mean_state(self, number: int, pieces: Sequence[Extract]) -> States:
        """Return the mean state of the tokens of a sentence that are read in `pieces`, or in all of it; shape (columns,).

        Raises
        ------
        ValueError
            If the page knows no states.
        """
        if self.states is None:
            raise ValueError("a page without states")
        states = self.states[number]
        inside = np.zeros(len(states), bool)
        for piece in pieces:
            tokens = self.range_of(number, piece.start, piece.end)
            inside[tokens.start : tokens.stop] = True
        read = ~np.isnan(states).any(axis=1)
        chosen = states[inside & read] if (inside & read).any() else states[read]
        found: States = chosen.mean(axis=0, dtype=np.float32) if len(chosen) else np.zeros(states.shape[1], np.float32)
        return found

    def range_of(self, number: int, start: int, end: int) -> range:
        """Return which tokens of a sentence lie in ``text[start:end]``, in whole or in part."""
        inside = [at for at, span in enumerate(self.spans[number]) if span.start < end and start < span.end]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, its lone surrogates replaced by U+FFFD.

    >>> text_hash("It rained.")[:16]
    '8b38b558e4df5eb3'
    """
    return hashlib.sha256(printable(text).encode()).hexdigest()
