"""Noun phrases of a sentence: every run of tokens that may name somebody.

Without a parser their ends are not known, so all readings are listed, also wrong ones; which of them is meant, a ranker learns.
"""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.ledger.phrases import DETERMINERS, PREPOSITIONS, PRONOUNS
from pipeline.ledger.reporting import is_helper, reporting_nouns, reporting_verbs
from pipeline.tokens import Tokens

OBJECTS = frozenset(["him", "her", "them", "us", "me"])
OWNERS = frozenset(["his", "her", "their", "its", "our", "my", "your", "whose"])
_SOMEBODY = frozenset(["somebody", "someone", "nobody", "anybody", "anyone", "everybody", "everyone", "people", "others"])
_ALONE = PRONOUNS | OBJECTS | OWNERS | _SOMEBODY
_GOING_ON = OWNERS | frozenset(["one", "people", "others"])  # of `_ALONE`, those that may also begin a longer phrase
_DETERMINERS = DETERMINERS | OWNERS | frozenset(["such", "certain", "every", "any", "each", "half"])
_STANDING = frozenset(
    ["those", "others", "some", "many", "this", "that", "these", "all", "another"]
)  # determiners without a noun
_CLITICS = ("'s", "'d", "'re", "'ve", "'ll", "'m")
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "st"])
_CLOSED = frozenset([
    "that", "but", "when", "while", "because", "which", "who", "whom", "where", "if", "whether", "although", "though", "since",
    "after", "before", "until", "so", "than", "what", "how", "why", "into", "onto", "over", "under", "against", "between",
    "among", "through", "without", "within", "during", "despite", "about", "out", "up", "down", "off", "back", "away", "there",
    "here", "am", "went", "goes", "came", "did", "let", "then", "like", "upon", "behind", "towards", "toward", "across", "yet",
])  # fmt: skip
JOINS = frozenset(["of", "for", "in", "at", "on", "from", "to", "with", "and", "or", "behind", "against", "like", "without"])
_MOST_WORDS, _MOST_DETERMINERS, _MOST_TOKENS, _MOST_JOINS = 5, 3, 9, 2

Ends = Mapping[int, Sequence[int]]


def noun_phrases(tokens: Tokens) -> list[range]:
    """Return the noun phrases of a sentence as numbers of tokens, by where they begin, shorter ones first.

    Names with their titles, what begins with a determiner, bare plurals, pronouns and possessors; each also with up to two
    more that follow with "of", "and" and the like.
    """
    ends: dict[int, list[int]] = {}
    for start in range(len(tokens.words)):
        if found := list(_ends(tokens, start)):
            ends[start] = found
    simple = [range(start, end) for start, found in ends.items() for end in found]
    phrases, last = set(simple), simple
    for _ in range(_MOST_JOINS):
        last = [longer for part in last for longer in _joined(tokens, part, ends)]
        phrases.update(last)
    return sorted(phrases, key=lambda part: (part.start, part.stop))


def without_clitic(word: str) -> str:
    """Return a token without the verb or the possessive that is written together with it: "he" for "he'd"."""
    return next((word.removesuffix(clitic) for clitic in _CLITICS if word.endswith(clitic)), word)


def _joined(tokens: Tokens, part: range, ends: Ends) -> Iterator[range]:
    words, at = tokens.words, part.stop
    if at >= len(words) - 1 or words[at - 1] != without_clitic(words[at - 1]):
        return
    alone = words[at - 1] in _ALONE and len(part) == 1
    listed = words[at] == "," and tokens.named[at - 1] and tokens.named[at + 1]
    if words[at] in ("and", "or") or listed or (words[at] in JOINS and not alone):
        yield from (range(part.start, end) for end in ends.get(at + 1, ()) if end - part.start <= _MOST_TOKENS)


def _ends(tokens: Tokens, start: int) -> Iterator[int]:
    """Yield behind which tokens a noun phrase without joints may end that begins at `start`, none where none can begin."""
    words, named = tokens.words, tokens.named
    word = without_clitic(words[start])
    if word in _ALONE and not named[start]:
        yield start + 1
        if word not in _GOING_ON or word != words[start]:
            return
    first = start
    while first < len(words) and words[first] in _DETERMINERS and not named[first] and first - start < _MOST_DETERMINERS:
        first += 1
    if not _may_begin(tokens, start, determined=first > start):
        return
    if first == start + 1 and word in _STANDING:
        yield first
    yield from _open_ends(tokens, first, determined=first > start)


def _may_begin(tokens: Tokens, start: int, *, determined: bool) -> bool:
    if start == 0:
        return True
    before = tokens.words[start - 1]
    if determined:
        return before not in _DETERMINERS or before == "that" or tokens.words[start] == "the"
    if tokens.named[start]:
        return not tokens.named[start - 1] or before.endswith("'s")
    return before == "that" or (before not in _DETERMINERS and not _is_open(tokens, start - 1))


def _open_ends(tokens: Tokens, first: int, *, determined: bool) -> Iterator[int]:
    words, at = tokens.words, first
    while at < len(words) and at - first < _MOST_WORDS:
        title = words[at] == "." and at > first and words[at - 1] in _TITLES
        verbal = determined and at == first and words[at] in reporting_verbs()  # "the suspect", "the charge"
        if not (title or verbal or _is_open(tokens, at)):
            return
        at += 1
        name_goes_on = at < len(words) and tokens.named[at - 1] and tokens.named[at] and not words[at - 1].endswith("'s")
        if not (name_goes_on or title or words[at - 1] in _TITLES):
            yield at


def _is_open(tokens: Tokens, at: int) -> bool:
    """Tell whether a token may be a noun or an adjective: no list of words says that it is something else."""
    word = tokens.words[at]
    if tokens.named[at]:
        return True
    if not word[0].isalnum() or word in _CLOSED | _DETERMINERS | PREPOSITIONS or without_clitic(word) in PRONOUNS | OBJECTS:
        return False
    if is_helper(word) and not word.endswith("ly"):
        return False
    return word in reporting_nouns() or word not in reporting_verbs() or word.endswith(("ing", "ed", "s"))
