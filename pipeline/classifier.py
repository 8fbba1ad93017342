"""The classifier: a linear model of the features, calibrated out of fold, with a decision made for macro-F1."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from pipeline.calibration import Array, Calibration, decision_weights, fit_calibration, prior_factors, reweigh
from pipeline.errors import InputError
from pipeline.params import TrainParams
from pipeline.progress import track

_ALMOST_ZERO = 1e-9


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier of feature rows."""

    labels: tuple[str, ...]
    linear: LogisticRegression
    calibration: Calibration
    shares: Array  # of the labels in the training articles
    factors: Array  # from those shares to the stated prior, one a label
    weights: Array  # of the decision, one a label

    @property
    def majority(self) -> str:
        """The commonest label of the training articles."""
        return self.labels[int(self.shares.argmax())]

    def probabilities(self, rows: sparse.csr_matrix) -> Array:
        """Return calibrated probabilities under the stated prior, shape (rows, labels), columns as in `labels`."""
        if rows.shape[0] == 0:
            return np.zeros((0, len(self.labels)))
        log = _log_probabilities(self.linear, rows, len(self.labels))
        return reweigh(self.calibration(log), self.factors)

    def decide(self, probabilities: Array) -> NDArray[np.int64]:
        """Return for each row of `probabilities` the number of the label that it gets."""
        decided: NDArray[np.int64] = (probabilities * self.weights).argmax(axis=1)
        return decided


def fit_classifier(
    rows: sparse.csr_matrix, labels: Sequence[str], groups: Sequence[int], allowed: Sequence[str], params: TrainParams
) -> Classifier:
    """Return a classifier fitted on `rows`, one a sentence, with their `labels`.

    Parameters
    ----------
    rows : shape (sentences, features)
    labels : the label of each sentence
    groups : the document (or cluster of near-duplicates) of each sentence; a fold never cuts one
    allowed : all labels, in the order that probabilities will have
    params : regularization, folds, prior

    Raises
    ------
    InputError
        If a label has no sentence, or there are fewer groups than folds.
    """
    y = _numbers(labels, allowed)
    cut = _folds(y, np.asarray(groups), params)
    log = np.full((len(y), len(allowed)), np.log(_ALMOST_ZERO))
    for (_, held_out), scores in zip(cut, track(_out_of_fold(rows, y, cut, params), "training", len(cut)), strict=True):
        log[held_out] = scores
    calibration = fit_calibration(log, y, params.seed)
    shares = np.bincount(y, minlength=len(allowed)) / len(y)
    factors = prior_factors(allowed, shares, params.prior)
    weights = decision_weights(reweigh(calibration(log), factors), y, factors[y])
    return Classifier(tuple(allowed), _fit_linear(rows, y, params), calibration, shares, factors, weights)


def _numbers(labels: Sequence[str], allowed: Sequence[str]) -> NDArray[np.int64]:
    number = {label: i for i, label in enumerate(allowed)}
    missing = [label for label in allowed if label not in set(labels)]
    if missing:
        raise InputError(
            f"params.yaml: labels: no training sentence carries {missing[0]!r}: take it out, or add articles that have it"
        )
    return np.array([number[label] for label in labels], dtype=np.int64)


def _folds(
    y: NDArray[np.int64], groups: NDArray[np.int64], params: TrainParams
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    count = len(np.unique(groups))
    if count < params.folds:
        raise InputError(f"params.yaml: train.folds must be at most the {count} training articles. Got {params.folds}")
    splitter = StratifiedGroupKFold(params.folds, shuffle=True, random_state=params.seed)
    return list(splitter.split(np.zeros(len(y)), y, groups))


def _out_of_fold(
    rows: sparse.csr_matrix,
    y: NDArray[np.int64],
    cut: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    params: TrainParams,
) -> Iterator[Array]:
    """Yield for each fold the log-probabilities of its held-out sentences, as computed by the other folds."""
    from joblib import Parallel, delayed

    workers = min(len(cut), os.cpu_count() or 1)
    jobs = (delayed(_fit_and_score)(rows[fit], y[fit], rows[held_out], int(y.max()) + 1, params) for fit, held_out in cut)
    yield from Parallel(n_jobs=workers, return_as="generator")(jobs)


def _fit_and_score(
    rows: sparse.csr_matrix, y: NDArray[np.int64], held_out: sparse.csr_matrix, labels: int, params: TrainParams
) -> Array:
    return _log_probabilities(_fit_linear(rows, y, params), held_out, labels)


def _fit_linear(rows: sparse.csr_matrix, y: NDArray[np.int64], params: TrainParams) -> LogisticRegression:
    from threadpoolctl import threadpool_limits

    weight = None if params.class_weight == "none" else params.class_weight
    with threadpool_limits(1):  # the order of additions, and so the last bits, depend on the number of threads
        return LogisticRegression(C=params.C, class_weight=weight, max_iter=1000, random_state=params.seed).fit(rows, y)


def _log_probabilities(model: LogisticRegression, rows: sparse.csr_matrix, labels: int) -> Array:
    """Return log-probabilities, shape (rows, labels); a label that the model never saw gets almost nothing."""
    found = np.full((rows.shape[0], labels), _ALMOST_ZERO)
    found[:, model.classes_] = np.maximum(model.predict_proba(rows), _ALMOST_ZERO)
    return np.log(found)
