"""Pages that a browser saved as a single file: MHTML and Safari's web archives, taken apart to the page in them."""

import email
import plistlib
from collections.abc import Iterator

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.pages import decode_page, page_document
from pipeline.reading.sources import web_address
from pipeline.reading.streams import MEGABYTE, Input

LARGEST_ARCHIVE = 100 * MEGABYTE  # with its images


def read_mhtml(page: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document in an MHTML file: its first part that is HTML."""
    message = email.message_from_bytes(page.read_whole(LARGEST_ARCHIVE))
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            data = part.get_payload(decode=True)
            html = decode_page(data if isinstance(data, bytes) else b"", str(part.get("Content-Type")))
            url = message.get("Snapshot-Content-Location") or part.get("Content-Location")
            yield page_document(html, page, options, web_address(url))
            return
    raise InputError(f"{page.place}: holds no web page: save it once more, or hand over its text as .txt")


def read_webarchive(page: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document in a web archive of Safari."""
    data = page.read_whole(LARGEST_ARCHIVE)
    try:
        main = plistlib.loads(data)["WebMainResource"]
        content, encoding, url = main["WebResourceData"], main.get("WebResourceTextEncodingName"), main.get("WebResourceURL")
        html = decode_page(content, f"text/html; charset={encoding}")
    except Exception:  # whatever a parser says to bytes from anywhere
        raise InputError(f"{page.place}: is no web archive that can be read: save the page as HTML instead") from None
    yield page_document(html, page, options, web_address(url))
