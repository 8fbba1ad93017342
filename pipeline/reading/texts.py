"""Plain text to documents."""

from collections.abc import Iterator

from pipeline.documents import Document
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input
from pipeline.writing import decode_bytes

LARGEST_TEXT = 100 * MEGABYTE


def read_text(text: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the one document that a text is, as it stands; only a byte order mark is dropped."""
    content = decode_bytes(text.read_whole(LARGEST_TEXT), text.place)
    yield checked(Document(id=text.name, text=content), text.place, options)
