"""Kinds: what marks quote, who only passes on, and what the models tell of sources, denials and evidence."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ledger.answer_kinds import says_no_evidence
from pipeline.ledger.hearsay import CONFESSED, RELAYED, REPORTED, hearsay_of
from pipeline.ledger.kinds import KINDS, KindModels, Means
from pipeline.ledger.pages import Page, Sentence
from pipeline.ledger.quotations import quotations_of
from pipeline.ledger.source_kinds import source_rows
from pipeline.ledger.statements import Extract, Source, Statement
from pipeline.names import common_words
from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE
from pipeline.tokens import tokenize

COMMON = common_words(["""
    the a an had said that he she it they report ministry spokesman critics sources court officer photograph of in list
    denied took bribes proof no false showed was there what
"""])  # fmt: skip


def said(text, source=None, *, who=None, kind="unnamed", label=ALLEGATION, number=0, cue=None, **known):
    """Return a statement without source where `source` is None; `content` is what stands in the sentence, else all of it."""

    def piece(words):
        return Extract(text.index(words), text.index(words) + len(words), words)

    content = piece(known.pop("content", text))
    found = Source(kind, piece(source) if source else None, number, who or source) if source else Source(kind)
    known = {"quotation": "indirect", "cue": piece(cue) if cue else None, **known}
    return Statement(number, 0, len(text), text, label, 1.0, found, (content,), **known)


QUOTED = {
    "straight": ('He said "no way" today.', ["no way"]),
    "curly": ("He said “no way” today.", ["no way"]),
    "single curly, a possessive in it": ("‘We shut the workers’ canteen’, he said.", ["We shut the workers’ canteen"]),
    "single straight": ("He said 'no' again.", ["no"]),
    "single in double": ("“He said ‘no’ twice,” she said.", ["He said ‘no’ twice,"]),
    "German, French": ("„Nein“, «non», he said.", ["Nein", "non"]),
    "two in one sentence": ('"No," he said, "never."', ["No,", "never."]),
    "across sentences": ("“No. Never,” he said.", ["No. Never,"]),
    "apostrophes": ("The dogs' home isn't James' and I like 'em.", []),
    "inches": ('It is 6" wide and 5" high.', []),
    "left open": ("She said “no.\nHe left.", ["no."]),
    "closed only": ("It was fine,” he said.", ["It was fine,"]),
    "opened twice": ('"No, he said. "Never," he said.', ["No, he said. ", "Never,"]),
}


@pytest.mark.parametrize(("text", "quoted"), QUOTED.values(), ids=QUOTED)
def test_what_is_quoted(text, quoted):
    assert [text[found.start : found.stop] for found in quotations_of(text).inside] == quoted


LONE = {
    "all have partners": ("“No,” he said. “Never.”", ""),
    "left open": ("She said “no. He left.", "“"),
    "closed only": ('It was fine," he said.', '"'),
    "goes on in the next paragraph": ("“First.\n\n“Second,” he said.", ""),
    "does not go on": ("“First.\n\nSecond.", "“"),
    "an apostrophe is no mark": ("The dogs’ home.", ""),
}


@pytest.mark.parametrize(("text", "lone"), LONE.values(), ids=LONE)
def test_marks_without_partner(text, lone):
    quoted = quotations_of(text)
    assert "".join(text[place] for place in quoted.lone) == lone
    assert quoted.unclosed(SimpleNamespace(start=0, end=len(text))) == bool(lone)


@given(st.text(alphabet="ab s,.1\n'\"‘’“”„«»"))
def test_no_marks_are_too_broken(text):
    quoted = quotations_of(text)
    ends = [(found.start, found.stop) for found in quoted.inside]
    assert all(start <= stop for start, stop in ends)
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    assert 0 <= quoted.share([SimpleNamespace(start=0, end=len(text))]) <= 1


TYPES = {
    "all of it": ("“He took it,” she said.", "He took it,", {}, "direct"),
    "a part": ("She said he “took it” all.", "he “took it” all", {}, "mixed"),
    "nothing": ("She said he took it.", "he took it", {}, "indirect"),
    "a speaker goes on": ("“He took it.”", "He took it", {"continued": True}, "floating"),
    "the article's own": ("He “took” it.", "He “took” it", {"author": True}, "none"),
}


@pytest.mark.parametrize(("text", "content", "given", "kind"), TYPES.values(), ids=TYPES)
def test_quotation(text, content, given, kind):
    piece = SimpleNamespace(start=text.index(content), end=text.index(content) + len(content))
    assert quotations_of(text).kind([piece], **given) == kind


HEARSAY = {
    "at first hand": ("Ana Brel said he took bribes.", "Ana Brel", "he took bribes", None),
    "another told": ("Ana Brel said Tom Roe had told her of it.", "Ana Brel", "Tom Roe had told her of it", REPORTED),
    "she said that": ("Ana Brel said she had stated that he took it.", "Ana Brel", "she had stated that he took it", REPORTED),
    "my own words": ("“I said that he took it,” said Ana Brel.", "Ana Brel", "I said that he took it", None),
    "what he did": ("Ana Brel said he told nobody.", "Ana Brel", "he told nobody", None),
    "a confession": ("He pleaded guilty, the court said.", "the court", "He pleaded guilty", CONFESSED),
    "on the word of": ("The site reports, on the word of an aide, that he took it.", "The site", "he took it", RELAYED),
    "the statement's own cue": ("Ana Brel said that he took it.", "Ana Brel", "Ana Brel said that he took it", None),
    "the author's": ("He is said to have pleaded guilty.", None, "He is said to have pleaded guilty", None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "source", "content", "rule"), HEARSAY.values(), ids=HEARSAY)
def test_hearsay(text, source, content, rule):
    cue = "said" if "said" in text else None
    assert hearsay_of(said(text, source, content=content, cue=cue), COMMON) == rule


SOURCES = [  # kind, words, who
    ("person", "Ana Brel", "Ana Brel"),
    ("person", "he", "Tom Roe"),
    ("organisation", "the ministry", "the ministry"),
    ("role", "a spokesman", "a spokesman"),
    ("collective", "critics", "critics"),
    ("document", "the report", "the report"),
    ("unnamed", "sources", "sources"),
]
ANSWERS = [
    (DENIAL, "He denied it, it was false.", "flat"),
    (DENIAL, "There was no proof of it.", "no-evidence"),
    (EVIDENCE, "The report had a list of what he took.", "record"),
    (EVIDENCE, "A photograph showed it.", "image"),
]


def annotated():
    """Return the statements of a few articles, each of one source, each kind several times."""
    sources = [said(f"{words} said that he took it.", words, who=who, kind=kind) for kind, words, who in SOURCES * 5]
    nobody = [said("It took bribes.", kind="author"), said("He was accused of it.", cue="was accused of")] * 5
    answers = [said(text, label=label, kinds=(kind,)) for label, text, kind in ANSWERS * 5]
    body = [said(f"{words} said it.", words, who="Vey Corr", kind="organisation") for words in ("it", "Vey Corr")]
    return [*([statement] for statement in (*sources, *nobody, *answers)), *[body] * 5]


@pytest.fixture(scope="module")
def models():
    articles = annotated()
    return KindModels.fit(articles, COMMON)


UNSEEN = {
    "a person": ("Zora Quill", "Zora Quill", "person"),
    "a pronoun": ("she", "Zora Quill", "person"),
    "a body": ("the court", "the court", "organisation"),
    "a paper": ("a report of the ministry", "a report of the ministry", "document"),
    "somebody in office": ("a spokesman of the ministry", "a spokesman of the ministry", "role"),
    "several": ("critics in Vey", "critics in Vey", "collective"),
}


@pytest.mark.parametrize(("words", "who", "kind"), UNSEEN.values(), ids=UNSEEN)
def test_source_kind(models, words, who, kind):
    assert models.source_kinds([said(f"{words} said that he took it.", words, who=who)]) == (kind,)


def test_without_words_for_the_source_it_is_the_author_or_unnamed(models):
    assert models.source_kinds([said("It took bribes."), said("He was accused of bribes.", cue="was accused of")]) == (
        "author",
        "unnamed",
    )


def test_names_tell_nothing():
    names = ("Zora Quill", "Brel Tam", "Ana Roe")
    rows = [source_rows([said(f"{name} said that he took it.", name)], COMMON) for name in names]
    assert rows[0] == rows[1] == rows[2]


def test_how_one_is_called_elsewhere_tells_the_kind(models):
    pronoun, name = said("it said that he took it.", "it", who="Quay Tam"), said("Quay Tam said that.", "Quay Tam")
    assert models.source_kinds([name]) == ("person",)
    assert models.source_kinds([pronoun, name]) == ("organisation", "organisation")


def test_answers_have_at_least_one_kind_and_allegations_none(models):
    statements = [said("Xyzzy.", label=label) for label in (ALLEGATION, DENIAL, EVIDENCE)]
    none, denial, evidence = models.answer_kinds(statements)
    assert none == ()
    assert set(denial) <= set(KINDS[DENIAL])
    assert set(evidence) <= set(KINDS[EVIDENCE])
    assert min(len(denial), len(evidence)) >= 1


PLAIN = {
    "There is no proof of that.": True,
    "It is “not supported by any evidence”.": True,
    "He had left before the evidence was not shown.": False,
    "He never touched any evidence.": False,
    "He denied destroying any evidence.": False,
    "No one hid evidence.": False,
    "No official hid the proof.": False,
    "It was said without any proof.": True,
    "They have no real evidence.": True,
    "No, the proof is on the table.": False,
}


@pytest.mark.parametrize(("text", "plain"), PLAIN.items(), ids=PLAIN)
def test_plain_words_tell_that_there_is_no_evidence(text, plain):
    assert says_no_evidence(said(text, label=DENIAL), COMMON) is plain


@pytest.mark.parametrize(("label", "text", "kind"), ANSWERS, ids=[kind for _, _, kind in ANSWERS])
def test_answer_kinds(models, label, text, kind):
    assert kind in models.answer_kinds([said(text, label=label)])[0]


def test_told_replaces_what_was_there_and_says_by_which_rule(models):
    confessed = said(
        "He pleaded guilty, Ana Brel said.", "Ana Brel", content="He pleaded guilty", label=EVIDENCE, kinds=("image",)
    )
    (told,) = models.told([confessed])
    assert (told.source.kind, told.depth, told.rules["depth"]) == ("person", 2, CONFESSED)
    assert told.kinds == models.answer_kinds([told])[0]
    (direct,) = models.told(
        [said("Ana Brel said he took it.", "Ana Brel", cue="said", depth=2, rules={"depth": CONFESSED, "link": "ranked"})]
    )
    assert (direct.depth, "depth" in direct.rules, direct.rules["link"]) == (1, False, "ranked")


def seen(text, number, states):
    """Return the page of one sentence whose tokens have `states`."""
    page = Page.of(text, [Sentence(0, len(text), DENIAL, text)], lambda passage: [tokenize(one) for one in passage.sentences])
    tokens = np.tile(states[number], (len(page.tokens[0].words), 1)).astype(np.float32)
    tokens[-1] = np.nan  # of a token that was not read
    return replace(page, states=(tokens,))


def test_a_mean_state_is_of_the_tokens_that_are_read():
    page = seen("Ana Brel denied it.", 0, np.zeros((1, 2)))
    states = page.states[0]
    states[:4, 0] = [1, 3, 5, 9]
    ana, brel, denied, stop = (Extract(start, end, "") for start, end in ((0, 3), (4, 8), (9, 15), (18, 19)))
    for pieces, mean in (([ana], 1), ([ana, brel], 2), ([denied, ana], 3), ([denied, stop], 5), ([stop], 4.5), ([], 4.5)):
        assert page.mean_state(0, pieces).tolist() == [mean, 0]
    states[:] = np.nan
    assert page.mean_state(0, [ana]).tolist() == [0, 0]
    statement = said("Ana Brel denied it.", "Brel", content="denied it", label=DENIAL)
    states[:4] = [[1, 0], [3, 0], [5, 0], [9, 0]]
    assert [mean.tolist() for mean in Means.of(page, statement)] == [[3, 0], [7, 0]]


def test_one_denial_alone_is_learnt_from():
    article = [said("Zz zz qq.", label=DENIAL, kinds=("flat",))]
    others = [said("It took bribes.", kind="author"), said("Sources said it.", "Sources", kind="unnamed")] * 3
    pages = [seen("Zz zz qq.", 0, np.ones((1, 3))), seen("Sources said it.", 0, np.ones((1, 3)))]
    models = KindModels.fit([article, others], COMMON, pages)
    assert models.answer_kinds([said("Qz.", label=DENIAL)]) == (("flat",),)


def test_what_words_do_not_tell_states_do():
    states = np.random.default_rng(0).normal(size=(2, 6))
    kinds = ("flat", "attack")
    articles = [[said("Zz zz qq.", label=DENIAL, kinds=(kinds[number % 2],))] for number in range(40)]
    pages = [seen("Zz zz qq.", number % 2, states) for number in range(40)]
    for article, source in zip(articles, ("unnamed", "author") * 20, strict=True):
        article[0] = replace(article[0], source=Source(source))
    models = KindModels.fit(articles, COMMON, pages)
    for number, kind in enumerate(kinds):
        page = seen("Qz zq.", number, states)
        told = replace(page, states=tuple(of @ models.probe for of in page.states))
        (statement,) = models.told([said("Qz zq.", label=DENIAL)], told)
        assert statement.kinds == (kind,)
        assert statement.source.kind == ("unnamed", "author")[number]
    assert KindModels.of(models.parts(), COMMON).probe == pytest.approx(models.probe)


def test_the_parts_make_the_same_models(models):
    again = KindModels.of(models.parts(), models.common)
    statements = [statement for article in annotated() for statement in article]
    assert again.told(statements) == models.told(statements)
