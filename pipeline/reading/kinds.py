"""The kinds of input, told by a file's name or by how its bytes begin."""

import json
import re
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What an input is."""

    TEXT = "text"
    PAGE = "web page"
    MHTML = "page saved as a single file"
    WEBARCHIVE = "page saved by Safari"
    PDF = "PDF"
    JSONL = "JSON Lines"
    CSV = "CSV"
    PARQUET = "Parquet"
    FEED = "feed"
    DATASET = "dataset"


_BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
    ".xhtml": Kind.PAGE,
    ".mhtml": Kind.MHTML,
    ".mht": Kind.MHTML,
    ".webarchive": Kind.WEBARCHIVE,
    ".pdf": Kind.PDF,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".parquet": Kind.PARQUET,
    ".rss": Kind.FEED,
    ".atom": Kind.FEED,
}
SINGLE = frozenset((Kind.TEXT, Kind.PAGE, Kind.MHTML, Kind.WEBARCHIVE, Kind.PDF))  # kinds that hold one document
_COMPRESSED = ".gz"  # of tables that are read row by row
_ROWS = (Kind.JSONL, Kind.CSV)
HEAD = 4096  # bytes that are looked at

_FEED = re.compile(rb"<(?:rss|rdf:RDF|(?:atom:)?feed)[\s>]")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:\?xml|!--|!doctype|html|head|body|rss|rdf:RDF|(?:atom:)?feed)[\s>?-]?", re.IGNORECASE)
_MAIL_HEADER = re.compile(rb"(?:From|MIME-Version|Snapshot-Content-Location|Subject|Date): ", re.IGNORECASE)
_OBJECT_BEGINS = re.compile(r'\{\s*"(?:[^"\\]|\\.)*"\s*:')


def known_suffixes() -> list[str]:
    """Return the suffixes of the files that are read in a folder, `.txt` aside."""
    return [suffix for suffix in _BY_SUFFIX if suffix != ".txt"]


def kind_of_name(name: str) -> Kind | None:
    """Return the kind that a file's name tells, None where it tells none.

    >>> kind_of_name("Minutes.PDF"), kind_of_name("crawl.jsonl.gz"), kind_of_name("README")
    (<Kind.PDF: 'PDF'>, <Kind.JSONL: 'JSON Lines'>, None)
    """
    suffix = Path(name).suffix.lower()
    if suffix == _COMPRESSED:
        kind = _BY_SUFFIX.get(Path(Path(name).stem).suffix.lower())
        return kind if kind in _ROWS else None
    return Kind.JSONL if suffix == ".json" else _BY_SUFFIX.get(suffix)


def kind_in_folder(path: Path) -> Kind | None:
    """Return the kind of a file that was not named itself: an .xml is a feed or nothing, a .json is not read."""
    suffix = path.suffix.lower()
    if suffix == ".xml":
        with path.open("rb") as stream:
            return Kind.FEED if kind_of_bytes(stream.read(HEAD)) is Kind.FEED else None
    return None if suffix == ".json" else kind_of_name(path.name)


def kind_of_bytes(head: bytes) -> Kind:
    """Return the kind of an input that begins with `head`, its first HEAD bytes; what is nothing else is text.

    >>> kind_of_bytes(b"<!DOCTYPE html><title>"), kind_of_bytes(b'{"text": "He denied it."}')
    (<Kind.PAGE: 'web page'>, <Kind.JSONL: 'JSON Lines'>)
    """
    for mark, kind in ((b"%PDF-", Kind.PDF), (b"PAR1", Kind.PARQUET), (b"bplist00", Kind.WEBARCHIVE)):
        if head.startswith(mark):
            return kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, of which only pages are read
        head = head.replace(b"\0", b"")[2:]
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _MARKUP.match(begin):
        if _FEED.search(begin):
            return Kind.FEED
        return Kind.PAGE if _PAGE.search(begin) else Kind.TEXT
    if _MAIL_HEADER.match(begin) and b"multipart/related" in begin:
        return Kind.MHTML
    return Kind.JSONL if _begins_with_object(begin) else Kind.TEXT


def _begins_with_object(begin: bytes) -> bool:
    line, ended, _ = begin.partition(b"\n")
    text = line.decode("utf-8", "replace")
    if not ended and len(line) >= HEAD // 2:  # the line goes on where nobody looked
        return _OBJECT_BEGINS.match(text) is not None
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
