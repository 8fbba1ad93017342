"""Percentile bootstrap: samples drawn anew with replacement, and the interval of what was measured on them."""

import numpy as np
from numpy.typing import NDArray

_INTERVAL = (0.025, 0.975)


def draws(count: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """Return how often each of `count` units is in each resample, shape (resamples, count); each row adds up to `count`.

    Draw what is independent of each other: clusters of articles, not sentences (Efron and Tibshirani 1993, "An Introduction
    to the Bootstrap", chapter 8). The same arguments draw alike, so that differences of two systems are paired.
    """
    return np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the 95 % percentile interval of `values`, one for each resample."""
    low, high = np.quantile(values, _INTERVAL)
    return float(low), float(high)
