"""`stance score` in every format: what is written, under which name, and what is refused."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scored import Model, document, scored

from pipeline import Document, load_model
from pipeline.label_studio import read_answers, read_tasks
from pipeline.row_files import write_csv, write_parquet
from pipeline.views import carried_columns, row_names

ARTICLE = "A clerk accused the mayor of taking money. The mayor denied the charge.\n"
TABLE = (
    '{"body": "A baker accused the warden. He denied it.", "label": "mine", "n": 1, "tags": ["port"], "p_x": true}\n'
    '{"body": "The fund holds two million.", "n": 2.5, "later": "x"}\n'
)


@pytest.fixture
def score(stance_score, tmp_path):
    """Run `stance score` in a folder with an article and a table; return exit code, what it printed, and its complaint."""
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "t.jsonl").write_text(TABLE)
    return stance_score


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_columns_of_the_input_stand_behind_ours_under_names_of_their_own(score, toy):
    _, printed, _ = score("t.jsonl", "--text-column", "body")
    rows = [json.loads(line) for line in printed.splitlines()]
    ours = row_names(load_model(toy).labels)
    assert list(rows[0]) == [*ours, "input_label", "n", "tags", "input_p_x"]
    assert (rows[0]["input_label"], rows[0]["tags"], rows[2]["n"]) == ("mine", ["port"], 2.5)
    _, printed, _ = score("t.jsonl", "--text-column", "body", "--format", "csv")
    table = read_csv(printed)
    assert list(table[0]) == [*ours, "input_label", "n", "tags", "input_p_x", "later"]
    assert [(row["n"], row["tags"], row["later"]) for row in table] == [("1", '["port"]', "")] * 2 + [("2.5", "", "x")]


def test_names_that_clash_differ_in_the_end():
    extra = {
        "label": 1,
        "input_label": 2,
        "input_input_label": 3,
        "words": 4,
        "\ud800": "\ud800",
        "deep": {"\udfff": ["\ud800"]},
    }
    assert list(carried_columns(extra).items()) == [
        ("input_input_input_label", 1), ("input_label", 2), ("input_input_label", 3), ("input_words", 4),
        ("\ufffd", "\ufffd"), ("deep", {"\ufffd": ["\ufffd"]}),
    ]  # fmt: skip


def test_parquet_has_the_rows_of_jsonl_and_keeps_types(score, tmp_path):
    assert score("t.jsonl", "--text-column", "body", "--explain", "--out", "rows.parquet")[0] == 0
    _, printed, _ = score("t.jsonl", "--text-column", "body", "--explain")
    table = pq.read_table(tmp_path / "rows.parquet")
    expected = [json.loads(line) for line in printed.splitlines()]
    found = [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
    assert [{**row, "tags": json.loads(row["tags"])} if "tags" in row else row for row in found] == expected
    kinds = {name: table.schema.field(name).type for name in ("start", "p_charge", "needs_review", "n", "input_p_x", "later")}
    assert list(kinds.values()) == [pa.int64(), pa.float64(), pa.bool_(), pa.float64(), pa.bool_(), pa.string()]


KINDS = {
    "whole and number": ([1, 2.5], pa.float64(), [1.0, 2.5]),
    "whole and nothing": ([None, 3], pa.int64(), [None, 3]),
    "large": ([2**60, 1], pa.int64(), [2**60, 1]),
    "larger than any": ([2**70, 1], pa.string(), [str(2**70), "1"]),
    "large and number": ([2**60 + 1, 0.5], pa.string(), [str(2**60 + 1), "0.5"]),
    "truth and text": ([True, "yes"], pa.string(), ["true", "yes"]),
    "truth and whole": ([True, 1], pa.string(), ["true", "1"]),
    "lists": ([[1, "é"], {"a": None}], pa.string(), ['[1, "é"]', '{"a": null}']),
    "nothing at all": ([None, None], pa.string(), [None, None]),
}


@pytest.mark.parametrize(("values", "kind", "written"), KINDS.values(), ids=KINDS)
def test_a_column_is_written_whatever_it_holds(tmp_path, values, kind, written):
    found = [document(str(i), "It rained.", extra={"x": value}) for i, value in enumerate(values)]
    write_parquet(Model(), iter(found), tmp_path / "rows.parquet")
    column = pq.read_table(tmp_path / "rows.parquet")["x"]
    assert (column.type, column.to_pylist()) == (kind, written)


def test_rows_are_not_kept_in_memory(tmp_path):
    import tracemalloc

    text = "It rained on the quay and the chief denied it. " * 10

    def many(count):
        sentences = scored(text)
        return ((Document(str(n), text, extra={"outlet": "The Quay"}), sentences) for n in range(count))

    peaks = []
    for count in (100, 1000):
        tracemalloc.start()
        with (tmp_path / "rows.csv").open("w", encoding="utf-8") as stream:
            write_csv(Model(), many(count), stream, beside=tmp_path / "rows.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000, peaks
    assert (tmp_path / "rows.csv").read_bytes().count(b"\n") == 1 + 1000 * 10
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"], "what waits has no name"


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("o.csv", b"document,"),
        ("o.parquet", b"PAR1"),
        ("o.html", b"<!doctype html>"),
        ("o.htm", b"<!doctype"),
        ("o.txt", b'{"document"'),
    ],
)
def test_the_name_says_the_format(score, tmp_path, name, begins):
    assert score("a.txt", "--out", name) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_page_and_a_site(score, tmp_path):
    _, page, _ = score("a.txt", "--format", "html")
    assert score("a.txt", "--out", "a.html")[0] == 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page
    assert score("a.txt", "t.jsonl", "--text-column", "body", "--format", "html", "--out", "site", "--outlet-column", "n") == (
        2, "", "error: a.txt: has no column 'n' (--outlet-column): beside its text it has none\n"
    )  # fmt: skip
    assert not (tmp_path / "site").exists()
    assert score("t.jsonl", "--text-column", "body", "--format", "html", "--out", "site", "--outlet-column", "n")[0] == 0
    outlets = [row["outlet"] for row in read_csv((tmp_path / "site" / "summary.csv").read_text())]
    assert outlets == ["1", "2.5"]


def test_label_studio_gets_every_sentence_and_its_labels(score, tmp_path, toy):
    labels = load_model(toy).labels
    assert score("a.txt", "--format", "label-studio", "--out", "tasks.json")[0] == 0
    [(_, task)] = read_tasks(tmp_path / "tasks.json")
    assert (task.data.id, task.data.text) == ("a.txt", ARTICLE)
    assert all(f'value="{label}"' in (tmp_path / "tasks.xml").read_text() for label in labels)
    [written] = json.loads((tmp_path / "tasks.json").read_text())
    written["annotations"] = written.pop("predictions")
    (tmp_path / "answers.json").write_text(json.dumps([written]))
    [(_, _, answers)] = read_answers(tmp_path / "answers.json", labels)
    assert [(a.start, a.end, a.label) for a in answers] == [(0, 42, "charge"), (43, 71, "answer")]


def test_prior_and_thresholds_change_what_is_written_and_are_named_in_it(score):
    _, plain, _ = score("a.txt")
    _, changed, _ = score(
        "a.txt", "--prior", "charge=0.1, answer=0.1, rest=0.8", "--threshold", "answer=0.99", "--threshold", "rest=0.9"
    )
    before, after = ([json.loads(line) for line in printed.splitlines()] for printed in (plain, changed))
    assert after[0]["model"] == before[0]["model"] + "; prior charge=0.1,answer=0.1,rest=0.8; threshold answer=0.99,rest=0.9"
    assert all(a["p_rest"] > b["p_rest"] for a, b in zip(after, before, strict=True))
    assert (before[1]["label"], after[1]["label"]) == ("answer", "charge")


MISTAKES = {
    "several articles on a page": (["--out", "o.html"], "there is more than one article: name a folder for their pages, say"),
    "parquet without a name": (["--format", "parquet"], "--format parquet: is not written to standard output: name a file"),
    "tasks under another name": (["--format", "label-studio", "--out", "o.txt"], "o.txt: the name must end in .json"),
    "outlets without a site": (
        ["--outlet-column", "n"],
        "--outlet-column: the summary by outlet is part of a site: add --format",
    ),
    "outlets on a page": (
        ["--out", "o.html", "--outlet-column", "n"],
        "--outlet-column: the summary by outlet is part of a site",
    ),
    "a folder that is there": (["--format", "html", "--out", "there"], "there: is there already: name a new folder"),
    "a prior without a number": (["--prior", "charge"], "--prior: must be LABEL=NUMBER, say denial=0.4. Got 'charge'"),
    "a prior of too few": (["--prior", "charge=1"], "the prior must give a share to each of ['charge', 'answer', 'rest']"),
    "a threshold of none": (["--threshold", "x=1"], "a threshold must be of one of ['charge', 'answer', 'rest']. Got 'x'"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_leaves_nothing(score, tmp_path, arguments, message):
    (tmp_path / "there").mkdir()
    before = sorted(tmp_path.rglob("*"))
    code, printed, told = score("t.jsonl", "--text-column", "body", *arguments)
    assert (code, printed, told.count("\n")) == (2, "", 1)
    assert told.startswith(f"error: {message}")
    assert sorted(tmp_path.rglob("*")) == before
