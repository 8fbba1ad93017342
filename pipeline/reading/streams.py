"""Inputs as streams of bytes: opened, looked into before they are read, and read whole up to a limit."""

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from pipeline.errors import InputError
from pipeline.reading.kinds import HEAD
from pipeline.reading.sources import STANDARD_INPUT, Source

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Input:
    """An opened input: its bytes, the name that its documents get, the place that errors name.

    `url` is where it was fetched from in the end, `content_type` the header that came with it.
    """

    stream: BinaryIO
    name: str
    place: str
    url: str | None = None
    content_type: str | None = None

    def read_whole(self, largest: int) -> bytes:
        """Return all bytes; InputError if they are more than `largest`."""
        data = self.stream.read(largest + 1)
        if len(data) > largest:
            raise InputError(f"{self.place}: is larger than {largest // MEGABYTE} MB: hand over the article alone, as text")
        return data

    def seekable(self, largest: int) -> IO[bytes]:
        """Return a stream that can be read in any order, held in memory where it comes from a pipe."""
        return self.stream if self.stream.seekable() else io.BytesIO(self.read_whole(largest))


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Give the bytes of a file or of standard input; of a compressed file, what it holds."""
    if source.name == STANDARD_INPUT:
        yield sys.stdin.buffer
    elif source.name.lower().endswith(".gz") and source.kind is not None:
        with gzip.open(source.name) as unpacked:
            yield cast("BinaryIO", unpacked)
    else:
        with Path(source.name).open("rb") as stream:
            yield stream


def look(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first HEAD bytes of a stream, and a stream that begins with them; a pipe will do."""
    head = stream.read(HEAD)
    if stream.seekable():
        stream.seek(0)
        return head, stream
    return head, io.BufferedReader(_Resumed(head, stream))


class _Resumed(io.RawIOBase):
    """A stream of which some bytes were read before."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
