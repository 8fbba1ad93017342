from dataclasses import replace

import numpy as np
import pytest

from pipeline import load_model, split_sentences
from pipeline.ledger.pages import Page, Sentence
from pipeline.ledger.tagging import Tagger, folds_of_groups, token_rows
from pipeline.ledger.tags import TAGS, UNREAD, odds_of, tag_features
from pipeline.roles import ALLEGATION, DENIAL

TEXT = (
    "Mayor denies taking money\n\nThe mayor of Orlo took money from a builder, the opposition said. "
    "It was shamelessly unparliamentary, she said."
)


def only(tag, odds):
    tags = np.full((len(odds), len(TAGS)), -2, np.float32)
    tags[:, TAGS.index(tag)] = odds
    return odds_of(tags)


def test_the_likeliest_phrase_stands_out():
    odds = only("source", [1, -0.5, 2, -3, -3])
    whole, last, other = (tag_features(odds, "source", [piece]) for piece in (range(3), range(2, 3), range(3, 5)))
    assert (whole["source best"], whole["source odds"]) == (1, 0)
    assert (last["source best"], last["source odds"]) == (0, pytest.approx(-0.125))
    assert other["source odds"] < last["source odds"]
    assert whole["source behind"] == -1
    assert tag_features(odds, "source", [range(0)]) == {"source nowhere": pytest.approx(2.5 / 6), "source anywhere": 2.5 / 6}


def test_a_content_in_pieces_is_held_against_all_likely_tokens():
    odds = only("content", [2, -4, 2, 2])
    parts, first = (tag_features(odds, "content", pieces) for pieces in ([range(1), range(2, 4)], [range(1)]))
    assert (parts["content best"], first["content best"]) == (1, 0)
    assert parts["content odds"] == 0
    assert first["content odds"] == -1


def test_tokens_without_tags_say_nothing():
    assert tag_features(None, "source", [range(1)]) == {}


def test_a_tagger_learns_which_states_mean_what():
    draw = np.random.default_rng(0)
    meant = [(draw.random((20, len(TAGS))) < 0.4).astype(np.float32) for _ in range(100)]
    for one in meant:
        one[:, TAGS.index("target")] = 0  # which nobody has annotated
    states = [one * 3 + draw.normal(scale=0.3, size=one.shape).astype(np.float32) for one in meant]
    states[0][3] = np.nan  # a token that no encoder has read
    labels = [ALLEGATION, DENIAL] * 50
    tagger = Tagger.of(Tagger.fit(states, labels, meant).linear)
    for state, label, one in zip(states[1:], labels[1:], meant[1:], strict=True):
        found = tagger.tags(state @ tagger.linear.probe, label) > 0
        assert (found == (one > 0)).mean() > 0.9
    assert (tagger.tags(states[0] @ tagger.linear.probe, ALLEGATION)[3] == UNREAD).all()
    with pytest.raises(ValueError, match="a tagger has the classes source, cue, content, target and reads states"):
        Tagger.of(replace(tagger.linear, classes=("a", "b", "c", "d")))


def test_groups_are_held_out_whole():
    folds = folds_of_groups([7, 7, 8, 9, 9, 9, 10, 11, 12])
    assert folds[0] == folds[1]
    assert folds[3] == folds[4] == folds[5]
    assert set(folds) == {0, 1, 2, 3}


def test_a_long_sentence_is_tagged_as_far_as_it_is_read(project):
    model = load_model(project.root / "models" / "scorer")
    text = "The mayor \ud800 said " + "and the builder said " * 60 + "so."
    page = Page.of(text, [Sentence(0, len(text), ALLEGATION, text)], model.featurizer.tokens)
    told = model.encoder([page.passage], np.ones((model.encoder.card.width, 1), np.float32))[0]
    (rows,) = token_rows(page, model.encoder, told)
    assert np.isfinite(rows[:3]).any()
    assert np.isnan(rows[-1])
    assert model.ledger(text).statements is not None


def test_a_token_has_the_mean_of_its_word_pieces(project):
    model = load_model(project.root / "models" / "scorer")
    spans = split_sentences(TEXT)
    sentences = [Sentence(span.start, span.end, ALLEGATION, TEXT[span.start : span.end]) for span in spans]
    page = Page.of(TEXT, sentences, model.featurizer.tokens)
    probe = np.random.default_rng(0).normal(size=(model.encoder.card.width, 2)).astype(np.float32)
    told = model.encoder([page.passage], probe)[0]
    split = 0
    for number, rows in enumerate(token_rows(page, model.encoder, told)):
        pieces, probed = model.encoder.places(page.passage, number), told.probed[number]
        assert probed.shape == (len(pieces), 2)
        assert rows.shape == (len(page.tokens[number].words), 2)
        for row, word in zip(rows, page.spans[number], strict=True):
            start, end = word.start - sentences[number].start, word.end - sentences[number].start
            inside = [at for at, piece in enumerate(pieces) if start <= piece.start and piece.end <= end]
            if inside and len(pieces) == len({(piece.start, piece.end) for piece in pieces}):
                assert row == pytest.approx(probed[inside].mean(axis=0), abs=1e-4)
                split += len(inside) > 1
    assert split, "no word had several pieces"
