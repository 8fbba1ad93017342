"""The workers of a Dask cluster that is there already."""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from secrets import token_hex
from time import monotonic
from typing import Self

from distributed import Client, KilledWorker, get_worker
from distributed import Future as RemoteFuture
from distributed.comm.core import CommClosedError

from pipeline.bulk.pools import WorkerDied
from pipeline.bulk.shipping import ModelPlugin
from pipeline.bulk.worker import ArticleScorer, Described, Outcome, Recipe
from pipeline.documents import Document
from pipeline.errors import InputError, StanceError

_AHEAD, _WINDOW = 2, 8  # batches a thread, as for processes
_FEWEST = 8  # threads that there is work for, so that a cluster that grows by need sees one
_STALE = 5.0  # seconds after which the workers are counted again
_PATIENCE = "30s"


class Cluster:
    """The workers that the Dask scheduler at `address` has, has yet to get and gets again; see `Pool`.

    Nothing but the network is shared: reading and writing is done here, as it is for processes, and the model is sent too. A
    task whose worker dies is given to another by the scheduler; only one that several died with comes back here.

    Raises
    ------
    InputError
        On entry, if there is no scheduler, or its workers cannot run this.
    StanceError
        On entry, if the model cannot be used there.
    """

    described: Described

    def __init__(self, recipe: Recipe, address: str, note: Callable[[str], None]) -> None:
        self.address = address
        self.note = note
        self._name = f"stance-{token_hex(8)}"  # a run's own, as there may be others on the cluster
        self._plugin = ModelPlugin(recipe)
        self._unfinished: list[Future[list[Outcome]]] = []
        self._threads, self._counted = 0, -_STALE

    def __enter__(self) -> Self:
        try:
            self._client = Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(f"{self.address}: no Dask scheduler answers there ({_first_line(error)})") from None
        try:
            if not self._client.nthreads():
                self.note(f"{self.address}: has no workers yet: waiting for the first")
            self._client.register_plugin(self._plugin, self._name)
            self.described = self._client.submit(_describe, self._name, pure=False).result()
        except BaseException as error:
            self.__exit__()
            if isinstance(error, ImportError):
                message = (
                    f"{self.address}: its workers lack {error.name}: install stance-signals there, the same version as here"
                )
                raise InputError(message) from None
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(CommClosedError):
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._name)
        self._client.close()

    @property
    def window(self) -> int:
        """How many batches may be under way or waiting for their turn to be written."""
        return _WINDOW * self._count_threads()

    def has_room(self) -> bool:
        """Tell whether a worker will soon have nothing to do."""
        self._unfinished = [future for future in self._unfinished if not future.done()]
        return len(self._unfinished) < _AHEAD * self._count_threads()

    def submit(self, documents: Sequence[Document]) -> Future[list[Outcome]]:
        """Have `documents` scored, where the scheduler likes."""
        if self._client.status != "running":
            raise self._gone()
        future: Future[list[Outcome]] = Future()
        remote = self._client.submit(_score, self._name, documents, pure=False)
        remote.add_done_callback(
            partial(_pass_on, future)
        )  # the client's own executor loses those under way with its scheduler
        self._unfinished.append(future)
        return future

    def result(self, future: Future[list[Outcome]]) -> list[Outcome]:
        """Return what came of documents; see `Pool`."""
        try:
            return future.result()
        except KilledWorker:
            raise WorkerDied from None
        except (CancelledError, CommClosedError):
            raise self._gone() from None

    def _count_threads(self) -> int:
        if monotonic() - self._counted > _STALE and self._client.status == "running":
            with suppress(CommClosedError):
                self._threads, self._counted = sum(self._client.nthreads().values()), monotonic()
        return max(self._threads, _FEWEST)

    def _gone(self) -> StanceError:
        return StanceError(f"{self.address}: the Dask scheduler is gone: run the same again to go on")


def _pass_on(future: Future[list[Outcome]], remote: "RemoteFuture[list[Outcome]]") -> None:
    try:
        future.set_result(remote.result())
    except BaseException as error:  # for whoever waits
        future.set_exception(error)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _scorer(name: str) -> ArticleScorer:
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, ModelPlugin)
    return plugin.scorer()


def _describe(name: str) -> Described:
    return _scorer(name).describe()


def _score(name: str, documents: Sequence[Document]) -> list[Outcome]:
    return _scorer(name).score(documents)
