"""Signals: each rule fires on what it states and on nothing else, and tells it without judging."""

import re
from types import SimpleNamespace

import pytest

from pipeline.ledger.figures import figures_of
from pipeline.ledger.replies import hearings
from pipeline.ledger.signals import RULES, signals
from pipeline.ledger.statements import Extract, Ledger, Link, Source, Statement, Target
from pipeline.ledger.wording import hedges_of, loaded_of, turns_of

PORT = "the Port of Vey"
LABELS = {"A": "allegation", "D": "denial", "E": "evidence-claim", "C": "context"}


def said(letter, text, who=None, **known):
    """Return what `article` takes: a letter for the label, a sentence, its source, and what else a statement has."""
    return letter, text, who, known


def article(*sentences, document="quay.txt"):
    """Return a ledger, without signals, and all sentences of an article whose sentences these are.

    `against` is the target, `to` its links as ``(relation, sentence)`` pairs, `content` what is said where not all is.
    """
    statements, spans, start = [], [], 0
    for number, (letter, text, who, known) in enumerate(sentences):
        spans.append(SimpleNamespace(start=start, end=start + len(text), text=text, label=LABELS[letter]))
        if letter != "C":
            statements.append(statement(number, spans[-1], who, **known))
        start += len(text) + 1
    return Ledger(document, None, "0" * 64, "stance-0", "hand", tuple(statements)), spans


def statement(number, span, who, *, kind=None, against=None, to=(), cue=None, content=None, **known):
    def piece(words):
        at = span.text.index(words)
        return Extract(span.start + at, span.start + at + len(words), words)

    return Statement(
        number, span.start, span.end, span.text, span.label, 0.9,
        Source(kind or ("person" if who else "author"), who=who),
        (piece(content or span.text),),
        "indirect" if who else "none",
        cue=piece(cue) if cue else None,
        target=Target(Extract(0, len(against), against), number, against) if against else None,
        links=tuple(Link(relation, other, 0.9) for relation, other in to),
        hedges=hedges_of(span.text, span.start),
        loaded=loaded_of(span.text, span.start),
        **known,
    )  # fmt: skip


def fired(*sentences):
    found = signals(*article(*sentences))
    return {signal.rule: (signal.sentences, signal.value) for signal in found}


ALLEGED = said("A", "The port took bribes, Ines Calder said.", "Ines Calder")
HEDGED = said("A", "The port may have taken bribes, Ines Calder said.", "Ines Calder")
AGAIN = said("A", "It took bribes, she said.", "Ines Calder", to=[("restates", 0)])
FLAT = said("D", "It did not, Ilse Marten said.", "Ilse Marten", to=[("answers", 0)], kinds=("flat",))
SMEAR = said("D", "She wants my job, Ilse Marten said.", "Ilse Marten", to=[("answers", 0)], kinds=("attack",))
RAIN = said("C", "It rained.")

