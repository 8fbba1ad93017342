"""How good a ledger is: what counts as right, how it is counted, and what the baseline makes of a text."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.attributions import AttributedArticle
from pipeline.corpus import Article
from pipeline.ledger.baselines import baseline_ledger
from pipeline.ledger.gold import statements_of
from pipeline.ledger.matching import content_ranges, same_identity, same_source
from pipeline.ledger.measures import agreement, headline, measure_ledger
from pipeline.ledger.statements import Extract, Ledger, Link, Source, Statement
from pipeline.ledger.tallies import tally

TEXT = (
    "The port sold its berths, Ines Calder said.\n"
    "Ilse Marten has denied it. She called Calder “a thief”.\n"
    "“Bank records show five payments.” It rained."
)
PARTS = (
    ("allegation", "The port sold its berths, Ines Calder said."),
    ("denial", "Ilse Marten has denied it."),
    ("allegation", "She called Calder “a thief”."),
    ("evidence-claim", "“Bank records show five payments.”"),
    ("context", "It rained."),
)


def words(text, after=0):
    start = TEXT.index(text, after)
    return {"start": start, "end": start + len(text)}


ROWS = (
    {
        "sentence": 0, "source": words("Ines Calder"), "who": "Ines Calder", "kind": "person", "cue": words("said"),
        "content": [words("The port sold its berths")], "quotation": "indirect", "target": words("The port"),
    },
    {
        "sentence": 1, "source": words("Ilse Marten"), "who": "Ilse Marten", "kind": "person", "cue": words("has denied"),
        "content": [words("it.")], "quotation": "indirect", "answers": 0, "denial": ["flat", "attack"],
    },
    {
        "sentence": 2, "source": words("She"), "who": "Ilse Marten", "kind": "person", "cue": words("called"),
        "content": [words("Calder “a thief")], "quotation": "mixed", "target": words("Calder", TEXT.index("called")),
        "answers": 0,
    },
    {
        "sentence": 3, "source": words("Ines Calder"), "who": "Ines Calder", "kind": "person",
        "content": [words("Bank records show five payments")], "quotation": "floating", "depth": 2, "answers": 0,
        "evidence": ["record"],
    },
)  # fmt: skip


def article(name):
    spans = [{**words(sentence), "label": label} for label, sentence in PARTS]
    return Article(id=name, text=TEXT, sentences=spans)


NAMES = [f"quay-{number}" for number in range(6)]
ARTICLES = {name: article(name) for name in NAMES}
GOLD = {name: AttributedArticle(id=name, rows=ROWS) for name in NAMES}
STATEMENTS = statements_of(ARTICLES["quay-0"], GOLD["quay-0"])


def extract(text, after=0):
    start = TEXT.index(text, after)
    return Extract(start, start + len(text), text)


def ledger_of(statements, name="quay-0"):
    return Ledger(name, None, "0" * 64, "hand", "hand", tuple(statements))


def altered(number, **fields):
    return [replace(s, **fields) if i == number else s for i, s in enumerate(STATEMENTS)]


def measured(model, baseline=None, clusters=None):
    """Measure the same statements in every article, or those that a mapping has by name."""
    by_name = {name: ledger_of(model[name] if isinstance(model, dict) else model, name) for name in NAMES}
    other = {name: ledger_of(baseline or STATEMENTS, name) for name in NAMES}
    return measure_ledger(GOLD, ARTICLES, by_name, other, clusters or {}, 200, 0)


def test_the_annotation_itself_is_right_in_all():
    found = measured(STATEMENTS)
    assert {value for figures in found["model"].values() for value in figures.values()} == {1.0}
    assert found["cases"] == {
        "source": 24, "cue": 18, "content": 24, "content_words": 84, "who": 24, "kind": 24, "quotation": 24, "depth": 6,
        "target": 12, "target_name": 12, "link": 12, "counter": 6, "denial": 12, "evidence": 6,
    }  # fmt: skip


PERSON = Source("person", extract("Ines Calder"), 0, "Ines Calder")
# a field of one statement altered, and what hits, gold and found of a measure become
ALTERED = {
    "cue without its helper": (1, {"cue": extract("denied")}, "cue", (2, 3, 3)),
    "no cue": (1, {"cue": None}, "cue", (2, 3, 2)),
    "marks at the ends of a content": (3, {"content": (extract("“Bank records show five payments.”"),)}, "content", (4, 4, 4)),
    "content in two pieces": (
        2, {"content": (extract("Calder", TEXT.index("called")), extract("a thief”"))}, "content", (4, 4, 4),
    ),
    "content too short": (3, {"content": (extract("five payments"),)}, "content", (3, 4, 4)),
    "words of a content": (3, {"content": (extract("five payments"),)}, "content_words", (11, 14, 11)),
    "surname": (0, {"source": replace(PERSON, who="Calder")}, "who", (4, 4, 4)),
    "another of the name": (0, {"source": replace(PERSON, who="Tom Calder")}, "who", (3, 4, 4)),
    "not resolved is no answer": (0, {"source": replace(PERSON, resolved=False)}, "who", (3, 4, 3)),
    "the author's": (0, {"source": Source("author")}, "source", (3, 4, 3)),
    "another kind": (0, {"source": replace(PERSON, kind="role")}, "kind", (3, 4, 4)),
    "one kind of denial": (1, {"kinds": ("flat",)}, "denial", (1, 2, 1)),
    "first hand": (3, {"depth": 1}, "depth", (0, 1, 0)),
    "target elsewhere": (2, {"target": replace(STATEMENTS[2].target, words=extract("Calder"))}, "target", (1, 2, 2)),
    "target elsewhere, by name": (
        2, {"target": replace(STATEMENTS[2].target, words=extract("Calder"))}, "target_name", (2, 2, 2),
    ),
    "no target": (2, {"target": None}, "target_name", (1, 2, 1)),
    "another answered": (1, {"links": (Link("answers", 2, 0.9),)}, "link", (1, 2, 2)),
    "nothing answered": (1, {"links": ()}, "link", (1, 2, 1)),
    "a restatement is no answer": (2, {"links": (Link("restates", 0, 0.9),)}, "counter", (0, 1, 0)),
}  # fmt: skip


@pytest.mark.parametrize(("number", "fields", "measure", "counts"), ALTERED.values(), ids=ALTERED)
def test_each_field_is_counted(number, fields, measure, counts):
    found = tally(TEXT, STATEMENTS, altered(number, **fields))
    assert tuple(sum(triple for (name, _), triple in found.items() if name == measure)) == counts


def test_a_source_of_another_sentence_may_stand_anywhere_if_it_is_the_same():
    def continued(place, who="Ines Calder", sentence=0):
        return replace(STATEMENTS[3], source=Source("person", place, sentence, who))

    text = extract("Calder"), extract("Calder", TEXT.index("called"))
    assert same_source(continued(text[0]), continued(text[1], sentence=2))
    assert not same_source(continued(text[0]), continued(text[1], who="Tom Calder", sentence=2))
    assert not same_source(continued(text[0]), continued(text[1], sentence=3)), "one of them stands in the sentence itself"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("THE PORT", "port", True), ("Police in Vey", "police", True), ("Marten", "Ilse Marten", True), ("he", "He", True),
        ("he", "the head of the port", False), ("Marten's deputy", "Marten", False), (None, None, False),
    ],
)  # fmt: skip
def test_identity(one, other, same):
    assert same_identity(one, other) == same_identity(other, one) == same


def test_a_content_of_marks_alone_is_empty():
    assert content_ranges("He said: “…” “.”", [Extract(13, 16, "“.”")]) == ()


def test_figures_and_gain_are_paired_and_come_from_clusters():
    wrong = altered(1, links=())
    half = {name: wrong if number % 2 else STATEMENTS for number, name in enumerate(NAMES)}
    found = measured(half, baseline=wrong)
    link, gain = found["model"]["link"], found["gain"]["link"]
    assert link["accuracy"] == pytest.approx(9 / 12)
    assert link["f1"] == pytest.approx(2 * 9 / (12 + 9))
    assert 0.5 <= link["accuracy_low"] < 0.75 < link["accuracy_high"] <= 1
    assert gain["accuracy"] == pytest.approx(0.25)
    assert gain["accuracy_low"] == pytest.approx(link["accuracy_low"] - 0.5), "the baseline is 0.5 in every draw"
    joined = measured(half, baseline=wrong, clusters={name: int(name[-1]) // 2 for name in NAMES})
    assert joined["model"]["link"]["accuracy_low"] == pytest.approx(0.75), "each cluster holds a right and a wrong one"
    assert set(measured(half, clusters=dict.fromkeys(NAMES, 1))["gain"]["link"]) == {"accuracy"}, "one cluster has no spread"


def test_macro_f1_is_the_mean_over_classes_and_a_class_that_nobody_has_is_left_out():
    found = measured(altered(1, kinds=("flat",)))["model"]["denial"]
    assert found["macro_f1"] == pytest.approx((1 + 0) / 2)
    assert found["f1"] == pytest.approx(2 / 3)


def test_types_of_quotation_are_those_of_the_annotation():
    found = measured(altered(2, quotation="direct", cue=None))["by_quotation"]
    assert {name: part["statements"] for name, part in found.items()} == {
        "direct": 0, "indirect": 12, "mixed": 6, "floating": 6, "none": 0,
    }  # fmt: skip
    assert (found["mixed"]["model"]["cue"], found["mixed"]["baseline"]["cue"]) == (0, 1)
    assert np.isnan(found["direct"]["model"]["cue"])


def test_statements_of_other_sentences_are_refused():
    with pytest.raises(ValueError, match=r"statements of the sentences \[0, 1, 2, 3\]\. Got \[0, 1, 2\]"):
        measured(STATEMENTS[:3])


def test_two_readers_are_measured_where_both_have_read():
    other = ({**ROWS[0], "kind": "role"}, *ROWS[1:])
    second = {name: AttributedArticle(id=name, rows=other) for name in NAMES[:2]}
    found = agreement(GOLD, second, ARTICLES, {}, 50, 0)
    assert (found["articles"], found["statements"]) == (2, 8)
    assert found["figures"]["kind"]["accuracy"] == 0.75
    assert found["figures"]["cue"]["f1"] == 1


def test_the_metrics_hold_the_headline_alone():
    found = headline(measured(altered(1, links=()), baseline=STATEMENTS))
    assert {"accuracy": 0.5, "f1": pytest.approx(2 / 3)}.items() <= found["model"]["link"].items()
    assert set(found["model"]["link"]) == {f"{told}{end}" for told in ("accuracy", "f1") for end in ("", "_low", "_high")}
    assert found["baseline"]["who"] == {"accuracy": 1.0}
    assert found["gain"]["link"]["accuracy"] == -0.5


def test_the_baseline_reads_as_it_says():
    found = baseline_ledger(TEXT, ARTICLES["quay-0"].sentences).statements
    assert [told(s) for s in found] == [
        ("Ines Calder", "said", ["The port sold its berths, "], "indirect"),
        ("Ilse Marten", "denied", [" it."], "indirect"),
        ("She", "called", [" Calder “a thief”."], "mixed"),
        (None, None, ["“Bank records show five payments.”"], "direct"),
    ]
    assert [s.target and s.target.words.text for s in found] == [None, None, "Calder", None]
    assert [s.kinds for s in found] == [(), ("flat",), (), ("record",)]


def told(s: Statement):
    source = s.source.words and s.source.words.text
    return source, s.cue and s.cue.text, [piece.text for piece in s.content], s.quotation


BREL, ORLO, BOTH = "Brel took bribes.", "Orlo hid boats.", "Orlo took bribes."
LINKED = {
    "the nearest that shares a word": (["A", BREL, "A", ORLO, "C", "It rained.", "D", "No bribes, said Brel."], [0]),
    "the nearest of several": (["A", BREL, "A", BOTH, "E", "A slip shows bribes."], [1]),
    "the nearest where none does": (["A", BREL, "A", ORLO, "D", "It is all false."], [1]),
    "none before": (["D", "It is all false.", "A", BREL], [None]),
    "only allegations": (["A", BREL, "E", "A slip shows boats.", "D", "Those boats were others."], [0, 0]),
}


@pytest.mark.parametrize(("marked", "links"), LINKED.values(), ids=LINKED)
def test_the_baseline_links_to_the_nearest_allegation_that_shares_a_word(marked, links):
    labels = {"A": "allegation", "D": "denial", "E": "evidence-claim", "C": "context"}
    spans, text = [], ""
    for letter, sentence in zip(marked[::2], marked[1::2], strict=True):
        spans.append(SimpleNamespace(start=len(text), end=len(text) + len(sentence), label=labels[letter]))
        text += sentence + " "
    found = baseline_ledger(text, spans).statements
    assert [s.linked("answers", "supports") for s in found if s.label != "allegation"] == links
