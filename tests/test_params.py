import pytest
from conftest import ROOT

from pipeline.errors import InputError
from pipeline.params import Params, read_params

BROKEN = {
    "unknown key": ("labels: [a, b]\nsplit: {corpus: x}\ntrain: {c: 1}", r"params\.yaml: train\.c: unknown key"),
    "out of range": ("labels: [a, b]\nsplit: {corpus: x}\ntrain: {C: 0}", r"train\.C: Input should be greater than 0\. Got 0"),
    "one label": ("labels: [a]\nsplit: {corpus: x}", r"labels: .*at least 2"),
    "labels twice": ("labels: [a, b, a]\nsplit: {corpus: x}", r"labels: must differ from each other\. Got \['a', 'b', 'a'\]"),
    "prior of other labels": (
        "labels: [a, b]\nsplit: {corpus: x}\ntrain: {prior: {a: 0.5, c: 0.5}}",
        r"train\.prior must name each of \['a', 'b'\] once, or be null\. Got \['a', 'c'\]",
    ),
    "prior that does not sum to 1": (
        "labels: [a, b]\nsplit: {corpus: x}\ntrain: {prior: {a: 0.5, b: 0.4}}",
        r"train\.prior must sum to 1\. Got 0\.9",
    ),
    "n-grams the wrong way round": (
        "labels: [a, b]\nsplit: {corpus: x}\nfeaturize: {word_ngrams: [2, 1]}",
        r"featurize\.word_ngrams: must be the shortest and the longest n, in that order\. Got \[2, 1\]",
    ),
    "a demonstration that DVC does not watch": (
        "labels: [a, b]\nsplit: {corpus: x}\nevaluate: {demonstration: mine.jsonl}",
        r"evaluate\.demonstration: must name a file in seeds/, .* Got 'mine\.jsonl'",
    ),
    "a label that holds what joins the labels of a set": (
        "labels: [a, b|c]\nsplit: {corpus: x}",
        r"labels: must not hold '\|', which joins those of a set\. Got \['a', 'b\|c'\]",
    ),
    "a label that would command a terminal": (
        'labels: [a, "b\\e[2J"]\nsplit: {corpus: x}',
        r"labels: must hold no line break and no control character\. Got \['a', 'b\\x1b\[2J'\]",
    ),
    "a coverage that is none": (
        "labels: [a, b]\nsplit: {corpus: x}\ntrain: {coverage: 90}",
        r"train\.coverage: .*less than or equal to 0\.999\. Got 90",
    ),
    "negative seed": (
        "labels: [a, b]\nsplit: {corpus: x}\ntrain: {seed: -1}",
        r"train\.seed: .*greater than or equal to 0\. Got -1",
    ),
    "no YAML": ("labels: [", r"params\.yaml is not YAML"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_one_line(tmp_path, text, message):
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_params(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_where_to_run(tmp_path):
    with pytest.raises(InputError, match="is missing: run the stages in the project's root"):
        read_params(tmp_path / "params.yaml")


def test_every_parameter_is_written_out_in_the_file():
    params = read_params(ROOT / "params.yaml")
    assert params.model_fields_set == set(Params.model_fields)
    for section in Params.model_fields.keys() - {"labels"}:
        values = getattr(params, section)
        assert values.model_fields_set == set(type(values).model_fields), section
