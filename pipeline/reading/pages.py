"""Web pages to documents: the article's text, what the page tells of it, and how much of the page that is."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST_PAGE = 10 * MEGABYTE
_UNSEEN = ("head", "script", "style", "noscript", "template", "iframe", "svg", "select", "textarea")
_UNSEEN_TEXTS = frozenset([*_UNSEEN, "option", "optgroup"])
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")  # what browsers write into a page they save
_CHARSET = re.compile(r"big5|cp|euc|gb|iso|koi|mac|shift|utf-")  # of Python's codecs, those that pages are written in
_SILENCE = logging.NullHandler()
_MANY_ELEMENTS, _MANY_TEXTS = 10_000, 2_000  # from which no second opinion is sought; one takes time quadratic in the texts
_DEEPEST, _SHORT = 4, 10_000  # steps from elements to the root for each character of a page, and what no page is too short for
_DATES = {"original_date": True, "extensive_search": False}  # the day that the page states; none is guessed from its text
NO_ARTICLE = (
    "no article was found in the page: if scripts draw it, save the page from a browser once it is shown whole, "
    "or hand over its text as .txt"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was extracted from a web page; `text` is empty where no article was found, `site` is a host name."""

    text: str
    title: str | None = None
    date: str | None = None
    site: str | None = None
    author: str | None = None
    kept: float | None = None


def read_page(page: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document that a web page holds."""
    html = decode_page(page.read_whole(LARGEST_PAGE), page.content_type)
    yield page_document(html, page, options, page.url)


def page_document(html: str, page: Input, options: ReadingOptions, url: str | None) -> Document | Unread:
    """Return the document that `html` holds; `url` is where it comes from, if that is known."""
    found = extract(html, page.place, url)
    document = Document(
        id=page.name,
        text=found.text,
        title=found.title,
        source=found.site,
        date=found.date,
        author=found.author,
        kept=found.kept,
    )
    return checked(document, page.place, options, empty=NO_ARTICLE)


def decode_page(data: bytes, content_type: str | None = None) -> str:
    """Return the characters of a page: as its byte order mark says, as UTF-8 if it is that, as it or its header declares.

    A page that was saved keeps a declaration that was wrong before, or became so; what is valid UTF-8 is hardly ever
    anything else. Pages that say nothing are taken for windows-1252, as browsers do; a NUL is left out.
    """
    from w3lib.encoding import read_bom

    marked, mark = read_bom(data)
    data = data.removeprefix(mark or b"")
    return data.decode(marked or _encoding(data, content_type), "replace").replace("\0", "")


def _encoding(data: bytes, content_type: str | None) -> str:
    """Return the encoding of a page that has no byte order mark."""
    from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

    head = data[:1024]
    if 4 * head.count(0) > len(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        declared = http_content_type_encoding(content_type) or html_body_declared_encoding(data) or ""
        return declared if _CHARSET.match(declared) else "cp1252"
    return "utf-8"


def extract(html: str, place: str, url: str | None = None) -> Page:
    """Return what a page holds, the comments of its readers aside; InputError, naming `place`, if it cannot be taken apart."""
    from trafilatura import bare_extraction, load_html
    from trafilatura.settings import Document as Extracted

    for name in ("trafilatura", "htmldate"):  # they log what is told here in other words
        logging.getLogger(name).addHandler(_SILENCE)
    saved_from = _SAVED_FROM.search(html, 0, 4096)
    try:
        tree = load_html(html)
        if tree is None:
            return Page("")
        if _steps_to_root(tree) > _DEEPEST * max(len(html), _SHORT):
            raise InputError(f"{place}: the elements of the page lie too deep in each other: hand over its text as .txt")
        visible = _visible(tree)
        found = bare_extraction(
            tree,
            url=url or (saved_from and saved_from[1]),
            include_comments=False,
            fast=_is_large(tree),
            with_metadata=True,
            date_extraction_params=dict(_DATES),
        )
    except InputError:
        raise
    except Exception as error:  # whatever a parser says to bytes from anywhere
        told = f"cannot be taken apart as a web page ({type(error).__name__})"
        raise InputError(f"{place}: {told}: hand over its text as .txt") from None
    text = (found.text or "").strip() if isinstance(found, Extracted) else ""
    if not isinstance(found, Extracted) or not text:
        return Page("")
    return Page(
        text=text,
        title=found.title or None,
        date=found.date or None,
        site=found.hostname or found.sitename or None,
        author=found.author or None,
        kept=min(1.0, _characters(text) / visible) if visible else None,
    )


def _is_large(tree: "HtmlElement") -> bool:
    """Return whether a page has very many elements, or very many that a reader may see with text in or behind them."""
    elements = texts = 0
    for element in tree.iter():
        elements += 1
        own = None if element.tag in _UNSEEN_TEXTS else element.text  # what stands behind it is not in it
        texts += any(text and not text.isspace() for text in (own, element.tail))
    return elements > _MANY_ELEMENTS or texts > _MANY_TEXTS


def _steps_to_root(tree: "HtmlElement") -> int:
    """Return how deep the elements of a page lie, all together: what looks from each of them up to the root takes that long."""
    from lxml.etree import iterwalk

    depth = total = 0
    for event, _ in iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            total += depth
        else:
            depth -= 1
    return total


def _visible(tree: "HtmlElement") -> int:
    """Return how many characters of a page a reader may see, white space aside."""
    from copy import copy

    from lxml.etree import strip_elements

    shown = copy(tree)
    strip_elements(shown, *_UNSEEN, with_tail=False)
    return sum(_characters(text) for text in shown.itertext())


def _characters(text: str) -> int:
    return sum(map(len, text.split()))