FIRES = {
    "no evidence": ("ungrounded", [ALLEGED, FLAT], ((0,), 1.0)),
    "evidence for a restatement": ("ungrounded", [ALLEGED, AGAIN, said("E", "A slip shows it.", to=[("supports", 1)])], None),
    "no denial": ("unanswered", [ALLEGED, AGAIN], ((0,), 1.0)),
    "denial of a restatement": ("unanswered", [ALLEGED, AGAIN, said("D", "No.", "Ilse Marten", to=[("answers", 1)])], None),
    "a counter-accusation is no denial": (
        "unanswered", [ALLEGED, said("A", "She lied.", "Ilse Marten", to=[("counters", 0)])], ((0, 1), 1.0),
    ),
    "a role and a critic": (
        "unnamed-share",
        [ALLEGED, said("A", "So it did.", "a clerk", kind="role"), said("A", "It did.", "critics", kind="collective"), FLAT],
        ((1, 2), 0.5),
    ),
    "named, author, document": ("unnamed-share", [ALLEGED, said("E", "So."), said("E", "So.", "slips", kind="document")], None),
    "second hand": ("hearsay", [ALLEGED, said("A", "He heard of it.", "Ian Roe", depth=2)], ((1,), 0.5)),
    "first hand": ("hearsay", [ALLEGED, FLAT], None),
    "hedged allegation": ("hedging", [HEDGED, AGAIN], ((0,), 0.5)),
    "hedged denial": ("hedging", [ALLEGED, said("D", "It may be false.", "Ilse Marten")], None),
    "loaded word": ("loaded-language", [said("D", "An absurd, absurd tale.", "Ilse Marten")], ((0,), 2.0)),
    "loaded context": ("loaded-language", [ALLEGED, said("C", "The weather was vile.")], None),
    "attack alone": ("attack-for-answer", [ALLEGED, SMEAR], ((1,), 1.0)),
    "attack beside a rejection": ("attack-for-answer", [ALLEGED, FLAT, SMEAR], None),
    "rejection by somebody else": (
        "attack-for-answer", [ALLEGED, said("D", "No.", "Ian Roe", to=[("answers", 0)], kinds=("flat",)), SMEAR], ((2,), 1.0),
    ),
    "attack and rejection in one": ("attack-for-answer", [ALLEGED, said("D", "No.", kinds=("attack", "flat"))], None),
    "counter-accusation": (
        "attack-for-answer", [ALLEGED, said("A", "She lied.", "Ilse Marten", to=[("counters", 0)])], ((1,), 1.0),
    ),
    "turn to others, in context": ("attack-for-answer", [ALLEGED, said("C", "“What about Lorn?” he asked.")], ((1,), 1.0)),
    "hedged, then flat": ("hardening", [HEDGED, RAIN, AGAIN], ((0, 2), 1.0)),
    "flat, then flat": ("hardening", [ALLEGED, AGAIN], None),
    "hedged, then hedged": ("hardening", [HEDGED, said("A", "It may have.", to=[("restates", 0)])], None),
    "flat, then hedged": ("hardening", [ALLEGED, said("A", "It may have.", to=[("restates", 0)])], None),
    "number of the author's": ("numbers-without-origin", [said("A", "It took 40 bribes in 2019.")], ((0,), 1.0)),
    "number of somebody named": ("numbers-without-origin", [said("A", "It took 40 bribes.", "Ines Calder")], None),
    "number of sources": ("numbers-without-origin", [said("A", "It took 40.", "sources", kind="unnamed")], ((0,), 1.0)),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "sentences", "expected"), FIRES.values(), ids=FIRES)
def test_a_rule_fires_on_what_it_states(rule, sentences, expected):
    assert fired(*sentences).get(rule) == expected


def test_every_rule_has_a_case_that_fires_and_one_that_does_not():
    cases = {rule: {expected is None for other, _, expected in FIRES.values() if other == rule} for rule in RULES}
    assert {rule for rule, found in cases.items() if found != {True, False}} == {"right-of-reply"}, "which has tests below"


def test_an_article_without_statements_fires_nothing():
    assert signals(*article(RAIN)) == ()


AGAINST = said("A", "The Port of Vey took bribes, Ines Calder said.", "Ines Calder", against=PORT)
REJECTED = said(
    "D", "The port rejected all of it.", "The port", cue="rejected", content="all of it", to=[("answers", 0)]
)  # fmt: skip
HEARD = {
    "not heard": ([AGAINST, RAIN], (0,), f"{PORT}: not heard in this text"),
    "heard under a shorter name": (
        [AGAINST, RAIN, RAIN, REJECTED],
        (3,), f"{PORT}: heard in 1 statement, 3 words, 2 sentences between, reported with “rejected” (denying)",
    ),
    "heard through a lawyer, before the allegation": (
        [said("D", "He insisted it had not.", "Ian Roe", cue="insisted", content="it had not", to=[("answers", 1)]), AGAINST],
        (0,), f"{PORT}: heard only through others, answered for in 1 denial of others, 3 words, 0 sentences between, "
        "reported with “insisted” (doubting)",
    ),
    "heard on something else": (
        [AGAINST, said("E", "The port admitted two gifts.", "The port", cue="admitted", content="two gifts")],
        (1,), f"{PORT}: heard in 1 statement, 2 words, 0 sentences between, reported with “admitted” (conceding)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sentences", "numbers", "told"), HEARD.values(), ids=HEARD)
