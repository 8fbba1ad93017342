"""How far a cue and a content reach, once it is known which word reports and who speaks: all readings that grammar allows."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.ledger.phrases import MARKS, Voice
from pipeline.ledger.reporting import is_helper
from pipeline.tokens import Tokens

# what is left out at the ends of a content
_ENDS = frozenset([".", ",", ";", ":", "!", "\u2026", "-", "\u2013", "\u2014", "(", ")"]) | MARKS
_BREAKS = frozenset([",", ";", ":", "(", ")", "-", "\u2013", "\u2014"]) | MARKS
_LEADS = frozenset(["and", "but", "yet", "so", "that", "how", "whether"])
_LONGEST_CUE, _MOST_BREAKS = 9, 6

Pieces = tuple[range, ...]


def cue_ranges(tokens: Tokens, voice: Voice) -> list[range]:
    """Return what the cue of `voice` may be: its verb, with helpers before it and words behind it."""
    words = tokens.words
    starts = [voice.verb]
    while starts[-1] > 0 and is_helper(words[starts[-1] - 1]) and starts[-1] - 1 not in voice.source and len(starts) < 5:
        starts.append(starts[-1] - 1)
    ends = [voice.after]
    while len(ends) < _LONGEST_CUE and ends[-1] < len(words):
        if words[ends[-1]] in _BREAKS or words[ends[-1]] == "." or ends[-1] in voice.source or tokens.quoted[ends[-1]]:
            break
        ends.append(ends[-1] + 1)
    return [range(start, end) for start in starts for end in ends]


def whole(tokens: Tokens) -> Pieces:
    """Return the whole sentence as a content, without the marks at its ends."""
    return trimmed(tokens, [range(len(tokens.words))])


def content_pieces(tokens: Tokens, voice: Voice, cue: range) -> list[Pieces]:
    """Return what the content of `voice` may be: what stands behind it, before it, both, or what is quoted."""
    words = tokens.words
    taken = sorted([cue, *([voice.source] if voice.source else [])], key=lambda part: part.start)
    low, high = taken[0].start, max(part.stop for part in taken)
    starts, stops, closings = _starts(tokens, high), _stops(tokens, high), _closings(tokens, low)
    right = [range(a, b) for a in starts for b in stops if a < b]
    left = [range(a, b) for a in _openings(tokens, low) for b in closings if a < b]
    between = [range(a.stop, b.start) for a, b in pairwise(taken) if b.start - a.stop > 2]
    quoted = _quoted(tokens)
    readings: list[list[range]] = [[part] for part in right] + [[part] for part in left] + [[part] for part in between]
    readings += [[a, range(b, len(words))] for a in left for b in starts]
    if quoted:
        readings.append(quoted)
        readings += [[part] for part in quoted if len(quoted) > 1]
    readings.append([range(len(words))])
    found: dict[Pieces, None] = {}
    for reading in readings:
        if pieces := trimmed(tokens, reading):
            found[pieces] = None
    return list(found)


def trimmed(tokens: Tokens, parts: Sequence[range]) -> Pieces:
    """Return `parts` without marks and spaces at their ends; those of which nothing is left are gone."""
    words, found = tokens.words, []
    for part in parts:
        start, stop = part.start, part.stop
        while start < stop and words[start] in _ENDS:
            start += 1
        while start < stop and words[stop - 1] in _ENDS:
            stop -= 1
        if start < stop:
            found.append(range(start, stop))
    return tuple(found)


def _starts(tokens: Tokens, high: int) -> list[int]:
    """Return where a content may begin behind the token before `high`."""
    words, found = tokens.words, [high]
    at = high
    while at < len(words) and words[at] in _ENDS | _LEADS:
        at += 1
        found.append(at)
    breaks = [
        i + 1 for i in range(high, len(words)) if words[i] in _BREAKS or words[i] in ("that", "of", "with", "to", "for", "as")
    ]
    return sorted({*found, *breaks[:_MOST_BREAKS]})


def _stops(tokens: Tokens, high: int) -> list[int]:
    words = tokens.words
    breaks = [i for i in range(high + 1, len(words)) if words[i] in _BREAKS]
    return sorted({len(words), *breaks[-_MOST_BREAKS:]}, reverse=True)


def _openings(tokens: Tokens, low: int) -> list[int]:
    words = tokens.words
    breaks = [i + 1 for i in range(low) if words[i] in _BREAKS or (i == 0 and words[i] in _LEADS)]
    return sorted({0, *breaks[:_MOST_BREAKS]})


def _closings(tokens: Tokens, low: int) -> list[int]:
    words = tokens.words
    breaks = [i for i in range(1, low) if words[i] in _BREAKS]
    return sorted({low, *breaks[-3:]}, reverse=True)


def _quoted(tokens: Tokens) -> list[range]:
    return list(_runs([q and w not in MARKS for q, w in zip(tokens.quoted, tokens.words, strict=True)]))


def _runs(flags: Sequence[bool]) -> Iterator[range]:
    start: int | None = None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        if not flag and start is not None:
            yield range(start, at)
            start = None
