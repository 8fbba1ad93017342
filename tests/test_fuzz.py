"""A few thousand hostile inputs, and some that were slow once; `tests/fuzz/nightly.py` runs millions."""

import time

import pytest
from fuzz import inputs
from fuzz.targets import TARGETS, model
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import Kind, ReadingOptions, Source, read_sources

EXAMPLES = {"score": 500, "score-encoded": 10, "text": 200, "jsonl": 200, "csv": 200, "manifest": 150}
LIMIT = 2.0  # seconds of processor time for 100 kB


@pytest.mark.filterwarnings("default")  # of the libraries that take broken files apart
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks(name):
    @given(st.integers(0, inputs.RARELY - 1), st.binary(max_size=80))  # what takes long when it is long stands below
    @settings(max_examples=EXAMPLES.get(name, 100), deadline=None)
    def run(how, rest):
        TARGETS[name](bytes([how]) + rest)

    run()


SLOW_TEXTS = {
    "names behind an article": "#$:murders 9",
    "names and cues without a stop": "condemns By murders states ",
    "names without a space": 'PAThe "9',
    "pronouns inside names": "Orlo's Her ",
    "quotation marks": '"“',
    "open brackets": "([{",
    "combining marks": "a\u0301\u0301",
    "digits": "9",
    "right to left": "\u202eא",
    "entities": "&rdquo;.",
    "ellipses": ". . . ",
    "white space": " \u00a0\t",
    "sources": "Reuters/",
    "dates": "May 3, ",
    "addresses": "http://a.b/c.D",
}


@pytest.mark.parametrize("unit", SLOW_TEXTS.values(), ids=SLOW_TEXTS)
def test_a_text_of_100_kb_takes_no_two_seconds(unit):
    text = f"He said {unit * (inputs.LARGEST // len(unit))} and left."
    scorer = model()
    begin = time.process_time()
    scored = scorer.score(text, title=text)
    assert time.process_time() - begin < LIMIT
    assert "".join("".join(s.text.split()) for s in scored) == "".join(text.split())


SLOW_FILES = {
    "nested lists": (Kind.PAGE, "<li>}<pre>"),
    "nested blocks": (Kind.PAGE, "<div>"),
    "paragraphs in nested tables": (Kind.PAGE, "<p>" * 97 + "<table>"),
    "open tags": (Kind.PAGE, "<a href="),
    "comments": (Kind.PAGE, "<!--"),
    "scripts": (Kind.PAGE, '<script type="application/ld+json">{'),
    "entries without an end": (Kind.FEED, "<channel><entry>"),
    "a header of many cells": (Kind.CSV, "\ttext"),
    "cells without an end": (Kind.CSV, '"text",'),
    "JSON without an end": (Kind.JSONL, '{"text":'),
    "parts of a mail": (Kind.MHTML, "--b\nContent-Type: text/html\n\n"),
    "broken objects": (Kind.PDF, "/ASCII85Decode 2 0 obj\nstartxref\n"),
}
BEGINS = {
    Kind.CSV: "id",
    Kind.PDF: "%PDF-1.7\n",
    Kind.FEED: "<rss version='2.0'>",
    Kind.MHTML: "From: a\nContent-Type: multipart/related; boundary=b\n\n",
}


@pytest.mark.parametrize(("kind", "unit"), SLOW_FILES.values(), ids=SLOW_FILES)
def test_a_file_of_100_kb_takes_no_two_seconds(tmp_path, kind, unit):
    path = tmp_path / "input"
    path.write_text(BEGINS.get(kind, "") + unit * (inputs.LARGEST // len(unit)), encoding="utf-8")
    list(read_sources([Source(str(path), kind)], ReadingOptions()))  # what is imported takes its time once
    begin = time.process_time()
    assert list(read_sources([Source(str(path), kind)], ReadingOptions()))
    assert time.process_time() - begin < LIMIT
