"""What the classifier reads of each sentence: the features of its words, and what the encoder says of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pipeline.encoder import Encoded, Encoder
from pipeline.encoder_files import Floats
from pipeline.passages import Passage

if TYPE_CHECKING:
    from pipeline.features import Featurizer

_VECTOR_WEIGHT = 0.2  # of the encoder's vectors, against 1 for a sentence's own words


def rows_of(
    featurizer: "Featurizer",
    encoder: Encoder | None,
    passages: Sequence[Passage],
    labels: Sequence[str],
    known: Sequence[Floats | None] | None = None,
    told: Sequence[Encoded] | None = None,
) -> sparse.csr_matrix:
    """Return one row for each sentence of `passages`, in order, float32; a row depends on its own document alone.

    The last columns are the encoder's: the log-probabilities of `labels` where it was trained on these, else its vectors. An
    encoder of other labels still knows what sentences mean. `known` holds log-probabilities that are taken as they are, the
    encoder not asked; `told` is what it has said of all passages already, where nothing
    is known.
    """
    words = featurizer.transform(passages)
    if encoder is None:
        return words
    if stacked_columns(encoder, labels):
        given = known or [None] * len(passages)
        asked = iter(told or encoder(passage for passage, scores in zip(passages, given, strict=True) if scores is None))
        blocks = [next(asked).log_probabilities if scores is None else scores for scores in given]
        block = np.vstack([np.zeros((0, len(labels)), dtype=np.float32), *blocks])
    else:
        none = np.zeros((0, encoder.card.width), dtype=np.float32)
        block = np.vstack([none, *(said.vectors for said in told or encoder(passages))]) * np.float32(_VECTOR_WEIGHT)
    return sparse.hstack([words, sparse.csr_matrix(block)], format="csr", dtype=np.float32)


def known_scores(
    encoder: Encoder | None, documents: Sequence[str], passages: Sequence[Passage], labels: Sequence[str]
) -> list[Floats | None]:
    """Return for each of `documents` what `rows_of` must take as known: nothing where the encoder is to be asked.

    Where it has out-of-fold scores of some these are what counts, and zeros for all others. Elsewhere zeros for those that it
    has learnt from: what the encoder would say is worth nothing.
    """
    if encoder is None or not stacked_columns(encoder, labels):
        return [None] * len(passages)
    kept = encoder.out_of_fold
    held_out = any(document in kept.scores for document in documents)
    learnt = set(encoder.card.trained_on)
    return [
        _or_zeros(kept.of(document, passage), passage, labels) if held_out or document in learnt else None
        for document, passage in zip(documents, passages, strict=True)
    ]


def _or_zeros(scores: Floats | None, passage: Passage, labels: Sequence[str]) -> Floats:
    return np.zeros((len(passage.sentences), len(labels)), dtype=np.float32) if scores is None else scores


def stacked_columns(encoder: Encoder | None, labels: Sequence[str]) -> int:
    """Return how many of the last columns of `rows_of` are log-probabilities of `labels`."""
    return len(labels) if encoder is not None and tuple(labels) == encoder.labels else 0
