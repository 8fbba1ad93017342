import numpy as np
import pytest

from pipeline.conformal import LabelSets, fit_label_sets

LABELS = 3


def grouped(documents, seed):
    """Documents of unlike length, each with a difficulty of its own that all its sentences share."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 40, documents)
    group = np.repeat(np.arange(documents), sizes)
    sharpness = np.repeat(draw.gamma(1.0, 2.0, documents), sizes)
    logits = draw.normal(size=(len(group), LABELS)) * sharpness[:, None]
    told = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    muddled = np.repeat(draw.random(documents), sizes)  # the share of its labels that no model could tell
    y = np.where(draw.random(len(group)) < 0.5 * muddled, draw.integers(0, LABELS, len(group)), told.argmax(axis=1))
    return told, y, group


def mean_over_documents(values, group):
    return (np.bincount(group, weights=values) / np.bincount(group)).mean()


@pytest.mark.parametrize("coverage", [0.9, 0.95])
def test_new_documents_are_covered_as_promised_and_not_much_more(coverage):
    reached = []
    for seed in range(60):
        told, y, group = grouped(100, seed)
        known = group < 50
        sets = fit_label_sets(told[known], y[known], group[known], coverage, np.ones(known.sum()))
        new, gold = sets(told[~known], told[~known].argmax(axis=1)), y[~known]
        reached.append(mean_over_documents(new[np.arange(len(gold)), gold], group[~known] - 50))
    assert coverage - 0.01 < np.mean(reached) < coverage + 0.05


def test_a_long_document_weighs_no_more_than_a_short_one():
    truth = np.concatenate([np.full(1000, 0.9), [0.2, 0.3, 0.4]])  # of the true label; one long, easy document
    probabilities = np.column_stack([truth, 1 - truth])
    group = np.concatenate([np.zeros(1000, dtype=int), [1, 2, 3]])
    sets = fit_label_sets(probabilities, np.zeros(1003, dtype=int), group, 0.6, np.ones(1003))
    assert sets.threshold == pytest.approx(0.7), "three of five documents, the new one counted"


def test_too_few_documents_promise_nothing_but_every_label():
    probabilities = np.array([[0.9, 0.1]] * 3)
    sets = fit_label_sets(probabilities, np.zeros(3, dtype=int), np.arange(3), 0.9, np.ones(3))
    assert sets(np.array([[1.0, 0.0]]), np.array([0])).all()


def test_a_label_that_becomes_more_frequent_weighs_more():
    probabilities = np.tile([0.5, 0.5], (100, 1))
    probabilities[:50] = [0.9, 0.1]
    y, group = np.repeat([0, 1], 50), np.arange(100)
    plain = fit_label_sets(probabilities, y, group, 0.5, np.ones(100))
    rarer = fit_label_sets(probabilities, y, group, 0.5, np.where(y == 1, 0.2, 1.8))
    assert plain.threshold == pytest.approx(0.5)
    assert rarer.threshold == pytest.approx(0.1)


def test_the_decided_label_is_in_its_set_however_unlikely():
    sets = LabelSets(coverage=0.9, threshold=0.3)
    found = sets(np.array([[0.8, 0.15, 0.05], [0.4, 0.3, 0.3]]), np.array([2, 1]))
    assert found.tolist() == [[True, False, True], [False, True, False]]
