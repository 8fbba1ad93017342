"""The processes that score: each holds the model, loaded once, and does one request at a time until its time is over.

Processes and not threads: most of scoring is Python, of which a process runs one thread at a time. Two threads answer no more
requests than one does, two processes nearly twice as many; and work in a process of its own can be stopped in the middle.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, Self, TypeVar

from pipeline.errors import ModelError
from pipeline.service.problems import Refusal
from pipeline.service.work import Described, describe

if TYPE_CHECKING:
    from pipeline.manifest import Manifest
    from pipeline.scorer import Scorer

T = TypeVar("T")

_TRIES = 2  # of a request whose worker died: it may have been another's that killed it


class Workers(Protocol):
    """What does the work of a request, away from the event loop."""

    described: Described

    async def run(self, job: "Callable[[Scorer], T]", deadline: float) -> T:
        """Return what `job` makes of the model.

        Raises
        ------
        Refusal
            If it is not done by `deadline`, in the seconds of ``time.monotonic``, or its workers die.
        """


class WorkerPool:
    """Worker processes that serve the model at `model`; a context in which they live.

    Raises
    ------
    ModelError
        On entry, if the model cannot be used.
    """

    described: Described

    def __init__(self, model: Path, count: int) -> None:
        self.model = model
        self.count = count

    def __enter__(self) -> Self:
        self._pool = self._started()
        try:
            each = [self._pool.submit(_described, self.model) for _ in range(self.count)]
            *_, self.described = [future.result() for future in each]
        except BaseException as error:
            self._pool.shutdown(cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                message = f"{self.model}: a worker died while it opened the model: is there memory for {self.count}?"
                raise ModelError(message) from None
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    async def run(self, job: "Callable[[Scorer], T]", deadline: float) -> T:
        """Return what `job`, which has to be picklable, makes of the model: see `Workers`."""
        for _ in range(_TRIES):
            pool = self._pool
            try:
                async with asyncio.timeout_at(deadline):
                    return await asyncio.get_running_loop().run_in_executor(pool, _done, self.model, job, deadline)
            except TimeoutError:
                detail = "not done in time: send less at once, or start the service with a longer --timeout"
                raise Refusal(HTTPStatus.GATEWAY_TIMEOUT, detail) from None
            except BrokenProcessPool:
                if pool is self._pool:
                    self._pool = self._started()
        detail = "the workers that had this died: try again"
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})

    def _started(self) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")  # a fork would copy the event loop and its sockets
        return ProcessPoolExecutor(self.count, spawn, _begin, (self.model,))


class _Late(BaseException):
    """The time of a job is over; no Exception, so that nothing on the way takes it for one of its own."""


def _late(*_: object) -> NoReturn:
    raise _Late


def _begin(model: Path) -> None:
    """Prepare a worker: it ends when told by its parent, or when this is gone, and not by Ctrl+C, which reaches all at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _late)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(ModelError):  # the first job tells it
        _opened(model)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _opened(model: Path) -> "tuple[Manifest, Scorer]":
    from pipeline.model_files import read_model
    from pipeline.scorer import Scorer

    manifest, featurizer, encoder, classifier = read_model(model)
    return manifest, Scorer(featurizer, classifier, manifest.id, encoder)


def _described(model: Path) -> Described:
    manifest, scorer = _opened(model)
    return describe(scorer, manifest)


def _done(model: Path, job: "Callable[[Scorer], T]", deadline: float) -> T:
    """Return what `job` makes of the model; raises a TimeoutError at the deadline, in the middle of whatever it does."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    try:
        signal.setitimer(signal.ITIMER_REAL, left)
        try:
            return job(_opened(model)[1])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Late:
        raise TimeoutError from None
