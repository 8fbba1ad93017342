"""What a reader sees of a sentence at a glance: cue words, what is negated, what is quoted, its shape. One row a sentence."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.lexicon import cue_forms, group_names
from pipeline.tokens import CLOSE, STRAIGHT, Tokens

_SHAPE_NAMES = (
    "length", "long", "short", "digits", "question", "exclamation", "closed", "colon",
    "quoted_share", "begins_quoted", "all_quoted", "part_quoted", "quotation_ends",
)  # fmt: skip
_MOST = 3  # further occurrences of a cue group count no more


def cue_names() -> tuple[str, ...]:
    """Return the name of each column of `cue_rows`."""
    groups = group_names()
    return (*groups, *(f"negated_{g}" for g in groups), *(f"quoted_{g}" for g in groups), *_SHAPE_NAMES)


def cue_rows(document: Sequence[Tokens]) -> NDArray[np.float32]:
    """Return the cues of one document's sentences, shape (sentences, len(cue_names())), all between 0 and 1.

    For each group of the lexicon: how often it occurs, how often under a negation, how often inside a quotation; then the
    shape of the sentence.
    """
    rows = np.zeros((len(document), len(cue_names())), dtype=np.float32)
    counts = 3 * len(group_names())
    for row, tokens in zip(rows, document, strict=True):
        _count(tokens, row[:counts])
        row[counts:] = _shape(tokens)
    np.minimum(rows[:, :counts], _MOST, out=rows[:, :counts])
    rows[:, :counts] /= _MOST
    return rows


def find_cues(tokens: Tokens) -> list[tuple[int, int]]:
    """Return ``(index of the token, index of the group)`` for every cue of a sentence, in order."""
    forms, words = cue_forms(), tokens.words
    return [
        (at, group)
        for at, word in enumerate(words)
        if word in forms
        for form, group in forms[word]
        if len(form) == 1 or tuple(words[at : at + len(form)]) == form
    ]


def _count(tokens: Tokens, row: NDArray[np.float32]) -> None:
    groups = len(group_names())
    for at, group in find_cues(tokens):
        row[group] += 1
        row[groups + group] += tokens.negated[at]
        row[2 * groups + group] += tokens.quoted[at]


def _shape(tokens: Tokens) -> list[float]:
    words, count = tokens.words, max(1, len(tokens.words))
    share = sum(tokens.quoted) / count
    return [
        min(count, 60) / 60,
        count > 35,
        count < 8,
        any(word[0].isdigit() for word in words),
        "?" in words,
        "!" in words,
        bool(words) and words[-1] in {".", "!", "?", "\u2026", CLOSE, STRAIGHT},
        ":" in words,
        share,
        bool(tokens.quoted) and tokens.quoted[0],
        share > 0.9,
        0 < share < 0.5,
        min(words.count(CLOSE) + words.count(STRAIGHT), 4) / 4,
    ]
