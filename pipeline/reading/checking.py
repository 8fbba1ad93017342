"""What every document goes through, whatever it was read from: there has to be text, and it has to be English."""

from pipeline.documents import Document
from pipeline.reading.languages import other_language
from pipeline.reading.options import ReadingOptions, Unread


def checked(document: Document, where: str, options: ReadingOptions, *, empty: str = "holds no text") -> Document | Unread:
    """Return the document, or why it cannot be scored: a line that begins with `where` it stands; `empty` tells of no text."""
    if not document.text.strip():
        return Unread(document.id, f"{where}: {empty}")
    if not options.force and (language := other_language(document.text)) is not None:
        return Unread(
            document.id, f"{where}: is not in English but, it seems, in {language!r} (ISO 639): --force has it scored anyway"
        )
    return document
