"""Text to sentence spans. Offsets are code points into the text as given; the text itself is never altered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nupunkt

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK = r"(?>\r\n|[\n\r\x85\u2028\u2029])"
_BLANK_LINE = re.compile(rf"{_BREAK}[^\S\n\r\x85\u2028\u2029]*{_BREAK}|[\v\f]")
_CLOSED = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_WRAPPED = range(45, 101)  # characters: the line lengths at which mail and print columns are hard-wrapped


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: ``text[span.start:span.end]``."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    r"""Return the sentence spans of `text`, in reading order.

    Spans never overlap, begin and end on a non-space character and cover every non-space character. A blank line ends a
    sentence, a single line break does too unless its paragraph looks hard-wrapped; inside such a piece nupunkt decides
    (a Punkt model: Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary Detection").

    >>> text = "Mayor denies claims\nShe said Mr. Orlo lied. He did not reply."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['Mayor denies claims', 'She said Mr. Orlo lied.', 'He did not reply.']
    """
    return [span for piece in _pieces(text) for span in _cut(text, piece)]


def _pieces(text: str) -> Iterator[Span]:
    """Yield the stretches of text in which line breaks mean nothing."""
    start = 0
    for end in (*(m.start() for m in _BLANK_LINE.finditer(text)), len(text)):
        yield from _lines_joined(text, [Span(*m.span()) for m in _LINE.finditer(text, start, end) if not m[0].isspace()])
        start = end


def _lines_joined(text: str, lines: list[Span]) -> Iterator[Span]:
    """Yield the lines of one paragraph, those that are one stretch of running text joined."""
    wrapped = len(lines) > 2 and all(line.end - line.start in _WRAPPED for line in lines[:-1])
    piece: Span | None = None
    for line in lines:
        if piece is None:
            piece = line
        elif wrapped or (_begins_lower(text, line) and not _CLOSED.search(text[max(piece.start, piece.end - 20) : piece.end])):
            piece = Span(piece.start, line.end)
        else:
            yield piece
            piece = line
    if piece is not None:
        yield piece


def _begins_lower(text: str, line: Span) -> bool:
    return text[line.start : line.end].lstrip()[0].islower()


def _cut(text: str, piece: Span) -> Iterator[Span]:
    """Yield the sentences of one piece, trimmed of white space."""
    inner = text[piece.start : piece.end]
    starts = [start for start, _ in nupunkt.sentence_spans(inner)]
    for start, end in zip([0, *starts[1:]], [*starts[1:], len(inner)], strict=True):
        sentence = inner[start:end]
        if stripped := sentence.strip():
            first = piece.start + start + len(sentence) - len(sentence.lstrip())
            yield Span(first, first + len(stripped))
