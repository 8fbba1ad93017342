"""The classifier: a linear model of the features, an encoder's scores beside it, calibrated on what neither was fitted on."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from pipeline.calibration import (
    Array,
    Calibration,
    bagged_weights,
    decision_weights,
    fit_calibration,
    prior_factors,
    reweigh,
)
from pipeline.conformal import LabelSets, fit_label_sets
from pipeline.cores import available_cores
from pipeline.errors import InputError
from pipeline.params import TrainParams
from pipeline.progress import track

Numbers = NDArray[np.int64]

_ALMOST_ZERO = 1e-9


@dataclass(frozen=True)
class HeldOut:
    """The sentences that were calibrated on; whatever depends on how frequent the labels are is fitted on them."""

    probabilities: Array  # calibrated, as frequent as the labels are here, shape (sentences, labels)
    y: Numbers  # the number of each sentence's label
    groups: Numbers  # its document, or cluster of near-duplicates


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier of feature rows."""

    labels: tuple[str, ...]
    linear: LogisticRegression
    stacked: int  # last columns of a row that are log-probabilities by another model; the linear model does not see them
    share: float  # of the linear model's opinion in that of both
    calibration: Calibration
    held_out: HeldOut
    shares: Array  # of the labels in the sentences that it was calibrated on
    factors: Array  # from those shares to the stated prior, one a label
    weights: Array  # of the decision, one a label
    label_sets: LabelSets
    fold_macro_f1: tuple[float, ...]  # of the linear model alone, on each fold in turn, learnt from the others
    thresholds: tuple[float, ...] = ()  # the probability that each label needs to be given, 0 for the majority; none at all

    @property
    def majority(self) -> str:
        """The commonest label of the sentences that it was calibrated on."""
        return self.labels[int(self.shares.argmax())]

    def probabilities(self, rows: sparse.csr_matrix) -> Array:
        """Return calibrated probabilities under the stated prior, shape (rows, labels), columns as in `labels`."""
        if rows.shape[0] == 0:
            return np.zeros((0, len(self.labels)))
        own, others = _parted(rows, self.stacked)
        log = _pooled(_log_probabilities(self.linear, own, len(self.labels)), others, self.share)
        return reweigh(self.calibration(log), self.factors)

    def lead(self, label: int) -> tuple[Array, Array]:
        """Return what moves ``log p(label)`` less the mean of all log-probabilities, and by how much.

        First a weight for each feature that the linear model reads, second one for each log-probability of the other model.
        """
        pull: Array = self.calibration.matrix[label] - self.calibration.matrix.mean(axis=0)
        share = self.share if self.stacked else 1.0
        coef = self.linear.coef_ if len(self.linear.classes_) > 2 else np.vstack([0 * self.linear.coef_, self.linear.coef_])
        return share * pull[self.linear.classes_] @ coef, (1 - self.share) * pull[: self.stacked]

    def decide(self, probabilities: Array) -> Numbers:
        """Return for each row of `probabilities` the number of the label that it gets."""
        worth = probabilities * self.weights
        if self.thresholds:
            worth[probabilities < np.array(self.thresholds)] = -1
        decided: Numbers = worth.argmax(axis=1)
        return decided

    def with_prior(self, prior: Mapping[str, float]) -> "Classifier":
        """Return the classifier that training would have led to had `prior`, a share for each label, been stated then."""
        factors = prior_factors(self.labels, self.shares, prior)
        weights, sets = _fit_decision(self.held_out, factors, self.label_sets.coverage)
        return replace(self, factors=factors, weights=weights, label_sets=sets)

    def with_thresholds(self, thresholds: Mapping[str, float]) -> "Classifier":
        """Return a classifier that gives a label of `thresholds` only where its probability reaches that.

        The majority label takes none, so that there is always a label left.
        """
        return replace(self, thresholds=tuple(thresholds.get(label, 0.0) for label in self.labels))


def fit_classifier(
    rows: sparse.csr_matrix,
    labels: Sequence[str],
    groups: Sequence[int],
    allowed: Sequence[str],
    params: TrainParams,
    *,
    stacked: int = 0,
    fresh: NDArray[np.bool_] | None = None,
) -> Classifier:
    """Return a classifier fitted on `rows`, one a sentence, with their `labels`.

    Parameters
    ----------
    rows : shape (sentences, features)
    labels : the label of each sentence
    groups : the document (or cluster of near-duplicates) of each sentence; a fold never cuts one
    allowed : all labels, in the order that probabilities will have
    params : regularization, folds, prior, coverage of the label sets
    stacked : how many of the last columns are log-probabilities by another model, none or one a label
    fresh : which rows that other model was not trained on; the two are calibrated on these alone

    Raises
    ------
    InputError
        If a label has no sentence, or there are fewer groups than folds.
    """
    y = _numbers(labels, allowed)
    rows, others = _parted(rows, stacked)
    documents = np.asarray(groups)
    cut = _folds(y, documents, params)
    everything = np.arange(len(y))
    fitted = _fit_each([fit for fit, _ in cut] + [everything], rows, y, params)
    models = list(track(fitted, "training", len(cut) + 1))
    log = np.zeros((len(y), len(allowed)))
    for (_, held_out), model in zip(cut, models, strict=False):
        log[held_out] = _log_probabilities(model, rows[held_out], len(allowed))
    fold_macro_f1 = _fold_macro_f1(log, y, cut, params)
    log = _pooled(log, others, params.words_share)
    if fresh is not None:
        log, y, documents = log[fresh], y[fresh], documents[fresh]
        if len(np.unique(y)) < len(allowed):
            raise InputError(
                "the articles with out-of-fold scores by the encoder lack a label: set encode.held_out_from, run `make encoder`"
            )
    calibration = fit_calibration(log, y, params.seed)
    shares = np.bincount(y, minlength=len(allowed)) / len(y)
    factors = prior_factors(allowed, shares, params.prior)
    known = HeldOut(calibration(log), y, np.unique(documents, return_inverse=True)[1])
    weights, sets = _fit_decision(known, factors, params.coverage)
    share, folds = params.words_share, fold_macro_f1
    return Classifier(tuple(allowed), models[-1], stacked, share, calibration, known, shares, factors, weights, sets, folds)


