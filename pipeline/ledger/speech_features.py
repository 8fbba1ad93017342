"""What tells a source, a cue and a content from what only looks like one. Names are read as shapes: no name tells anything."""

from collections.abc import Iterable
from functools import cache

from pipeline.ledger.extents import Pieces
from pipeline.ledger.linear import Features
from pipeline.ledger.phrases import DETERMINERS, MARKS, PREPOSITIONS, PRONOUNS, TIMES, Voice
from pipeline.ledger.reporting import reporting_verbs
from pipeline.ledger.tags import tag_features
from pipeline.tokens import NAME, Tokens

_EDGE = "#"  # what stands before the first word and behind the last
_BE = frozenset(["was", "were", "is", "been", "be", "being", "are"])
# Verbs that mostly report when they stand in a report.
_PLAIN = """
    say says said saying tell tells told add adds added state states stated explain explains explained note notes noted
    announced write writes wrote reply replied replies respond responded argue argues argued claim claims claimed allege
    alleges alleged accuse accuses accused insist insists insisted maintain maintains maintained contend contends
    contended deny denies denied reject rejects rejected dismiss dismissed dismisses admit admits admitted acknowledge
    acknowledged concede conceded confirm confirmed confirms testified testifies recalled recalls believe believes
    believed think thinks thought report reports reported conclude concluded concludes found finds find show shows showed
    according
"""


@cache
def _plain() -> frozenset[str]:
    return frozenset(_PLAIN.split())


def voice_features(tokens: Tokens, label: str, voice: Voice) -> Features:
    """Return what tells whether `voice` is the one whose statement the sentence is."""
    words, verb, after = tokens.words, voice.verb, voice.after
    word = words[verb]
    if not voice.source:
        before, next_ = _word(tokens, verb - 1), _word(tokens, verb + 1)
        found = _on([
            "nobody", f"nobody verb={word}", f"nobody label={label}", f"nobody next={next_}", f"nobody before={before}",
            f"nobody before before={_word(tokens, verb - 2)}", f"nobody before,verb={before},{word}",
            f"nobody verb,next={word},{next_}", f"nobody plain={word in _plain()}", f"nobody be={before in _BE}",
            f"nobody first={verb < 2}",
        ])  # fmt: skip
        return {**found, **_tagged(tokens, voice)}
    start, stop = voice.source.start, voice.source.stop
    shape = voice.shape.split()[0]
    plain = word in _plain()
    quoted = f"{any(tokens.quoted[: min(start, verb)])},{any(tokens.quoted[max(stop, after) :])}"
    inside = words[start:stop]
    found = _on([
        f"shape={voice.shape}", f"verb={word}", f"length={min(len(inside), 9)}", f"label={label}",
        f"shape,plain={voice.shape},{plain}",
        f"first={_word(tokens, start)}", f"last={_word(tokens, stop - 1)}", f"before={_word(tokens, start - 1)}",
        f"behind={_word(tokens, stop)}", f"verb next={_word(tokens, after)}", f"verb before={_word(tokens, verb - 1)}",
        f"verb next next={_word(tokens, after + 1)}", f"start={min(start, 3)}", f"name last={tokens.named[stop - 1]}",
        f"name first={tokens.named[start]}", f"name any={any(tokens.named[start:stop])}",
        f"name all={all(tokens.named[start:stop])}", f"determiner={inside[0] in DETERMINERS}",
        f"pronoun={inside[0] in PRONOUNS}", f"quoted={quoted}", f"quoted,shape={quoted},{shape}",
        f"verb in={any(w in reporting_verbs() for w in inside)}", f"commas={words[min(stop, verb) : verb].count(',')}",
        f"that,shape={_word(tokens, after) == 'that'},{shape}", f"plain before={min(2, _count_plain(words[:verb]))}",
        f"plain after={min(2, _count_plain(words[after:]))}",
        f"be={_word(tokens, verb - 1) if _word(tokens, verb - 1) in _BE else '-'}",
        f"by,shape={_word(tokens, after) == 'by'},{shape}", f"number={any(w[0].isdigit() for w in inside)}",
        f"time={any(w in TIMES for w in inside)}", f"preposition={inside[0] in PREPOSITIONS}", f"shape,verb={shape},{word}",
        *([] if tokens.named[stop - 1] else [f"ending={inside[-1][-3:]}"]),
    ])  # fmt: skip
    return {**found, **_tagged(tokens, voice)}


