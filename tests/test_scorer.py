import re

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import hostile

from pipeline import Document
from pipeline.views import SCHEMA_VERSION, row_names

ARTICLE = (
    "Harbour chief denies selling berths\n"
    "A trader accused the harbour chief of selling berths for cash, and the police have opened an inquiry. "
    "\u201cI have never taken a penny, this is a lie,\u201d the chief said. "
    "Bank records seen by the council show five payments of 2,000 euros. The harbour was built in 1911."
)


def test_the_plain_cases_are_read_as_what_they_are(model):
    labels = [s.label for s in model.score(ARTICLE)]
    assert labels[1:] == ["allegation", "denial", "evidence-claim", "context"]


def test_the_contract(model):
    sentences = model.score(ARTICLE)
    assert len(sentences) == 5
    for s in sentences:
        assert ARTICLE[s.start : s.end] == s.text
        assert s.label in model.labels
        assert list(s.probabilities) == list(model.labels)
        assert sum(s.probabilities.values()) == pytest.approx(1)
        assert s.probability == s.probabilities[s.label]
        assert s.label in s.label_set
        assert [label for label in model.labels if label in s.label_set] == list(s.label_set), "in the order of the labels"
        assert s.needs_review == (len(s.label_set) > 1)


@pytest.mark.parametrize("text", ["", " \n\t\u00a0\u2028"], ids=["empty", "white space"])
def test_a_text_without_text_has_no_sentences(model, text):
    assert model.score(text) == []


@given(text=hostile, title=st.none() | hostile)
@settings(max_examples=100, deadline=None)
def test_nothing_breaks_it_and_offsets_hold(model, text, title):
    sentences = model.score(text, title)
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())
    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert all(sum(s.probabilities.values()) == pytest.approx(1) for s in sentences)


def test_scores_do_not_depend_on_the_company(model):
    seed = (ROOT / "seeds" / "000_3bf86d9b4be02d64.txt").read_text(encoding="utf-8")
    alone = [model.score(seed), model.score(ARTICLE), model.score("")]
    together = list(model.score_documents([seed, Document("x", ARTICLE), "", *["Filler. " * 40] * 50]))
    assert together[:3] == alone


def test_documents_are_scored_lazily(model):
    def endless():
        while True:
            yield "He denied it."

    assert [len(sentences) for _, sentences in zip(range(100), model.score_documents(endless()), strict=False)] == [1] * 100


def test_a_lone_surrogate_keeps_its_place(model):
    sentences = model.score("He \ud800 denied it. So what?")
    assert [s.text for s in sentences] == ["He \ud800 denied it.", "So what?"]


def test_text_that_is_no_text_is_refused(model):
    with pytest.raises(TypeError, match=r"a text must be a str\. Got bytes"):
        model.score(b"He denied it.")


STRANGE = {
    "nothing": (None, "document 2: must be a Document or a str. Got NoneType"),
    "bytes": (b"x", "document 2: must be a Document or a str. Got bytes"),
    "title": (Document("x", "Hm.", title=5), "document 2: a title must be a str. Got int"),
}


@pytest.mark.parametrize(("item", "message"), STRANGE.values(), ids=STRANGE)
def test_a_bad_document_does_not_lose_those_before_it(model, item, message):
    scored = model.score_documents(["One.", "Two.", item])
    assert [len(next(scored)), len(next(scored))] == [1, 1]
    with pytest.raises(TypeError, match=re.escape(message)):
        next(scored)


def test_score_frame_has_one_row_a_sentence_with_its_origin(model):
    frame = pd.DataFrame({"body": [ARTICLE, "", "It was \ud800 false."]}, index=["a", "b", "c"], dtype=object)
    scored = model.score_frame(frame, text="body")
    assert list(scored.columns) == row_names(model.labels)
    assert scored["document"].tolist() == ["a"] * 5 + ["c"]
    assert scored["sentence"].tolist() == [0, 1, 2, 3, 4, 0]
    assert set(scored["model"]) == {model.id}
    assert set(scored["schema"]) == {SCHEMA_VERSION}
    assert scored["label"].tolist()[:5] == [s.label for s in model.score(ARTICLE)]
    assert scored["text"].tolist()[-1] == "It was \ufffd false."
    assert scored["label_set"].tolist()[:5] == ["|".join(s.label_set) for s in model.score(ARTICLE)]
    assert scored["needs_review"].tolist() == ["|" in labels for labels in scored["label_set"]]
    np.testing.assert_allclose(scored[[f"p_{label}" for label in model.labels]].sum(axis=1), 1, atol=1e-5)


FRAMES = {
    "no such column": ({"text": "other"}, KeyError, r"has no column 'other'; it has \['text', 'head'\]"),
    "missing text": ({}, TypeError, r"column 'text', row 1: a text must be a str\. Got nan"),
}


@pytest.mark.parametrize(("arguments", "error", "message"), FRAMES.values(), ids=FRAMES)
def test_a_frame_that_cannot_be_scored(model, arguments, error, message):
    frame = pd.DataFrame({"text": ["One.", None], "head": ["T", None]})
    with pytest.raises(error, match=message):
        model.score_frame(frame, **arguments)


def test_an_empty_frame_gives_an_empty_frame(model):
    scored = model.score_frame(pd.DataFrame({"text": []}))
    assert list(scored.columns) == row_names(model.labels)
    assert scored.empty
