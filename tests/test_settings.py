import numpy as np
import pytest
from test_train import toy as rows_of_toy

from pipeline import InputError, load_model
from pipeline.classifier import fit_classifier
from pipeline.params import TrainParams
from pipeline.settings import check_prior, check_thresholds, parse_values

LABELS = ("a", "b", "c")
TEXT = "A clerk accused the mayor of taking money. The mayor denied the charge. The fund was set up for repairs."


@pytest.fixture(scope="module")
def scorer(toy):
    return load_model(toy)


def fitted(prior=None):
    rows, y, groups = rows_of_toy(LABELS)
    return rows, fit_classifier(rows, y, groups, LABELS, TrainParams(folds=2, prior=prior))


def test_a_prior_at_scoring_is_what_the_same_prior_in_training_would_have_been():
    prior = {"a": 0.2, "b": 0.1, "c": 0.7}
    rows, trained = fitted(prior)
    _, other = fitted({"a": 0.4, "b": 0.4, "c": 0.2})
    moved = other.with_prior(prior)
    np.testing.assert_array_equal(moved.probabilities(rows), trained.probabilities(rows))
    np.testing.assert_array_equal(moved.weights, trained.weights)
    assert moved.label_sets == trained.label_sets
    assert other.label_sets != trained.label_sets
    assert other.probabilities(rows)[:, 2].mean() + 0.1 < trained.probabilities(rows)[:, 2].mean()


def test_a_label_with_a_threshold_is_given_from_it_on_and_else_the_best_of_the_others():
    _, classifier = fitted()
    probabilities = np.array([[0.6, 0.1, 0.3], [0.61, 0.1, 0.29], [0.1, 0.6, 0.3], [0.34, 0.33, 0.33]])
    classifier.weights[:] = 1
    assert classifier.decide(probabilities).tolist() == [0, 0, 1, 0]
    assert classifier.with_thresholds({"a": 0.61}).decide(probabilities).tolist() == [2, 0, 1, 1]
    assert classifier.with_thresholds({"a": 0.61, "b": 0.34}).decide(probabilities).tolist() == [2, 0, 1, 2]


def test_a_scorer_with_settings_says_so_in_every_row_and_the_old_one_stays_as_it_was(scorer):
    before = scorer.score(TEXT)
    moved = scorer.with_prior({"charge": 0.05, "answer": 0.05, "rest": 0.9}).with_thresholds({"answer": 0.999})
    assert moved.id == f"{scorer.id}; prior charge=0.05,answer=0.05,rest=0.9; threshold answer=0.999"
    after = moved.score(TEXT)
    assert all(b.probabilities["rest"] > a.probabilities["rest"] for a, b in zip(before, after, strict=True))
    assert [s.label for s in before] == ["charge", "answer", "rest"]
    assert "answer" not in [s.label for s in after]
    assert all(s.label in s.label_set and s.probability == s.probabilities[s.label] for s in after)
    assert scorer.score(TEXT) == before


MISTAKES = {
    "a label is missing": (lambda: check_prior({"a": 0.5, "b": 0.5}, LABELS), r"a share to each of \['a', 'b', 'c'\]\. Got"),
    "another label": (lambda: check_prior(dict.fromkeys("abd", 1 / 3), LABELS), r"a share to each of .* Got \['a', 'b', 'd'\]"),
    "nothing left": (
        lambda: check_prior({"a": 0, "b": 0.5, "c": 0.5}, LABELS),
        "prior of 'a' must lie between 0 and 1. Got 0",
    ),
    "no number": (lambda: check_prior({"a": float("nan"), "b": 0.5, "c": 0.5}, LABELS), "must lie between 0 and 1. Got nan"),
    "too much": (lambda: check_prior(dict.fromkeys(LABELS, 0.4), LABELS), r"must sum to 1\. Got 1\.2"),
    "unknown label": (lambda: check_thresholds({"d": 0.5}, LABELS, "c"), r"one of \['a', 'b', 'c'\]\. Got 'd'"),
    "the commonest": (lambda: check_thresholds({"c": 0.5}, LABELS, "c"), "'c' is the commonest label, .* takes no threshold"),
    "no probability": (lambda: check_thresholds({"a": 1.5}, LABELS, "c"), r"must lie between 0 and 1\. Got 1\.5"),
    "no value": (
        lambda: parse_values(["denial"], "--prior"),
        "--prior: must be LABEL=NUMBER, say denial=0.4. Got 'denial'",
    ),
    "twice": (lambda: parse_values(["a=1", "a=2"], "--prior"), "--prior: 'a' stands twice"),
}


@pytest.mark.parametrize(("call", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_setting_that_cannot_be_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_a_name_may_hold_the_sign_that_stands_before_the_number():
    assert parse_values(["x=y = 1e-1"], "--threshold") == {"x=y": 0.1}
