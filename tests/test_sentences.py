import json
from pathlib import Path

import pytest
from hypothesis import example, given
from texts import hostile

from pipeline import Span, split_sentences

GOLDEN = Path(__file__).with_name("sentences.jsonl")
CASES = {row["id"]: row for row in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines())}
LARGE = {
    "a megabyte without a stop": "word " * 200_000,
    "one token of a megabyte": "x" * 1_000_000,
    "stops without a space": "?!" * 100_000,
    "stops with spaces": ". " * 50_000,
    "quotation marks": '"' * 100_000,
    "glued sentences": "He left.She stayed." * 20_000,
    "open brackets": "(" * 100_000 + "A. B",
    "spaced dashes": "A — b? — " * 20_000,
    "short lines": "a\nb c\n" * 30_000,
    "sources": "Reuters" * 20_000,
    "entities": "&rdquo;." * 20_000,
    "lines like credits": ("AP" + "-A" * 108 + "?\n") * 500,
    "lines like dates": ("May 3, " * 30 + "x\n") * 500,
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    text, sentences = CASES[name]["text"], CASES[name]["sentences"]
    assert [text[s.start : s.end] for s in split_sentences(text)] == sentences


def assert_covers(text: str) -> None:
    end, covered = 0, []
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        assert span.start >= end
        assert sentence == sentence.strip() != ""
        end = span.end
        covered.append(sentence)
    assert "".join("".join(covered).split()) == "".join(text.split())


@given(hostile)
@example("A.\r\n\r\nB \ud800. &rdquo; \u200bC")
@example("\u30001. Apple")
@example("He left. [1]\xa0She stayed.")
@example("He left. \U0001f600\nand went")
def test_spans_are_ordered_trimmed_and_cover_every_character(text):
    assert_covers(text)


@pytest.mark.parametrize("name", LARGE)
def test_large_texts_lose_nothing(name):
    assert_covers(LARGE[name])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Nadia Haddad, Staff Writer", "boilerplate"),
        ("Published 3:14 p.m. GMT, 12 March 2019", "boilerplate"),
        ("Monday, 4 April 2022", "boilerplate"),
        ("14:05 GMT", "boilerplate"),
        ("Getty Images", "boilerplate"),
        ("Image copyrightReuters", "boilerplate"),
        ("(Photo: Lena Orr/The Ledger)", "boilerplate"),
        ("Read more: The village that voted for nobody", "boilerplate"),
        ("Subscribe to our newsletter", "boilerplate"),
        ("Subscribe\nto our newsletter!", "boilerplate"),
        ("Advertisement", "boilerplate"),
        ("Copyright 2016 WBRA. All rights reserved.", "boilerplate"),
        ("— Owen Sandhu (@owensand) March 3, 2019", "boilerplate"),
        ("By noon the square was full.", "prose"),
        ("Photos show a man who was not there, the lawyer said.", "prose"),
        ("Related charges were dropped in May, the court said.", "prose"),
        ("Share prices fell.", "prose"),
        ("More people came on Monday.", "prose"),
        ("May 3 was the last day.", "prose"),
        ("Comments made by the minister were false, she said.", "prose"),
        ("Mayor denies it all", "prose"),
    ],
)
def test_furniture_is_told_from_prose(line, kind):
    before, behind = "The bridge is shut.", "It will open in May."
    spans = split_sentences(f"{before}\n{line}\n{behind}")
    assert [s.kind for s in spans if s.start == len(before) + 1] == [kind]
    assert {spans[0].kind, spans[-1].kind} == {"prose"}


def test_spans_compare_by_their_range():
    assert Span(0, 5, "boilerplate") == Span(0, 5)
    assert len({Span(0, 5, "boilerplate"), Span(0, 5)}) == 1


def test_every_table_row_is_a_case_of_its_own():
    rows = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(CASES) >= 200
    assert len({row["text"] for row in CASES.values()}) == len(rows)
