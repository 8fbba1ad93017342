"""Articles with their actors exchanged: the same reports, told of others.

Who is an actor is found by rules that share nothing with what the model reads as a name, or the measure would not see where
the model takes a name for a word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.clusters import fraction_of
from pipeline.corpus import Article
from pipeline.sentences import split_sentences

CHARGED = {
    "Russia": "Russian", "Ukraine": "Ukrainian", "Israel": "Israeli", "Palestine": "Palestinian", "Iran": "Iranian",
    "Syria": "Syrian", "China": "Chinese", "Taiwan": "Taiwanese", "America": "American", "NATO": "NATO",
    "Turkey": "Turkish", "Saudi Arabia": "Saudi", "North Korea": "North Korean", "Venezuela": "Venezuelan",
}  # fmt: skip

_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"
_NAME = re.compile(
    rf"[{_CAPITAL}][^\W_]+(?:[-'\u2019][{_CAPITAL}][^\W_]+)*(?:[ \u00a0][{_CAPITAL}][^\W_]+(?:-[{_CAPITAL}][^\W_]+)*)*"
)
_INSIDE = re.compile(r"[\w,;)\]%\u2019'][ \u00a0]+\Z")  # before a capital that is no beginning
_ENDS = (".", "!", "?", "\u2026", '"', "\u201d")  # of a sentence, and not of a line in which all words may have capitals
_NO_ACTORS = frozenset([
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November", "December", "Mr", "Mrs", "Ms", "Dr", "Miss", "Sir",
    "Christmas", "Easter", "Internet", "God", "English",
])  # fmt: skip
_OF_A_NATION = ("ian", "ean", "ish", "ese", "ench", "utch")  # adjectives, which no noun can stand in for
_ADJECTIVE = "(?:ian|ean|an|n|ish|ese|i)"
_LEAST = 2  # mentions of an actor that the corpus does not name


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone in an article: `name` as it is first given, `short` as it is given later, the same where there is no other."""

    name: str
    short: str


@dataclass(frozen=True, slots=True)
class SwappedText:
    """The text of an article in which `to` stands where `source` stood, and the other way round where both were in it."""

    source: str
    to: str
    text: str


def exchanged(article: Article) -> SwappedText | None:
    """Return `article` with its two most frequent actors exchanged; None where fewer than two are found."""
    actors = actors_of(article)
    if len(actors) < 2:
        return None
    a, b = actors[:2]
    words = {a.short: b.short, b.short: a.short, a.name: b.name, b.name: a.name}
    return SwappedText(a.name, b.name, _replaced(article.text, {_pattern(name): to for name, to in words.items()}))


def charged(article: Article) -> SwappedText | None:
    """Return `article` told of one of the `CHARGED` in place of its most frequent actor; None where no actor is found.

    An adjective takes the place of an adjective, and no article is left before a name that has none.
    """
    actors = actors_of(article)
    others = [name for name in CHARGED if name not in article.text and CHARGED[name] not in article.text]
    if not actors or not others:
        return None
    actor = actors[0]
    to = others[int(fraction_of(f"charged {article.id}") * len(others))]
    patterns = {rf"(?:\b[Tt]he )?{_pattern(name)}": to for name in (actor.name, actor.short)}
    stem = actor.name.rstrip("aeiouy")
    if len(stem) >= 4 and " " not in actor.name:
        patterns[rf"\b{re.escape(stem)}{_ADJECTIVE}\b"] = CHARGED[to]
    return SwappedText(actor.name, to, _replaced(article.text, patterns))


def actors_of(article: Article) -> list[Actor]:
    """Return the actors of `article`, the most frequent first.

    They are the `people` that the corpus names and the text holds; where these are fewer than two, after them the names that
    stand with a capital inside sentences.
    """
    people = [Actor(name, name.split()[-1]) for name in article.people if re.search(_pattern(name), article.text)]
    known = sorted(people, key=lambda actor: -_mentions(actor, article.text))
    if len(known) < 2:
        taken = {word for actor in known for word in actor.name.split()}
        for name, count in Counter(_names_inside(article.text)).most_common():
            if count >= _LEAST and not taken & set(name.split()):
                known.append(Actor(name, name))
                taken |= set(name.split())
    return known


def _names_inside(text: str) -> Iterator[str]:
    """Yield the runs of capitalized words in the sentences of `text`, without the word at a beginning."""
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        if not sentence.endswith(_ENDS):
            continue
        for match in _NAME.finditer(sentence):
            words = match.group().split()
            if not _INSIDE.search(sentence, 0, match.start()):
                del words[0]
            if words and not _NO_ACTORS & set(words) and not words[-1].endswith(_OF_A_NATION):
                yield " ".join(words)


def _mentions(actor: Actor, text: str) -> int:
    return len(re.findall(f"{_pattern(actor.name)}|{_pattern(actor.short)}", text))


def _pattern(name: str) -> str:
    """Return what finds `name` as a word of its own, over the end of a line too."""
    words = r"\s+".join(map(re.escape, name.split()))
    return rf"(?<![\w-]){words}(?![\w-])"


def _replaced(text: str, patterns: Mapping[str, str]) -> str:
    """Return `text` with what each of `patterns` finds replaced, all at once, and the longest pattern first."""
    ordered = sorted(patterns, key=len, reverse=True)
    found = re.compile("|".join(f"({pattern})" for pattern in ordered))
    return found.sub(lambda match: patterns[ordered[(match.lastindex or 1) - 1]], text)
