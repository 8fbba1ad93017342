"""Links between statements: what the rankers learn from annotated articles, and the two rules for allegations."""

from dataclasses import replace

import pytest
from test_ledger_signals import article, said

from pipeline.attributions import AttributedArticle
from pipeline.corpus import Article
from pipeline.ledger.accusations import accusation_links
from pipeline.ledger.gold import statements_of
from pipeline.ledger.linking import Linker
from pipeline.ledger.statements import Link

CALDER, MARTEN, BREL = "Ines Calder", "Ilse Marten", "Tom Brel"
RAIN = said("C", "It rained.")


def statements(*sentences):
    return article(*sentences)[0].statements


def disputed(one, other, speaker, answered, kind="D", then=()):
    """Return an article in which two are accused, and one of both answers the allegation with the number `answered`."""
    relation = "answers" if kind == "D" else "supports"
    return statements(
        said("A", "The first took cash.", "a clerk", against=one),
        said("A", "The second sank a boat.", "a clerk", against=other),
        RAIN,
        said(kind, "It never happened.", speaker, to=[(relation, answered)]),
        *then,
    )


def linker(**known):
    """Return one that has seen the accused answer what is alleged against them."""
    names = [("Ann Ode", "Bo Pell"), ("Cy Quist", "Dee Rask"), ("Ed Sorn", "Flo Tamm"), ("Gil Uhl", "Hal Voss")]
    seen = [disputed(one, other, speaker, (one, other).index(speaker)) for one, other in names for speaker in (one, other)]
    return Linker.fit(seen * 5, **known)


def test_a_denial_is_linked_to_what_is_alleged_against_its_speaker():
    for speaker, expected in ((CALDER, 0), (MARTEN, 1)):
        denial = linker().links(disputed(CALDER, MARTEN, speaker, 0))[-1]
        assert (denial.linked("answers"), denial.rules["link"]) == (expected, "ranked")
        assert 0.5 < denial.links[0].probability < 1


def test_denials_that_follow_each_other_are_linked_as_one():
    more = said("D", "Nonsense.", BREL)
    together = linker().links(disputed(CALDER, MARTEN, CALDER, 0, then=[more]))
    apart = linker().links(disputed(CALDER, MARTEN, CALDER, 0, then=[RAIN, more]))
    assert together[-1].links == together[-2].links
    assert apart[-1].links != apart[-2].links


UNLINKED = {
    "below the least probability": (disputed(CALDER, MARTEN, CALDER, 0), 1.0),
    "nothing that it could answer": (statements(said("D", "Nothing happened.", BREL, to=[("answers", 4)])), 0.0),
    "a label of which no link was seen": (disputed(CALDER, MARTEN, CALDER, 0, kind="E"), 0.0),
}


@pytest.mark.parametrize(("given", "least"), UNLINKED.values(), ids=UNLINKED)
def test_no_link_is_made_where_nothing_speaks_for_one(given, least):
    last = replace(given[-1], rules={"link": "ranked", "source": "nearest"})
    assert linker(least=least).links([*given[:-1], last])[-1] == replace(last, links=(), rules={"source": "nearest"})


def test_a_linker_is_made_again_from_its_parts():
    made, article_ = linker(), disputed(CALDER, MARTEN, MARTEN, 0)
    again = Linker.of(made.parts())
    assert again.links(article_) == made.links(article_)
    assert [type(part).__name__ for part in made.parts().values()] == ["Linear"]


def test_an_article_without_statements_has_no_links():
    assert linker().links(()) == ()


