"""Who might be speaking in a sentence: every verb or noun that can report, with every phrase beside it that can be its source.

English reports name a speaker in few places: before the verb, before a phrase in commas that stands between, after the verb,
after "according to", "by", before a colon. All are listed, also wrong ones; which of them is meant, a ranker learns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.ledger.reporting import is_helper, reporting_nouns, reporting_verbs
from pipeline.tokens import CLOSE, OPEN, STRAIGHT, Tokens

MARKS = frozenset([OPEN, CLOSE, STRAIGHT])
PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "you", "who"])
DETERMINERS = frozenset([
    "the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "one", "two", "three",
    "several", "some", "many", "most", "all", "both", "no", "another", "other",
])  # fmt: skip
PREPOSITIONS = frozenset(["of", "for", "in", "at", "on", "from", "with", "to", "and", "or", "by", "as", "about"])
TIMES = frozenset([
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december", "year", "years", "week", "weeks",
    "month", "months", "day", "days", "today", "yesterday", "ago", "earlier", "later", "morning", "evening", "night",
    "afternoon", "century", "time",
])  # fmt: skip
_JOINTS = frozenset([",", "(", ")", "\u2014", "\u2013", "-"])
_STOPS = _JOINTS | MARKS | frozenset([";", ":", ".", "?", "!", "[", "]"])
_CLAUSES = frozenset([
    "that", "but", "when", "while", "as", "because", "which", "who", "whom", "whose", "where", "if", "whether",
    "although", "though", "since", "after", "before", "until", "so", "than", "what", "how", "why",
])  # fmt: skip
_HEARSAY = frozenset(["reportedly", "allegedly", "supposedly", "purportedly", "apparently"])
_COUNTS = frozenset(["many", "several", "some", "these", "those", "all", "most", "few"])  # "many states" report nothing
_LEADS = frozenset(["and", "or", "yet", "then", "still", "but", "also", "meanwhile"])
_OF = frozenset(["of", "for", "with", "over", "from", "about", "against"])
_AFTER = frozenset(["in", "on", "at", "after", "during", "to", *TIMES])
NOBODY = range(0)  # the source of a statement of which nobody is named
_LONGEST, _FURTHEST, _COMMAS = 14, 40, 3  # tokens of a source, tokens back to it, commas between


@dataclass(frozen=True, slots=True)
class Voice:
    """A word that may report and a phrase that may be its source, as numbers of tokens.

    `verb` is the first token that reports, `after` the one behind it; `shape` says where the phrase was looked for.
    """

    verb: int
    after: int
    source: range
    shape: str


def voices(tokens: Tokens) -> list[Voice]:
    """Return the candidates of a sentence, from left to right by verb; what stands in a quotation does not report."""
    words, found = tokens.words, []
    verbs, nouns = reporting_verbs(), reporting_nouns()
    for at, word in enumerate(words):
        if tokens.quoted[at]:
            continue
        places: Iterator[tuple[range, str]]
        if word == "according" and words[at + 1 : at + 2] == ["to"]:
            places, after = _following(words, at + 1, "according"), at + 2
        elif word in verbs and not (word.endswith("s") and words[at - 1 : at] and words[at - 1] in _COUNTS):
            places, after = _around(words, at), at + 1
        elif word in nouns:
            places, after = _owners(words, at), at + 1
        elif word in _HEARSAY:
            places, after = iter(()), at + 1
        elif word == ":" and at:
            places, after = _spans(words, at, "colon"), at + 1
        else:
            continue
        seen = set()
        if word not in (":", "according"):
            found.append(Voice(at, after, NOBODY, "nobody"))
        for source, shape in places:
            if source not in seen:
                seen.add(source)
                found.append(Voice(at, after, source, shape))
    return found


def _around(words: Sequence[str], verb: int) -> Iterator[tuple[range, str]]:
    end = verb
    while end > 0 and is_helper(words[end - 1]):
        end -= 1
    yield from _spans(words, end, "subject")
    if end and words[end - 1] in _JOINTS:
        yield from _before_appositions(words, end - 1)
        yield from _spans(words, end - 1, "inside")
    yield from _following(words, verb, "inverted")
    if words[verb + 1 : verb + 2] == ["by"]:
        yield from _following(words, verb + 1, "by")


def _owners(words: Sequence[str], noun: int) -> Iterator[tuple[range, str]]:
    """Yield who may have made the statement that a noun names: its possessor, who stands after "by" or "from", its subject."""
    for at in range(noun - 1, max(-1, noun - 4), -1):
        if words[at].endswith(("'s", "s'")) or words[at] in ("his", "her", "their", "its"):
            yield from _spans(words, at + 1, "possessor")
            break
    if words[noun + 1 : noun + 2] in (["by"], ["from"], ["of"]):
        yield from _following(words, noun + 1, "by")
    yield from _spans(words, noun + 1, "itself")


def _before_appositions(words: Sequence[str], comma: int) -> Iterator[tuple[range, str]]:
    count = 0
    for at in range(comma - 1, max(0, comma - _FURTHEST), -1):
        if words[at] in MARKS:
            return
        if words[at] in _JOINTS:
            count += 1
            yield from _spans(words, at, f"apposition{count}")
            if count == _COMMAS:
                return


def _spans(words: Sequence[str], end: int, shape: str) -> Iterator[tuple[range, str]]:
    """Yield the noun phrases that may end before the token `end`, the one that ends at the first "and" before the longer."""
    for whole in (False, True):
        start = _start(words, end, whole=whole)
        if start is not None:
            for number, cut in enumerate(_cuts(words, start, end)):
                yield range(cut, end), f"{shape}{' and' * whole}{' cut' * (number > 0)}"


def _start(words: Sequence[str], end: int, *, whole: bool) -> int | None:
    start = end
    while start > 0:
        word = words[start - 1]
        if word in _STOPS or word in _CLAUSES or (not whole and word in ("and", "or")):
            break
        start -= 1
        if end - start > _LONGEST:
            return None
    while start < end and words[start] in _LEADS:
        start += 1
    return start if start < end else None


def _cuts(words: Sequence[str], start: int, end: int) -> list[int]:
    """Return where a phrase may begin: at `start`, or later, after what only says when and where; a pronoun stands alone."""
    if words[end - 1] in PRONOUNS:
        return [end - 1]
    cuts = [start]
    if words[start] in PREPOSITIONS and start + 1 < end:
        cuts.append(start + 1)
    inner = range(start + 1, end)
    cuts += [
        at
        for at in inner
        if words[at] in DETERMINERS and (_tells_time(words[at - 1]) or words[at - 1] not in PREPOSITIONS | PRONOUNS)
    ][:1]
    cuts += [at for at in inner if _tells_time(words[at - 1])]
    return list(dict.fromkeys(cuts))


def _tells_time(word: str) -> bool:
    return word in TIMES or word[0].isdigit()


def _following(words: Sequence[str], before: int, shape: str) -> Iterator[tuple[range, str]]:
    """Yield the noun phrases that may begin behind the token `before`: to the first preposition, and longer."""
    start = before + 1
    while start < len(words) and is_helper(words[start]):
        start += 1
    verbs, nouns = reporting_verbs(), reporting_nouns()
    for name, stops in ((" short", _AFTER | _OF), ("", _AFTER), (" long", frozenset[str]())):
        end = start
        while end < len(words) and end - start <= _LONGEST:
            word = words[end]
            if word in _STOPS or word in _CLAUSES:
                break
            if end > start and ((word in verbs and word not in nouns) or word in stops):
                break
            end += 1
        if end > start:
            yield range(start, end), f"{shape}{name}"
