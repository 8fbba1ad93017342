import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from pipeline.corpus import Article
from pipeline.errors import ModelError
from pipeline.evaluation import measure, predict_articles
from pipeline.metrics import (
    brier,
    calibration_error,
    confusion,
    macro_f1_interval,
    precision_recall,
    reliability,
    scores,
    share_interval,
)
from pipeline.roles import cue_rule_labels
from pipeline.stages.evaluate import encoder_note
from pipeline.tokens import tokenize


def test_scores_against_hand_counts():
    found = scores(confusion(["a", "a", "b", "b", "b"], ["a", "b", "b", "b", "a"], ["a", "b", "c"]))
    for kind in ("precision", "recall", "f1"):
        np.testing.assert_allclose(found[kind], [1 / 2, 2 / 3, np.nan])
    assert scores(confusion(["a"], ["b"], ["a", "b"]))["f1"].tolist() == [0, 0]


def test_scores_agree_with_scikit_learn():
    from sklearn.metrics import f1_score

    draw = np.random.default_rng(1)
    gold, predicted = (draw.choice(["a", "b", "c"], 200).tolist() for _ in range(2))
    ours = scores(confusion(gold, predicted, ["a", "b", "c"]))["f1"]
    np.testing.assert_allclose(ours, f1_score(gold, predicted, average=None))


def test_the_interval_comes_from_documents():
    right, wrong = np.array([[5, 0], [0, 5]]), np.array([[0, 5], [5, 0]])
    assert macro_f1_interval(np.stack([right] * 20), 200, 0) == (1.0, 1.0)
    low, high = macro_f1_interval(np.stack([right, wrong] * 10), 2000, 0)
    assert 0.2 < low < 0.35
    assert 0.65 < high < 0.8
    assert share_interval(np.full(20, 1), np.full(20, 4), 200, 0) == (0.25, 0.25)
    low, high = share_interval(np.array([0, 5] * 10), np.full(20, 5), 2000, 0)
    assert 0.25 <= low < 0.35
    assert 0.65 < high <= 0.75


def test_calibration_error_and_brier_against_hand_counts():
    table = reliability(np.array([0.95, 0.85, 1.0, 0.1]), np.array([True, True, False, False]), 10)
    assert table["count"].tolist() == [1, 1, 2]
    assert table["accuracy"].tolist() == [0, 1, 0.5]
    assert calibration_error(table) == pytest.approx((0.1 + 0.15 + abs(0.975 * 2 - 1)) / 4)
    assert brier(np.array([[1.0, 0.0], [0.5, 0.5]]), ["a", "b"], ["a", "b"]) == pytest.approx(0.25)


def test_each_label_is_measured_against_all_others():
    rows = pd.DataFrame(
        {
            "label": ["a", "a", "b"], "model": "a", "majority": "a", "cluster": "x", "probability": 0.9,
            "p_a": [0.9, 0.9, 0.8], "p_b": [0.1, 0.1, 0.2], "p_c": 0.0,
        }
    )  # fmt: skip
    found = measure(rows, ["a", "b", "c"], resamples=10, bins=10, seed=0)["model"]
    assert found["by_label_brier"] == {"a": 0.22, "b": 0.22, "c": 0.0}
    assert found["by_label_calibration_error"] == {"a": pytest.approx(1 / 3, abs=1e-4), "b": 0.3333, "c": 0.0}


def test_precision_and_recall_against_hand_counts():
    curve = precision_recall(np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, False, True, False]), 100)
    assert curve["threshold"].tolist() == [0.1, 0.3, 0.8, 0.9]
    np.testing.assert_allclose(curve["precision"], [1 / 2, 2 / 3, 1 / 2, 1])
    np.testing.assert_allclose(curve["recall"], [1, 1, 1 / 2, 1 / 2])
    assert curve["average_precision"].tolist() == pytest.approx([1 / 2 + 1 / 2 * 2 / 3] * 4)
    assert precision_recall(np.array([0.9]), np.array([False]), 100).empty


def test_a_long_curve_is_thinned_evenly_by_recall():
    draw = np.random.default_rng(0)
    probability = draw.random(5000)
    curve = precision_recall(probability, draw.random(5000) < probability**4, 50)
    assert 40 <= len(curve) <= 50
    assert curve["recall"].max() == 1
    assert curve["recall"].diff().abs().max() < 0.05


def test_a_corpus_that_moved_on_is_told_and_a_leak_is_refused():
    card = SimpleNamespace(trained_on=("a", "b", "c", "gone"))
    model = SimpleNamespace(encoder=SimpleNamespace(card=card))
    table = pd.DataFrame({"document": ["a", "b", "c", "t"], "split": ["train", "train", "train", "test"]})
    assert encoder_note(model, table) == ""
    assert encoder_note(SimpleNamespace(encoder=None), table) == ""
    more = pd.concat([table, pd.DataFrame({"document": ["n"], "split": ["train"]})])
    assert (
        encoder_note(model, more) == "; the encoder does not know 1 of the training articles: `make encoder` trains it on them"
    )
    for split in ("test", "withheld"):
        with pytest.raises(
            ModelError, match="trained on 1 articles that are tested on or lean on such, b among them: run `make enc"
        ):
            encoder_note(model, table.assign(split=["train", split, "train", "test"]))


