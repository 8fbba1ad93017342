"""The articles of which receipts are: found by the name that was recorded, or in a file that is handed over."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.ledger.pages import text_hash
from pipeline.ledger.receipts import Receipt
from pipeline.reading import ReadingOptions, documents_of, find_sources, read_sources
from pipeline.reading.sources import STANDARD_INPUT, web_address

_LINE = re.compile(r":\d+$")  # ends the name of a row of a table


def with_originals(
    receipts: Sequence[Receipt], article: str | None, options: ReadingOptions
) -> Iterator[tuple[Receipt, Document]]:
    """Yield each receipt with its article, which is looked for in the file `article`, else where it was read from.

    In a file the article is the one of the recorded name, else the one of the recorded text; a file that holds one article
    holds that of the receipts if they are all of one.

    Raises
    ------
    InputError
        If an article is not there.
    """
    places = [article or _recorded_place(receipt) for receipt in receipts]
    for place in dict.fromkeys(places):
        wanted = [receipt for receipt, at in zip(receipts, places, strict=True) if at == place]
        held = _read(place, wanted, options)
        for receipt in wanted:
            yield receipt, _original(receipt, held, place, alone=len({r.record.document for r in wanted}) == 1)


def _recorded_place(receipt: Receipt) -> str:
    name = receipt.record.document
    for place in (name, _LINE.sub("", name)):
        if place != STANDARD_INPUT and (web_address(place) or (place and Path(place).exists())):
            return place
    raise InputError(f"{receipt.where}: its article {name!r} is not here: name the file that holds it after the receipt")


def _read(place: str, wanted: Sequence[Receipt], options: ReadingOptions) -> list[Document]:
    """Return the articles at `place` that one of `wanted` may be of; of a place that holds one, that one."""
    names = {receipt.record.document for receipt in wanted}
    hashes = {receipt.record.text_sha256 for receipt in wanted}
    held: list[Document] = []
    spare: Document | None = None
    count = 0
    for document in documents_of(read_sources(find_sources([place], fetch=options.fetch).sources, options)):
        count += 1
        spare = document
        if document.id in names or text_hash(document.text) in hashes:
            held.append(document)
    return [spare] if count == 1 and spare is not None else held


def _original(receipt: Receipt, held: Sequence[Document], place: str, *, alone: bool) -> Document:
    record = receipt.record
    for document in held:
        if document.id == record.document:
            return document
    for document in held:
        if text_hash(document.text) == record.text_sha256:
            return document
    if alone and len(held) == 1:
        return held[0]
    raise InputError(f"{receipt.where}: {place} holds no article called {record.document!r}, and none with its text")
