"""Logistic regression over named features: fitted by scikit-learn, kept as names and numbers, which can hold no code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Features = Mapping[str, float]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """A linear model of `classes` over the features in `names`.

    `weights` has shape (classes, names), `bias` (classes,). With `several` each class is decided by itself, so that a row can
    have any number of them; otherwise a row has one.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    several: bool = False

    @classmethod
    def fit(cls, rows: Sequence[Features], labels: Sequence[str], *, strength: float = 1.0, least: int = 2) -> Self:
        """Learn to tell `labels`, one for each of `rows`, by the features that at least `least` rows have.

        `strength` is the inverse of the regularization's.
        """
        names = _frequent(rows, least)
        model = _fitted(_matrix(rows, _numbered(names)), labels, strength)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
        return cls(tuple(map(str, model.classes_)), names, weights.astype(np.float32), bias.astype(np.float32))

    @classmethod
    def fit_several(
        cls,
        rows: Sequence[Features],
        labels: Sequence[Sequence[str]],
        classes: Sequence[str],
        *,
        strength: float = 1.0,
        least: int = 2,
    ) -> Self:
        """Learn to tell any number of `classes` for each of `rows`, each class by itself; see `fit`."""
        names = _frequent(rows, least)
        matrix = _matrix(rows, _numbered(names))
        weights, bias = np.zeros((len(classes), len(names)), np.float32), np.zeros(len(classes), np.float32)
        for number, one in enumerate(classes):
            has = np.array([one in given for given in labels])
            if has.all() or not has.any():
                bias[number] = 20.0 if has.any() else -20.0
                continue
            model = _fitted(matrix, has, strength)
            weights[number], bias[number] = model.coef_[0], model.intercept_[0]
        return cls(tuple(classes), names, weights, bias, several=True)

    def probabilities(self, rows: Sequence[Features]) -> Floats:
        """Return the probability of each class, shape (rows, classes); a row's does not depend on the others."""
        if not rows:
            return np.zeros((0, len(self.classes)), dtype=np.float32)
        scores = np.asarray(_matrix(rows, self._columns) @ self.weights.T, dtype=np.float64) + self.bias
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


def _frequent(rows: Sequence[Features], least: int) -> tuple[str, ...]:
    counts = Counter(name for row in rows for name in row)
    return tuple(sorted(name for name, count in counts.items() if count >= least))


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: column for column, name in enumerate(names)}


def _fitted(matrix: sparse.csr_matrix, labels: Sequence[str] | NDArray[np.bool_], strength: float) -> "LogisticRegression":
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
