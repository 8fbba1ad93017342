import json

import pandas as pd
import pytest
from conftest import ROOT

from pipeline.contrast import Behaviour, Pair, Perturbation, Swap, predict_cases, read_cases
from pipeline.errors import InputError
from pipeline.params import read_params

FOLDER = ROOT / "data" / "contrast"
LABELS = read_params(ROOT / "params.yaml").labels


def test_a_case_is_asked_of_its_own_sentence(model):
    pair = Pair(
        id="x", kind="k", before="The bridge was built in 1911. It spans the Velm.",
        a="The mayor denied the fraud.", b="The bridge is painted green.", label_a="denial", label_b="context",
    )  # fmt: skip
    (row,) = predict_cases(model, [pair]).to_dict("records")
    assert (row["got_a"], row["got_b"]) == ("denial", "context")
    assert row["text_a"] == "The mayor denied the fraud."
    assert row["p_kept"] < 0.5 < row["p_a"], "what the denial of the first side comes to on the second"
    swap = Swap(
        id="y", parties=("A", "B"), a=("A denied it.", "B left."), b=("B denied it.", "A left."), labels=("denial", "context")
    )
    assert predict_cases(model, [swap])[["sentence", "want_a", "want_b"]].values.tolist() == [
        [0, "denial", "denial"],
        [1, "context", "context"],
    ]


def test_the_shares_against_hand_counts():
    pairs = pd.DataFrame(
        [("d", "c", "d", "c"), ("d", "c", "d", "d"), ("d", "d", "c", "c"), ("a", "c", "c", "a")],
        columns=["want_a", "want_b", "got_a", "got_b"],
    ).assign(kind=["verdict", "verdict", "mention", "verdict"], id=["p1", "p2", "p3", "p4"])
    same = pd.DataFrame([("a", "a"), ("a", "c"), ("c", "c"), ("c", "c")], columns=["got_a", "got_b"])
    swaps = same.assign(kind="swap", id=["s1", "s1", "s2", "s2"])
    found = Behaviour(pairs, swaps, same.assign(kind="typos", id=["t1", "t2", "t3", "t4"]), parties={})
    assert found.summary() == {
        "pairs_right": 0.25,
        "moves_seen": pytest.approx(2 / 3),
        "stays_kept": 1.0,
        "swap_flip_rate": 0.25,
        "perturbations_kept": 0.75,
    }
    assert found.shares().to_dict("list") == {
        "kind": ["verdict", "mention", "swap", "typos"],
        "cases": [3, 1, 2, 4],
        "passed": [1, 0, 1, 3],
        "share": [pytest.approx(1 / 3), 0.0, 0.5, 0.75],
    }, "a swap with one label that changes does not pass"
    assert found.failing()["id"].tolist() == ["p2", "p3", "p4", "s1", "t2"]


def test_a_broken_case_is_told_by_line(tmp_path):
    path = tmp_path / "swaps.jsonl"
    path.write_text(json.dumps({"id": "s", "parties": ["A", "B"], "a": ["One."], "b": ["One.", "Two."], "labels": ["context"]}))
    with pytest.raises(InputError, match=r"swaps\.jsonl, line 1: a, b and labels must be as many\. Got 1, 2 and 1"):
        read_cases(path, Swap)
    case = {"id": "p", "kind": "typos", "before": "", "a": "x", "b": "y", "label": "context"}
    path.write_text(f"{json.dumps(case)}\n{json.dumps(case)}\n")
    with pytest.raises(InputError, match="line 2: id 'p' comes twice"):
        read_cases(path, Perturbation)


def test_the_cases_cover_what_they_should():
    pairs = pd.DataFrame([c.model_dump() for c in read_cases(FOLDER / "pairs.jsonl", Pair)])
    assert len(pairs) >= 300
    assert pairs["kind"].value_counts().min() >= 20
    assert ((pairs["a"] != pairs["b"]) | pairs["before_b"].notna()).all()
    assert (pairs["label_a"] != pairs["label_b"]).mean() == pytest.approx(0.5, abs=0.2)
    swaps = read_cases(FOLDER / "swaps.jsonl", Swap)
    assert len(swaps) >= 120
    assert all(case.a != case.b for case in swaps)
    disturbed = read_cases(FOLDER / "perturbations.jsonl", Perturbation)
    assert {case.kind for case in disturbed} == {
        "headline-case", "smart-quotes", "missing-punctuation", "typos", "translated-english", "scraped",
    }  # fmt: skip
    labels = {*pairs["label_a"], *pairs["label_b"], *(c.label for c in disturbed), *(x for c in swaps for x in c.labels)}
    assert labels == set(LABELS)


def test_the_metrics_tell_how_it_behaves(project):
    metrics = json.loads((project.root / "reports" / "metrics.json").read_text())["behaviour"]
    failing = pd.read_csv(project.root / "reports" / "behaviour.csv")
    assert set(metrics) == {"pairs_right", "moves_seen", "stays_kept", "swap_flip_rate", "perturbations_kept"}
    pairs = len(read_cases(FOLDER / "pairs.jsonl", Pair))
    assert metrics["pairs_right"] == pytest.approx(1 - failing["id"].str.startswith("pair-").sum() / pairs, abs=1e-3)
    shares = pd.read_csv(project.root / "reports" / "behaviour_shares.csv")
    assert (shares["cases"] - shares["passed"]).sum() == failing["id"].nunique()
