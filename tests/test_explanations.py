import random

import numpy as np
import pytest
from conftest import ROOT

from pipeline.cues import cue_rows
from pipeline.encoder import Encoder
from pipeline.explanations import _linear_effects
from pipeline.passages import passage
from pipeline.sentences import Span, split_sentences
from pipeline.tokens import token_spans

TEXT = (
    "Harbour chief denies theft\n\nA clerk, Ilse Kovar of Orlo, accused the chief of taking $40,000 from the till. "
    "\u201cThat is a lie, a lie, nothing but a lie,\u201d he said. Bank records seen by the Ledger show four payments. "
    "The chief rejected the clerk's claims as false and said he would sue. The port handles a tenth of the country's grain."
)


@pytest.fixture(scope="module")
def told(model):
    return model.score(TEXT, explain=True)


def test_words_stand_where_they_say_and_add_up_to_the_score(told):
    assert [s.label for s in told].count("denial") >= 1
    for s in told:
        why = s.explanation
        assert [TEXT[w.start : w.end] for w in why.words] == [w.text for w in why.words]
        log = np.log(list(s.probabilities.values()))
        assert why.label == s.label
        assert why.rest + sum(w.effect for w in why.words) == pytest.approx(np.log(s.probability) - log.mean())


def test_what_words_do_in_the_linear_model_is_what_its_columns_add(model):
    page = passage(TEXT, split_sentences(TEXT))
    document = model.featurizer.tokens(page)
    cues = cue_rows(document)
    rows = model.featurizer.transform([page])
    shape = cues.shape[1] - 13  # columns after the cues, which belong to no word
    weights, _ = model.classifier.lead(1)
    for number, tokens in enumerate(document):
        own = sum(
            rows[number, part].toarray()[0][: shape if name == "cues" else None]
            @ weights[part][: shape if name == "cues" else None]
            for name, part in model.featurizer.columns().items()
        )
        effects = _linear_effects(model.featurizer, tokens, cues[number], weights)
        assert effects.sum() == pytest.approx(own, abs=1e-4)


def test_without_the_words_that_moved_a_score_it_moves_more_than_without_others(model, told):
    """Faithful: what is called strong is strong. Three words of each sentence are taken out, and three others drawn blindly."""
    draw = random.Random(0)
    top, other = [], []
    for i, s in enumerate(told):
        spoken = [w for w in s.explanation.words if any(map(str.isalnum, w.text))]
        strongest = s.explanation.strongest(3)
        for chosen, moved in ((strongest, top), (draw.sample(spoken, min(3, len(spoken))), other)):
            text = TEXT
            for word in sorted(chosen, key=lambda w: -w.start):
                text = text[: word.start] + text[word.end :]
            after = model.score(text)
            if len(after) == len(told):
                moved.append(abs(np.log(after[i].probabilities[s.label]) - np.log(s.probability)))
    assert np.mean(top) > 1.5 * np.mean(other)


def test_a_name_is_left_out_whole_and_nothing_read_changes_nothing():
    encoder = Encoder(ROOT / "models" / "encoder")
    page = passage(TEXT, split_sentences(TEXT))
    places = token_spans(page.sentences[1])
    words = [page.sentences[1][p.start : p.end] for p in places]
    whole, without = encoder.occluded(page, 1, [*places, Span(0, 0)])
    assert np.array_equal(without[-1], whole)
    assert not np.allclose(without[words.index("accused")], whole, atol=0.05)
    assert np.array_equal(without[words.index("Ilse")], without[words.index("Kovar")])
