"""Who is meant by a name, a description or a pronoun: the fullest name that the article has."""

import re
from collections.abc import Collection, Sequence

from pipeline.ledger.antecedents import PERSONAL, Antecedents
from pipeline.ledger.full_names import FullNames, Name
from pipeline.ledger.introductions import Description, Introductions, described
from pipeline.ledger.mentions import Mention, core, mentions
from pipeline.ledger.statements import Extract
from pipeline.names import common_words
from pipeline.sentences import Span

LEAD = 2  # sentences at the beginning in which an article describes whom it names later
SHORT = 3  # words of a description that tells too little to stand for itself
_IT = frozenset(["it", "its"])
_OTHERS = frozenset(["they", "them", "their", "we", "us", "our", "i", "me", "my", "you", "your", "who", "whose"])
_POSSESSIVE = frozenset(["", "'s", "\u2019s", "'", "\u2019"])
_PLACED = (" of ", " from ", " at ", " in ", ", ")  # between a person's name and what tells where he belongs
_APPOSED = frozenset([", ", " ", " \u2014 ", " \u2013 ", " (", "\u2014"])
_GAP = 4  # characters between a description and the name that it goes with
_REACH = 2000  # characters before "it" in which what it means may stand
_INTRODUCED = re.compile(r"\b(?:an?|another|one|two)(?=((?:\s[\w'\u2019-]+){1,4}))", re.IGNORECASE)


class Identities:
    """The fullest names of an article.

    `common` are words of which a capital makes no name where a sentence begins (see `pipeline.names`); without it, those that
    the article has in lower case.
    """

    def __init__(self, text: str, sentences: Sequence[Span], common: Collection[str] | None = None) -> None:
        self._text, self._sentences = text, sentences
        self._common = common_words(text[s.start : s.end] for s in sentences) if common is None else common
        self._names = FullNames(mentions(text, sentences, self._common))
        self._introductions = Introductions(text, sentences, self._names)
        self._antecedents = Antecedents(text, sentences, self._names)
        self._introduced: dict[str, int] = {}
        for found in _INTRODUCED.finditer(text):
            for word in found[1].split():
                self._introduced.setdefault(word.casefold(), found.start())

    def fullest(self, words: Extract, sentence: int, after: str | None = None) -> tuple[str, bool]:
        """Return the fullest name for `words`, which stand in the sentence with this number, and whether that is safe.

        It is text of the article. Where it is not safe, it is the words themselves; they are safe where they are a name, or
        a description that tells enough: "a clerk", "critics", "the head of the night shift". `after` is the identity of the
        source of the statement before, which a pronoun prefers if it fits.
        """
        lower = words.text.casefold()
        if lower in PERSONAL:
            person = self._antecedents.meant(PERSONAL[lower], words.start, sentence, self._person(after))
            return (words.text, False) if person is None else (self._names.text(person), True)
        if lower in _IT:
            return self._thing(words, sentence, after)
        if lower in _OTHERS:
            return words.text, False
        return self._named(words) or self._described(words, sentence)

    def _person(self, identity: str | None) -> Name | None:
        name = None if identity is None else self._names.of(core(identity, self._common)[1])
        return name if name is not None and self._names.is_person(name) else None

    def _thing(self, words: Extract, sentence: int, after: str | None) -> tuple[str, bool]:
        """Return the source of the statement before for "it", if that is no person and stands in this sentence or the last."""
        if after and self._person(after) is None and not _is_pronoun(after) and 0 <= sentence < len(self._sentences):
            start = max(self._sentences[max(0, sentence - 1)].start, words.start - _REACH)
            if self._text.find(after, start, words.start) >= 0:
                return after, True
        return words.text, False

    def _named(self, words: Extract) -> tuple[str, bool] | None:
        """Return the fullest name for words of which a name is the head, None where none is."""
        within = [mention for mention in self._names.within(words.start, words.end) if mention.end <= words.end]
        heads = [mention for mention in within if self._is_head(words, mention)]
        if heads:
            name = self._names.of(heads[-1].words)
        elif not within and words.text[:1].isupper() and " " not in words.text:
            name = self._names.of(core(words.text, self._common)[1])
        else:
            return None
        if name is None:
            return (words.text, False) if heads else None
        return self._names.text(name), True

    def _is_head(self, words: Extract, mention: Mention) -> bool:
        """Tell whether a name is the head of `words`: it ends them, or is a person's and begins them."""
        before, behind = self._text[words.start : mention.start], self._text[mention.end : words.end]
        if behind in _POSSESSIVE:
            found = described(f"{before}x")
            return found is not None and found.head == "x" and found.determiner in (None, "the", "a", "an", "this", "that")
        return not before and behind.startswith(_PLACED) and self._names.person(mention) is not None

    def _described(self, words: Extract, sentence: int) -> tuple[str, bool]:
        found = described(words.text)
        if found is None:
            return words.text, True
        apposed = self._apposed(words)
        if apposed is not None and not found.plural:
            return self._names.text(apposed), True
        if found.definite and not found.plural:
            people = self._introductions.before(found, words.start)
            if len(people) == 1:
                return self._names.text(next(iter(people))), True
            if people:
                return words.text, False
        if found.definite and (body := self._names.body(found.head, words.start)) is not None:
            return body, True
        if sentence < LEAD and not found.plural and (found.definite or found.determiner is None):
            later = self._introductions.later(found)
            return (self._names.text(next(iter(later))), True) if len(later) == 1 else (words.text, False)
        return words.text, self._tells_enough(found, words.start)

    def _apposed(self, words: Extract) -> Name | None:
        """Return the person whose name stands right behind `words`."""
        for mention in self._names.within(words.end, words.end + _GAP):
            return self._names.person(mention) if self._text[words.end : mention.start] in _APPOSED else None
        return None

    def _tells_enough(self, found: Description, place: int) -> bool:
        """Tell whether a description may stand for itself: the article has no fuller one, or introduced it as it is."""
        if not found.definite or found.length > SHORT or (found.owned and found.plural):
            return True
        return self._introduced.get(found.head, place) < place


def _is_pronoun(words: str) -> bool:
    lower = words.casefold()
    return lower in PERSONAL or lower in _IT or lower in _OTHERS
