"""What an encoder finds in each token of a statement: whether it is of the source, the cue, the content or the target.

A linear probe of its hidden states (Alain and Bengio 2016, "Understanding intermediate layers using linear classifier probes"),
which costs next to nothing where the encoder reads the article anyway.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.cores import available_cores
from pipeline.encoder import Encoded, Encoder
from pipeline.errors import InputError
from pipeline.ledger.linear import Floats, Linear
from pipeline.ledger.page_speech import speech_of
from pipeline.ledger.pages import Page, States
from pipeline.ledger.statements import Statement
from pipeline.ledger.tags import TAGS, UNREAD, odds_of

STRENGTH = 0.003  # inverse of the regularization's
_FOLDS = 4
_BATCH = 40  # pages that one process reads at a time
_LABEL = "label="  # how the feature begins that says of what label a sentence is


@dataclass(frozen=True)
class Tagger:
    """Tags the tokens of a page by a linear model over hidden states and the sentence's label."""

    linear: Linear

    @classmethod
    def fit(cls, states: Sequence[States], labels: Sequence[str], tags: Sequence[Floats]) -> Self:
        """Learn from sentences: the states of their tokens, shape (tokens, width), their labels and the tags that are meant."""
        table, meant = np.vstack(states), np.vstack(tags)
        read = ~np.isnan(table[:, 0])
        rows = [{f"{_LABEL}{label}": 1.0} for label, found in zip(labels, states, strict=True) for _ in found]
        given = [tuple(compress(TAGS, row)) for row in meant[read]]
        kept = list(compress(rows, read))
        seen = table[read].astype(np.float32)
        return cls(Linear.fit_several(kept, given, TAGS, strength=STRENGTH, states=seen, state_strength=STRENGTH))

    @classmethod
    def of(cls, linear: Linear) -> Self:
        """Return the tagger that a linear model is; raises a ValueError where it is none."""
        if linear.classes != TAGS or not linear.probe.size:
            told = f"{', '.join(linear.classes):.80} and states of {len(linear.probe)} numbers"
            raise ValueError(f"a tagger has the classes {', '.join(TAGS)} and reads states. Got {told}")
        return cls(linear)

    def tags(self, probed: Floats, label: str) -> Floats:
        """Return the log-odds of each tag for tokens whose states were multiplied with the probe, shape (tokens, tags).

        Tokens that were not read, which are NaN in `probed`, have the log-odds `UNREAD`.
        """
        found: Floats = np.nan_to_num(probed + self.linear.scores([{f"{_LABEL}{label}": 1.0}])[0], nan=UNREAD)
        return found


def with_tags(page: Page, tags: Sequence[Floats]) -> Page:
    """Return `page` with `tags` of the tokens of each sentence."""
    return replace(page, tokens=tuple(t._replace(odds=odds_of(found)) for t, found in zip(page.tokens, tags, strict=True)))


def token_rows(page: Page, encoder: Encoder, told: Encoded) -> Iterator[Floats]:
    """Yield for each sentence what was probed in its tokens, each the mean of its word pieces; NaN where none was read."""
    for number, (sentence, spans, rows) in enumerate(zip(page.sentences, page.spans, told.probed, strict=True)):
        pieces = encoder.places(page.passage, number)
        held = np.zeros((len(spans), len(rows)), np.float32)
        for at, span in enumerate(spans):
            start, end = span.start - sentence.start, span.end - sentence.start
            held[at] = [piece.start < end and start < piece.end for piece in pieces]
        count = held.sum(axis=1, keepdims=True)
        yield np.where(count > 0, held @ rows / np.maximum(count, 1), np.float32(np.nan))


def meant_tags(page: Page, statement: Statement) -> Floats:
    """Return the tags that an annotated statement gives the tokens of its sentence: 1 or 0, shape (tokens, tags)."""
    number, said, target = statement.sentence, speech_of(page, statement), statement.target
    here = target is not None and target.sentence == number
    pieces: Mapping[str, Sequence[range]] = {
        "source": [said.source or range(0)],
        "cue": [said.cue or range(0)],
        "content": said.content,
        "target": [page.range_of(number, target.words.start, target.words.end)] if target is not None and here else [],
    }
    found = np.zeros((len(page.tokens[number].words), len(TAGS)), np.float32)
    for column, name in enumerate(TAGS):
        for piece in pieces[name]:
            found[piece.start : piece.stop, column] = 1
    return found


def tag_pages(
    pages: Sequence[Page], annotated: Sequence[Sequence[Statement]], encoder: Encoder, groups: Sequence[int]
) -> tuple[list[Page], Tagger]:
    """Return `pages` tagged by taggers that have not learnt from their group, and a tagger that has learnt from all.

    The pages know the states of their tokens too. The encoder itself may have learnt the roles of their sentences, though
    nothing of who says what.

    Raises
    ------
    InputError
        If there are statements in fewer than two of the `groups`.
    """
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    fold = folds_of_groups(groups)
    if len({one for one, statements in zip(fold, annotated, strict=True) if statements}) < 2:
        raise InputError(
            "params.yaml: ledger.attribution: statements of one article alone are too few: add others, or name no file"
        )
    with threadpool_limits(1):  # the order of additions, and so the last bits, depend on the number of threads
        jobs = (delayed(_states_of)(pages[at : at + _BATCH], encoder) for at in range(0, len(pages), _BATCH))
        rows = [of_page for batch in Parallel(n_jobs=available_cores())(jobs) for of_page in batch]

        def learnt_from(chosen: Collection[int]) -> Tagger:
            learnt = [(number, statement) for number in chosen for statement in annotated[number]]
            return Tagger.fit(
                [rows[number][statement.sentence] for number, statement in learnt],
                [statement.label for _, statement in learnt],
                [meant_tags(pages[number], statement) for number, statement in learnt],
            )

        tagged = list(pages)
        for one in sorted(set(fold)):
            tagger = learnt_from([number for number, other in enumerate(fold) if other != one])
            for number in (number for number, other in enumerate(fold) if other == one):
                labels = [sentence.label for sentence in pages[number].sentences]
                found = [tagger.tags(row @ tagger.linear.probe, label) for row, label in zip(rows[number], labels, strict=True)]
                tagged[number] = replace(with_tags(pages[number], found), states=tuple(rows[number]))
        return tagged, learnt_from(range(len(pages)))


def _states_of(pages: Sequence[Page], encoder: Encoder) -> list[list[NDArray[np.float16]]]:
    """Return the hidden states of the tokens of each sentence of each page, in half the memory."""
    everything = np.eye(encoder.card.width, dtype=np.float32)
    told = (encoder([page.passage], everything)[0] for page in pages)
    return [[row.astype(np.float16) for row in token_rows(page, encoder, one)] for page, one in zip(pages, told, strict=True)]


def folds_of_groups(groups: Sequence[int]) -> list[int]:
    """Return the fold of each page, the same for those of one group."""
    drawn = sorted(set(groups))
    random.Random(0).shuffle(drawn)
    of = {group: number % _FOLDS for number, group in enumerate(drawn)}
    return [of[group] for group in groups]
