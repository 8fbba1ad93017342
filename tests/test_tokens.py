import re

import pytest

from pipeline.cues import cue_names, cue_rows
from pipeline.lexicon import cue_forms, group_names
from pipeline.tokens import NAME, terms, tokenize, tokenize_sentences

TERMS = {
    "names become one mark": (
        "The envoy Zamir Kabulov met Ann Roe in Oslo.",
        ["the", "envoy", NAME, "met", NAME, "in", NAME, "."],
    ),
    "the first word is no name": ("Kabulov left.", ["kabulov", "left", "."]),
    "a cue stays a word": ("The Court of Audit said no.", ["the", "court", "of", "audit", "said", "no", "."]),
    "title case hides nothing": ("Mayor Denies Bribery Claims", ["mayor", "denies", "~bribery", "~claims"]),
    "negation ends at a mark": (
        "He did not see it, he heard it.",
        ["he", "did", "not", "~see", "~it", ",", "he", "heard", "it", "."],
    ),
    "contracted negation": ("It wasn\u2019t fraud but theft.", ["it", "wasn't", "~fraud", "but", "theft", "."]),
    "acronyms with stops": ("said the U.S. envoy", ["said", "the", NAME, "envoy"]),
}


@pytest.mark.parametrize(("sentence", "expected"), TERMS.values(), ids=TERMS)
def test_terms(sentence, expected):
    assert terms(tokenize(sentence)) == expected


QUOTES = {
    "straight": ('He said "no way" today.', "no way"),
    "curly": ("He said \u201cno way\u201d today.", "no way"),
    "left open": ("\u201cWe did nothing", "we did nothing"),
}


@pytest.mark.parametrize(("sentence", "quoted"), QUOTES.values(), ids=QUOTES)
def test_quoted_words(sentence, quoted):
    tokens = tokenize(sentence)
    assert " ".join(w for w, q in zip(tokens.words, tokens.quoted, strict=True) if q and w[0].isalpha()) == quoted


def test_an_open_quotation_goes_on_inside_the_line_only():
    sentences = ("\u201cWe did nothing.", "It was him.", "So it was.")
    document = tokenize_sentences(sentences, (True, False, True))
    assert [all(tokens.quoted) for tokens in document] == [True, True, False]


def test_a_name_is_a_name_at_the_beginning_of_another_sentence():
    document = tokenize_sentences(("They met Kabulov.", "Kabulov left."), (True, False))
    assert terms(document[1]) == [NAME, "left", "."]


CUES = {
    "phrase": ("It was done according to the rules.", "reporting"),
    "negated": ("There is no proof.", "negated_showing"),
    "quoted": ('He called it "a lie".', "quoted_falsity"),
    "inside a quotation it counts twice": ('He called it "a lie".', "falsity"),
    "question": ("Who knew?", "question"),
    "no cue": ("The river froze.", None),
}


@pytest.mark.parametrize(("sentence", "name"), CUES.values(), ids=CUES)
def test_cues(sentence, name):
    row = cue_rows([tokenize(sentence)])[0]
    cues = {*group_names(), "question"}
    found = {n for n, value in zip(cue_names(), row, strict=True) if value and re.sub("^(negated|quoted)_", "", n) in cues}
    assert (name in found) if name else not found


def test_the_lexicon_has_no_form_that_tokens_never_show():
    unreachable = [form for forms in cue_forms().values() for form, _ in forms if tokenize(" ".join(form)).words != list(form)]
    assert not unreachable


def test_names_begin_sentences_too_where_common_words_are_known():
    tokens = tokenize("Kabulov and an Iranian aide left.", common={"and", "an", "aide", "left"})
    assert terms(tokens) == [NAME, "and", "a", NAME, "aide", "left", "."]
    assert terms(tokenize("Officials left.", common={"officials", "left"})) == ["officials", "left", "."]
