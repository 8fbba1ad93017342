"""What the classifier reads of each sentence: the features of its words, and what the encoder says of it."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from pipeline.encoder import Encoder
from pipeline.features import Featurizer
from pipeline.passages import Passage

_VECTOR_WEIGHT = 0.2  # of the encoder's vectors, against 1 for a sentence's own words


def rows_of(
    featurizer: Featurizer,
    encoder: Encoder | None,
    passages: Sequence[Passage],
    labels: Sequence[str],
    learnt: Sequence[bool] | None = None,
) -> sparse.csr_matrix:
    """Return one row for each sentence of `passages`, in order, float32; a row depends on its own document alone.

    The last columns are the encoder's: the log-probabilities of `labels` where it was trained on these, else its vectors. An
    encoder of other labels still knows what sentences mean. `learnt` tells which passages it was trained on: what it would say
    of their labels is worth nothing, so it is not asked and the columns stay zero.
    """
    words = featurizer.transform(passages)
    if encoder is None:
        return words
    if stacked_columns(encoder, labels):
        pairs = list(zip(passages, learnt or [False] * len(passages), strict=True))
        told = iter(encoder(passage for passage, known in pairs if not known))
        blocks = [
            np.zeros((len(passage.sentences), len(labels)), dtype=np.float32) if known else next(told).log_probabilities
            for passage, known in pairs
        ]
        block = np.vstack([np.zeros((0, len(labels)), dtype=np.float32), *blocks])
    else:
        told = iter(encoder(passages))
        width = encoder.card.width
        block = np.vstack([np.zeros((0, width), dtype=np.float32), *(said.vectors for said in told)]) * np.float32(
            _VECTOR_WEIGHT
        )
    return sparse.hstack([words, sparse.csr_matrix(block)], format="csr", dtype=np.float32)


def stacked_columns(encoder: Encoder | None, labels: Sequence[str]) -> int:
    """Return how many of the last columns of `rows_of` are log-probabilities of `labels`."""
    return len(labels) if encoder is not None and tuple(labels) == encoder.labels else 0
