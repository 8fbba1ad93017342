import pandas as pd
import pytest

from pipeline.conformal import LabelSets
from pipeline.slices import slice_table
from pipeline.uncertainty import coverage_curve, measure_sets, selective

LABELS = ("a", "b", "c")


def predictions(**columns):
    plain = {
        "document": "d", "cluster": "d", "domain": "courts", "style": "wire", "noise": "clean", "sentence": [0, 1, 2, 3],
        "label": ["a", "a", "b", "b"], "model": ["a", "b", "b", "b"], "probability": [0.9, 0.4, 0.8, 0.6], "quoted": "none",
        "label_set": ["a", "b|c", "b", "a|b|c"], "text": "word",
    }  # fmt: skip
    return pd.DataFrame(plain | columns)


def test_parts_against_hand_counts():
    table = predictions(
        document=["d", "d", "e", "e"],
        sentence=[0, 5, 0, 1],
        domain=["sport", "sport", "courts", "sport"],
        noise=["clean", "clean", "hard wrap,byline", "byline"],
        quoted=["all", "part", "none", "none"],
        text=["w " * 10, "w " * 11, "w " * 30, "w " * 31],
    )
    found = slice_table(table, "model", LABELS).set_index(["slice", "value"])
    assert found.loc["domain"].index.tolist() == ["courts", "sport"]
    assert found.loc["length"].index.tolist() == ["up to 10 words", "11 to 20 words", "21 to 30 words", "over 30 words"]
    assert found.loc["position", "sentences"].to_dict() == {"first third": 2, "middle third": 1, "last third": 1}
    assert found.loc["quoted", "sentences"].to_dict() == {"none": 2, "part": 1, "all": 1}
    assert found.loc["noise", "articles"].to_dict() == {"clean": 1, "noisy": 1}
    sport = found.loc[("domain", "sport")]
    assert (sport["articles"], sport["sentences"]) == (2, 3)
    assert sport["accuracy"] == pytest.approx(2 / 3)
    assert sport["macro_f1"] == pytest.approx((2 / 3 + 2 / 3) / 2), "c is neither there nor predicted"


def test_labelling_less_takes_the_surest():
    curve = coverage_curve(predictions(), "model", LABELS).set_index("coverage")
    assert curve.loc[0.5, "threshold"] == 0.8
    assert curve.loc[0.5, "accuracy"] == 1
    assert curve.loc[1.0, "accuracy"] == 0.75
    assert curve.index.min() == 0.15, "a share of less than half a sentence labels none"
    told = selective(curve.reset_index())
    assert list(told) == ["0.5", "0.8", "0.9"]
    assert told["0.8"] == {"accuracy": 1.0, "macro_f1": 1.0, "threshold": 0.6}


def test_label_sets_against_hand_counts():
    found = measure_sets(predictions(cluster=["d", "d", "d", "e"]), LABELS, LabelSets(0.8, 0.5))
    assert found == {
        "target": 0.8,
        "coverage": pytest.approx((2 / 3 + 1) / 2),
        "sentence_coverage": 0.75,
        "mean_size": 1.75,
        "single": 0.5,
        "needs_review": 0.5,
        "coverage_by_label": {"a": 0.5, "b": 1.0, "c": None},
        "size_by_label": {"a": 1.5, "b": 2.0, "c": None},
    }
