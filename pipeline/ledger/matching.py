"""When a field of one ledger is that of another: words at the same place, contents alike but for their marks, one identity."""

import re
from collections.abc import Iterable

from pipeline.ledger.alike import same_name
from pipeline.ledger.statements import Extract, Statement, Target

Range = tuple[int, int]

_WORD = re.compile(r"[^\W_]+(?:[.'\u2019-][^\W_]+)*")
_ARTICLES = frozenset(["the", "a", "an"])
_BEFORE = (
    "\\s\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"  # may begin a content and are no part of it: space, quotation marks
)
_AFTER = _BEFORE + ".,;:"
_LEAD, _TAIL = re.compile(rf"[{_BEFORE}]*"), re.compile(rf"[{_AFTER}]*\Z")
_BETWEEN = re.compile(rf"[{_AFTER}]*")


def same_place(one: Extract | None, other: Extract | None) -> bool:
    """Tell whether both are there and stand at the same place."""
    return one is not None and other is not None and (one.start, one.end) == (other.start, other.end)


def same_source(want: Statement, got: Statement) -> bool:
    """Tell whether two statements have the same words for their source.

    Words in another sentence than the statement may stand at any place where the article has them, if they mean the same one.
    """
    if same_place(want.source.words, got.source.words):
        return True
    if want.source.words is None or got.source.words is None:
        return False
    elsewhere = want.source.sentence != want.sentence and got.source.sentence != got.sentence
    alike = want.source.words.text.casefold() == got.source.words.text.casefold()
    return elsewhere and alike and same_identity(want.source.who, got.source.who)


def same_identity(one: str | None, other: str | None) -> bool:
    """Tell whether two names stand for one: but for case and articles they are the same, or one is part of the other.

    >>> same_identity("Calder", "Harbour Master Ines Calder"), same_identity("the port", "The Port of Vey")
    (True, True)
    >>> same_identity("Ines Calder", "Tom Calder"), same_identity("Calder", "Calder's deputy")
    (False, False)
    """
    if one is None or other is None:
        return False
    shorter, longer = sorted((_folded(one), _folded(other)), key=len)
    return same_name(one, other) or f" {shorter} " in f" {longer} "


def same_target(one: Target, other: Target) -> bool:
    """Tell whether two targets are named by the same words, but for case and articles, wherever these stand."""
    first, second = ({_folded(target.words.text), _folded(target.who)} for target in (one, other))
    return bool(first & second)


def content_ranges(text: str, content: Iterable[Extract]) -> tuple[Range, ...]:
    """Return where the pieces of a content stand in the article `text`, in order, without what is only typography.

    White space and quotation marks at their ends and ``.,;:`` at their end are left out; pieces with nothing else between
    them are one.

    >>> text = 'It was "a lie", "a plot".'
    >>> [text[start:end] for start, end in content_ranges(text, [Extract(7, 14, '"a lie"'), Extract(16, 25, '"a plot".')])]
    ['a lie", "a plot']
    """
    found: list[Range] = []
    for start, end in sorted(_trimmed(text, piece.start, piece.end) for piece in content):
        if start == end:
            continue
        if found and (start <= found[-1][1] or _BETWEEN.fullmatch(text, found[-1][1], start)):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def word_starts(text: str, ranges: Iterable[Range]) -> frozenset[int]:
    """Return where each word in `ranges` of the article begins."""
    return frozenset(word.start() for start, end in ranges for word in _WORD.finditer(text, start, end))


def _trimmed(text: str, start: int, end: int) -> Range:
    lead, tail = _LEAD.match(text, start, end), _TAIL.search(text, start, end)
    first = start if lead is None else lead.end()
    return first, max(first, end if tail is None else tail.start())


def _folded(words: str) -> str:
    found = [word.group().casefold() for word in _WORD.finditer(words)]
    return " ".join([word for word in found if word not in _ARTICLES] or found)
