"""PDFs to documents: the text of their pages as one, without what repeats at the head and foot of each."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.checking import checked
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST_PDF = 200 * MEGABYTE
_HYPHENATED = re.compile(r"(?<=[a-z])(?:-|\u00ad)\n(?=[a-z])")
_SILENCE = logging.NullHandler()
_DIGITS = re.compile(r"\d+")
_HEAD = 1000  # characters of a text in which its headline stands
_EDGE = 2  # lines at the head and foot of a page that may repeat
_FEWEST = 3  # pages that tell what repeats
_NO_TEXT = "holds no text: it seems to be a scan. Run text recognition on it first, for example `ocrmypdf IN.pdf OUT.pdf`"


def read_pdf(pdf: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document that a PDF holds.

    A word that is hyphenated at the end of a line is joined. The title that a PDF states is often a file's name; it is taken
    where the text begins with it. The day on which the file was made is not the article's, and is left out.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").addHandler(_SILENCE)  # it logs what it repairs
    stream = pdf.seekable(LARGEST_PDF)
    try:
        reader = PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{pdf.place}: needs a password: take it off, for example with `qpdf --decrypt`")
        text = joined([page.extract_text() for page in reader.pages])
        title, author = _stated(reader, "title"), _stated(reader, "author")
    except (InputError, ModuleNotFoundError):
        raise
    except Exception as error:  # whatever a parser says to bytes from anywhere
        told = f"cannot be read as a PDF ({type(error).__name__})"
        raise InputError(f"{pdf.place}: {told}: print it to a new PDF, or hand over its text as .txt") from None
    headline = title if title and title in " ".join(text[:_HEAD].split()) else None
    yield checked(Document(id=pdf.name, text=text, title=headline, author=author), pdf.place, options, empty=_NO_TEXT)


def joined(pages: Sequence[str]) -> str:
    r"""Return the pages as one text: a sentence may run from one to the next.

    >>> joined(["The Quay 1\nHe had de-", "The Quay 2\nnied it.", "The Quay 3\nShe had not."])
    'He had denied it.\nShe had not.'
    """
    lines = [[line.rstrip() for line in page.strip().splitlines()] for page in pages]
    repeated = _repeated(lines)
    kept = [
        line
        for page in lines
        for i, line in enumerate(page)
        if not (_is_edge(i, len(page)) and _DIGITS.sub("0", line.strip()) in repeated)
    ]
    return _HYPHENATED.sub("", "\n".join(kept))


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """Return the lines, digits aside, that stand at the head or foot of most pages."""
    if len(pages) < _FEWEST:
        return set()
    counts = Counter(
        line
        for page in pages
        for line in {_DIGITS.sub("0", line.strip()) for i, line in enumerate(page) if _is_edge(i, len(page))}
        if line
    )
    return {line for line, count in counts.items() if 2 * count > len(pages)}


def _is_edge(line: int, lines: int) -> bool:
    return line < _EDGE or line >= lines - _EDGE


def _stated(reader: "PdfReader", name: str) -> str | None:
    """Return what a PDF states about itself under `name`."""
    stated = reader.metadata and getattr(reader.metadata, name, None)
    return " ".join(str(stated).split()) or None if stated else None
