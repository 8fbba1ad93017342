"""Ledgers in the format that was asked for, on standard output or in files that are written whole or not at all."""

import sys
from collections.abc import Iterable, Iterator
from itertools import tee
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from pipeline.documents import Document
from pipeline.ledger.formats import PAGES, LedgerFormat
from pipeline.ledger.statements import Ledger
from pipeline.outputs import PAGE_WIDTH
from pipeline.views import Model, Scored

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.scorer import ScoredSentence

Noted = Iterable[tuple[Document, "list[ScoredSentence]", Ledger]]


class LedgerModel(Model, Protocol):
    """What makes ledgers: a scorer."""

    @property
    def ledger_id(self) -> str:
        """The name of what makes its ledgers, as `id` is of what labels its sentences."""

    def ledger(self, text: str, title: str | None = None) -> Ledger:
        """Return the ledger of an article."""

    def ledger_documents(
        self, documents: Iterable[Document], *, explain: bool = False
    ) -> "Iterator[tuple[list[ScoredSentence], Ledger]]":
        """Yield the scored sentences and the ledger of each of `documents`, in order."""


def noted_by(model: LedgerModel, documents: Iterable[Document], *, explain: bool = False) -> Noted:
    """Yield each of `documents` with its scored sentences and its ledger."""
    read, again = tee(documents)
    noted = zip(read, model.ledger_documents(again, explain=explain), strict=True)
    return ((document, sentences, ledger) for document, (sentences, ledger) in noted)


def parted(noted: Noted) -> tuple[Scored, Iterable[Ledger]]:
    """Return the scored articles, and the ledger of each."""
    articles, again = tee(noted)
    return ((document, sentences) for document, sentences, _ in articles), (ledger for *_, ledger in again)


def write_ledgers(model: LedgerModel, noted: Noted, form: LedgerFormat, out: Path | None) -> None:
    """Write the ledgers of articles as `form` to the file or folder `out`, else to standard output.

    Raises
    ------
    InputError
        If `out` cannot be written, or is one page and there is more than one article; nothing is left behind then.
    """
    from pipeline.writing import replacing

    if out is None:
        _write_text(model, noted, form, sys.stdout)
    elif form is LedgerFormat.HTML and out.suffix.lower() not in PAGES:
        from pipeline.site.pages import write_site

        scored, ledgers = parted(noted)
        write_site(model, scored, out, ledgers=ledgers)
    else:
        with replacing(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            _write_text(model, noted, form, stream)


def console_of(stream: IO[str]) -> "Console":
    """Return what writes tables to `stream`: as wide as the terminal, or as a page where it is none."""
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else PAGE_WIDTH)


def _write_text(model: LedgerModel, noted: Noted, form: LedgerFormat, stream: IO[str]) -> None:
    if form is LedgerFormat.TABLE:
        from pipeline.ledger.views import print_ledgers

        print_ledgers((ledger for *_, ledger in noted), console_of(stream))
    elif form is LedgerFormat.HTML:
        from pipeline.site.pages import write_page

        scored, ledgers = parted(noted)
        write_page(model, scored, stream, ledgers=ledgers)
    else:
        from pipeline.ledger.recording import line_of, record_of

        for *_, ledger in noted:
            stream.write(line_of(record_of(ledger)) + "\n")
