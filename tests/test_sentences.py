import pytest
from hypothesis import given
from texts import hostile

from pipeline import split_sentences

CASES = {
    "blank line ends": ("No full stop here\n\nAnd then?", ["No full stop here", "And then?"]),
    "line break ends a headline": ("Mayor resigns\nShe left on Monday.", ["Mayor resigns", "She left on Monday."]),
    "hard-wrapped lines join": (
        "The ministry said on Tuesday that it had received\nno letter from the town and that nobody there had\nasked. It left.",
        [
            "The ministry said on Tuesday that it had received\nno letter from the town and that nobody there had\nasked.",
            "It left.",
        ],
    ),
    "a headline before hard-wrapped text": (
        "Harbour chief denies it all\nThe harbour chief said on Tuesday that she had received\n"
        "no letter from the town and that nobody had\nasked.",
        [
            "Harbour chief denies it all",
            "The harbour chief said on Tuesday that she had received\nno letter from the town and that nobody had\nasked.",
        ],
    ),
    "headlines of like length do not join": (
        "Harbour chief denies selling berths to friends of mayor\nFerry company to cut two routes in spring timetable\n"
        "Council delays vote on new bridge until the summer",
        [
            "Harbour chief denies selling berths to friends of mayor",
            "Ferry company to cut two routes in spring timetable",
            "Council delays vote on new bridge until the summer",
        ],
    ),
    "lower case goes on": ("Subscribe\nto our newsletter!", ["Subscribe\nto our newsletter!"]),
    "windows line ends": ("One.\r\nTwo.\r\n\r\nThree", ["One.", "Two.", "Three"]),
    "title abbreviation": ("Dr. Dunn spoke. Mr. Roe did not.", ["Dr. Dunn spoke.", "Mr. Roe did not."]),
    "empty": ("", []),
    "white space": (" \n\t\u00a0\r\n", []),
}


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES)
def test_cases(text, sentences):
    assert [text[s.start : s.end] for s in split_sentences(text)] == sentences


@given(hostile)
def test_spans_are_ordered_trimmed_and_cover_every_character(text):
    end, covered = 0, ""
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        assert span.start >= end
        assert sentence == sentence.strip() != ""
        end, covered = span.end, covered + sentence
    assert "".join(covered.split()) == "".join(text.split())
