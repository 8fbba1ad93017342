"""Text to sentence spans. Offsets are code points into the text as given; the text itself is never altered."""

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

from nupunkt import PunktParameters, PunktSentenceTokenizer

from pipeline.abbreviations import ABBREVIATIONS, STARTERS
from pipeline.boundaries import goes_on, reviewed, touching
from pipeline.furniture import glued_credits, is_furniture, signatures
from pipeline.lines import line_starts

_LONG_TOKEN = re.compile(r"\S{300,}")
_BULLET = re.compile(r"(?:^|(?<=[\n\r]))[ \t]*[*•·▪◦●■►‣–—-]{1,2}[ \t\xa0]+")
_MARKS = {
    "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’", "quot": '"', "apos": "'", "nbsp": "\xa0",
    "#34": '"', "#39": "'", "#8216": "‘", "#8217": "’", "#8220": "“", "#8221": "”", "#160": "\xa0",
}  # fmt: skip
_ENTITY = re.compile(rf"&({'|'.join(_MARKS)});")
_SYMBOLS = re.compile(r"(?:(?:[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]+|\[\d{1,3}\]|[:;]-?[()DP])(?:\s+|$))+")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: ``text[span.start:span.end]``.

    `kind` is "boilerplate" for page furniture that begins a line (a byline, a credit, a stamp, a link), else "prose".
    Spans compare by their range alone.
    """

    start: int
    end: int
    kind: Literal["prose", "boilerplate"] = field(default="prose", compare=False)


def split_sentences(text: str) -> list[Span]:
    r"""Return the sentence spans of `text`, in reading order.

    Spans never overlap, begin and end on a non-space character and cover every non-space character. A blank line ends a
    sentence, a single line break does too unless its paragraph looks hard-wrapped. Inside a line nupunkt decides (a Punkt
    model: Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary Detection") with the abbreviations of the
    news, and is overruled where scraped pages have lost a space, a credit sticks to a word, or an attribution follows a
    quotation.

    >>> text = "Mayor denies claims\nReutersShe said Mr. Orlo lied.He did not reply."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['Mayor denies claims', 'Reuters', 'She said Mr. Orlo lied.', 'He did not reply.']
    """
    lines = set(line_starts(text))
    if not lines:
        return []
    plain = _plain(text)
    starts = {start for start, _ in _punkt().span_tokenize(plain) if start == 0 or plain[start - 1].isspace()}
    for start, begins in (*reviewed(plain), *touching(plain)):
        (starts.add if begins else starts.discard)(start)
    starts.update(signatures(plain))
    starts = {_behind_symbols(plain, start) for start in starts - lines if not goes_on(plain, start)}
    starts.difference_update(bullet.end() for bullet in _BULLET.finditer(plain))
    lines.update(glued_credits(plain))
    return _spans(text, sorted(starts | lines), lines)


def _plain(text: str) -> str:
    """Return `text` as it is easier to read, every character in its place: entities of quotation marks as such marks.

    Long runs without a space become letters; nupunkt takes time quadratic in the stops of such a run.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: _MARKS[entity[1]] * len(entity[0]), text)
    return _LONG_TOKEN.sub(lambda run: "x" * len(run[0]), text)


@cache
def _punkt() -> PunktSentenceTokenizer:
    return PunktSentenceTokenizer(PunktParameters(abbrev_types=set(ABBREVIATIONS), sent_starters=set(STARTERS)))


def _behind_symbols(text: str, start: int) -> int:
    """Return where the sentence at `start` begins when emoji and note numbers are left to the sentence before."""
    symbols = _SYMBOLS.match(text, start)
    return symbols.end() if symbols else start


def _spans(text: str, starts: list[int], lines: set[int]) -> list[Span]:
    spans: list[Span] = []
    for start, end in pairwise([*starts, len(text)]):
        sentence = text[start:end].rstrip()
        if sentence:
            begins = start in lines or spans[-1].kind == "boilerplate"
            spans.append(Span(start, start + len(sentence), "boilerplate" if begins and is_furniture(sentence) else "prose"))
    return spans
