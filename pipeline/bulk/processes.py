"""Worker processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Self

from pipeline.bulk.pools import WorkerDied
from pipeline.bulk.worker import ArticleScorer, Described, Outcome, Recipe
from pipeline.documents import Document
from pipeline.errors import ModelError

_AHEAD = 2  # batches that a worker has: one that it scores, one so that it need not wait for the next
_WINDOW = 8  # batches a worker that may wait to be written behind one that takes long


class Processes:
    """`count` worker processes, each with the model of `recipe`; see `Pool`.

    Each is an executor of its own, so that the death of one takes nothing from the others.

    Raises
    ------
    StanceError
        On entry, if the model cannot be used.
    """

    described: Described

    def __init__(self, recipe: Recipe, count: int) -> None:
        self.recipe = recipe
        self.window = _WINDOW * count
        self._lanes = [_Lane(recipe) for _ in range(count)]

    def __enter__(self) -> Self:
        try:
            each = [lane.executor.submit(_describe) for lane in self._lanes]  # all of them load at the same time
            self.described = [future.result() for future in each].pop()
        except BaseException as error:
            self.__exit__(error)
            if isinstance(error, BrokenProcessPool):
                message = f"{self.recipe.model}: a worker died while it opened the model: is there memory for {len(each)}?"
                raise ModelError(message) from None
            raise
        return self

    def __exit__(self, error: object, /, *_: object) -> None:
        for lane in self._lanes:
            if error is not None:
                lane.drop()
            lane.executor.shutdown(cancel_futures=True)

    def has_room(self) -> bool:
        """Tell whether a worker will soon have nothing to do."""
        return min(lane.load() for lane in self._lanes) < _AHEAD

    def submit(self, documents: Sequence[Document]) -> Future[list[Outcome]]:
        """Have `documents` scored, by the worker that has least to do."""
        return min(self._lanes, key=_Lane.load).submit(documents)

    def result(self, future: Future[list[Outcome]]) -> list[Outcome]:
        """Return what came of documents; see `Pool`."""
        try:
            return future.result()
        except BrokenProcessPool:
            raise WorkerDied from None


class _Lane:
    """One worker, and what it has to do."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._unfinished: list[Future[list[Outcome]]] = []
        self._start()

    def load(self) -> int:
        self._unfinished = [future for future in self._unfinished if not future.done()]
        return len(self._unfinished)

    def submit(self, documents: Sequence[Document]) -> Future[list[Outcome]]:
        try:
            future = self.executor.submit(_score, documents)
        except BrokenProcessPool:
            self.executor.shutdown()
            self._start()
            future = self.executor.submit(_score, documents)
        self._unfinished.append(future)
        return future

    def drop(self) -> None:
        """End the worker whatever it is at."""
        self._lifeline.close()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")  # a fork would copy threads in whatever state they are
        end, self._lifeline = spawn.Pipe(duplex=False)
        self.executor = ProcessPoolExecutor(1, spawn, _begin, (self.recipe, end))


_scorer: ArticleScorer  # of this process, where it is a worker


def _begin(recipe: Recipe, lifeline: Connection) -> None:
    """Prepare a worker. It ends when told to, and not by Ctrl+C, which a terminal sends to all at once."""
    global _scorer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_hold_on, args=(lifeline,), daemon=True).start()
    _scorer = ArticleScorer(recipe)


def _hold_on(lifeline: Connection) -> None:
    """End this process when the other end is let go, as it is too where its holder is killed."""
    lifeline.poll(None)
    os._exit(1)


def _describe() -> Described:
    return _scorer.describe()


def _score(documents: Sequence[Document]) -> list[Outcome]:
    return _scorer.score(documents)