def test_right_of_reply_tells_where_and_how_the_target_is_heard(sentences, numbers, told):
    (signal,) = (s for s in signals(*article(*sentences)) if s.rule == "right-of-reply")
    assert (signal.sentences, signal.told) == (numbers, told)


VOICES = {
    "the author's": (said("A", "The brazen sale went on."), "1 in the author's own voice"),
    "of who is quoted": (said("A", "It is a brazen sale, she said.", "Ines Calder", content="a brazen sale"), "0 in"),
    "around what is quoted": (said("A", "Slammed as a sale.", "Ines Calder", content="a sale"), "1 in"),
}


@pytest.mark.parametrize(("sentence", "told"), VOICES.values(), ids=VOICES)
def test_loaded_words_are_told_by_whose_voice_they_stand_in(sentence, told):
    (signal,) = (s for s in signals(*article(sentence)) if s.rule == "loaded-language")
    assert told in signal.told


def test_one_target_under_two_names_is_one_and_a_pronoun_is_none():
    ledger, _ = article(AGAINST, said("A", "The port lied.", against="The port"), said("A", "He stole.", against="He"))
    assert [(h.who, len(h.allegations)) for h in hearings(ledger)] == [(PORT, 2)]


HEDGES = {
    "modal": ("He may have lied and might go.", ["may", "might"]),
    "month": ("In May 2010, on 3 May and since May he paid.", []),
    "name": ("Theresa May said so.", []),
    "headline": ("Minister May Have Lied", ["May"]),
    "could not": ("He could not say; it could rain.", ["could"]),
    "in person": ("She appeared in court and appeared calm.", ["appeared"]),
    "phrase": ("It is understood to be so.", ["It is understood"]),
}


@pytest.mark.parametrize(("text", "expected"), HEDGES.values(), ids=HEDGES)
def test_hedges_leave_out_what_only_looks_like_one(text, expected):
    assert [hedge.text for hedge in hedges_of(text)] == expected


@pytest.mark.parametrize("of", [hedges_of, loaded_of, turns_of, figures_of])
def test_extracts_point_into_the_article(of):
    before = "Rain… 🌧\n"
    text = before + "“What about the so\u2010called 1,200 reportedly brazen\u00a0lies of 2019?”"
    found = of(text[len(before) :], len(before))
    assert [text[e.start : e.end] for e in found] == [e.text for e in found] != []


FIGURES = {
    "date and year": ("On March 23, 2017, 4 and 5 June, 23 May and 2019-03-04 he left.", []),
    "decade and span": ("In the 1990s and in 2016–17 it closed.", []),
    "time": ("At 10:30, 9 p.m. and 10.15 am.", []),
    "age": ("Ada Roe, 34, a 34-year-old aged 34, is 34 years old.", []),
    "ordinal and label": ("The 2nd count under Article 5.", []),
    "part of a name": ("The Mi-17, the G7, Covid-19.", []),
    "count": ("It sold 2,000 berths and 50 Mi-17s to dozens.", ["2,000", "50", "dozens"]),
    "money": ("$2000 of €1.5 million, 12.5% of it.", ["$2000", "€1.5 million", "12.5%"]),
}


@pytest.mark.parametrize(("text", "expected"), FIGURES.values(), ids=FIGURES)
def test_figures_leave_out_dates_ages_and_names(text, expected):
    assert [figure.text for figure in figures_of(text)] == expected


def test_no_rule_speaks_as_a_verdict():
    verdict = re.compile(r"\b(true|false|lies?|liar|misleading|propaganda|disinformation|biased|suspicious|credib\w+|score)\b")
    told = [signal.told for _, sentences, _ in FIRES.values() for signal in signals(*article(*sentences))]
    ours = [re.sub("“.*?”", "", line) for line in told]
    assert [line for line in [*ours, *(rule.text for rule in RULES.values())] if verdict.search(line.lower())] == []
    assert all(rule.limit.startswith("Not a") for rule in RULES.values()), "each says what it is not"
