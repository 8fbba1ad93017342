"""The names in an article: where each stands, its title, and whether it reads like that of a person."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.ledger.phrases import DETERMINERS, PREPOSITIONS, PRONOUNS, TIMES
from pipeline.ledger.quotations import quotations_of
from pipeline.sentences import Span

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_](?![^\W_])\.|[^\W\d_]+(?:[-'\u2019](?!s\b)[^\W\d_]+)*")
MALE = frozenset(["mr", "sir", "lord", "king", "prince", "father", "brother", "don", "baron", "sheikh", "imam"])
FEMALE = frozenset(["mrs", "ms", "miss", "lady", "dame", "queen", "princess", "sister", "madam", "do\u00f1a", "baroness"])
_RANKS = """
    dr prof professor gen general lt lieutenant col colonel maj major capt captain cmdr commander commodore adm admiral sgt
    sergeant cpl inspector detective constable superintendent sheriff judge justice magistrate prosecutor attorney sen senator
    rep representative gov governor mayor councillor councilman councilwoman deputy minister president chancellor premier rev
    reverend bishop archbishop cardinal rabbi ambassador secretary chairman chairwoman chief director commissioner master
    chairperson mp officer spokesman spokeswoman leader
"""
_OF_TITLES = frozenset(["foreign", "defence", "defense", "interior", "finance", "senior", "prime", "vice", "squadron"])
TITLES = MALE | FEMALE | _OF_TITLES | frozenset(_RANKS.split())
_INSIDE = "de da di del della du dos das van von der den bin ibn al el la le y"
_PARTICLES = frozenset(_INSIDE.split())
_GAP = re.compile(r"\.?[ \u00a0]|['\u2019-]")
_OF = re.compile(r"[ \u00a0](?:of|for)(?:[ \u00a0]the)?[ \u00a0]")
_PARTICLE = re.compile(r"[ \u00a0]((?:[a-z]{1,5}[ \u00a0]){1,2})")
_NO_NAMES = (DETERMINERS | PREPOSITIONS | PRONOUNS | TIMES) - {"us"} | frozenset(
    ["and", "but", "or", "nor", "so", "yet", "when", "while", "if", "as", "after", "before", "since", "because", "although"]
    + ["though", "that", "which", "what", "where", "how", "why", "not", "there", "here", "then", "asked", "according", "both"]
    + ["him", "her", "them", "me", "i'm", "i've", "i'd", "i'll", "yes", "mine", "yours", "ours", "such", "even", "only", "now"]
    + ["until", "once", "also", "still", "among", "whether", "whom", "whose", "just", "like", "instead", "however", "nobody"]
    + ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
)
_OPENS = re.compile(r"[\"'\u201c\u2018(\u2014]$|[.:!?].$")  # before a word that begins something
_LAST_WORD = re.compile(r"(\w+) $")
_NO_PERSON = frozenset(  # before a name that is not a person's
    ["the", "in", "at", "portal", "weekly", "daily", "newspaper", "outlet", "magazine", "site", "website", "paper"]
)
_MOST_WORDS, _LONGEST_GAP = 12, 12  # words of a name, characters between two of them
_MOSTLY = 0.6  # share of capitalized words from which a sentence without a stop is a headline: its capitals tell nothing


@dataclass(frozen=True)
class Mention:
    """A name as it stands in an article: ``article[start:end] == text``.

    `words` are its words, case folded, without the titles before them and without initials. `quoted` says that it stands in a
    quotation, `person` that it reads like a person's: it has a title, or two words or more that are no words in lower case.
    """

    start: int
    end: int
    text: str
    sentence: int
    words: tuple[str, ...]
    title: tuple[str, ...]
    quoted: bool
    person: bool

    @property
    def gender(self) -> str | None:
        """The pronoun that goes with its title, None where it tells nothing."""
        if any(word in FEMALE for word in self.title):
            return "she"
        return "he" if any(word in MALE for word in self.title) else None


class Quoted:
    """The places of an article that stand in quotation marks."""

    def __init__(self, text: str) -> None:
        self._ranges = quotations_of(text).inside
        self._starts = [inside.start for inside in self._ranges]

    def __contains__(self, place: int) -> bool:
        number = bisect_right(self._starts, place) - 1
        return number >= 0 and place < self._ranges[number].stop


def core(text: str, common: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the titles of a name and its other words, case folded, without initials and the possessive.

    What goes before words of which all are in `common` is no title.

    >>> core("Gen. Marta J. Oss's", common={"office"}), core("Prosecutor General's Office", common={"office"})
    ((('gen',), ('marta', 'oss')), ((), ('prosecutor', 'general', 'office')))
    """
    words = [word.rstrip(".").casefold().replace("\u2019", "'") for word in WORD.findall(text)]
    words = [word for word in words if len(word) > 1 and word != "'s"] or words
    first = 0
    while first < len(words) - 1 and words[first] in TITLES:
        first += 1
    while first and words[first - 1] in _OF_TITLES:
        first -= 1
    if all(word in common or word in TITLES for word in words[first:]):
        first = 0
    return tuple(words[:first]), tuple(words[first:])


