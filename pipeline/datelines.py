"""Where a report was filed, before its first words: "GHENT, Belgium (AP) – A union …". It is no part of what is said."""

import re

_DATELINE = re.compile(
    r"(?P<place>[^\W\d_(][\w.,'\u2019/ -]{0,50}?)? ?"
    r"(?P<agency>\((?=[^\W\d_])[\w./& -]{2,40}\))?"
    r"(?: ?\u2014 ?| ?\u2013 | --? )"
    r"(?=[\"\u201c'\u2018]?[A-Z\d\u00c0-\u00de])"
)
_ASIDE_ENDS = re.compile(r"(?: ?[\u2013\u2014] ?| --? )[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LOWER = frozenset("am an and da das de del der di do du e el en in la las le los of on sur the upon van von y".split())  # noqa: SIM905
_SHORTEST = 3  # letters of a word in capitals that is a place; "UN" and "US" are none


def dateline_end(sentence: str) -> int:
    r"""Return where the text behind the dateline of `sentence` begins, with its dash; 0 where it has none.

    A place in capitals, perhaps with its country and a date, or any place with an agency in brackets, or the agency alone. One
    in capitals before an aside ("NASA \u2013 the agency \u2013 denied it") or a number ("COVID - 19") is none.

    >>> lead = "GHENT, Belgium (AP) \u2013 A union accused the mill."
    >>> lead[dateline_end(lead) :]
    'A union accused the mill.'
    >>> dateline_end("Delbecq \u2013 Ghent's mayor \u2013 denied it."), dateline_end("RVD-17 has spread.")
    (0, 0)
    >>> dateline_end("NASA \u2013 America's space agency \u2013 denied it."), dateline_end("COVID - 19 cases rose.")
    (0, 0)
    """
    found = _DATELINE.match(sentence)
    if found is None or not found.end():
        return 0
    place = found["place"] or ""
    words = _WORD.findall(place)
    if not all(word[0].isupper() or word in _LOWER for word in words):
        return 0
    if found["agency"]:
        return found.end()
    shouted = any(len(word) >= _SHORTEST and word.isupper() for word in words)
    counted = sentence[found.end()].isdigit()
    return found.end() if shouted and not counted and not _ASIDE_ENDS.search(sentence, found.end()) else 0
