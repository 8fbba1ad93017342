"""When two names are of one, and how much two claims have in common."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.ledger.statements import Statement
from pipeline.names import find_names

ALIKE = 0.3  # overlap from which two claims are taken for one
LEAST = 2  # words that they then have in common, at least
NAME_WEIGHT = 2.0  # of a word that is part of a name, where any other counts 1

_WORD = re.compile(r"[^\W_]+(?:[.'\u2019-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_STOP = """
    a about after again against all also although am an and any are as at be because been before being between both but by
    can could did do does doing down during each few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or other
    our ours out over own same she should so some such than that the their theirs them themselves then there these they
    this those through to too under until up very was we were what when where which while who whom whose why will with
    would you your yours may might must shall among amid since upon within without per via
    accuse accused accuses accusing allege alleged alleges alleging allegedly claim claimed claims claiming
    reportedly apparently perhaps possibly probably say said says saying told tell tells according added
"""
_NAMELESS = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your"]
    + ["i", "me", "you", "he", "him", "she", "it", "we", "us", "they", "them", "who", "whom", "both", "all"]
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An allegation as it is compared: the weighted words of its content, those of its sentence, and against whom it is."""

    words: Mapping[str, float]
    sentence: frozenset[str]
    target: str | None

    def names(self, who: str) -> bool:
        """Tell whether its sentence has all words of a name."""
        words = set(_name_words(who))
        return bool(words) and words <= self.sentence


def claim_of(statement: Statement, common: Collection[str] = ()) -> Claim:
    """Return an allegation as it is compared; `common` are words of which a capital makes no name (see `pipeline.names`)."""
    said = " … ".join(extract.text for extract in statement.content) or statement.text
    target = None if statement.target is None else statement.target.who
    return Claim(content_words(said, common), frozenset(_name_words(statement.text)), target)


def alike(one: Claim, other: Claim) -> bool:
    """Tell whether two allegations may be one: their targets do not differ, and their contents overlap.

    Targets differ where both are known, have not the same name, and neither is named in the sentence of the other allegation.
    Contents overlap where they have `LEAST` words in common and `overlap` is `ALIKE` or more. The words of the targets are
    left out of it: allegations against one target are not one for that.
    """
    known = [target for target in (one.target, other.target) if target is not None]
    if len(known) == 2 and not (same_name(*known) or one.names(known[1]) or other.names(known[0])):
        return False
    targets = {word for target in known for word in _name_words(target)}
    first, second = _without(one.words, targets), _without(other.words, targets)
    return len(first.keys() & second.keys()) >= LEAST and overlap(first, second) >= ALIKE


def has_name(who: str) -> bool:
    """Tell whether words say who is meant, as no pronoun does."""
    return bool(_name_words(who))


def same_name(one: str, other: str) -> bool:
    """Tell whether two names may be of one: they end alike, or have alike what stands before "of", and one holds the other.

    >>> same_name("Scaparrotti", "General Curtis Scaparrotti"), same_name("Health Ministry", "the Ministry of Health")
    (True, True)
    >>> same_name("Ana Brel", "Tom Brel"), same_name("Russia", "the Bank of Russia")
    (False, False)
    """
    first, second = _name_words(one), _name_words(other)
    if not first or not second:
        return False
    shorter, longer = sorted((set(first) - {"of"}, set(second) - {"of"}), key=len)
    return shorter <= longer and (shorter == longer or _head(first) == _head(second))


def content_words(text: str, common: Collection[str]) -> dict[str, float]:
    """Return the words of a claim, case folded, with their weights; stop words and words of alleging are left out.

    Parts of a name weigh `NAME_WEIGHT`; `common` are the words of which a capital makes no name (see `pipeline.names`).

    >>> content_words("Mona Vale's office paid the bribe.", common={"office"})
    {'mona': 2.0, 'vale': 2.0, 'office': 1.0, 'paid': 1.0, 'bribe': 1.0}
    """
    names = find_names(text, common)
    found: dict[str, float] = {}
    for match in _WORD.finditer(text):
        word = _folded(match.group())
        if word and word not in _stop_words():
            named = any(name.start <= match.start() < name.end for name in names)
            found[word] = max(found.get(word, 0.0), NAME_WEIGHT if named else 1.0)
    return found


def overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the share of the weight of two claims that lies in words that both have: 0 where none, 1 where all (Dice)."""
    whole = sum(one.values()) + sum(other.values())
    return sum(one[word] + other[word] for word in one if word in other) / whole if whole else 0.0


def _without(words: Mapping[str, float], left_out: Collection[str]) -> dict[str, float]:
    return {word: weight for word, weight in words.items() if word not in left_out}


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_STOP.split())


def _name_words(name: str) -> list[str]:
    words = [_folded(match.group()) for match in _WORD.finditer(name)]
    return [word for word in words if word and word not in _NAMELESS]


def _head(words: list[str]) -> str:
    return words[words.index("of") - 1] if "of" in words[1:] else words[-1]


def _folded(word: str) -> str:
    return _POSSESSIVE.sub("", word).casefold()