def mentions(text: str, sentences: Sequence[Span], common: Collection[str]) -> list[Mention]:
    """Return the names in an article, in order; `common` are words of which a capital makes no name where a sentence begins.

    Sentences in title case have no names.
    """
    quoted = Quoted(text)
    found: list[Mention] = []
    for number, sentence in enumerate(sentences):
        for start, end in _runs(text, sentence, common):
            title, words = core(text[start:end], common)
            person = _is_person(text, start, title, words, common)
            found.append(Mention(start, end, text[start:end], number, words, title, start in quoted, person))
    return found


def _is_person(text: str, start: int, title: tuple[str, ...], words: tuple[str, ...], common: Collection[str]) -> bool:
    before = _LAST_WORD.search(text, max(0, start - 12), start)
    if (before and before[1].casefold() in _NO_PERSON) or len(words) > 5 or words[0] in _PARTICLES:
        return False
    plain = [word for word in words if word in common and word not in _PARTICLES]
    return len(plain) < len(words) if title else len(words) > 1 and not plain


def _runs(text: str, sentence: Span, common: Collection[str]) -> Iterator[tuple[int, int]]:
    matches = list(WORD.finditer(text, sentence.start, sentence.end))
    capitals = sum(match.group()[0].isupper() for match in matches)
    if capitals > max(2, _MOSTLY * len(matches)) and text[sentence.end - 1 : sentence.end] not in ".!?\"'\u201d\u2019":
        return
    run: list[re.Match[str]] = []
    for number, match in enumerate(matches):
        follows = bool(run) and _joins(text, run, match.start(), common)
        if _is_name(text, sentence, matches, number, common, follows=follows):
            if run and not follows:
                yield from _span(text, run)
                run = []
            run.append(match)
    yield from _span(text, run)


def _span(text: str, run: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    if run and (len(run) > 1 or len(run[0].group()) > 1):
        yield run[0].start(), run[-1].end()


def _joins(text: str, run: Sequence[re.Match[str]], start: int, common: Collection[str]) -> bool:
    gap = text[run[-1].end() : start]
    last = run[-1].group()
    if len(gap) > _LONGEST_GAP or len(run) >= _MOST_WORDS:
        return False
    if gap.startswith(".") and last.casefold() not in TITLES:
        return False
    if _GAP.fullmatch(gap):
        return True
    if _OF.fullmatch(gap):
        return last.casefold() in common and last.casefold() not in TITLES
    found = _PARTICLE.fullmatch(gap)
    return gap == " (retired) " or (found is not None and all(word in _PARTICLES for word in found[1].split()))


def _is_name(
    text: str, sentence: Span, matches: Sequence[re.Match[str]], number: int, common: Collection[str], *, follows: bool
) -> bool:
    match = matches[number]
    word = match.group()
    lower = word.casefold().replace("\u2019", "'")
    if not word[0].isupper() or word == "I" or (lower in _NO_NAMES and not (follows and lower == "may")):
        return False
    opens = number == 0 or _OPENS.search(text, max(sentence.start, match.start() - 2), match.start()) is not None
    if not opens or lower not in common or lower in TITLES:
        return True
    after = matches[number + 1] if number + 1 < len(matches) else None  # "Foreign Ministry", at the beginning of a sentence
    return after is not None and after.group()[0].isupper() and text[match.end() : after.start()] == " "