RULES = {
    "The mayor denied it.": "denial",
    "Prosecutors accused the mayor of fraud.": "allegation",
    "Bank records show two payments.": "evidence-claim",
    "The mayor declined to comment on the allegations.": "context",
    "The bridge was built in 1911.": "context",
}


@pytest.mark.parametrize(("sentence", "role"), RULES.items())
def test_cue_rules(sentence, role):
    assert cue_rule_labels([tokenize(sentence)]) == [role]


def test_an_article_is_measured_from_its_raw_text(model):
    text = "The mayor denied it; the bridge was built in 1911."
    sentences = [{"start": 0, "end": 20, "label": "denial"}, {"start": 21, "end": 50, "label": "context"}]
    article = Article.model_validate({"id": "a", "text": text, "sentences": sentences})
    rows = predict_articles(model, [article])
    assert rows["text"].tolist() == ["The mayor denied it;", "the bridge was built in 1911."]
    assert rows["label"].tolist() == ["denial", "context"]
    assert len(model.score(text)) == 1, "the splitter cuts at no semicolon, so both rows share one prediction"
    assert rows["model"].nunique() == 1
    assert rows["quoted"].tolist() == ["none", "none"]
    assert "macro_f1_low" not in measure(rows, model.labels, resamples=10, bins=10, seed=0)["model"]


@pytest.fixture(scope="module")
def reports(project):
    return project.root / "reports"


def test_metrics_agree_with_the_predictions(reports):
    from sklearn.metrics import accuracy_score, f1_score

    metrics = json.loads((reports / "metrics.json").read_text())["test"]
    rows = pd.read_csv(reports / "predictions.csv")
    assert metrics["macro_f1"] == pytest.approx(f1_score(rows["label"], rows["model"], average="macro"), abs=1e-4)
    assert metrics["accuracy"] == pytest.approx(accuracy_score(rows["label"], rows["model"]), abs=1e-4)
    assert metrics["macro_f1_low"] < metrics["macro_f1"] < metrics["macro_f1_high"]
    for baseline in ("cue_rules", "majority"):
        assert metrics[baseline]["macro_f1"] == pytest.approx(
            f1_score(rows["label"], rows[baseline], average="macro"), abs=1e-4
        )


def test_the_report_keeps_what_its_tables_say(reports):
    metrics = json.loads((reports / "metrics.json").read_text())
    rows = pd.read_csv(reports / "predictions.csv")
    holds = [label in labels.split("|") for label, labels in zip(rows["label"], rows["label_set"], strict=True)]
    assert metrics["conformal"]["sentence_coverage"] == pytest.approx(np.mean(holds), abs=1e-4)
    assert metrics["conformal"]["coverage"] > metrics["conformal"]["target"] - 0.05
    assert metrics["conformal"]["needs_review"] == pytest.approx(rows["needs_review"].mean(), abs=1e-4)
    assert metrics["cross_validation"]["folds"] == 5
    slices = pd.read_csv(reports / "slices.csv").groupby("slice")["sentences"].sum()
    assert slices.to_dict() == dict.fromkeys(["domain", "length", "noise", "position", "quoted", "style"], len(rows))
    curve = pd.read_csv(reports / "coverage.csv")
    assert curve["accuracy"].iloc[-1] == pytest.approx(metrics["test"]["accuracy"], abs=1e-4)
    flips = pd.read_csv(reports / "neutrality.csv")
    assert (flips["before"] != flips["after"]).all()
    assert set(flips["kind"]) <= {"written", "generated"}


def test_the_model_beats_its_baselines(reports):
    metrics = json.loads((reports / "metrics.json").read_text())["test"]
    assert metrics["macro_f1"] > metrics["cue_rules"]["macro_f1"] > metrics["majority"]["macro_f1"]


def test_the_table_has_every_system_on_every_set(reports):
    table = pd.read_csv(reports / "results.csv")
    expected = [(name, system) for name in ("test", "demonstration") for system in ("model", "cue_rules", "majority")]
    assert list(zip(table["set"], table["system"], strict=True)) == expected
    measured = {"macro_f1", "macro_f1_low", "precision_denial", "recall_evidence-claim", "f1_context", "calibration_error"}
    assert measured <= set(table.columns)
    assert table["articles"].nunique() == 2
    assert table["articles"].tolist()[3:] == [1] * 3


def test_the_interval_leans_on_clusters_not_articles(reports):
    rows = pd.read_csv(reports / "predictions.csv")
    assert rows["cluster"].nunique() < rows["document"].nunique()


def test_the_plots_are_pictures(reports):
    for name in ("confusion.png", "reliability.png", "precision_recall.png", "coverage.png"):
        data = (reports / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) > 10_000, "an empty figure"


def test_the_committed_metrics_are_those_of_the_pipeline(reports):
    committed = json.loads((ROOT / "reports" / "metrics.json").read_text())
    assert json.loads((reports / "metrics.json").read_text()) == committed, "run `make repro` and commit reports/ and dvc.lock"
