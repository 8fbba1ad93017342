"""The input cut into shards and batches, whatever the number of workers, and what tells one input from another."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import count, islice
from typing import TypeAlias

from pipeline.documents import Document
from pipeline.reading.options import Unread

Item: TypeAlias = Document | Unread

BATCH = 16  # articles that a worker gets at a time: less than a second's work without the encoder, some seconds with it


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive items of one shard."""

    shard: int
    items: tuple[Item, ...]

    @property
    def documents(self) -> list[Document]:
        """Those that can be scored."""
        return [item for item in self.items if isinstance(item, Document)]


def batches(items: Iterable[Item], first: int, size: int) -> Iterator[Batch]:
    """Yield `items` in batches; the first shard has the number `first`, each but the last `size` items."""
    source = iter(items)
    for shard in count(first):
        left = size
        while left and (taken := tuple(islice(source, min(left, BATCH)))):
            left -= len(taken)
            yield Batch(shard, taken)
        if left:
            return


class Digest:
    """The SHA-256 of items: of all that is known of each, in order."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def add(self, item: Item) -> None:
        """Count in another item."""
        values = [getattr(item, field.name) for field in fields(item)]
        content = json.dumps([type(item).__name__, *values], default=str)  # ASCII, lone surrogates and all
        self._sha256.update(content.encode() + b"\n")

    @property
    def hex(self) -> str:
        """The digest so far."""
        return self._sha256.hexdigest()
