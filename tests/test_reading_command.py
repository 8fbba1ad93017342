"""`stance score` over what it reads: the rows that come out, and what is said where nothing can."""

import json
import sys

import pytest
from readable import PAGE

from pipeline.reading import ReadingOptions, read


@pytest.fixture
def score(stance_score):
    """Run `stance score` in an empty folder; return exit code, rows and stderr."""

    def command(*arguments):
        code, printed, complaint = stance_score("--format", "jsonl", *arguments)
        return code, [json.loads(line) for line in printed.splitlines()], complaint

    return command


def test_offsets_are_those_of_the_text_that_was_extracted(score, tmp_path):
    (tmp_path / "quay.html").write_text(PAGE)
    code, rows, _ = score("quay.html")
    [page] = read(["quay.html"], ReadingOptions())
    assert code == 0
    assert [row["text"] for row in rows] == [page.text[row["start"] : row["end"]] for row in rows]
    assert "“A lie,” she said." in [row["text"] for row in rows]


def test_kinds_in_a_folder_that_are_not_read_are_told_in_one_line(score, tmp_path):
    for name in ("a.txt", "b.doc", "c.doc"):
        (tmp_path / name).write_text("It rained.")
    code, rows, told = score(".")
    assert (code, [row["document"] for row in rows]) == (0, ["a.txt"])
    assert told == "note: 2 files of other kinds left out (2 .doc): name a file itself to have it read\n"


def test_an_input_that_cannot_be_scored_ends_the_command_and_leaves_the_old_output(score, tmp_path):
    (tmp_path / "t.csv").write_text("body\nIt rained.\n")
    (tmp_path / "out.jsonl").write_text("old")
    code, _, told = score("t.csv", "--out", "out.jsonl")
    assert (code, told) == (2, "error: t.csv: has no column 'text': name one with --text-column; it has 'body'\n")
    assert (tmp_path / "out.jsonl").read_text() == "old"
    code, _, told = score("t.csv", "--text-column", "body", "--out", "./t.csv")
    assert (code, told) == (2, "error: t.csv: is one of the articles, and would be overwritten: name another --out\n")
    assert score("t.csv", "--text-column", "body")[0] == 0


@pytest.mark.parametrize(("file", "module"), [("a.html", "trafilatura"), ("a.pdf", "pypdf"), ("a.rss", "feedparser")])
def test_what_is_not_installed_says_what_to_type(score, tmp_path, monkeypatch, file, module):
    (tmp_path / file).write_text(PAGE)
    monkeypatch.setitem(sys.modules, module, None)
    assert score(file) == (1, [], f"error: this needs {module}: run `pip install 'stance-signals[pages]'`\n")
