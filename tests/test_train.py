from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from pipeline.calibration import decision_weights, fit_calibration, reweigh
from pipeline.classifier import fit_classifier
from pipeline.errors import InputError
from pipeline.params import TrainParams
from pipeline.stages.train import as_if_new


def toy(labels, documents=30, sentences=10):
    """Rows whose first columns tell the label four times out of five."""
    draw = np.random.default_rng(0)
    y = draw.choice(labels, size=documents * sentences)
    shown = np.where(draw.random(len(y)) < 0.8, y, draw.choice(labels, size=len(y)))
    rows = sparse.csr_matrix((shown[:, None] == np.array(labels)).astype(np.float32))
    return rows, y.tolist(), np.repeat(np.arange(documents), sentences).tolist()


@pytest.mark.parametrize("labels", [["yes", "no"], ["e", "d", "c", "b", "a"]], ids=["two labels", "five labels"])
def test_probabilities_follow_the_order_of_the_labels_and_mean_what_they_say(labels):
    rows, y, groups = toy(labels)
    classifier = fit_classifier(rows, y, groups, labels, TrainParams())
    probabilities = classifier.probabilities(rows)
    decided = classifier.decide(probabilities)
    assert probabilities.shape == (300, len(labels))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    right = np.array([labels[i] for i in decided]) == np.array(y)
    assert right.mean() > 0.75
    assert abs(probabilities.max(axis=1).mean() - right.mean()) < 0.05
    assert classifier.majority == max(labels, key=y.count)
    assert len(classifier.fold_macro_f1) == 5
    assert np.mean(classifier.fold_macro_f1) == pytest.approx(right.mean(), abs=0.1)


def test_the_sets_hold_the_true_label_as_often_as_the_parameters_ask():
    labels = ["a", "b", "c"]
    rows, y, groups = toy(labels, documents=100)
    known = np.array(groups) < 60
    gold = np.array([labels.index(label) for label in y])
    sizes = []
    for coverage in (0.5, 0.9, 0.999):
        classifier = fit_classifier(
            rows[known], np.array(y)[known].tolist(), np.array(groups)[known].tolist(), labels, TrainParams(coverage=coverage)
        )
        probabilities = classifier.probabilities(rows[~known])
        sets = classifier.label_sets(probabilities, classifier.decide(probabilities))
        assert sets[np.arange(len(sets)), gold[~known]].mean() > coverage - 0.03
        assert classifier.label_sets.coverage == coverage
        sizes.append(sets.sum(axis=1).mean())
    assert sizes[0] == 1, "the label alone is right four times out of five"
    assert sizes[1] > 1
    assert sizes[2] == 3, "sixty documents cannot promise one in a thousand"


def test_a_stated_prior_moves_the_probabilities_there():
    rows, y, groups = toy(["a", "b"])
    prior = {"a": 0.9, "b": 0.1}
    plain = fit_classifier(rows, y, groups, ["a", "b"], TrainParams()).probabilities(rows).mean(axis=0)
    moved = fit_classifier(rows, y, groups, ["a", "b"], TrainParams(prior=prior)).probabilities(rows).mean(axis=0)
    assert moved[0] > plain[0] + 0.2


def test_another_model_is_heard_and_calibrated_on_what_it_had_not_seen():
    labels = ["a", "b"]
    rows, y, groups = toy(labels, documents=60)
    fresh = np.array(groups) >= 40
    draw = np.random.default_rng(1)
    told = np.where(draw.random(len(y)) < np.where(fresh, 0.8, 1.0), y, draw.choice(labels, size=len(y)))
    log = np.log(np.where(told[:, None] == np.array(labels), 0.999, 0.001)).astype(np.float32)
    both = sparse.hstack([rows, sparse.csr_matrix(log)], format="csr")
    heard = fit_classifier(both, y, groups, labels, TrainParams(), stacked=2, fresh=fresh)
    alone = fit_classifier(rows, y, groups, labels, TrainParams())

    gold = np.array([labels.index(label) for label in y])[fresh]
    found, before = heard.probabilities(both[fresh]), alone.probabilities(rows[fresh])
    every = np.arange(len(gold))
    assert np.log(found[every, gold]).mean() > np.log(before[every, gold]).mean() + 0.02
    right = heard.decide(found) == gold
    assert abs(found.max(axis=1).mean() - right.mean()) < 0.05, "sure as on what was new, not as on what was learnt by heart"
    with pytest.raises(InputError, match="the articles with out-of-fold scores by the encoder lack a label"):
        fit_classifier(both, y, groups, labels, TrainParams(), stacked=2, fresh=fresh & (np.array(y) == "a"))


def test_what_was_held_out_is_calibrated_on_else_what_leans_on_nothing_that_the_encoder_learnt():
    table = pd.DataFrame({"document": ["old", "old", "near", "scored", "new"], "cluster": [1, 1, 1, 3, 2]})
    encoder = SimpleNamespace(card=SimpleNamespace(trained_on=("old", "scored"), out_of_fold=("scored",)))
    assert as_if_new(table, encoder).tolist() == [False, False, False, True, False]
    assert as_if_new(table[table["document"] != "scored"], encoder).tolist() == [False, False, False, True]


def test_a_label_without_sentences_and_too_many_folds_are_told():
    rows, y, groups = toy(["a", "b"], documents=3)
    with pytest.raises(InputError, match="no training sentence carries 'c': take it out"):
        fit_classifier(rows, y, groups, ["a", "b", "c"], TrainParams())
    one_sided = (np.array(groups) == 0).tolist()
    with pytest.raises(InputError, match="a fold is left with one label to learn from"):
        fit_classifier(rows, ["a" if one else "b" for one in one_sided], groups, ["a", "b"], TrainParams(folds=2))
    with pytest.raises(InputError, match="the 4 training sentences are too few"):
        fit_classifier(rows[:4], ["a", "b", "a", "b"], [0, 1, 2, 3], ["a", "b"], TrainParams(folds=4))
    with pytest.raises(InputError, match=r"train\.folds must be at most the 3 training articles\. Got 5"):
        fit_classifier(rows, y, groups, ["a", "b"], TrainParams())


def test_calibration_takes_back_overconfidence():
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, 2000)
    said = np.where(draw.random(2000) < 0.7, truth, 1 - truth)
    log = np.log(np.where(said[:, None] == [0, 1], 0.99, 0.01))
    winning = fit_calibration(log, truth, 0)(log).max(axis=1)
    assert winning.mean() == pytest.approx(0.7, abs=0.03)


def test_decision_weights_rescue_a_label_that_never_wins():
    y = np.array([0] * 80 + [1] * 20)
    probabilities = np.array([[0.9, 0.1]] * 80 + [[0.6, 0.4]] * 20)
    weights = decision_weights(probabilities, y, np.ones(100))
    assert ((probabilities * weights).argmax(axis=1) == y).all()


def test_reweigh_keeps_rows_summing_to_one():
    moved = reweigh(np.array([[0.5, 0.25, 0.25]]), np.array([1.0, 2.0, 4.0]))
    np.testing.assert_allclose(moved, [[0.25, 0.25, 0.5]])