def cue_features(tokens: Tokens, label: str, voice: Voice, cue: range) -> Features:
    """Return what tells whether the cue of `voice` reaches as far as `cue`."""
    words = tokens.words
    helpers, longer = voice.verb - cue.start, cue.stop - voice.after
    shape, last, next_ = voice.shape.split()[0], _word(tokens, cue.stop - 1), _word(tokens, cue.stop)
    more = min(longer, 3)
    found = _on([
        f"helpers={helpers}", f"longer={min(longer, 6)}", f"verb,longer={words[voice.verb]},{more}", f"last={last}",
        f"next={next_}", f"last,next={last},{next_}", f"shape,longer={shape},{more}", f"first={words[cue.start]}",
        f"before={_word(tokens, cue.start - 1)}", f"helpers,first={helpers},{words[cue.start]}",
        f"quoted next={cue.stop < len(words) and tokens.quoted[cue.stop]}", f"end={cue.stop >= len(words) - 1}",
        f"source behind={bool(voice.source) and voice.source.start > voice.verb}",
        f"name={any(tokens.named[voice.after : cue.stop])}", f"label,longer={label},{min(longer, 2)}",
        f"after,longer={_word(tokens, voice.after)},{min(longer, 2)}",
    ])  # fmt: skip
    return {**found, **tag_features(tokens.odds, "cue", [cue])}


def content_features(tokens: Tokens, label: str, voice: Voice, cue: range, pieces: Pieces) -> Features:
    """Return what tells whether `pieces` are what `voice` states."""
    words, count = tokens.words, len(tokens.words)
    parts = [cue, *([voice.source] if voice.source else [])]
    low, high = min(part.start for part in parts), max(part.stop for part in parts)
    where = "".join(_side(piece, low, high) for piece in pieces)
    start, stop, shape = pieces[0].start, pieces[-1].stop, voice.shape.split()[0]
    held = sum(map(len, pieces))
    full = int(5 * held / max(1, count - len(cue) - len(voice.source)))
    every = all(all(tokens.quoted[at] for at in piece) for piece in pieces)
    some = any(any(tokens.quoted[at] for at in piece) for piece in pieces)
    quoted = f"{every},{some}"
    others = any(
        tokens.quoted[at] and words[at] not in MARKS and not any(at in piece for piece in pieces) for at in range(count)
    )
    before = _word(tokens, start - 1)
    found = _on([
        f"where={where}", f"where,shape={where},{shape}", f"where,verb={where},{words[voice.verb]}",
        f"quoted={quoted},{others}", f"quoted,where={quoted},{others},{where}", f"before={before}",
        f"first={_word(tokens, start)}", f"next={_word(tokens, stop)}", f"before before={_word(tokens, start - 2)} {before}",
        f"gap={min(6, start - high)}" if where[0] == "R" else f"gap left={min(6, start)}",
        f"end={min(6, count - stop)}" if "R" in where else f"end left={min(4, low - stop)}",
        f"full={full}", f"where,full={where},{full}", f"pieces={len(pieces)}", f"length={min(10, held // 3)}",
        f"before,where={before},{where[0]}", f"label,where={label},{where}",
        f"cut={_word(tokens, stop) if stop < count - 1 else '.'}", f"cue,before={words[cue.stop - 1]},{before}",
        f"rest={min(8, count - stop)},{_word(tokens, stop)}", f"commas={min(3, words[high:start].count(','))}",
    ])  # fmt: skip
    return {**found, **tag_features(tokens.odds, "content", pieces)}


def _tagged(tokens: Tokens, voice: Voice) -> Features:
    """Return what tags say of the source of a voice and of the word that reports."""
    source = tag_features(tokens.odds, "source", [voice.source])
    return {**source, **tag_features(tokens.odds, "cue", [range(voice.verb, voice.after)])}


def _on(names: Iterable[str]) -> Features:
    return dict.fromkeys(names, 1.0)


def _word(tokens: Tokens, at: int) -> str:
    if not 0 <= at < len(tokens.words):
        return _EDGE
    return NAME if tokens.named[at] else tokens.words[at]


def _count_plain(words: list[str]) -> int:
    return sum(word in _plain() for word in words)


def _side(piece: range, low: int, high: int) -> str:
    """Return where a piece stands: left of source and cue, right, between them, or across."""
    if piece.stop <= low:
        return "L"
    if piece.start >= high:
        return "R"
    return "M" if low <= piece.start and piece.stop <= high else "X"
