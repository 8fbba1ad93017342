"""Scores to probabilities that mean something, and probabilities to the label that serves macro-F1 best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pipeline.bootstrap import draws

Array = NDArray[np.float64]

_DRAWS = 20  # bootstrap draws that decision weights are averaged over
_STEPS = np.exp(np.linspace(-1.5, 1.5, 31))  # factors tried for one label's weight at a time


@dataclass(frozen=True)
class Calibration:
    """A linear map of log-probabilities whose softmax is calibrated: `matrix` (labels, labels), `intercept` (labels,)."""

    matrix: Array
    intercept: Array

    def __call__(self, log_probabilities: Array) -> Array:
        """Return calibrated probabilities, shape (sentences, labels); each row depends on its own alone, to the last bit."""
        logits = (log_probabilities[:, None, :] * self.matrix).sum(axis=2) + self.intercept
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        found: Array = raised / raised.sum(axis=1, keepdims=True)
        return found


def fit_calibration(log_probabilities: Array, y: NDArray[np.int64], seed: int) -> Calibration:
    """Return the calibration that maps out-of-fold log-probabilities, shape (sentences, labels), to the labels `y`.

    This is matrix scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks") with an L2 penalty. The
    log-probabilities must come from models that had not seen the sentence's document.
    """
    model = LogisticRegression(max_iter=1000, random_state=seed).fit(log_probabilities, y)
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        return Calibration(np.vstack([np.zeros_like(model.coef_), model.coef_]), np.array([0.0, model.intercept_[0]]))
    return Calibration(model.coef_, model.intercept_)


def reweigh(probabilities: Array, factors: Array) -> Array:
    """Return `probabilities` times `factors`, one a label, each row summing to 1 again.

    With factors ``new prior / old prior`` it moves calibrated probabilities to another prior (Saerens, Latinne and
    Decaestecker 2002).

    >>> reweigh(np.array([[0.5, 0.5]]), np.array([1.0, 3.0]))
    array([[0.25, 0.75]])
    """
    moved = probabilities * factors
    total: Array = moved.sum(axis=1, keepdims=True)
    return moved / total


def prior_factors(labels: Sequence[str], shares: Array, prior: Mapping[str, float] | None) -> Array:
    """Return for each label how much more frequent it is under `prior` than in what was calibrated on; ones without a prior."""
    if prior is None:
        return np.ones(len(labels))
    return np.array([prior[label] for label in labels]) / shares


def decision_weights(probabilities: Array, y: NDArray[np.int64], sample_weight: Array) -> Array:
    """Return a factor for each label so that the largest ``factor * probability`` maximizes macro-F1 on these sentences.

    `probabilities` has shape (sentences, labels), `y` holds label numbers, `sample_weight` how often each sentence counts.
    Found by coordinate ascent over the factors, from ones; ties go to the smaller change.
    """
    weights = np.ones(probabilities.shape[1])
    best = weighted_macro_f1(probabilities, y, sample_weight)
    improved = True
    while improved:
        improved = False
        for label in range(len(weights)):
            for step in sorted(_STEPS, key=lambda s: abs(np.log(s))):
                tried = weights.copy()
                tried[label] = step
                score = weighted_macro_f1(probabilities * tried, y, sample_weight)
                if score > best + 1e-9:
                    best, weights, improved = score, tried, True
    return weights


def bagged_weights(probabilities: Array, y: NDArray[np.int64], sample_weight: Array, groups: NDArray[np.int64]) -> Array:
    """Return the geometric mean of the `decision_weights` of bootstrap draws of `groups` (Breiman 1996, "Bagging predictors").

    The best weight of a rare label hangs on few documents; the mean hangs on none. The last label's weight is 1.
    """
    _, group = np.unique(groups, return_inverse=True)
    picked = draws(int(group.max()) + 1, _DRAWS, seed=0)
    logs = np.log([decision_weights(probabilities, y, sample_weight * times[group]) for times in picked])
    weights: Array = np.exp((logs - logs[:, -1:]).mean(axis=0))
    return weights


def weighted_macro_f1(scores: Array, y: NDArray[np.int64], sample_weight: Array) -> float:
    """Return the macro-F1 of the label with the largest of `scores`, each sentence counted `sample_weight` times."""
    predicted = scores.argmax(axis=1)
    labels = scores.shape[1]
    hits = np.bincount(y[predicted == y], weights=sample_weight[predicted == y], minlength=labels)
    gold = np.bincount(y, weights=sample_weight, minlength=labels)
    found = np.bincount(predicted, weights=sample_weight, minlength=labels)
    return float(np.mean(2 * hits / np.maximum(gold + found, 1e-12)))
