"""`stance ledger`, `compare` and `verify`: what is written, what is told where a receipt and its article differ."""

import csv
import json
import sys

import pytest
from noted import MADE_BY, TEXT, LedgerModel

from pipeline.cli import run
from pipeline.ledger.receipts import TOLERANCE

MODEL = LedgerModel()


@pytest.fixture
def stance(tmp_path, monkeypatch, capsys):
    """Run `stance` in a folder with two articles; return exit code, what it printed, and its complaint."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quay.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "pier.txt").write_text(TEXT + " It rained all of the day.", encoding="utf-8")

    def command(*arguments, model=MODEL):
        monkeypatch.setattr("pipeline.scorer.load_model", lambda path=None: model)
        monkeypatch.setattr(sys, "argv", ["stance", *arguments])
        with pytest.raises(SystemExit) as ended:
            run()
        return ended.value.code, *capsys.readouterr()

    return command


@pytest.fixture
def receipt(stance, tmp_path):
    """The receipt of both articles, one a line."""
    assert stance("ledger", "quay.txt", "pier.txt", "--out", "receipt.json")[0] == 0
    return tmp_path / "receipt.json"


def changed(receipt, change):
    """Write the first line of a receipt anew, after `change`."""
    line = json.loads(receipt.read_text(encoding="utf-8").split("\n")[0])
    change(line)
    receipt.write_text(json.dumps(line), encoding="utf-8")


def test_json_is_a_line_an_article(stance):
    code, printed, _ = stance("ledger", "quay.txt", "pier.txt")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert (code, [line["document"] for line in lines]) == (0, ["quay.txt", "pier.txt"])
    assert [row["sentence"] for row in lines[1]["statements"]] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize("command", ["ledger", "score"])
def test_a_page_or_a_folder_of_pages_is_written(stance, tmp_path, command):
    assert stance(command, "quay.txt", "--out", "quay.html")[0] == 0
    assert 'id="l2"' in (tmp_path / "quay.html").read_text(encoding="utf-8")
    assert stance(command, "quay.txt", "pier.txt", "--format", "html", "--out", "site")[0] == 0
    pages = list((tmp_path / "site" / "articles").glob("*.html"))
    assert len(pages) == 2
    assert all('id="l2"' in page.read_text(encoding="utf-8") for page in pages)
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert all(f"articles/{page.name}" in index for page in pages)


def test_a_scored_page_has_words_and_ledger(stance, tmp_path):
    assert stance("score", "quay.txt", "--explain", "--out", "quay.html")[0] == 0
    page = (tmp_path / "quay.html").read_text(encoding="utf-8")
    assert ('<p class="moved">' in page, 'id="ledger"' in page) == (True, True)


REFUSED = {
    "two articles on one page": (
        ("ledger", "quay.txt", "pier.txt", "--out", "both.html"),
        "there is more than one article: name a folder for their pages, say --out site/",
    ),
    "an article as output": (
        ("ledger", "quay.txt", "--out", "quay.txt"),
        "quay.txt: is one of the articles, and would be overwritten: name another --out",
    ),
    "one article to compare": (
        ("compare", "quay.txt"), "quay.txt: is one article: name at least two that tell of one story",
    ),
    "no receipt": (("verify", "none.json"), "none.json: no such file"),
    "a receipt that is an article": (("verify", "quay.txt"), "quay.txt, line 1: is not JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_one_line(stance, arguments, told):
    code, printed, complaint = stance(*arguments)
    assert (code, printed) == (2, "")
    assert complaint.startswith(f"error: {told}")
    assert complaint.count("\n") == 1


def test_a_receipt_agrees_with_what_it_was_made_of(stance, receipt):
    told = f"receipt.json: agrees: text, offsets and 10 statements, by {MODEL.id}\n"
    assert stance("verify", "receipt.json") == (0, told, "")


def test_one_statement_is_a_receipt_and_its_article_may_have_moved(stance, receipt, tmp_path):
    row = json.loads(receipt.read_text(encoding="utf-8").split("\n")[0])["statements"][1]
    (tmp_path / "row.json").write_text(json.dumps(row, indent=2), encoding="utf-8")
    (tmp_path / "quay.txt").rename(tmp_path / "moved.txt")
    assert stance("verify", "row.json", "moved.txt")[:2] == (
        0,
        f"row.json: agrees: text, offsets and 1 statement, by {MODEL.id}\n",
    )
    code, _, complaint = stance("verify", "row.json")
    assert code == 2
    assert complaint == "error: row.json: its article 'quay.txt' is not here: name the file that holds it after the receipt\n"


def test_articles_of_a_table_are_found_by_their_names(stance, tmp_path):
    rows = [{"key": "a", "body": "It rained and rained on the old quay."}, {"key": "b", "body": TEXT}]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    columns = ("--text-column", "body")
    assert stance("ledger", "t.jsonl", *columns, "--out", "lines.json")[0] == 0
    assert stance("verify", "lines.json", *columns)[0] == 0
    columns += ("--id-column", "key")
    assert stance("ledger", "t.jsonl", *columns, "--out", "named.json")[0] == 0
    assert stance("verify", "named.json", "t.jsonl", *columns)[0] == 0
    code, _, complaint = stance("verify", "named.json", "quay.txt")
    assert (code, complaint) == (2, "error: named.json, line 1: quay.txt holds no article called 'a', and none with its text\n")


def rewrite(number, **values):
    return lambda line: line["statements"][number].update(values)


DIFFERENCES = {
    "a role": (rewrite(1, label="allegation"), ['sentence 3, label: recorded "allegation", now "denial"']),
    "a link": (rewrite(1, links=[]), ["sentence 3, links: recorded [], now "]),
    "a rule": (rewrite(0, rules={}), ['sentence 1, rules: recorded {}, now {"source": "forward"}']),
    "an offset": (
        rewrite(1, cue={"start": 0, "end": 4, "text": "said"}),
        ["sentence 3, cue at 0 to 4: recorded 'said', now 'Harb'", "sentence 3, cue: recorded "],
    ),
    "a statement less": (lambda line: line["statements"].pop(1), ["sentence 3: recorded nothing, now denial"]),
    "a statement more": (
        lambda line: line["statements"].append({**line["statements"][1], "sentence": 0}),
        ["sentence 0: recorded denial, now nothing"],
    ),
    "a signal": (
        lambda line: line["signals"][0].update(told="x"),
        ["signal hardening: recorded x, now nothing", "signal hardening: recorded nothing, now 1 allegation is hedged"],
    ),
    "who labelled": (
        lambda line: line.update(labelled_by="people"),
        ["models (so only the text and the offsets are compared): recorded ledger-0123456789ab and people, now ledger-"],
    ),
}


@pytest.mark.parametrize(("change", "told"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_difference_is_a_line_with_what_was_recorded_and_what_is_now(stance, receipt, change, told):
    changed(receipt, change)
    code, printed, _ = stance("verify", "receipt.json")
    lines = printed.splitlines()
    assert (code, len(lines)) == (2, len(told))
    assert all(line.startswith(f"receipt.json: {begun}") for line, begun in zip(lines, told, strict=True))


@pytest.mark.parametrize(("change", "code"), [(0.5 * TOLERANCE, 0), (2 * TOLERANCE, 2)], ids=["rounding", "another"])
def test_a_probability_may_differ_by_rounding(stance, receipt, change, code):
    changed(receipt, rewrite(1, probability=0.7 + change))
    assert stance("verify", "receipt.json")[0] == code


def test_of_another_text_hash_and_offsets_are_told_and_of_many_a_count(stance, receipt, tmp_path):
    (tmp_path / "quay.txt").write_text("So: " + TEXT, encoding="utf-8")
    (tmp_path / "pier.txt").write_text("So: " + TEXT, encoding="utf-8")
    code, printed, _ = stance("verify", "receipt.json")
    lines = printed.splitlines()
    assert code == 2
    assert lines[0].startswith("receipt.json, line 1: text_sha256: recorded ")
    assert "sentence 3, cue at" in printed
    assert "probability" not in printed
    assert len(lines) == 21
    assert lines[-1].startswith("… and ")


def test_another_model_is_told_first_and_then_text_and_offsets_alone_are_compared(stance, receipt):
    changed(receipt, rewrite(1, label="allegation"))
    code, printed, _ = stance("verify", "receipt.json", model=LedgerModel(name="stance-ffffffffffff"))
    told = f"recorded {MADE_BY} and stance-0123456789ab, now {MADE_BY} and stance-ffffffffffff"
    assert (code, printed) == (2, f"receipt.json: models (so only the text and the offsets are compared): {told}\n")


BROKEN = {
    "a list": ("[1]", "is no ledger and no statement of one: hand over what `stance ledger --format json` wrote"),
    "another schema": ({"schema": 7}, "schema: Input should be 1. Got 7"),
    "nothing": ("", "holds no receipt: write one with `stance ledger --format json`"),
    "half a line": ('{"statements": [', "line 1: is not JSON"),
    "far too deep": ("[" * 100_000, "line 1: is not JSON"),
}


@pytest.mark.parametrize(("content", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_receipt_is_one_line(stance, receipt, content, told):
    if isinstance(content, str):
        receipt.write_text(content)
    else:
        changed(receipt, lambda line: line.update(content))
    code, printed, complaint = stance("verify", "receipt.json")
    assert (code, printed, complaint.count("\n")) == (2, "", 1)
    assert complaint.startswith("error: receipt.json")
    assert told in complaint


def test_a_comparison_tells_which_article_carries_what(stance, tmp_path):
    assert stance("compare", "quay.txt", "pier.txt", "--out", "c.csv")[0] == 0
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    lines = [json.loads(line) for line in stance("compare", "quay.txt", "pier.txt")[1].splitlines()]
    assert len(table) == len(lines) == 4
    assert {row["document"] for row in table} == {row["document"] for row in lines} == {"quay.txt", "pier.txt"}
    code, printed, _ = stance("compare", "quay.txt", "pier.txt", "--format", "table")
    assert code == 0
    assert "The port may have sold berths for cash" in printed
