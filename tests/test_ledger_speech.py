from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted import TEXT as ARTICLE
from noted import ledger_of_article, sentences_of

from pipeline.ledger.extents import content_pieces, cue_ranges
from pipeline.ledger.page_speech import speech_of, speech_of_page
from pipeline.ledger.pages import Page, Sentence
from pipeline.ledger.phrases import voices
from pipeline.ledger.speakers import SpeakerFinder, attributes_forward, candidates
from pipeline.ledger.speech import Example, Speech, SpeechReader, passes_on
from pipeline.sentences import Span, split_sentences
from pipeline.tokens import token_spans, tokenize, tokenize_passage

# A sentence in which [ ] is round its source, ( ) round its cue and { } round each piece of its content.
MARKED = {
    "before the verb": "[The ministry] (said) {the boats were inspected}.",
    "helpers": "[Oda Prill] (has long denied) {any part in it}.",
    "apposition": "[Oda Prill], a clerk who left in May, (said) that {the books were cooked}.",
    "adjunct first": "On Monday [the mayor] (told reporters) that {nothing was signed}.",
    "inverted": "“{Nothing was signed},” (said) [the mayor].",
    "inside": "“{Nothing},” [the mayor] (said), “{was signed}.”",
    "according to": "{The boats were inspected}, (according to) [two people in the port].",
    "by": "{The director} (was accused by) [prosecutors] of {taking bribes}.",
    "colon": "[Audit office]: {pier was never built}",
    "possessor": "In [the firm's] (view) {the test was flawed}.",
    "pronoun": "Later [he] (added) that {it rained}.",
    "nobody": "{The pier} (is said to) {have cost twice as much}.",
}


def marked(text):
    """Return the tokens of a marked sentence and the speech that its marks show."""
    plain, opened, found = "", {}, {"[": [], "(": [], "{": []}
    closing = {"]": "[", ")": "(", "}": "{"}
    for sign in text:
        if sign in found:
            opened[sign] = len(plain)
        elif sign in closing:
            found[closing[sign]].append((opened[closing[sign]], len(plain)))
        else:
            plain += sign
    spans = token_spans(plain)

    def ranges(sign):
        inside = [[i for i, span in enumerate(spans) if start <= span.start < end] for start, end in found[sign]]
        return [range(at[0], at[-1] + 1) for at in inside]

    source, cue = ranges("["), ranges("(")
    return tokenize(plain), Speech(tuple(ranges("{")), source[0] if source else None, cue[0] if cue else None)


def meant(tokens, speech):
    """Return the candidates that have the source of `speech` and report where its cue stands."""
    cue = speech.cue or range(len(tokens.words))
    return [v for v in voices(tokens) if v.source == (speech.source or range(0)) and v.verb in cue]


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED)
def test_the_right_source_cue_and_content_are_among_the_candidates(text):
    tokens, speech = marked(text)
    voice, *_ = meant(tokens, speech)
    cue = speech.cue or range(voice.verb, voice.after)
    assert speech.cue is None or speech.cue in cue_ranges(tokens, voice)
    assert speech.content in content_pieces(tokens, voice, cue)


def test_what_stands_in_quotation_marks_does_not_report():
    assert voices(tokenize("“The mayor said no.”")) == []


@pytest.fixture(scope="module")
def reader():
    """A reader that has learnt the sentences above, some of them twice."""
    examples = [Example(*marked(text)[:1], "allegation", marked(text)[1]) for text in MARKED.values()]
    return SpeechReader.fit(examples * 3)


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED)
def test_a_reader_reads_what_it_has_learnt(reader, text):
    tokens, speech = marked(text)
    found = reader.read(tokens, "allegation")
    assert (found.source, found.cue, found.content) == (speech.source, speech.cue, speech.content)


@pytest.mark.parametrize("dateline", ["GHENT \u2013 ", "PORT ORFORD, Ore. (AP) \u2014 ", "Ghent, March 3 (Wire) -- "])
def test_a_dateline_changes_nothing_in_who_says_what(reader, dateline):
    sentence = "The ministry said the boats were inspected."
    plain, filed = (reader.read(tokenize(text), "allegation") for text in (sentence, dateline + sentence))
    assert plain.source == range(2)
    assert filed == plain.moved(len(tokenize(dateline).words))
    taught = SpeechReader.fit([Example(tokenize(dateline + sentence), "allegation", filed)] * 9)
    assert taught.read(tokenize(sentence), "allegation").source == range(2)


