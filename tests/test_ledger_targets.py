"""Targets: which noun phrases are listed, which is taken, and what is carried over where none fits."""

from dataclasses import replace

import pytest

from pipeline.ledger.noun_phrases import noun_phrases
from pipeline.ledger.statements import Extract, Source, Statement, Target
from pipeline.ledger.target_features import Cast, layout, target_features
from pipeline.ledger.targets import TargetExample, TargetFinder
from pipeline.names import common_words
from pipeline.passages import passage
from pipeline.roles import ALLEGATION, DENIAL
from pipeline.sentences import Span
from pipeline.tokens import tokenize, tokenize_passage

COMMON = common_words(["""
    the a an of and that he she his her said say accused who had took sold lied clerk port firm guards critics rural singer
    council fraud was charged with it is rained nobody knows by company secret friends
"""])  # fmt: skip

PHRASES = {
    "a name, whole": ("Critics accused Ines Calder.", ["Ines Calder"], ["Ines", "Calder"]),
    "a name with its title": ("Critics say Mr. Calder lied.", ["Mr. Calder"], ["Mr."]),
    "with its determiner": ("It is said that the rural council lied.", ["the rural council"], []),
    "with what follows, and without": ("The council of Orsk lied.", ["The council", "The council of Orsk", "Orsk"], []),
    "two together, and one": ("Calder and the firm lied.", ["Calder", "the firm", "Calder and the firm"], []),
    "a possessor and whole": ("Critics accused Calder's firm.", ["Calder's", "Calder's firm"], []),
    "a pronoun, also with a verb": ("He said that she'd lied.", ["He", "she'd"], ["that she'd", "she'd lied"]),
    "a bare plural": ("It is said that guards took it.", ["guards"], []),
    "a noun that may be a verb": ("The suspect took it.", ["The suspect"], []),
    "not across a mark": ("The firm, Orsk, lied.", ["The firm", "Orsk"], ["firm, Orsk", "The firm,"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "held", "not_held"), PHRASES.values(), ids=PHRASES)
def test_noun_phrases_of_a_sentence(text, held, not_held):
    tokens = tokenize(text, common=COMMON)
    found = [" ".join(tokens.words[at] for at in part).replace(" .", ".") for part in noun_phrases(tokens)]
    assert {words.lower() for words in held} <= set(found)
    assert not {words.lower() for words in not_held} & set(found)


class Fullest:
    """Knows two people by more than one name."""

    def fullest(self, words, sentence):
        return {"Calder": "Clerk Ines Calder", "he": f"he of {sentence}"}.get(words.text, words.text), True


def article(*sentences):
    """Return an example; a sentence is its text, its source and its target, with None for a target that it does not name."""
    text = " ".join(sentence for sentence, *_ in sentences)
    spans, statements, start = [], [], 0
    for number, (sentence, source, target, *label) in enumerate(sentences):
        spans.append(Span(start, start + len(sentence)))

        def piece(words, start=start, sentence=sentence):
            at = start + sentence.index(words)
            return Extract(at, at + len(words), words)

        found = Source("person", piece(source), number, source) if source else Source("author")
        aimed = Target(piece(target), number, target) if target else None
        content = (piece(sentence),)
        label = label[0] if label else ALLEGATION
        statements.append(
            Statement(number, start, spans[-1].end, sentence, label, 1.0, found, content, "indirect", target=aimed)
        )
        start = spans[-1].end + 1
    return TargetExample(text, statements, tokenize_passage(passage(text, spans), COMMON))


NAMES = ["Ode", "Pell", "Quist", "Rask", "Sorn", "Tamm", "Uhl", "Voss"]


@pytest.fixture(scope="module")
def finder():
    """Return one that has learned that who is accused stands behind the verb, and that weather is nobody's fault."""
    seen = [
        article((f"{one} accused {other} of fraud.", one, other), ("It rained.", None, None), (f"{other} lied.", None, other))
        for one in NAMES
        for other in NAMES
        if one != other
    ]
    return TargetFinder.fit(seen, least=0.3, strength=1.0)


def aimed(finder, *sentences):
    found = article(*((text, source, None, *label) for text, source, *label in sentences))
    return finder.targets(found.text, found.statements, found.tokens, Fullest())


def test_who_is_accused_is_found_and_given_the_fullest_name(finder):
    (found,) = aimed(finder, ("Brel accused Calder of fraud.", "Brel"))
    assert found.target == Target(Extract(13, 19, "Calder"), 0, "Clerk Ines Calder")
    assert found.rules == {"target": "ranked"}


def test_a_possessor_and_a_verb_are_cut_off(finder):
    brel, _, calder = aimed(
        finder, ("Brel accused Calder\u2019s of fraud.", "Brel"), ("It rained.", None, DENIAL), ("Calder\u2019d lied.", None)
    )
    assert [brel.target.words.text, calder.target.words.text] == ["Calder", "Calder"]


def test_where_no_phrase_fits_the_last_target_is_carried_over(finder):
    ranked, carried = aimed(finder, ("Brel accused Calder of fraud.", "Brel"), ("It rained.", None))
    assert carried.target == replace(ranked.target, carried=True)
    assert carried.rules == {"target": "carried"}


def test_nothing_is_carried_over_before_the_first_target(finder):
    first, ranked = aimed(finder, ("It rained.", None), ("Brel accused Calder of fraud.", "Brel"))
    assert (first.target, first.rules) == (None, {})
    assert ranked.target is not None


def test_only_allegations_have_targets_and_old_ones_are_replaced(finder):
    found = article(("Brel accused Calder of fraud.", "Brel", "Brel"), ("Calder lied.", None, "Calder", DENIAL))
    again = finder.targets(found.text, found.statements, found.tokens, Fullest())
    assert [s.target and s.target.words.text for s in again] == ["Calder", None]


def test_the_source_is_never_the_target(finder):
    eager = replace(finder, least=0.0)
    (found,) = aimed(eager, ("Brel lied.", "Brel"))
    assert found.target is None


def test_texts_with_their_names_exchanged_have_their_targets_exchanged(finder):
    """No word of a name is a feature, so that nobody is likelier to be the target for being called as they are."""
    names = {name.lower() for name in NAMES}
    assert not [feature for feature in finder.ranker.linear.names if names & set(feature.replace("=", " ").split())]
    one, other = (aimed(finder, (f"{a} accused {b} of fraud.", a))[0] for a, b in (("Brel", "Orsk"), ("Orsk", "Brel")))
    assert (one.target.who, other.target.who) == ("Orsk", "Brel")


def test_what_is_written_of_a_man_and_of_a_woman_reads_alike():
    rows = []
    for text in ("Critics say he'd sold it to his firm.", "Critics say she'd sold it to her firm."):
        example = article((text, "Critics", None))
        tokens, statement = example.tokens[0], example.statements[0]
        where = layout(statement, [(0, 1)] * len(tokens.words))
        cast = Cast(example.tokens, example.statements)
        rows.append([target_features(tokens, statement, where, part, "it", cast) for part in noun_phrases(tokens)])
    assert rows[0] == rows[1]


def test_a_finder_is_made_again_from_its_parts(finder):
    given = [("Brel accused Calder of fraud.", "Brel"), ("It rained.", None)]
    assert aimed(TargetFinder.of(finder.parts(), least=finder.least), *given) == aimed(finder, *given)
    assert list(finder.parts()) == ["target"]


def test_an_article_without_statements_has_no_targets(finder):
    assert finder.targets("", [], [], Fullest()) == ()
