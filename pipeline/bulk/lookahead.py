"""Batches of articles through a pool of workers and out in order: some are under way while others wait, never all of them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import NamedTuple

from pipeline.bulk.pools import Pool, WorkerDied
from pipeline.bulk.shards import Batch
from pipeline.bulk.worker import Outcome
from pipeline.documents import Document
from pipeline.errors import StanceError
from pipeline.reading.options import Unread

_TRIES = 2  # of an article that is alone with the worker it dies with: something else may have killed that one
_PATIENCE = 3  # articles in a row whose worker died at each try; then it is not the articles


class _Sent(NamedTuple):
    batch: Batch
    future: Future[list[Outcome]] | None  # None where nothing in the batch can be scored


def in_order(pool: Pool, batches: Iterable[Batch], note: Callable[[str], None]) -> Iterator[tuple[Batch, list[Outcome]]]:
    """Yield each batch with what came of its documents, in order, whichever was done first.

    Where a worker dies, the articles that it had are scored one by one while nothing else is under way: so the one that kills
    its worker is told from the others, and an `Unread` is what comes of it. `note` hears of every death.

    Raises
    ------
    StanceError
        If workers die whatever they are given.
    """
    source = iter(batches)
    waiting: deque[_Sent] = deque()
    careful = _OneByOne(pool, note)
    more = True
    while True:
        while more and (not waiting or (len(waiting) < pool.window and pool.has_room())):
            if (batch := next(source, None)) is None:
                more = False
            else:
                documents = batch.documents
                waiting.append(_Sent(batch, pool.submit(documents) if documents else None))
        if not waiting:
            return
        running = [sent.future for sent in waiting if sent.future is not None and not sent.future.done()]
        if waiting[0].future in running:
            wait(running, return_when=FIRST_COMPLETED)
            continue
        sent = waiting.popleft()
        try:
            found = [] if sent.future is None else pool.result(sent.future)
        except WorkerDied:
            documents = sent.batch.documents
            note(f"the worker died that had {documents[0].id} to {documents[-1].id}: they are scored once more, one by one")
            wait(running)
            found = careful.score(documents)
        yield sent.batch, found


class _OneByOne:
    """Scores articles one at a time, none of which may be what kills its worker."""

    def __init__(self, pool: Pool, note: Callable[[str], None]) -> None:
        self.pool = pool
        self.note = note
        self._deadly = 0  # articles in a row

    def score(self, documents: Sequence[Document]) -> list[Outcome]:
        return [self._score(document) for document in documents]

    def _score(self, document: Document) -> Outcome:
        for _ in range(_TRIES):
            try:
                [outcome] = self.pool.result(self.pool.submit([document]))
            except WorkerDied:
                self.note(f"the worker died that had nothing but {document.id}")
            else:
                self._deadly = 0
                return outcome
        self._deadly += 1
        if self._deadly == _PATIENCE:
            raise StanceError(
                "workers die whatever they are given: is there memory for them? To go on, run the same with fewer --workers"
            )
        return Unread(document.id, f"{document.id}: ended each of the {_TRIES} processes that scored it")
