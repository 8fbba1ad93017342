"""What of an article stands in quotation marks, and which of its marks have no partner."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.ledger.statements import Quotation
from pipeline.tokens import STRAIGHT

DIRECT = 0.97  # share of a content that stands in quotation marks, from which the content is quoted as a whole

_PARAGRAPH = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_MARK = re.compile(
    r'["\u201c\u201d\u201e\u00ab\u00bb]'
    r"|(?<!\w)[\u2018'](?=\w)"  # a single mark that opens
    r"|(?<=[^\s\u2018'\"\u201c])[\u2019'](?!\w)"  # one that closes, or an apostrophe at the end of a word
)
_CLOSES = {
    "\u201c": "\u201d\u201c", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u2018": "\u2019'",
    '"': '"', "'": "'\u2019",
}  # fmt: skip
_SINGLE = "\u2018\u2019'"
_ONLY_CLOSE = "\u201d\u00bb"
_POSSESSIVE = re.compile(r"s[\u2019'] (?=[a-z])")  # "the workers' strike", if no quotation ends there
_OPENED = re.compile(r"\s*[\"\u201c\u201e\u00ab\u2018']")
_BEFORE = " \t\u00a0([{-\u2013\u2014/"  # what stands before a straight mark that opens


class Piece(Protocol):
    """A piece of the article, ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


@dataclass(frozen=True, slots=True)
class Quotations:
    """What of `text` is quoted.

    `inside` are the ranges between quotation marks, in order and apart from each other; `lone` are the places of the marks
    that have no partner. A quotation that no mark ends goes to the end of its paragraph.
    """

    text: str
    inside: tuple[range, ...]
    lone: tuple[int, ...]

    def share(self, pieces: Sequence[Piece]) -> float:
        """Return which share of the letters and digits of `pieces` is quoted; 0 where they have none."""
        whole = sum(self._letters(piece.start, piece.end) for piece in pieces)
        quoted = sum(
            self._letters(max(piece.start, found.start), min(piece.end, found.stop))
            for piece in pieces
            for found in self.inside
        )
        return quoted / whole if whole else 0.0

    def unclosed(self, sentence: Piece) -> bool:
        """Tell whether a mark in `sentence` has no partner, neither there nor in another sentence of its paragraph.

        One that is left open at the end of a paragraph has a partner where the next paragraph begins with a mark, as the
        paragraphs of a long quotation do.
        """
        return any(sentence.start <= place < sentence.end for place in self.lone)

    def kind(self, content: Sequence[Piece], *, author: bool = False, continued: bool = False) -> Quotation:
        """Return how `content` is quoted.

        `author` says that it is the article's own voice, `continued` that it goes on with the words of a speaker who is named
        in another sentence.
        """
        if author:
            return "none"
        if continued:
            return "floating"
        share = self.share(content)
        return "direct" if share >= DIRECT else "mixed" if share > 0 else "indirect"

    def _letters(self, start: int, end: int) -> int:
        return sum(character.isalnum() for character in self.text[start:end]) if start < end else 0


def quotations_of(text: str) -> Quotations:
    """Return what of an article is quoted. No marks are too broken for it.

    Curly, straight, German and French marks are read. A single mark is one only where another closes it in the same paragraph:
    else it is an apostrophe.

    >>> text = 'He called it "a farce", and she said: \u201cNo.'
    >>> quoted = quotations_of(text)
    >>> [text[found.start : found.stop] for found in quoted.inside], [text[place] for place in quoted.lone]
    (['a farce', 'No.'], ['“'])
    """
    inside: list[range] = []
    lone: list[int] = []
    for paragraph in _PARAGRAPH.finditer(text):
        goes_on = _OPENED.match(text, paragraph.end()) is not None
        for found, without in _quoted(text, paragraph.start(), paragraph.end()):
            inside.append(found)
            if without is not None and not (goes_on and found.stop == paragraph.end()):
                lone.append(without)
    return Quotations(text, tuple(inside), tuple(lone))


def _quoted(text: str, start: int, end: int) -> Iterator[tuple[range, int | None]]:
    """Yield what of a paragraph is quoted, each with the place of its mark where this has no partner."""
    marks = list(_MARK.finditer(text, start, end))
    last = {m.group(): m.start() for m in marks if m.group() in _SINGLE and not _can_only_open(text, m.start(), start)}
    opened: int | None = None
    after = start
    for number, mark in enumerate(marks):
        place, sign = mark.start(), mark.group()
        if opened is not None and _ends(text, marks, number, text[opened], start):
            yield range(opened + 1, place), None
            opened, after = None, place + 1
        elif opened is not None:
            if sign == text[opened] and sign not in _SINGLE:
                yield range(opened + 1, place), opened
                opened = place
        elif sign in _ONLY_CLOSE or (sign == STRAIGHT and _can_only_close(text, place, start)):
            if not text[place - 1 : place].isdigit():  # else it may be inches
                yield range(after, place), place
                after = place + 1
        elif sign not in _SINGLE or (
            sign != "\u2019"
            and _can_only_open(text, place, start)
            and any(last.get(closing, place) > place for closing in _CLOSES[sign])
        ):
            opened = place
    if opened is not None:
        yield range(opened + 1, end), opened


def _ends(text: str, marks: Sequence[re.Match[str]], number: int, opened: str, start: int) -> bool:
    """Tell whether a mark ends the quotation that the mark `opened` began."""
    place, sign = marks[number].start(), marks[number].group()
    if sign not in _CLOSES[opened] or _can_only_open(text, place, start):
        return False
    if sign in _SINGLE and _POSSESSIVE.match(text, place - 1):
        after = (marks[n].group() for n in range(number + 1, len(marks)))
        return next((sign for sign in after if sign in _SINGLE), "\u2018") not in _CLOSES[opened]
    return True


def _can_only_open(text: str, place: int, start: int) -> bool:
    """Tell whether white space stands before a mark, and a word after it."""
    return (place == start or text[place - 1] in _BEFORE) and text[place + 1 : place + 2].isalnum()


def _can_only_close(text: str, place: int, start: int) -> bool:
    """Tell whether a word or a stop stands before a mark, and no word after it."""
    return place > start and text[place - 1] not in _BEFORE and not text[place + 1 : place + 2].isalnum()
