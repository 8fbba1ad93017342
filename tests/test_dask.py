"""Articles on a Dask cluster of two worker processes: the same bytes as on this machine alone, whoever is killed."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import cloudpickle
import pytest
from bulk import articles, files
from conftest import STANCE

from pipeline import Document, InputError, StanceError
from pipeline.bulk import score_to_folder

distributed = pytest.importorskip("distributed")

ARTICLES = 1000
LONG = 120.0  # seconds
OPTIONS = {"shard_size": 40, "form": "jsonl"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def local(toy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("local") / "scored"
    score_to_folder(articles(ARTICLES), folder, toy, workers=1, **OPTIONS)
    return files(folder)


def pids(cluster):
    with distributed.Client(cluster, set_as_default=False) as client:
        return client.run(os.getpid)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(cluster, local, toy, tmp_path):
    before = pids(cluster)

    def killing():
        for i, item in enumerate(articles(ARTICLES)):
            if i == ARTICLES // 2:  # more than are under way at a time
                os.kill(next(iter(before.values())), signal.SIGKILL)
            yield item

    score_to_folder(killing(), tmp_path, toy, scheduler=cluster.scheduler_address, **OPTIONS)
    assert files(tmp_path) == local
    assert len(set(before.values()) & set(pids(cluster).values())) == 1


def test_a_run_that_is_killed_is_gone_on_with(cluster, toy, tmp_path):
    rows = [{"id": f"a{i}", "text": " ".join(["It rained.", "He denied it."] * (1 + i % 3))} for i in range(2000)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [STANCE, "score", "in.jsonl", "--model", str(toy), "--shard-size", "40"]
    on_cluster = [*command, "--dask", cluster.scheduler_address, "--out", "killed/"]
    process = subprocess.Popen(on_cluster, cwd=tmp_path, stderr=subprocess.DEVNULL)
    while shards(tmp_path / "killed") < 3:
        with suppress(subprocess.TimeoutExpired):
            assert process.wait(0.1) is None
    process.kill()
    process.wait(LONG)
    assert 3 <= shards(tmp_path / "killed") < 50
    for rest in (on_cluster, [*command, "--workers", "1", "--out", "whole/"]):
        subprocess.run(rest, cwd=tmp_path, check=True, capture_output=True)
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def shards(folder):
    manifest = folder / "manifest.json"
    return len(json.loads(manifest.read_text())["shards"]) if manifest.exists() else 0


class Deadly(distributed.WorkerPlugin):
    """Has an article end the worker that scores it."""

    def setup(self, worker):
        from pipeline.bulk.worker import ArticleScorer

        def score(self, documents, real=ArticleScorer.score):
            if any(document.id == "deadly" for document in documents):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(self, documents)

        ArticleScorer.score = score


def test_an_article_that_ends_whatever_scores_it_is_told_and_the_rest_is_scored(cluster, toy, tmp_path):
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    items = [Document("deadly" if i == 50 else f"a{i}", "It rained.") for i in range(100)]
    with distributed.Client(cluster, set_as_default=False) as client:
        client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
        client.register_plugin(Deadly(), "deadly")
    summary = score_to_folder(items, tmp_path, toy, scheduler=cluster.scheduler_address)
    assert (summary.articles, summary.sentences, summary.errors) == (100, 99, 1)
    [error] = map(json.loads, (tmp_path / "errors.jsonl").read_text().splitlines())
    assert error == {"article": 50, "document": "deadly", "reason": "deadly: ended each of the 2 processes that scored it"}


def test_a_scheduler_that_is_lost_ends_the_run_in_one_line_and_it_can_be_gone_on_with(local, toy, tmp_path):
    def losing():
        for i, item in enumerate(articles(ARTICLES)):
            if i == ARTICLES // 2:
                lost.close()
            yield item

    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as lost,
        pytest.raises(StanceError, match="the Dask scheduler is gone: run the same again to go on"),
    ):
        score_to_folder(losing(), tmp_path, toy, scheduler=lost.scheduler_address, **OPTIONS)
    assert 0 < shards(tmp_path) < ARTICLES // OPTIONS["shard_size"]
    score_to_folder(articles(ARTICLES), tmp_path, toy, workers=1, **OPTIONS)
    assert files(tmp_path) == local


def test_where_no_scheduler_answers_that_is_told(toy, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.bulk.cluster._PATIENCE", "1s")
    with pytest.raises(InputError, match=r"^tcp://127\.0\.0\.1:1: no Dask scheduler answers there \("):
        score_to_folder([Document("a", "It rained.")], tmp_path / "scored", toy, scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "scored").exists()
