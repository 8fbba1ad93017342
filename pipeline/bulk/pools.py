"""What scores articles somewhere else: processes of this machine, or the workers of a cluster."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol, Self

from pipeline.bulk.worker import Described, Outcome
from pipeline.documents import Document


class WorkerDied(Exception):
    """The worker that had some articles is gone, and with it what it made of them."""


class Pool(Protocol):
    """Workers; a context in which they live.

    `described` is the model.
    """

    described: Described

    def __enter__(self) -> Self: ...

    def __exit__(self, error: object, /, *_: object) -> None: ...

    @property
    def window(self) -> int:
        """How many batches may be under way or waiting for their turn to be written."""

    def has_room(self) -> bool:
        """Tell whether a worker will soon have nothing to do."""

    def submit(self, documents: Sequence[Document]) -> "Future[list[Outcome]]":
        """Have `documents` scored."""

    def result(self, future: "Future[list[Outcome]]") -> list[Outcome]:
        """Return what came of documents that were submitted, one for each.

        Raises
        ------
        WorkerDied
            If their worker died, or that of others which waited for the same.
        StanceError
            If there is no way on for anything.
        """
