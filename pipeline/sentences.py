"""Text to sentence spans. Offsets are code points into the text as given; the text itself is never altered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nupunkt

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK = r"(?>\r\n|[\n\r\x85\u2028\u2029])"
_BLANK_LINE = re.compile(rf"{_BREAK}[^\S\n\r\x85\u2028\u2029]*{_BREAK}|[\v\f]")
_CLOSED = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_WRAPPED = range(45, 101)  # characters: the widths at which mail and print columns are hard-wrapped
_NEARLY_FULL = 0.75  # share of the width from which a line may have been broken for want of room


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
    column = _column_width(text, lines)
    piece: Span | None = None
    before = Span(0, 0)
    for line in lines:
        if piece is None:
            piece = line
        elif not _CLOSED.search(text[max(before.start, before.end - 20) : before.end]) and (
            _begins_lower(text, line) or before.end - before.start >= _NEARLY_FULL * column > 0
        ):
            piece = Span(piece.start, line.end)
        else:
            yield piece
            piece = line
        before = line
    if piece is not None:
        yield piece


def _column_width(text: str, lines: list[Span]) -> int:
    """Return the width at which a paragraph is hard-wrapped, 0 where it does not look so: like a list of headlines, say."""
    width = max((line.end - line.start for line in lines), default=0)
    wrapped = len(lines) > 2 and width in _WRAPPED and any(_begins_lower(text, line) for line in lines[1:])
    return width if wrapped else 0


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
