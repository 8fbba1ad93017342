"""Logistic regression over named features: fitted by scikit-learn, kept as names and numbers, which can hold no code."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Features = Mapping[str, float]
Floats = NDArray[np.float32]

_STATE = "state "  # how the name of a column begins that holds one number of a hidden state of an encoder


@dataclass(frozen=True)
class Linear:
    """A linear model of `classes` over the features in `names`, and over hidden states of an encoder.

    `weights` has shape (classes, names), `bias` (classes,). With `several` each class is decided by itself, so that a row can
    have any number of them; otherwise a row has one. The last `names` are those of the numbers of a state, if it reads states:
    these are not given to it, but what is left of them after a multiplication with its `probe`.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    several: bool = False

    @classmethod
    def fit(
        cls,
        rows: Sequence[Features],
        labels: Sequence[str],
        *,
        strength: float = 1.0,
        least: int = 2,
        states: Floats | None = None,
        state_strength: float = 1.0,
    ) -> Self:
        """Learn to tell `labels`, one for each of `rows`, by the features that at least `least` rows have.

        `strength` is the inverse of the regularization's; `states`, of shape (rows, width), are read with one of their own.
        """
        table = _Table.of(rows, least, states, state_strength / strength)
        model = _fitted(table.matrix, labels, strength)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(tuple(map(str, model.classes_)), table.names, *table.unscaled(weights, bias))

    @classmethod
    def fit_several(
        cls,
        rows: Sequence[Features],
        labels: Sequence[Collection[str]],
        classes: Sequence[str],
        *,
        strength: float = 1.0,
        least: int = 2,
        states: Floats | None = None,
        state_strength: float = 1.0,
    ) -> Self:
        """Learn to tell any number of `classes` for each of `rows`, each class by itself; see `fit`."""
        table = _Table.of(rows, least, states, state_strength / strength)
        weights, bias = np.zeros((len(classes), len(table.names))), np.zeros(len(classes))
        always = np.zeros(len(classes), np.float32)
        for number, one in enumerate(classes):
            has = np.array([one in given for given in labels])
            if has.all() or not has.any():
                always[number] = 20.0 if has.any() else -20.0
                continue
            model = _fitted(table.matrix, has, strength)
            weights[number], bias[number] = model.coef_[0], model.intercept_[0]
        found, offset = table.unscaled(weights, bias)
        return cls(tuple(classes), table.names, found, offset + always, several=True)

    @cached_property
    def probe(self) -> Floats:
        """What hidden states are to be multiplied with, shape (width, classes); of width 0 where it reads none."""
        return np.ascontiguousarray(self.weights[:, [name.startswith(_STATE) for name in self.names]].T)

    def scores(self, rows: Sequence[Features], probed: Floats | None = None) -> NDArray[np.float64]:
        """Return how much speaks for each class, shape (rows, classes); `probed` are the states of `rows`, times the probe."""
        found: NDArray[np.float64] = np.asarray(_matrix(rows, self._columns) @ self.weights.T, dtype=np.float64) + self.bias
        return found if probed is None else found + probed

    def probabilities(self, rows: Sequence[Features], probed: Floats | None = None) -> Floats:
        """Return the probability of each class, shape (rows, classes); a row's does not depend on the others. See `scores`."""
        if not rows:
            return np.zeros((0, len(self.classes)), dtype=np.float32)
        scores = self.scores(rows, probed)
        if self.several:
            return (1 / (1 + np.exp(-scores))).astype(np.float32)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Floats = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
        return found

    @cached_property
    def _columns(self) -> dict[str, int]:
        return _numbered(self.names)


YES, NO = "yes", "no"


@dataclass(frozen=True)
class Ranker:
    """Tells which of several candidates is the one that is meant, if any is."""

    linear: Linear

    @classmethod
    def fit(cls, rows: Sequence[Features], right: Sequence[bool], *, strength: float = 1.0) -> Self:
        """Learn from candidates of which some are `right`."""
        return cls(Linear.fit(rows, [YES if is_right else NO for is_right in right], strength=strength))

    def probabilities(self, rows: Sequence[Features]) -> Floats:
        """Return for each candidate the probability that it is right, shape (rows,)."""
        found: Floats = self.linear.probabilities(rows)[:, self.linear.classes.index(YES)]
        return found

    def best(self, rows: Sequence[Features]) -> tuple[int, float] | None:
        """Return the number and the probability of the likeliest of `rows`, the first of equals; None for no rows."""
        if not rows:
            return None
        found = self.probabilities(rows)
        number = int(found.argmax())
        return number, float(found[number])


@dataclass(frozen=True)
class _Table:
    """Features, and centred and scaled states beside them, as the columns of one matrix."""

    names: tuple[str, ...]
    matrix: sparse.csr_matrix | Floats
    middle: Floats
    scale: float

    @classmethod
    def of(cls, rows: Sequence[Features], least: int, states: Floats | None, weight: float) -> Self:
        names = _frequent(rows, least)
        matrix = _matrix(rows, _numbered(names))
        if states is None:
            return cls(names, matrix, np.zeros(0, np.float32), 1.0)
        middle, scale = states.mean(axis=0), math.sqrt(weight) / (float(states.std(axis=0).mean()) or 1.0)
        table = np.empty((len(rows), len(names) + states.shape[1]), np.float32)
        table[:, : len(names)] = matrix.toarray()
        np.subtract(states, middle, out=table[:, len(names) :])
        table[:, len(names) :] *= scale
        return cls((*names, *(f"{_STATE}{column:04}" for column in range(states.shape[1]))), table, middle, scale)

    def unscaled(self, weights: NDArray[np.floating[Any]], bias: NDArray[np.floating[Any]]) -> tuple[Floats, Floats]:
        """Return what a model of the matrix is of features and states as they are."""
        if not len(self.middle):
            return weights.astype(np.float32), bias.astype(np.float32)
        features = len(self.names) - len(self.middle)
        states = weights[:, features:] * self.scale
        return np.hstack([weights[:, :features], states]).astype(np.float32), (bias - states @ self.middle).astype(np.float32)


def _frequent(rows: Sequence[Features], least: int) -> tuple[str, ...]:
    counts = Counter(name for row in rows for name in row)
    return tuple(sorted(name for name, count in counts.items() if count >= least))


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: column for column, name in enumerate(names)}


def _fitted(
    matrix: sparse.csr_matrix | Floats, labels: Sequence[str] | NDArray[np.bool_], strength: float
) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # the order of additions, and so the last bits, depend on the number of threads
        return LogisticRegression(C=strength, max_iter=1000).fit(matrix, labels)


def _matrix(rows: Sequence[Features], columns: Mapping[str, int]) -> sparse.csr_matrix:
    values: list[float] = []
    indices: list[int] = []
    ends = [0]
    for row in rows:
        for name, value in row.items():
            if (column := columns.get(name)) is not None:
                indices.append(column)
                values.append(value)
        ends.append(len(indices))
    return sparse.csr_matrix(
        (np.array(values, np.float32), np.array(indices, np.int32), np.array(ends, np.int32)), shape=(len(rows), len(columns))
    )
