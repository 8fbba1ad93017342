"""`stance score … --out FOLDER/`: what it says, and what is left of it when it is killed."""

import json
import os
import random
import subprocess
import sys
import time

import psutil
import pytest
from bulk import articles, files
from conftest import STANCE

from pipeline import Document

ARTICLES, SHARD = 1500, 30
LONG = 60.0  # seconds


@pytest.fixture
def score(stance_score):
    """Run `stance score` in an empty folder; return exit code and stderr."""

    def command(*arguments):
        code, _, complaint = stance_score(*arguments)
        return code, complaint

    return command


def write_table(path, count):
    documents = (item if isinstance(item, Document) else Document(item.id, "") for item in articles(count))
    rows = ({"id": document.id, "text": document.text, **document.extra} for document in documents)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_folder_that_ends_in_a_slash_gets_shards_and_can_lie_among_the_inputs(score, tmp_path):
    write_table(tmp_path / "in.jsonl", 30)
    options = (".", "--id-column", "id", "--shard-size", "20", "--workers", "1", "--out")
    code, told = score(*options, "scored/")
    assert (code, told) == (
        0,
        "scored: 28 articles scored, 83 sentences, in 2 shards\nscored/errors.jsonl: why 2 articles could not be\n",
    )
    first = files(tmp_path / "scored")
    assert sorted(first) == [
        "errors.jsonl", "manifest.json", "sentences/part-000000.parquet", "sentences/part-000001.parquet",
    ]  # fmt: skip
    code, told = score(*options, "scored")
    assert (code, told.splitlines()[0]) == (
        0,
        "scored: 28 articles scored, 83 sentences, in 2 shards; an earlier run had done 30 articles",
    )
    assert files(tmp_path / "scored") == first


ELSEWHERE = ["--dask", "tcp://127.0.0.1:1"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out", "x.jsonl", "--workers", "2"], "--workers: goes with a folder of shards: add --out FOLDER/"),
        (ELSEWHERE, "--dask: goes with a folder of shards: add --out FOLDER/"),
        (
            ["--out", "x/", "--format", "csv"],
            "x: is a folder, of shards in parquet or jsonl, or of pages in html: name a file for csv",
        ),
        (
            ["--out", "x/", "--workers", "1", *ELSEWHERE],
            "--workers: are those of this machine, with --dask there are none of them: leave one out",
        ),
        (
            ["--out", "x/", "--prior", "charge=0.2", "--workers", "1"],
            "the prior must give a share to each of ['charge', 'answer', 'rest']. Got ['charge']",
        ),
    ],
    ids=["workers", "dask", "format", "both", "prior"],
)
def test_what_does_not_go_together_is_one_line(score, tmp_path, arguments, told):
    (tmp_path / "a.txt").write_text("It rained.")
    assert score("a.txt", *arguments) == (2, f"error: {told}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_cluster_without_the_extra_says_what_to_type(score, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("It rained.")
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "pipeline.bulk.cluster", raising=False)
    assert score("a.txt", "--out", "x/", *ELSEWHERE) == (
        1,
        "error: this needs distributed: run `pip install 'stance-signals[dask]'`\n",
    )


def test_where_no_article_can_be_scored_the_first_reason_is_told(score, tmp_path):
    (tmp_path / "t.csv").write_text("body\nIt rained.\n")
    code, told = score("t.csv", "--out", "scored/", "--workers", "1")
    assert (code, told) == (2, "error: t.csv: has no column 'text': name one with --text-column; it has 'body'\n")


@pytest.mark.slow
def test_a_run_that_is_killed_at_random_moments_ends_as_if_nothing_had_been(toy, tmp_path):
    """SIGKILL, several times: its workers end too, and the output has the bytes of an undisturbed run."""
    write_table(tmp_path / "in.jsonl", ARTICLES)
    random_moments = random.Random(7)

    def started(out):
        command = [STANCE, "score", "in.jsonl", "--id-column", "id", "--shard-size", str(SHARD), "--workers", "2"]
        command += ["--out", f"{out}/"]
        environment = {**os.environ, "STANCE_MODEL": str(toy)}
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)

    began = time.monotonic()
    started("undisturbed").communicate()
    took = time.monotonic() - began
    reached = []
    for turn in range(6):
        process = started("killed")
        done = shards(tmp_path / "killed")
        if turn % 2:
            wait_until(lambda process=process, done=done: process.poll() is not None or shards(tmp_path / "killed") > done)
        time.sleep(random_moments.uniform(0.0, 0.4 if turn % 2 else 0.8) * took / 4)
        if process.poll() is not None:
            break
        workers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        _, alive = psutil.wait_procs(workers, timeout=LONG)
        assert not alive
        reached.append(shards(tmp_path / "killed"))
    started("killed").communicate()
    assert len(reached) > 2
    assert any(0 < done < -(-ARTICLES // SHARD) for done in reached)
    assert reached == sorted(reached)
    assert files(tmp_path / "killed") == files(tmp_path / "undisturbed")


def wait_until(happened):
    deadline = time.monotonic() + LONG
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)


def shards(folder):
    manifest = folder / "manifest.json"
    return len(json.loads(manifest.read_text())["shards"]) if manifest.exists() else 0
