import re

import pytest

from pipeline.corpus import Article
from pipeline.noise_kinds import NOISES, curled, straight
from pipeline.page_noise import with_page_noise

TITLE = "Union says ferry firm hid crew shortages"
LINES = [
    (TITLE, "\n\n"),
    ("The ferry firm Norlina hid crew shortages from inspectors, the seamen's union said on Monday.", " "),
    ('"That is untrue & absurd," a spokesman said.', " "),
    ("Rosters seen by the harbour office list nine crossings with two men on deck.", "\n\n"),
    ("Norlina carries 400,000 passengers a year between the islands.", " "),
    ("The harbour office had opened an inquiry in May.", " "),
    ('It ended without a finding, and the union called that "a whitewash".', "\n\n"),
    ("Crossings went on as planned on Tuesday.", "\n\n"),
    ('The spokesman said: "We have nothing to hide."', ""),
]


def article(name: str) -> Article:
    text, sentences = "", []
    for i, (line, gap) in enumerate(LINES):
        sentences.append({"start": len(text), "end": len(text) + len(line), "label": f"label {i}"})
        text += line + gap
    return Article.model_validate({"id": name, "title": TITLE, "text": text, "sentences": sentences})


def noisy(name: str, share: float = 1.0, seed: int = 0, label: str | None = "put in") -> tuple[Article, tuple[str, ...]]:
    return with_page_noise(article(name), share, seed, label, ["Flour mill to close", "Two held over fire"])


def bare(text: str) -> str:
    """What of a sentence every kind of noise leaves alone: its words, entities and what is put before or behind it aside."""
    return re.sub(r"&#?\w+;|[^A-Za-z]", "", text)


def test_gold_spans_follow_the_text():
    for number in range(300):
        changed, kinds = noisy(f"a{number}")
        assert Article.model_validate(changed.model_dump()) == changed
        assert kinds
        kept = [s for s in changed.sentences if s.label != "put in"]
        assert [s.label for s in kept] == [f"label {i}" for i in range(len(LINES))]
        for sentence, (line, _) in zip(kept, LINES, strict=True):
            found = changed.text[sentence.start : sentence.end]
            assert bare(line) in bare(found)
            assert found == found.strip()
        covered = "".join(changed.text[s.start : s.end] for s in changed.sentences)
        assert "".join(covered.split()) == "".join(changed.text.split())


def test_noise_depends_on_the_id_and_the_seed_alone():
    first = [noisy(f"a{i}", 0.35) for i in range(400)]
    assert first == [noisy(f"a{i}", 0.35) for i in range(400)]
    assert first != [noisy(f"a{i}", 0.35, seed=1) for i in range(400)]
    assert 100 < sum(bool(kinds) for _, kinds in first) < 180
    assert all(changed == article(changed.id) for changed, kinds in first if not kinds)


def test_every_kind_comes_up_and_what_is_put_in_may_stay_without_label():
    seen = set()
    for number in range(300):
        labelled, kinds = noisy(f"a{number}")
        seen.update(kinds)
        without, _ = noisy(f"a{number}", label=None)
        assert without.text == labelled.text
        assert without.sentences == tuple(s for s in labelled.sentences if s.label != "put in")
    assert seen == set(NOISES)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("glued credit", r"(?:Reuters|AP|AFP|EPA|Images|File|Bloomberg|PA|\))[A-Z][a-z]"),
        ("missing space", r'\."?[A-Z]|\.""[A-Z]'),
        ("missing break", r"deck\. ?Norlina"),
        ("hard wrap", r"[a-z]\n[a-z]"),
        ("byline", r"\nBy [A-Z]"),
        ("dateline", r"[A-Z]{3}.* [—–-] The ferry"),
        ("read more", r"\n[^\n]+(?:Flour mill to close|Two held over fire)\n"),
        ("html entity", r"&\w+;|&#\d+;"),
        ("doubled quotes", r"''|\"\""),
        ("live stamps", r"\n\d\d:\d\d"),
        ("tweet", r"pic\.twitter\.com/\w+ — \w"),
        ("list", r"\n(?:• |- |\* |2\. )"),
        ("mixed quotes", r"[“”’]"),
    ],
)
def test_a_kind_shows_in_the_text(kind, pattern):
    assert not re.search(pattern, article("a").text)
    found = [text.text for text, kinds in (noisy(f"a{i}") for i in range(1000)) if kinds == (kind,)]
    assert found
    assert all(re.search(pattern, text) for text in found)


def test_quotation_marks_are_exchanged_one_for_one():
    text = '"Why," she said ("it\'s \'so\' bad") — "go"'
    assert curled(text) == "“Why,” she said (“it’s ‘so’ bad”) — “go”"
    assert straight(curled(text)) == text
