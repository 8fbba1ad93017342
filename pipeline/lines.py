"""Line breaks that mean something and line breaks that only fill a column."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.abbreviations import TITLES

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK = r"(?>\r\n|[\n\r\x85\u2028\u2029])"
_BLANK_LINE = re.compile(rf"{_BREAK}[^\S\n\r\x85\u2028\u2029]*{_BREAK}|[\v\f]")
_CLOSED = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_UNFINISHED = re.compile(
    r"(?:,|\b(?:and|or|of|the|a|an|to|from|with|by|that|as|his|her|its|their|which|who|was|were|had|has|is|are))$"
)
_ITEM = re.compile(r"by [A-Z]|[*•·▪◦●■►‣–—-]{1,2}[ \t\xa0]|\(?\d{1,2}[.)][ \t\xa0]")  # a byline, a bullet, a number
_COLUMNS = range(40, 121)  # characters: the widths at which mail and print columns are hard-wrapped
_MOSTLY = 0.6  # share of full lines from which a paragraph is taken for hard-wrapped
_FEW = 4  # lines of a paragraph from which filled lines alone show that it is hard-wrapped


def line_starts(text: str) -> Iterator[int]:
    """Yield where a line begins that goes on with no line before it: the first non-space character of each.

    A blank line ends a paragraph. Inside a paragraph a line break ends a line, unless its lines look hard-wrapped: broken
    for want of room, so that none could have taken the first word of the next.
    """
    paragraph: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        content = line[0].strip()
        if not content:
            continue
        start = line.start() + line[0].index(content[0])
        if paragraph and _BLANK_LINE.search(text, paragraph[-1][1], start):
            yield from _kept(text, paragraph)
            paragraph = []
        paragraph.append((start, start + len(content)))
    yield from _kept(text, paragraph)


def _kept(text: str, lines: list[tuple[int, int]]) -> Iterator[int]:
    """Yield where the lines of one paragraph begin that go on with none before them."""
    if not lines:
        return
    yield lines[0][0]
    full = _full(text, lines)
    for i, ((_, end), (start, _)) in enumerate(pairwise(lines)):
        if not (full and full[i]) and not _goes_on(text, end, start):
            yield start


def _goes_on(text: str, end: int, start: int) -> bool:
    """Tell whether the line that begins at `start` goes on with the one that ends at `end`, by what stands there."""
    if _ITEM.match(text, start):
        return False
    if _CLOSED.search(text, max(0, end - 6), end):
        last = text[max(0, end - 12) : end].split()[-1]
        return last[0].isupper() and last[-1] == "." and last[:-1].lower() in TITLES
    return text[start].islower() or _UNFINISHED.search(text, max(0, end - 12), end) is not None


def _full(text: str, lines: list[tuple[int, int]]) -> list[bool]:
    """Tell of each line but the last whether it had no room for the first word of the next; nothing where few are so full."""
    width = max(end - start for start, end in lines)
    if width not in _COLUMNS or len(lines) < 3:
        return []
    if len(lines) < _FEW and not any(text[start].islower() for start, _ in lines[1:]):
        return []
    full = [
        end - start + 1 + len(text[after : after + width].split(None, 1)[0]) >= width
        for (start, end), (after, _) in pairwise(lines)
    ]
    return full if sum(full) >= _MOSTLY * len(full) else []
