"""Any input to documents: what a person hands over, read into one shape, one after another and never all at once."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.arrow import read_dataset, read_parquet
from pipeline.reading.feeds import read_feed
from pipeline.reading.fetching import fetch
from pipeline.reading.json_lines import read_json_lines
from pipeline.reading.kinds import Kind, kind_of_bytes
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.pages import read_page
from pipeline.reading.pdfs import read_pdf
from pipeline.reading.saved import read_mhtml, read_webarchive
from pipeline.reading.separated import read_separated
from pipeline.reading.sources import Found, Source, find_sources
from pipeline.reading.streams import Input, look, opened
from pipeline.reading.texts import read_text

__all__ = ["Found", "Kind", "ReadingOptions", "Source", "Unread", "documents_of", "find_sources", "read", "read_sources"]

_READERS: Mapping[Kind, Callable[[Input, ReadingOptions], Iterator[Document | Unread]]] = {
    Kind.TEXT: read_text,
    Kind.PAGE: read_page,
    Kind.MHTML: read_mhtml,
    Kind.WEBARCHIVE: read_webarchive,
    Kind.PDF: read_pdf,
    Kind.JSONL: read_json_lines,
    Kind.CSV: read_separated,
    Kind.PARQUET: read_parquet,
    Kind.FEED: read_feed,
}


def read(arguments: Sequence[str], options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the documents that `arguments` name, in order, and in its place what cannot be scored; see `find_sources`.

    Raises
    ------
    InputError
        At once, if an argument names nothing that can be read.
    """
    return read_sources(find_sources(arguments, fetch=options.fetch).sources, options)


def read_sources(sources: Iterable[Source], options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the documents of `sources`; one that is broken ends there, with an Unread, and the next is gone on with."""
    for source in sources:
        try:
            yield from _read_source(source, options)
        except InputError as error:
            yield Unread(source.name, str(error))
        except (OSError, EOFError, zlib.error) as error:
            told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            yield Unread(source.name, f"{source.place}: cannot be read ({told})")


def documents_of(items: Iterable[Document | Unread]) -> Iterator[Document]:
    """Yield the documents among `items`; InputError with the reason of the first that cannot be scored."""
    for item in items:
        if isinstance(item, Unread):
            raise InputError(item.reason)
        yield item


def _read_source(source: Source, options: ReadingOptions) -> Iterator[Document | Unread]:
    if source.kind is Kind.DATASET:
        yield from read_dataset(source.name, options)
    elif source.is_url:
        page = fetch(source.name)
        given = Input(io.BytesIO(page.data), source.name, source.place, page.url, page.content_type)
        yield from _READERS[kind_of_bytes(page.data)](given, options)
    else:
        with opened(source) as stream:
            begun, kind = (stream, source.kind) if source.kind is not None else _recognized(stream)
            yield from _READERS[kind](Input(begun, source.name, source.place), options)


def _recognized(stream: BinaryIO) -> tuple[BinaryIO, Kind]:
    head, begun = look(stream)
    return begun, kind_of_bytes(head)
