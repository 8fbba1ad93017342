"""Whom "he" or "she" means: the person who was named last, where nobody else fits."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence

from pipeline.ledger.full_names import FullNames, Name
from pipeline.ledger.mentions import Quoted
from pipeline.sentences import Span

HE, SHE = "he", "she"
PERSONAL = {"he": HE, "him": HE, "his": HE, "she": SHE, "her": SHE, "hers": SHE}
NEAR = 2  # sentences before a pronoun in which whom it means may be named
_TITLE, _SAME, _NEXT = 6, 2, 1  # votes of a title, of a pronoun in the sentence of the name, and of one in the next
_MOST = 50  # names before a pronoun that are looked at
_CLEAR = 2  # times as many votes that a pronoun has if it goes with a name
_PRONOUN = re.compile(rf"\b(?:{'|'.join(PERSONAL)})\b", re.IGNORECASE)


class Antecedents:
    """The people of an article, where each is named outside quotations, and the pronoun that goes with each.

    Which one does, the article itself shows: by a title, or by a pronoun behind a name where no other person is named.
    """

    def __init__(self, text: str, sentences: Sequence[Span], names: FullNames) -> None:
        self._named: list[tuple[int, int, Name]] = []
        self._votes: dict[Name, Counter[str]] = defaultdict(Counter)
        for mention in names.mentions:
            if (name := names.person(mention)) is not None:
                if not mention.quoted:
                    self._named.append((mention.start, mention.sentence, name))
                if mention.gender is not None:
                    self._votes[name][mention.gender] += _TITLE
        self._places = [place for place, *_ in self._named]
        self._learn(text, sentences)
        known = [(pronoun, name) for *_, name in self._named if (pronoun := self.pronoun(name))]
        self._all = {one: {name for pronoun, name in known if pronoun == one} for one in (HE, SHE)}

    def pronoun(self, name: Name) -> str | None:
        """Return "he" or "she" where the article shows which of them goes with a name, else None."""
        votes = self._votes.get(name, Counter[str]())
        return next((one for one, other in ((HE, SHE), (SHE, HE)) if votes[one] > _CLEAR * votes[other]), None)

    def meant(self, pronoun: str, place: int, sentence: int, after: Name | None) -> Name | None:
        """Return whom `pronoun` at `place` means, None where that is not safe.

        `after` is the person whose statement the one before is: it is meant where it is named near and fits, and nobody else
        fits as well. Else the only person named near who fits is meant, if the article shows that the pronoun goes with the
        name. Where nobody near fits, `after` is meant if it is the only one of the article of whom the pronoun is known.
        """
        near = [name for name in self._near(place, sentence) if self.pronoun(name) in (None, pronoun)]
        if after is not None and after in near:
            return after if len(near) == 1 or self.pronoun(after) == pronoun else None
        fits = after is not None and self.pronoun(after) in (None, pronoun)
        if len(near) == 1:
            return near[0] if self.pronoun(near[0]) == pronoun and not fits else None
        return after if not near and fits and self._all[pronoun] <= {after} else None

    def _near(self, place: int, sentence: int) -> list[Name]:
        """Return who is named before `place` in its sentence and the `NEAR` before it, the last first."""
        end = bisect_left(self._places, place)
        last = self._named[max(0, end - _MOST) : end]
        return list(dict.fromkeys(name for _, number, name in reversed(last) if number >= sentence - NEAR))

    def _learn(self, text: str, sentences: Sequence[Span]) -> None:
        quoted = Quoted(text)
        named: dict[int, list[tuple[int, Name]]] = defaultdict(list)
        for place, number, name in self._named:
            named[number].append((place, name))
        pronoun = None
        for number, sentence in enumerate(sentences):
            alone = pronoun is None  # whether the sentence before has no pronoun, that is nobody but whom it names
            found = _PRONOUN.finditer(text, sentence.start, sentence.end)
            pronoun = next((match for match in found if match.start() not in quoted), None)
            if pronoun is None:
                continue
            own = {name for place, name in named.get(number, ()) if place < pronoun.start()}
            near = own or ({name for _, name in named.get(number - 1, ())} if alone else set())
            if len(near) == 1:
                self._votes[near.pop()][PERSONAL[pronoun.group().casefold()]] += _SAME if own else _NEXT
