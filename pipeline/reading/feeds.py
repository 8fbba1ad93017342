"""RSS and Atom to documents: each entry one, its content, else its summary; a long one is taken apart as a page is."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.pages import Page, extract
from pipeline.reading.sources import web_address
from pipeline.reading.streams import MEGABYTE, Input

if TYPE_CHECKING:
    from feedparser import FeedParserDict

LARGEST_FEED = 20 * MEGABYTE
_SHORT = 1_000  # characters of HTML up to which an entry has nothing beside its text; a feed may hold thousands of such
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|pre)\b[^>]*>", re.IGNORECASE)  # ends a line
_MAIL_AND_NAME = re.compile(r"\S+@\S+ \((.+)\)")  # how RSS names an author


def read_feed(feed: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document of each entry; its id is the entry's link, else ``file:number``; the link is carried too."""
    import feedparser

    data = feed.read_whole(LARGEST_FEED)
    try:
        parsed = feedparser.parse(io.BytesIO(data))  # never a str: that could be an address, which it would fetch
    except Exception as error:  # whatever a parser says to bytes from anywhere
        raise InputError(f"{feed.place}: cannot be read as a feed ({type(error).__name__})") from None
    if not parsed.get("version") and not parsed.entries:
        raise InputError(f"{feed.place}: is no RSS or Atom feed")
    if not parsed.entries:
        raise InputError(f"{feed.place}: the feed holds no entry")
    seen: set[str] = set()
    for number, entry in enumerate(parsed.entries, 1):
        name, where = f"{feed.name}:{number}", f"{feed.place}, entry {number}"
        try:
            document = _document(entry, name, where)
        except InputError as error:
            yield Unread(name, str(error))
            continue
        if document.id in seen:
            document = replace(document, id=name)
        seen.add(document.id)
        yield checked(document, where, options, empty="holds neither content nor a summary")


def _document(entry: "FeedParserDict", name: str, place: str) -> Document:
    contents = [content.get("value") or "" for content in entry.get("content") or ()]
    html = max(contents, key=len, default="") or entry.get("summary") or ""
    link = entry.get("link")
    url = web_address(link)
    if len(html) > _SHORT:
        found = extract(f"<html><body><article>{html}</article></body></html>", place, url)
    else:
        found = Page(_lines(html), site=_host(url))
    published = entry.get("published_parsed") or entry.get("updated_parsed")
    return Document(
        id=link or name,
        text=found.text,
        title=entry.get("title") or None,
        source=found.site,
        date=date(*published[:3]).isoformat() if published else None,
        author=_MAIL_AND_NAME.sub(r"\1", entry.get("author") or "") or None,
        extra={"link": link},
        kept=found.kept,
    )


def _host(url: str | None) -> str | None:
    """Return the host that an address names, without its "www."; None where it names none."""
    try:
        found = urlsplit(url or "").hostname
    except ValueError:  # a bracket too many, say
        return None
    return found.removeprefix("www.") if found else None


def _lines(html: str) -> str:
    """Return all text of some `html`, a line for each of its paragraphs, items or the like."""
    from w3lib.html import remove_comments, remove_tags, remove_tags_with_content, replace_entities

    shown = remove_tags_with_content(remove_comments(html), ("script", "style"))
    if "<" in shown:
        shown = remove_tags(_BREAK.sub("\n", " ".join(shown.split())))
    lines = (" ".join(line.split()) for line in replace_entities(shown).splitlines())
    return "\n".join(filter(None, lines))
