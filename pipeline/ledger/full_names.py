"""Which names of an article are of one, and what each is at its fullest."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from pipeline.ledger.mentions import TITLES, Mention

_OF_A_NATION = ("ian", "ean", "ish", "ese", "ench", "utch")
_TURNED = ("ministry", "department")  # a university of a place is not the one that is called after it
_SOON = 3  # mentions of a short name

Name = tuple[str, ...]  # the words of a name as `Mention.words` has them


class FullNames:
    """The names of an article, each at its fullest: the longest that has its words, if no two people have them."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        self._texts: dict[Name, str] = {}
        self._people: set[Name] = set()
        self._starts: dict[Name, list[int]] = defaultdict(list)
        self._by_word: dict[str, dict[Name, None]] = defaultdict(dict)
        self._bodies: dict[str, list[Mention]] = defaultdict(list)
        self._fullest: dict[Name, Name | None] = {}
        for mention in mentions:
            self._texts[mention.words] = max(self._texts.get(mention.words, ""), mention.text, key=len)
            self._starts[mention.words].append(mention.start)
            if mention.person:
                self._people.add(mention.words)
            for word in mention.words:
                self._by_word[word][mention.words] = None
            for head in _heads(mention):
                self._bodies[head].append(mention)

    def of(self, words: Name) -> Name | None:
        """Return the fullest name that has `words`, None where there is none, or they are of two.

        A name that ends in them goes before one that begins with them, and this before any other; last come ministries turned
        round: the Foreign Ministry is the Ministry of Foreign Affairs.
        """
        if words not in self._fullest:
            self._fullest[words] = self._longest(words)
        return self._fullest[words]

    def person(self, mention: Mention) -> Name | None:
        """Return the fullest name of the person whose name `mention` is; None where it is of nobody known."""
        name = self.of(mention.words)
        return name if name is not None and self.is_person(name) else None

    def text(self, name: Name) -> str:
        """Return a name as the article writes it, with its title where it has one."""
        return self._texts[name]

    def is_person(self, name: Name) -> bool:
        """Tell whether a name reads like that of a person."""
        return name in self._people

    def within(self, start: int, end: int) -> Sequence[Mention]:
        """Return the names that begin at `start` or behind it, and before `end`, in order."""
        return self.mentions[bisect_left(self.mentions, start, key=_place) : bisect_left(self.mentions, end, key=_place)]

    def body(self, head: str, place: int) -> str | None:
        """Return the last name before `place` that has a noun for its head: "Foreign Ministry" for "ministry"."""
        found = self._bodies.get(head, [])
        at = bisect_left(found, place, key=_place)
        return found[at - 1].text if at else None

    def _longest(self, words: Name) -> Name | None:
        if not words:
            return None
        holding = min((self._by_word.get(word, {}) for word in words), key=len)
        for has in (_ends_with, _begins_with, _has, _has_turned):
            longer = [name for name in holding if name != words and has(name, words) and self._in_time(name, words)]
            if has is _ends_with:
                longer = [name for name in longer if self.is_person(name)] or longer
            if longer:
                longest = max(longer, key=len)
                return longest if all(set(name) <= set(longest) for name in longer) else None
        return words if words in self._texts else None

    def _in_time(self, longer: Name, words: Name) -> bool:
        """Tell whether a longer name may be what `words` are short for: a person's, or one that is written early enough.

        An article gives the full name at the first mention or soon after: not after `_SOON` mentions of the short one. The
        adjective of a nation is short for nobody: "Russian" is not the Russian Ministry of Foreign Affairs.
        """
        if len(words) == 1 and words[0].casefold().endswith(_OF_A_NATION):
            return self.is_person(longer)
        short = self._starts.get(words, [])
        return self.is_person(longer) or len(short) < _SOON or self._starts[longer][0] < short[_SOON - 1]


def _place(mention: Mention) -> int:
    return mention.start


def _heads(mention: Mention) -> set[str]:
    """Return the nouns that may stand for a body: the last word of its name, and the one before "of" or "for"."""
    if mention.person:
        return set()
    words = [word.casefold() for word in mention.text.split()]
    return {words[-1], *(word for word, after in pairwise(words) if after in ("of", "for"))} - TITLES


def _ends_with(name: Name, words: Name) -> bool:
    return name[-len(words) :] == words


def _begins_with(name: Name, words: Name) -> bool:
    return name[: len(words)] == words


def _has(name: Name, words: Name) -> bool:
    return any(name[start : start + len(words)] == words for start in range(len(name)))


def _has_turned(name: Name, words: Name) -> bool:
    return words[-1] in _TURNED and len(words) > 1 and _has(name, (words[-1], "of", *words[:-1]))