def _fit_decision(held_out: HeldOut, factors: Array, coverage: float) -> tuple[Array, LabelSets]:
    """Return the weights of the decision and the label sets for labels that are `factors` times as frequent."""
    probabilities, y = reweigh(held_out.probabilities, factors), held_out.y
    weights = bagged_weights(probabilities, y, factors[y], held_out.groups)
    return weights, fit_label_sets(probabilities, y, held_out.groups, coverage, factors[y])


def _fold_macro_f1(log: Array, y: Numbers, cut: Sequence[tuple[Numbers, Numbers]], params: TrainParams) -> tuple[float, ...]:
    """Return the macro-F1 on each fold of the out-of-fold `log`-probabilities, calibrated and decided as the others teach.

    A fold that holds all sentences of a label is left out, as the others teach nothing of it.
    """
    found = []
    for others, held_out in cut:
        if len(np.unique(y[others])) == log.shape[1]:
            calibration = fit_calibration(log[others], y[others], params.seed)
            weights = decision_weights(calibration(log[others]), y[others], np.ones(len(others)))
            decided = (calibration(log[held_out]) * weights).argmax(axis=1)
            found.append(float(f1_score(y[held_out], decided, average="macro")))
    return tuple(found)


def _pooled(own: Array, others: Array, share: float) -> Array:
    """Return the log-probabilities of two models pooled, `share` of the first's; the first's alone where there is no second.

    A logarithmic opinion pool (Heskes 1998, "Selecting weighting factors in logarithmic opinion pools") of one stated weight:
    weights learnt on the few articles that both are new to ranked real articles worse.
    """
    return share * own + (1 - share) * others if others.shape[1] else own


def _parted(rows: sparse.csr_matrix, stacked: int) -> tuple[sparse.csr_matrix, Array]:
    """Return the features proper, and the last `stacked` columns as an array."""
    if not stacked:
        return rows, np.zeros((rows.shape[0], 0))
    return rows[:, :-stacked], rows[:, -stacked:].toarray().astype(np.float64)


def _numbers(labels: Sequence[str], allowed: Sequence[str]) -> Numbers:
    number = {label: i for i, label in enumerate(allowed)}
    missing = [label for label in allowed if label not in set(labels)]
    if missing:
        raise InputError(
            f"params.yaml: labels: no training sentence carries {missing[0]!r}: take it out, or add articles that have it"
        )
    return np.array([number[label] for label in labels], dtype=np.int64)


def _folds(y: Numbers, groups: Numbers, params: TrainParams) -> list[tuple[Numbers, Numbers]]:
    """Return for each fold the numbers of the sentences to fit on and of those held out; no group is on both sides."""
    count = len(np.unique(groups))
    if count < params.folds:
        raise InputError(f"params.yaml: train.folds must be at most the {count} training articles. Got {params.folds}")
    commonest = np.bincount(y).max()
    if commonest < params.folds:
        raise InputError(f"the {len(y)} training sentences are too few for train.folds: {params.folds}: add articles")
    splitter = StratifiedGroupKFold(params.folds, shuffle=True, random_state=params.seed)
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # a label rarer than the folds is no mistake
        cut = list(splitter.split(np.zeros(len(y)), y, groups))
    if any(len(np.unique(y[fit])) < 2 for fit, _ in cut):
        raise InputError("a fold is left with one label to learn from: add articles that hold each label, or lower train.folds")
    return cut


def _fit_each(
    parts: Sequence[Numbers], rows: sparse.csr_matrix, y: Numbers, params: TrainParams
) -> Iterator[LogisticRegression]:
    """Yield a model fitted on each of `parts`, in order, several at a time."""
    from joblib import Parallel, delayed

    workers = min(len(parts), available_cores())
    jobs = (delayed(_fit_linear)(rows[part], y[part], params) for part in parts)
    yield from Parallel(n_jobs=workers, return_as="generator")(jobs)


def _fit_linear(rows: sparse.csr_matrix, y: Numbers, params: TrainParams) -> LogisticRegression:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # the order of additions, and so the last bits, depend on the number of threads
        return new_linear(params).fit(rows, y)


def new_linear(params: TrainParams) -> LogisticRegression:
    """Return the linear model as it is before it is fitted."""
    weight = None if params.class_weight == "none" else params.class_weight
    return LogisticRegression(C=params.C, class_weight=weight, max_iter=1000, random_state=params.seed)


def _log_probabilities(model: LogisticRegression, rows: sparse.csr_matrix, labels: int) -> Array:
    """Return log-probabilities, shape (rows, labels); a label that the model never saw gets almost nothing."""
    found = np.full((rows.shape[0], labels), _ALMOST_ZERO)
    found[:, model.classes_] = np.maximum(model.predict_proba(rows), _ALMOST_ZERO)
    return np.log(found)
