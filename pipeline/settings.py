"""What a user may set when scoring: how frequent the labels are, and how sure the model has to be of one."""

from collections.abc import Iterable, Mapping, Sequence
from math import isclose, isfinite

from pipeline.errors import InputError

_TOLERANCE = 1e-6  # of the sum of shares


def check_prior(prior: Mapping[str, float], labels: Sequence[str]) -> dict[str, float]:
    """Return `prior`, the share of each label in the text to come, in the order of `labels`.

    Raises
    ------
    InputError
        If it does not name each label once with a share above 0, or the shares do not sum to 1.
    """
    if set(prior) != set(labels):
        raise InputError(f"the prior must give a share to each of {list(labels)}. Got {list(prior)}")
    for label, share in prior.items():
        if not 0 < share < 1:
            raise InputError(f"the prior of {label!r} must lie between 0 and 1. Got {share:g}")
    if not isclose(total := sum(prior.values()), 1, abs_tol=_TOLERANCE):
        raise InputError(f"the shares of the prior must sum to 1. Got {total:g}")
    return {label: prior[label] for label in labels}


def check_thresholds(thresholds: Mapping[str, float], labels: Sequence[str], majority: str) -> dict[str, float]:
    """Return `thresholds`, the least probability at which a label is given, in the order of `labels`.

    Raises
    ------
    InputError
        If one is of no label or of the `majority` label, which is what is left where no other is sure, or is no probability.
    """
    for label, threshold in thresholds.items():
        if label not in labels:
            raise InputError(f"a threshold must be of one of {list(labels)}. Got {label!r}")
        if label == majority:
            raise InputError(f"{label!r} is the commonest label, given where no other is sure: it takes no threshold")
        if not (isfinite(threshold) and 0 <= threshold <= 1):
            raise InputError(f"the threshold of {label!r} must lie between 0 and 1. Got {threshold:g}")
    return {label: thresholds[label] for label in labels if label in thresholds}


def parse_values(texts: Iterable[str], option: str) -> dict[str, float]:
    """Return the numbers in texts like ``denial=0.4``, by name; `option` is what the error names.

    >>> parse_values(["allegation=0.2", "denial = .1"], "--prior")
    {'allegation': 0.2, 'denial': 0.1}

    Raises
    ------
    InputError
        If a text is something else, or a name stands twice.
    """
    values: dict[str, float] = {}
    for text in texts:
        label, _, number = (part.strip() for part in text.rpartition("="))
        try:
            value = float(number)
        except ValueError:
            value = None
        if not label or value is None:
            raise InputError(f"{option}: must be LABEL=NUMBER, say denial=0.4. Got {text!r:.80}")
        if label in values:
            raise InputError(f"{option}: {label!r} stands twice")
        values[label] = value
    return values


def spelled(values: Mapping[str, float]) -> str:
    """Return values as they are written on the command line.

    >>> spelled({"allegation": 0.2, "denial": 0.1})
    'allegation=0.2,denial=0.1'
    """
    return ",".join(f"{label}={value:g}" for label, value in values.items())
