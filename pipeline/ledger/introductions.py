"""How an article introduces people: "Ian Roe, a spokesman", "the lawyer, Ana Brel", "panel leader Mona Vale"."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pipeline.ledger.full_names import FullNames, Name
from pipeline.ledger.mentions import Mention
from pipeline.ledger.noun_phrases import OWNERS
from pipeline.ledger.phrases import DETERMINERS, PREPOSITIONS
from pipeline.sentences import Span

_REACH = 120  # characters beside a name in which a description may stand
_MOST = 8  # people of one description; more are not kept apart
_WORDS = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_BREAK = re.compile(r"[,;:.!?()\"\u201c\u201d\u2014\u2013\[\]]")
_BEHIND = re.compile(r"(?: \([^)]{1,12}\))?(?:,| is| was| ?\u2014| \u2013| \() ?([^,;:.!?()\"\u201c\u201d\u2014\u2013\[\]]+)")
_DETERMINERS = DETERMINERS | OWNERS
_JOINS = PREPOSITIONS | frozenset(
    ["of", "who", "whose", "that", "which", "where", "whom", "close", "familiar", "and", "or", "to", "as", "than", "when"]
    + ["around", "near", "behind", "inside", "outside", "like"]
)
_CLOSED = frozenset(
    ["said", "says", "told", "was", "is", "were", "are", "had", "has", "have", "did", "be", "been", "but", "if", "because"]
    + ["he", "she", "they", "it", "we", "i", "you", "not", "added", "asked", "him", "them", "us", "me", "accused", "by"]
)
_PLAIN = frozenset(["former", "late", "own", "then", "senior", "new", "old", "young", "same", "retired", "deputy"])


class Description(NamedTuple):
    """What a noun phrase says: its head, its other words, the word that determines it, and how many words it has.

    A phrase that only a possessor determines ("the port's chief") has "the" or "'s" for it.
    """

    head: str
    others: frozenset[str]
    determiner: str | None
    length: int

    @property
    def definite(self) -> bool:
        """Whether it speaks of somebody who is known already, or takes him for known."""
        return self.determiner in ("the", "this", "that", "these", "those", "'s") or self.owned

    @property
    def owned(self) -> bool:
        """Whether it begins with a possessor."""
        return self.determiner in OWNERS or self.determiner == "'s"

    @property
    def plural(self) -> bool:
        """Whether it speaks of more than one, as far as its last letter tells."""
        return self.head.endswith("s") and not self.head.endswith("ss")


def described(phrase: str) -> Description | None:
    """Return what a noun phrase says, None where it has no head: that is the last word before "of" and the like.

    >>> described("the head of the inquiry")
    Description(head='head', others=frozenset({'inquiry'}), determiner='the', length=5)
    """
    words = [word.casefold().replace("\u2019", "'") for word in _WORDS.findall(phrase)]
    first = 1 if words[:1] and words[0] in _DETERMINERS else 0
    end = next((at for at in range(first + 1, len(words)) if words[at] in _JOINS), len(words))
    if first >= len(words) or words[end - 1] in _JOINS:
        return None
    owned = any(word.endswith("'s") for word in words[: end - 1])
    determiner = words[0] if first else "'s" if owned else None
    others = {word.removesuffix("'s") for at, word in enumerate(words) if at != end - 1} - _JOINS - _DETERMINERS - _PLAIN
    return Description(words[end - 1], frozenset(others), determiner, len(words))


class Introductions:
    """The people of an article by the heads of the descriptions that stand beside their names."""

    def __init__(self, text: str, sentences: Sequence[Span], names: FullNames) -> None:
        self._by_head: dict[str, dict[Name, tuple[int, set[str]]]] = defaultdict(dict)
        for mention in names.mentions:
            if (name := names.person(mention)) is not None:
                for found in _beside(text, sentences[mention.sentence], mention):
                    self._add(name, found, mention.start)

    def _add(self, name: Name, found: Description, place: int) -> None:
        known = self._by_head[found.head]
        if name in known:
            known[name][1].update(found.others)
        elif len(known) < _MOST:
            known[name] = (place, set(found.others))

    def before(self, description: Description, place: int) -> Collection[Name]:
        """Return those introduced before `place` by the head of a description; of several, who has another of its words too."""
        known = self._by_head.get(description.head, {})
        fits = {name: others for name, (start, others) in known.items() if start < place}
        closer = [name for name, others in fits.items() if others & description.others]
        return closer if len(fits) > 1 and closer else list(fits)

    def later(self, description: Description) -> Collection[Name]:
        """Return those introduced anywhere by the head and another word of a description."""
        known = self._by_head.get(description.head, {})
        return [name for name, (_, others) in known.items() if others & description.others]


def _beside(text: str, sentence: Span, mention: Mention) -> Iterator[Description]:
    before = text[max(sentence.start, mention.start - _REACH) : mention.start]
    if before.endswith(" "):
        apart = before.endswith(", ")
        phrase = _BREAK.split(before.rstrip(" ,"))[-1]
        if (found := _last_phrase(phrase, apart=apart)) is not None:
            yield found
    behind = _BEHIND.match(text, mention.end, min(sentence.end, mention.end + _REACH))
    if behind is not None and (found := _first_phrase(behind[1])) is not None:
        yield found
    if mention.title:
        yield Description(mention.title[-1], frozenset(mention.title[:-1]), None, len(mention.title))


def _last_phrase(text: str, *, apart: bool) -> Description | None:
    """Return the description that ends right before a name; one that a comma sets apart from it has a determiner."""
    words = _WORDS.findall(text)
    lower = [word.casefold().replace("\u2019", "'") for word in words]
    if not lower or lower[-1].endswith("'s") or lower[-1] in _JOINS | _DETERMINERS:
        return None
    first = len(lower)
    while first > 0 and lower[first - 1] not in _CLOSED:
        first -= 1
        if lower[first] in _DETERMINERS and not (apart and first and lower[first - 1] in _JOINS):
            break
        if not apart and lower[first] in _JOINS:
            first += 1
            break
    found = described(" ".join(words[first:]))
    return found if found is not None and (not apart or found.determiner) else None


def _first_phrase(text: str) -> Description | None:
    """Return the description that `text`, behind a name, is; None where it is a clause."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words or words[0] in _JOINS:
        return None
    end = next((at for at, word in enumerate(words) if word in _JOINS), len(words))
    return None if _CLOSED.intersection(words[:end]) else described(text)
