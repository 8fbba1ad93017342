"""The model card and the README's results say what the committed metrics say."""

import json
import re

import pytest
import yaml
from conftest import ROOT
from evaluation_files import ROLES, metrics_of
from figures import nearly, same

from pipeline.errors import InputError
from pipeline.model_card import card, main, results, with_results
from pipeline.paths import Paths
from pipeline.report_files import read_metrics

REPAIR = "run `python -m pipeline.model_card` and commit"


def test_the_card_is_that_of_the_metrics():
    assert same((ROOT / "MODEL_CARD.md").read_text(encoding="utf-8"), card(Paths(ROOT))), f"{REPAIR} MODEL_CARD.md"


def test_the_results_in_the_readme_are_those_of_the_metrics():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count("<!-- results -->") == readme.count("<!-- /results -->") == 1
    assert same(readme, with_results(readme, read_metrics(ROOT / "reports" / "metrics.json"))), f"{REPAIR} README.md"


def test_what_is_off_by_more_than_the_last_digits_is_not_the_same():
    shown = "| **model** | 0.605 | 88 % of 379 | 12 |"
    assert nearly(shown, "| **model** | 0.607 |  89 % of 379 | 12 |")
    for made in (shown.replace("0.605", "0.645"), shown.replace("88", "91"), shown.replace("379", "380"), shown + " new"):
        assert not nearly(shown, made), made


def project(root, labels, metrics):
    """A checkout without an encoder: parameters, a corpus of one article, metrics and a README."""
    sentences = [{"start": 0, "end": 3, "label": labels[0]}, {"start": 4, "end": 7, "label": labels[1]}]
    sections = {name: {} for name in ("encode", "featurize", "train", "evaluate")}
    files = {
        "params.yaml": yaml.safe_dump({"labels": list(labels), "split": {"corpus": "data/corpus"}, **sections}),
        "data/corpus/a.jsonl": json.dumps({"id": "a", "text": "One Two", "sentences": sentences}),
        "reports/metrics.json": json.dumps(metrics),
        "README.md": "# Mine\n<!-- results -->\nold\n<!-- /results -->\nrest\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Paths(root)


def test_the_card_holds_every_figure_with_three_decimals_at_most(tmp_path):
    text = card(project(tmp_path, ROLES, metrics_of(ROLES)))
    for figure in ("0.612", "0.580 to 0.640", "0.500 ± 0.010", "90.0 %", "91.2 %", "1.1 % of 500", "0.2 % of 3,000", "1,800"):
        assert figure in text, figure
    assert not re.findall(r"\d\.\d{4}", text)
    header = yaml.safe_load(text.split("---\n")[1])
    assert header["license"] == "apache-2.0"
    assert header["model-index"][0]["results"][0]["metrics"][0] == {"type": "f1", "name": "macro-F1", "value": 0.612}


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("cross_validation", "Cross-validation"), ("selective", "what is sure"), ("conformal", "set of labels"),
        ("neutrality", "Neutrality"), ("behaviour", "Behaviour"), ("demonstration", "seed article |"),
        ("corpus", "Trained on"),
    ],
)  # fmt: skip
def test_what_was_not_measured_is_left_out(tmp_path, missing, words):
    metrics = metrics_of(ROLES)
    assert words in card(project(tmp_path, ROLES, metrics)).replace("\n  ", " ")
    del metrics[missing]
    text = card(project(tmp_path, ROLES, metrics))
    assert words not in text
    assert results(metrics).count("\n- ") == results(metrics_of(ROLES)).count("\n- ") - (
        missing not in ("demonstration", "corpus")
    )


def test_a_card_for_other_labels_claims_nothing_of_the_roles(tmp_path):
    labels = ("aim", "method", "result")
    metrics = metrics_of(labels)
    metrics["test"]["f1"]["aim"] = metrics["test"]["precision"]["aim"] = metrics["test"]["recall"]["aim"] = None
    text = card(project(tmp_path, labels, metrics))
    assert not re.findall("denial|allegation|machine-written|all-MiniLM", text)
    assert "| aim | – | – | – |" in text
    assert "The label read worst is method" in text


def test_the_command_writes_both_and_leaves_the_rest_of_the_readme(tmp_path):
    paths = project(tmp_path, ROLES, metrics_of(ROLES))
    assert main(paths) == "model_card: reports/metrics.json in, MODEL_CARD.md and README.md out"
    readme = (tmp_path / "README.md").read_text()
    assert readme == f"# Mine\n<!-- results -->\n{results(metrics_of(ROLES))}<!-- /results -->\nrest\n"
    assert (tmp_path / "MODEL_CARD.md").read_text() == card(paths)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"metrics.json is missing: run `dvc repro`$"),
        ("{", r"metrics.json: is not JSON \(line 1\): run `dvc repro`$"),
        ("{}", r"metrics.json: holds no F1 of the test articles: run `dvc repro`$"),
    ],
)
def test_metrics_that_cannot_be_read(tmp_path, content, message):
    if content is not None:
        (tmp_path / "metrics.json").write_text(content)
    with pytest.raises(InputError, match=message):
        read_metrics(tmp_path / "metrics.json")
