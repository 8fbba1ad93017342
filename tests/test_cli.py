import csv
import io
import json
import os
import pty
import subprocess

import pytest
from conftest import STANCE

from pipeline.views import row_names

ARTICLE = "Harbour chief under fire\nA clerk accused him of fraud. \u201cA lie,\u201d he said.\n"


@pytest.fixture
def stance(project, tmp_path):
    """Run the command in an empty folder with the trained model."""

    def run(*arguments, text=None, model=None):
        command = [STANCE, *map(str, arguments)]
        environment = {**os.environ, "STANCE_MODEL": str(model or project.root / "models" / "scorer"), "LC_ALL": "C"}
        data = text.encode() if isinstance(text, str) else text
        return subprocess.run(command, cwd=tmp_path, env=environment, input=data, capture_output=True, check=False)

    return run


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "harbour.txt"
    path.write_bytes(ARTICLE.encode())
    return path


def test_jsonl_is_what_score_returns(stance, article, model):
    done = stance("score", article.name)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [list(row) for row in rows] == [row_names(model.labels)] * 3
    assert [(r["start"], r["end"], r["label"]) for r in rows] == [(s.start, s.end, s.label) for s in model.score(ARTICLE)]
    assert {r["document"] for r in rows} == {"harbour.txt"}
    assert {r["model"] for r in rows} == {model.id}


def test_explain_adds_the_words_that_moved_the_score(stance, article, model):
    done = stance("score", article.name, "--explain")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert list(rows[0]) == row_names(model.labels, explained=True)
    assert "accused" in [word["text"] for word in rows[1]["words"]]
    assert all(ARTICLE[word["start"] : word["end"]] == word["text"] for row in rows for word in row["words"])
    table = list(csv.DictReader(io.StringIO(stance("score", article.name, "--explain", "--format", "csv").stdout.decode())))
    assert "accused +" in table[1]["words"]


def test_csv_from_standard_input(stance):
    done = stance("score", "-", "--format", "csv", text="\ufeff" + ARTICLE)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [row["text"] for row in rows] == [
        "Harbour chief under fire",
        "A clerk accused him of fraud.",
        "\u201cA lie,\u201d he said.",
    ]
    assert rows[0]["start"] == "0", "the byte order mark is no part of the text"


def test_the_table_marks_roles_without_colour(stance, article):
    table = stance("score", article.name, "--format", "table").stdout.decode()
    assert "▲ allegation" in table
    assert "\x1b[" not in table


def test_on_a_terminal_the_table_is_the_default_and_coloured(project, article):
    leader, follower = pty.openpty()
    command = [STANCE, "score", str(article)]
    environment = {**os.environ, "STANCE_MODEL": str(project.root / "models" / "scorer"), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(command, env=environment, stdin=follower, stdout=follower, stderr=subprocess.PIPE, check=False)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert done.returncode == 0, done.stderr
    assert "\x1b[31m▲ allegation" in shown


def test_a_folder_and_a_file_to_a_file(stance, article, tmp_path):
    (tmp_path / "more" / "deep").mkdir(parents=True)
    (tmp_path / "more" / "deep" / "b.txt").write_text("It rained.")
    (tmp_path / "more" / "a.txt").write_text("It snowed.")
    (tmp_path / "more" / "notes.md").write_text("Not read.")
    done = stance("score", article.name, "more", "--out", "out.csv")
    assert (done.returncode, done.stdout) == (0, b"")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert [row["document"] for row in rows] == ["harbour.txt"] * 3 + ["more/a.txt", "more/deep/b.txt"]


MISTAKES = {
    "missing file": (["nope.txt"], None, 2, "nope.txt: no such file or folder"),
    "binary": (["binary"], None, 2, "binary: is a binary, not text: hand over plain text in UTF-8"),
    "not UTF-8": (["-"], b"caf\xe9.", 2, "standard input: is not UTF-8 (byte 3 is 0xe9): convert it"),
    "no text": (["blank.txt"], None, 2, "blank.txt: holds no text"),
    "empty input": (["-"], b"", 2, "standard input: holds no text"),
    "folder without text": (["empty"], None, 2, "empty: the folder holds no .txt file"),
    "unwritable": (
        ["-", "--out", "empty", "--format", "csv"],
        b"Hm.",
        2,
        "empty: is a folder, of shards in parquet or jsonl, or of pages in html",
    ),
}


@pytest.mark.parametrize(("arguments", "text", "code", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_leaves_no_file(stance, tmp_path, arguments, text, code, message):
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "blank.txt").write_text(" \n\n")
    (tmp_path / "empty").mkdir()
    before = sorted(tmp_path.iterdir())
    done = stance("score", *([] if "--out" in arguments else ["--out", "out.jsonl"]), *arguments, text=text)
    error = done.stderr.decode()
    assert (done.returncode, error.count("\n")) == (code, 1), error
    assert error.startswith(f"error: {message}")
    assert sorted(tmp_path.iterdir()) == before


def test_one_bad_file_among_good_ones_leaves_the_old_output(stance, article, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    assert stance("score", article.name, "nope.txt", "--out", "out.jsonl").returncode == 2
    assert out.read_text() == "old"


def test_a_model_that_was_never_trained_is_exit_code_1(stance, article, tmp_path):
    done = stance("score", article.name, model=tmp_path / "none")
    assert done.returncode == 1
    assert done.stderr.decode().endswith(
        "none: holds no trained model: run `make repro`, or set STANCE_MODEL to a model's folder\n"
    )


def test_evaluate_agrees_with_the_pipelines_own_figure(stance, project):
    done = stance("evaluate", project.root / "seeds" / "seed.jsonl", "--json")
    found = json.loads(done.stdout)
    expected = json.loads((project.root / "reports" / "metrics.json").read_text())["demonstration"]
    assert found["model"] == {name: expected[name] for name in found["model"]}
    assert found["conformal"]["target"] == 0.9
    assert found["conformal"]["single"] + found["conformal"]["needs_review"] == pytest.approx(1)
    table = stance("evaluate", project.root / "seeds" / "seed.jsonl").stdout.decode()
    assert f"{expected['macro_f1']:.3f}" in table
    assert f"{found['conformal']['coverage']:.3f}" in table


def test_evaluate_refuses_labels_that_the_model_does_not_know(stance, tmp_path):
    row = {"id": "a", "text": "Hm.", "sentences": [{"start": 0, "end": 3, "label": "rebuttal"}]}
    (tmp_path / "mine.jsonl").write_text(json.dumps(row))
    done = stance("evaluate", "mine.jsonl")
    assert done.returncode == 2
    assert "mine.jsonl, line 1: sentences.0.label must be one of ['allegation'" in done.stderr.decode()


def test_help_says_what_it_does_and_what_exit_codes_mean(stance):
    text = " ".join(stance("--help").stdout.decode().split())
    assert "it never says what is true" in text
    assert "0 well, 1 the model cannot be used, 2 the input or the call is wrong" in text
    assert "Print every sentence with its role and probability." in text