def test_a_source_that_is_not_sure_enough_is_not_named(reader):
    tokens, _ = marked(MARKED["before the verb"])
    assert replace(reader, least=1.0).read(tokens, "allegation").source is None


def test_who_only_carries_words_does_not_speak_where_somebody_does(reader):
    tokens = tokenize("\u201cNothing was signed,\u201d the mayor said, as cited by Harbour News.")
    passing = {(v.verb, v.source) for v in voices(tokens) if passes_on(tokens, v)}
    assert passing
    assert {tokens.words[verb] for verb, _ in passing} == {"cited"}
    named = reader.read(tokens, "denial", least=0.0).source
    assert named not in {source for _, source in passing}


def test_its_parts_make_the_same_reader_again(reader):
    tokens, _ = marked(MARKED["inside"])
    assert SpeechReader.of(reader.parts()).read(tokens, "denial") == reader.read(tokens, "denial")


@given(st.text(alphabet=st.sampled_from(list("aZ .,:\"“”’'—()\n0é")), max_size=80), st.sampled_from(["allegation", "denial"]))
def test_any_text_is_read_and_what_is_read_lies_in_it(reader, text, label):
    tokens = tokenize(f"{text} The mayor said {text} no")
    found = reader.read(tokens, label)
    for part in (found.source, found.cue, *found.content):
        assert part is None or 0 <= part.start < part.stop <= len(tokens.words)


def page():
    return Page.of(ARTICLE, sentences_of(), tokenize_passage)


def test_a_speaker_is_looked_for_near_the_statement_and_nearest_first():
    named = Speech((), range(0, 1))
    speech = [named, Speech(()), named, Speech(()), named, named]
    assert candidates(speech, 3) == [2, 0, 4]


def test_the_speaker_of_a_lead_is_found_behind_it_and_that_of_a_quotation_before_it(reader):
    ledger = ledger_of_article()
    known = {s.sentence: speech_of(page(), s) for s in ledger.statements}
    said = speech_of_page(page(), reader, known)
    said[2] = Speech((), page().range_of(2, ARTICLE.index("Ines"), ARTICLE.index(", a clerk")))
    speakers = {1: 2, 4: 3, 5: None}
    finder = SpeakerFinder.fit([(page(), said, speakers)] * 5, least=0.4)
    near = {number: finder.find(page(), said, number) for number in speakers}
    assert {number: found and found[0] for number, found in near.items()} == speakers
    assert SpeakerFinder.of(finder.parts(), least=1.0).find(page(), said, 4) is None


def test_extracts_know_where_in_the_article_they_stand():
    number, start = 2, ARTICLE.index("Ines Calder")
    found = page().range_of(number, start, start + len("Ines Calder"))
    assert page().extract(number, found).text == "Ines Calder" == ARTICLE[start : start + 11]
    assert page().range_of(number, 0, 3) == range(0)


FORWARD = {
    "that's according to": ("The pier is rotten. That’s according to Oda Prill.", True),
    "that is what": ("The pier is rotten. That is what Oda Prill said on Monday.", True),
    "this was the": ("The pier is rotten. This was the view of Oda Prill.", True),
    "that is no attribution": ("The pier is rotten. That is bad for Oda Prill.", False),
    "another sentence": ("The pier is rotten. Oda Prill said so.", False),
}


@pytest.mark.parametrize(("text", "forward"), FORWARD.values(), ids=FORWARD)
def test_a_sentence_may_say_whose_the_one_before_is(text, forward):
    sentences = [Span(span.start, span.end) for span in split_sentences(text)]
    page = Page.of(text, [Sentence(s.start, s.end, "allegation", "") for s in sentences], tokenize_passage)
    oda = page.range_of(1, text.index("Oda"), text.index("Oda") + 9)
    assert attributes_forward(page, [Speech(()), Speech((), oda)], 0) == forward
    assert not attributes_forward(page, [Speech(()), Speech(())], 0)
