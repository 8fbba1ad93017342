import json

import pytest
from conftest import ROOT

from pipeline.attributions import read_attributions
from pipeline.corpus import Article, corpus_files, read_articles
from pipeline.errors import InputError
from pipeline.params import read_params

SAID = "Ida Brandt accused the port of fraud. The port denied it."
ARTICLE = Article(
    id="a",
    text=SAID,
    sentences=[{"start": 0, "end": 37, "label": "allegation"}, {"start": 38, "end": 57, "label": "denial"}],
)
ROWS = [
    {
        "sentence": 0,
        "source": {"start": 0, "end": 10},
        "kind": "person",
        "cue": {"start": 11, "end": 18},
        "content": [{"start": 31, "end": 36}],
        "quotation": "indirect",
        "target": {"start": 19, "end": 27},
    },
    {
        "sentence": 1,
        "source": {"start": 38, "end": 46},
        "kind": "organisation",
        "content": [{"start": 47, "end": 56}],
        "quotation": "indirect",
        "answers": 0,
        "denial": ["flat"],
    },
]


def test_every_attribution_of_the_corpus_fits_its_article():
    labels = read_params(ROOT / "params.yaml").labels
    articles = {article.id: article for article in read_articles(corpus_files(ROOT / "data" / "corpus"), labels)}
    first, second = (
        [article.id for article in read_attributions([ROOT / "data" / "attribution" / name], articles)]
        for name in ("blind.jsonl", "second.jsonl")
    )
    assert len(set(first)) == len(first) >= 250
    assert len(set(second)) == len(second)
    assert set(second) <= set(first)


WRONG = {
    "row missing": (lambda rows: rows.pop(), r"rows must be those of the sentences \[0, 1\]\. Got \[0\]"),
    "cue elsewhere": (lambda rows: rows[0].update(cue={"start": 38, "end": 41}), "sentence 0: cue and content must lie in it"),
    "source across": (lambda rows: rows[1].update(source={"start": 30, "end": 46}), "sentence 1: source and target must each"),
    "answers itself": (lambda rows: rows[1].update(answers=1), r"answers must be another of \[0, 1\]\. Got 1"),
    "no kind": (lambda rows: rows[1].pop("denial"), "kinds or target do not go with the label 'denial'"),
    "target of a denial": (lambda rows: rows[1].update(target={"start": 0, "end": 3}), "do not go with the label 'denial'"),
    "author named": (lambda rows: rows[0].update(kind="author"), "the author's own voice has no source"),
    "unknown kind": (lambda rows: rows[0].update(kind="ghost"), r"rows\.0\.kind: .*Got 'ghost'"),
    "empty words": (lambda rows: rows[0].update(cue={"start": 5, "end": 5}), r"rows\.0\.cue: must hold something"),
}


@pytest.mark.parametrize(("alter", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_told_with_its_place(tmp_path, alter, message):
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"id": "a", "rows": ROWS}))
    (found,) = read_attributions([file], {"a": ARTICLE})
    assert [ARTICLE.text[w.start : w.end] for w in (found.rows[0].cue, found.rows[0].target)] == ["accused", "the port"]
    rows = json.loads(json.dumps(ROWS))
    alter(rows)
    file.write_text("\n" + json.dumps({"id": "a", "rows": rows}))
    with pytest.raises(InputError, match=rf"rows\.jsonl, line 2: .*{message}"):
        list(read_attributions([file], {"a": ARTICLE}))
