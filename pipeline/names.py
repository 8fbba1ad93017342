"""Names and gender masked: what reads the same for everyone cannot side with one."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+")  # U.S., or letters
_JOINT = re.compile(r"\.?[ \u00a0]|['\u2019-]")  # between the words of one name
_AN = re.compile(r"\b[Aa]n\s+\Z")
_REACH = 24  # characters before a name in which its article begins
MASK = "x"
PRONOUNS = {"she": "he", "her": "his", "hers": "his", "him": "his", "herself": "himself"}  # what is read in place of each
_KEPT = frozenset([
    "i", "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "sgt", "capt", "adm", "maj", "sen", "rep", "gov", "rev", "hon",
    "st", "jr", "sr", "tv", "dna", "gps", "cctv", "mri",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
])  # fmt: skip
_NAMES = frozenset([  # though in lower case they are words
    "US", "United", "States", "Kingdom", "China", "Polish", "Turkey", "Jordan", "Chad", "Democrat", "Democrats", "Democratic",
    "Republican", "Republicans", "Conservative", "Conservatives", "Liberal", "Liberals", "Labour", "Tory", "Tories", "Green",
    "Greens",
])  # fmt: skip
_LEADS = frozenset([  # that begin a name where one follows
    "New", "North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central", "Great", "Saudi", "Sri",
    "Costa", "Puerto", "La", "El", "San", "Saint",
])  # fmt: skip


def common_words(sentences: Iterable[str]) -> frozenset[str]:
    """Return the words that stand in lower case somewhere in `sentences`: a capital makes no names of them."""
    return frozenset(word for sentence in sentences for word in _WORD.findall(sentence) if word.islower())


class Mask(NamedTuple):
    """A part of a sentence, ``sentence[start:end]``, and what is read in its place."""

    start: int
    end: int
    text: str


def find_names(sentence: str, common: Collection[str]) -> list[Mask]:
    """Return the names in `sentence`, in order: runs of capitalized words that are not in `common`.

    All are masked alike, and an article before one loses what it tells of the name's first sound, so that a text and the same
    with two of its names exchanged read alike.
    """
    found = []
    for run in _runs(sentence, common):
        start, end = run[0].start(), run[-1].end()
        article = _AN.search(sentence, max(0, start - _REACH), start)
        found.append(Mask(start, end, MASK) if article is None else Mask(article.start(), end, f"a {MASK}"))
    return found


def find_masks(sentence: str, common: Collection[str]) -> list[Mask]:
    """Return the names in `sentence`, and the pronouns that tell of a person's gender."""
    names = find_names(sentence, common)
    words = (word for word in _WORD.finditer(sentence) if word.group().lower() in PRONOUNS)
    pronouns = [Mask(*word.span(), PRONOUNS[word.group().lower()]) for word in words]
    starts = [name.start for name in names]
    ends = [0, *(name.end for name in names)]  # of the last name that begins before, if any
    return sorted(names + [p for p in pronouns if p.start >= ends[bisect_right(starts, p.start)]])


def masked(sentence: str, masks: Sequence[Mask]) -> str:
    """Return `sentence` as it is read with `masks`.

    >>> sentence = "An Iranian envoy said on Monday that Mark Vale's charge against her was fiction."
    >>> masked(sentence, find_masks(sentence, common={"an", "charge"}))
    "a x envoy said on Monday that x's charge against his was fiction."
    """
    parts, end = [], 0
    for mask in masks:
        parts += [sentence[end : mask.start], mask.text]
        end = mask.end
    return "".join([*parts, sentence[end:]])


def _runs(sentence: str, common: Collection[str]) -> list[list[re.Match[str]]]:
    """Return the capitalized words that make up each name."""
    runs: list[list[re.Match[str]]] = []
    lead: re.Match[str] | None = None
    for word in _WORD.finditer(sentence):
        initial = len(word.group()) == 1 and word.group().isupper() and sentence.startswith(".", word.end())
        if initial or _is_name(word.group(), common):
            if runs and _JOINT.fullmatch(sentence, runs[-1][-1].end(), word.start()):
                runs[-1].append(word)
            elif lead is not None and _JOINT.fullmatch(sentence, lead.end(), word.start()):
                runs.append([lead, word])
            else:
                runs.append([word])
        lead = word if word.group() in _LEADS else None
    return runs


def _is_name(word: str, common: Collection[str]) -> bool:
    if not word[0].isupper():
        return False
    lower = word.lower()
    return word in _NAMES or (lower not in common and lower not in _KEPT)
