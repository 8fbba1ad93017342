"""The worker processes of the service: they score, stop when their time is over, and are replaced when they die."""

import asyncio
import os
import signal
import time
from functools import partial
from http import HTTPStatus

import pytest

from pipeline import load_model
from pipeline.service.problems import Fault, Refusal
from pipeline.service.workers import WorkerPool

TEXT = "A baker accused the mayor of theft. The mayor denied it."


def score(scorer):
    return scorer.score(TEXT)


def spin(_):
    while True:
        try:
            sum(range(1000))
        except Exception:  # as the work may do; the end of its time is none
            continue


def refuse(_):
    raise Refusal(HTTPStatus.IM_A_TEAPOT, "no", faults=[Fault(where="text", reason="no")], headers={"Retry-After": "3"})


def die(_, *, once=None):
    if once is None or not once.exists():
        if once is not None:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


@pytest.fixture(scope="module")
def pool(toy):
    with WorkerPool(toy, 1) as pool:
        yield pool


def run(pool, job, seconds=30.0):
    return asyncio.run(pool.run(job, time.monotonic() + seconds))


def test_a_worker_scores_as_the_model_does(pool, toy):
    model = load_model(toy)
    assert run(pool, score) == model.score(TEXT)
    assert pool.described.record.id == model.id


def test_what_takes_too_long_is_stopped_and_the_worker_is_free(pool):
    with pytest.raises(
        Refusal, match=r"504.*not done in time: send less at once, or start the service with a longer --timeout"
    ):
        run(pool, spin, 0.2)
    assert run(pool, score)


def test_a_refusal_comes_back_whole(pool):
    with pytest.raises(Refusal, match="no") as raised:
        run(pool, refuse)
    assert raised.value.problem.faults == (Fault(where="text", reason="no"),)
    assert raised.value.headers == {"Retry-After": "3"}


def test_work_whose_worker_dies_is_done_by_another(pool, tmp_path):
    assert run(pool, partial(die, once=tmp_path / "once")) == "alive"


@pytest.mark.slow
def test_work_that_kills_is_given_up_and_the_rest_goes_on(pool):
    with pytest.raises(Refusal, match=r"503.*the workers that had this died: try again"):
        run(pool, die)
    assert run(pool, score)