ACCUSED = said("A", "The port sold berths.", CALDER, against=MARTEN)
DENIED = said("D", "No berth was sold.", BREL, to=[("answers", 0)])
BOAT = "Ask who paid for the boat."
COUNTERS = {
    "by the target": ((ACCUSED, said("A", BOAT, MARTEN, against=CALDER)), [(0, "counters")]),
    "by one of several targets": (
        (said("A", "They sold berths.", CALDER, against="Tom Brel and Ilse Marten"), said("A", BOAT, MARTEN, against=CALDER)),
        [(0, "counters")],
    ),
    "by one who speaks for the target": (
        (ACCUSED, said("A", BOAT, "Ilse Marten's lawyer", against=CALDER)), [(0, "counters")],
    ),
    "by one who denies it": ((ACCUSED, DENIED, said("A", BOAT, BREL, against=CALDER)), [(0, "counters")]),
    "against a pronoun": ((ACCUSED, said("A", BOAT, MARTEN, against="she")), [(0, "counters")]),
    "a pronoun is no document": (
        (said("A", "It sold berths.", "a letter", kind="document", against=MARTEN), said("A", BOAT, MARTEN, against="she")),
        [],
    ),
    "by the accuser, who took it back": (
        (ACCUSED, said("D", "None was sold.", CALDER, to=[("answers", 0)]), said("A", BOAT, CALDER, against="she")), [],
    ),
    "against somebody else": ((ACCUSED, said("A", BOAT, MARTEN, against=BREL)), []),
    "by somebody else": ((ACCUSED, said("A", BOAT, BREL, against=CALDER)), []),
    "before what it would counter": ((said("A", BOAT, MARTEN, against=CALDER), RAIN), []),
}  # fmt: skip
RESTATES = {
    "in nearly the same words": (
        (ACCUSED, RAIN, said("A", "The port sold its berths.", "critics", against=MARTEN)), [(0, "restates")],
    ),
    "in some of the same words": (
        (ACCUSED, said("A", "The port sold berths to friends, cousins, gamblers, thieves, bankers, tax men.", "critics")), [],
    ),
    "the same of another": ((ACCUSED, said("A", "The port sold berths.", "critics", against="Orsk")), []),
    "a counter-accusation is no restatement": (
        (ACCUSED, said("A", "The port sold berths.", MARTEN, against=CALDER)), [(0, "counters")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sentences", "expected"), {**COUNTERS, **RESTATES}.values(), ids=[*COUNTERS, *RESTATES])
def test_an_allegation_counters_or_restates_an_earlier_one(sentences, expected):
    found = list(accusation_links(statements(*sentences)))
    assert [(link.to, link.relation) for _, link, _ in found] == expected


def test_annotated_statements_hold_the_words_of_the_article():
    text = "Clerk Ines Calder said the port, run by Ilse Marten, sold berths. Marten denied it. She accused her."
    at = text.index

    def words(given):
        return {"start": at(given), "end": at(given) + len(given)}

    spans = [(0, at(" Marten denied")), (at("Marten denied"), at(" She")), (at("She"), len(text))]
    labels = ("allegation", "denial", "allegation")
    sentences = [{"start": start, "end": end, "label": label} for (start, end), label in zip(spans, labels, strict=True)]
    person = {"kind": "person", "quotation": "indirect"}
    rows = [
        {"sentence": 0, "source": words("Clerk Ines Calder"), "who": "Ines Calder", "content": [words("sold berths")],
         "target": words("Ilse Marten"), **person},
        {"sentence": 1, "source": {"start": at("Marten denied"), "end": at(" denied")}, "who": "Ilse Marten",
         "cue": words("denied"), "content": [words("it.")], "answers": 0, "denial": ["flat"], **person},
        {"sentence": 2, "source": words("She"), "who": "Ilse Marten", "content": [words("accused her")], "answers": 0,
         "target": words("Clerk Ines Calder"), **person},
    ]  # fmt: skip
    row = {"id": "a", "text": text, "sentences": sentences}
    found = statements_of(Article.model_validate(row), AttributedArticle.model_validate({"id": "a", "rows": rows}))
    assert [s.links for s in found] == [(), (Link("answers", 0, 1.0),), (Link("counters", 0, 1.0),)]
    assert (found[0].source.words.text, found[0].source.sentence, found[0].source.who) == ("Clerk Ines Calder", 0, CALDER)
    assert (found[2].target.who, found[2].target.sentence, found[2].target.carried) == ("Ines Calder", 0, True)
    assert not found[0].target.carried
    assert found[1].cue.text == "denied"
    assert found[1].kinds == ("flat",)
    assert all(text[piece.start : piece.end] == piece.text for s in found for piece in (s, *s.content, s.source.words))
