"""Conformal label sets: for each sentence the labels that cannot be ruled out at a stated coverage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration import Array


@dataclass(frozen=True)
class LabelSets:
    """The rule that makes the sets (see `fit_label_sets`): a label is in where ``1 - probability`` is at most `threshold`."""

    coverage: float  # share of sentences that was promised
    threshold: float  # 1: every set holds every label

    def __call__(self, probabilities: Array, decided: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which labels are in the set of each sentence, shape as `probabilities` (sentences, labels).

        The label that a sentence was given, whose number is in `decided`, is always in its set: that can only add coverage.
        """
        found = 1 - probabilities <= self.threshold
        found[np.arange(len(found)), decided] = True
        return found


def fit_label_sets(
    probabilities: Array, y: NDArray[np.int64], groups: NDArray[np.int64], coverage: float, sample_weight: Array
) -> LabelSets:
    """Return sets that hold the true label of a sentence of a new document with a probability of at least `coverage`.

    Split-conformal prediction with the score ``1 - probability`` of the true label (Sadinle, Lei and Wasserman 2019, "Least
    ambiguous set-valued classifiers with bounded error levels"). Sentences of one document lean on each other and only
    documents are exchangeable, so the scores are pooled with each document weighing alike, and one more document, the new
    one, counts as infinitely strange (Dunn, Wasserman and Ramdas 2023, "Distribution-free prediction sets for two-layer
    hierarchical models"). The promise is of documents as they come: for each alike, not for each label alike.

    Parameters
    ----------
    probabilities : shape (sentences, labels), from models that had not seen the sentence's document
    y : the number of each sentence's label
    groups : the document (or cluster of near-duplicates) of each sentence
    coverage : the share of sentences whose set must hold the true label, below 1
    sample_weight : how often each sentence counts inside its document; ones, unless labels are more or less frequent in the
        text to come (Podkopaev and Ramdas 2021, "Distribution-free uncertainty quantification for classification under label
        shift")
    """
    scores = 1 - probabilities[np.arange(len(y)), y]
    _, document, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    weights = sample_weight / sizes[document]
    order = scores.argsort(kind="stable")
    reached = weights[order].cumsum() >= coverage * (weights.sum() + 1)
    threshold = float(scores[order][reached.argmax()]) if reached.any() else 1.0
    return LabelSets(coverage, threshold)
