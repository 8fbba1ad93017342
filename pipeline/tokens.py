"""A sentence as marked tokens: which words stand inside a quotation, under a negation, or are names."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.datelines import dateline_end
from pipeline.lexicon import cue_forms
from pipeline.names import PRONOUNS, find_names
from pipeline.passages import Passage
from pipeline.sentences import Span

if TYPE_CHECKING:
    from pipeline.ledger.tags import Odds

OPEN, CLOSE, STRAIGHT = "\u201c", "\u201d", '"'
NAME = "<name>"

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]+(?:['-][^\W\d_]+)*"
    r"|\d[\d.,]*"
    r"|[^\s\w]"
)
_NEGATORS = frozenset(
    ["not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot", "hardly"]
    + ["deny", "denies", "denied", "denying"]
)
_SCOPE = 7  # tokens after a negator that count as negated, unless a mark or a contrast ends it earlier
_SCOPE_ENDS = frozenset([",", ";", ":", ".", "!", "?", "but", "although", "though", "while", "because"])
_SENTENCE_OPENERS = frozenset([*".!?:;([", "\u2026", "-", "\u2013", "\u2014", "*", "\u2022", OPEN, STRAIGHT, "'", "\u2018"])
_ENDS = frozenset([*".!?", "\u2026", CLOSE, STRAIGHT])
_ARTICLES = ("a", "an")
_MOSTLY = 0.6  # share of capitalized words from which a line without a stop is in title case: its capitals tell nothing


class Tokens(NamedTuple):
    """The tokens of one sentence, lower-cased, with a flag of each kind per token; the first `filed` are a dateline."""

    words: list[str]
    quoted: list[bool]
    negated: list[bool]
    named: list[bool]
    open_quote: bool  # whether a quotation is still open at the end
    odds: "Mapping[str, Odds] | None" = None  # what an encoder finds in them; see `pipeline.ledger.tags`
    filed: int = 0

    def behind(self, start: int) -> "Tokens":
        """Return the tokens from number `start` on, as a sentence of their own."""
        if not start:
            return self
        quoted, negated, named = (flags[start:] for flags in (self.quoted, self.negated, self.named))
        odds = self.odds and {tag: one.behind(start) for tag, one in self.odds.items()}
        return Tokens(self.words[start:], quoted, negated, named, self.open_quote, odds)


def tokenize(sentence: str, *, open_quote: bool = False, common: Collection[str] | None = None) -> Tokens:
    """Return words, numbers and single marks of `sentence`; `open_quote` says that it begins inside a quotation.

    With `common`, the words that are no names (see `pipeline.names`), names are known at the beginning of a sentence too.

    >>> tokens = tokenize('In Oslo he said "it was not true" today.')
    >>> [word for word, named in zip(tokens.words, tokens.named) if named]
    ['oslo']
    >>> [word for word, negated in zip(tokens.words, tokens.negated) if negated]
    ['true']
    """
    matches = list(_matches(sentence))
    written = [match.group() for match in matches]
    words = [word.lower() for word in written]
    quoted, negated = [], []
    left = 0
    for word in words:
        if word in (OPEN, CLOSE, STRAIGHT):
            open_quote = word == OPEN or (word == STRAIGHT and not open_quote)
            left = 0
        elif word in _SCOPE_ENDS:
            left = 0
        quoted.append(open_quote)
        negated.append(left > 0)
        left = _SCOPE if word in _NEGATORS or word.endswith("n't") else left - 1
    named = list(_named(written, words))
    if common is not None:
        names = find_names(sentence, common)
        starts = [match.start() for match in matches]
        inside = {i for name in names for i in range(bisect_left(starts, name.start), bisect_left(starts, name.end))}
        named = [is_name or (i in inside and words[i] not in _ARTICLES) for i, is_name in enumerate(named)]
    filed = dateline_end(sentence)
    return Tokens(words, quoted, negated, named, open_quote, filed=sum(match.start() < filed for match in matches))


def token_spans(sentence: str) -> list[Span]:
    """Return where each of the tokens of `sentence` stands, in the order of `tokenize`."""
    return [Span(*match.span()) for match in _matches(sentence)]


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(sentence.replace("\u2019", "'"))


def term_tokens(tokens: Tokens) -> list[range]:
    """Return for each of the `terms` the numbers of its tokens: one, or all of a run of names."""
    found: list[range] = []
    for number, named in enumerate(tokens.named):
        if named and found and tokens.named[number - 1]:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def _named(written: Sequence[str], words: Sequence[str]) -> Iterator[bool]:
    """Tell for each token whether it is a name: a capital inside a sentence, on a word that is no cue."""
    capitals = [word[0].isupper() for word in written]
    letters = sum(word[0].isalpha() for word in written)
    if sum(capitals) > _MOSTLY * letters and words[-1] not in _ENDS:
        yield from (False for _ in written)
        return
    cues = cue_forms()
    before = "."
    for capital, word in zip(capitals, words, strict=True):
        yield capital and before not in _SENTENCE_OPENERS and not (word in cues and len(cues[word][-1][0]) == 1)
        before = word


def tokenize_sentences(
    sentences: Sequence[str], starts_line: Sequence[bool], common: Collection[str] | None = None
) -> list[Tokens]:
    """Return the tokens of one document's sentences, in order.

    A quotation left open goes on in the next sentence of the same line; a word that is a name in one sentence is a name
    wherever another sentence begins with it.
    """
    found: list[Tokens] = []
    open_quote = False
    for sentence, starts in zip(sentences, starts_line, strict=True):
        found.append(tokenize(sentence, open_quote=open_quote and not starts, common=common))
        open_quote = found[-1].open_quote
    names = {word for tokens in found for word, named in zip(tokens.words, tokens.named, strict=True) if named}
    for tokens in found:
        if tokens.words and tokens.words[0] in names:
            tokens.named[0] = True
    return found


def tokenize_passage(page: Passage, common: Collection[str] | None = None) -> list[Tokens]:
    """Return the tokens of each sentence of `page`; see `tokenize_sentences`."""
    return tokenize_sentences(page.sentences, page.starts_line, common)


def terms(tokens: Tokens) -> list[str]:
    """Return the words as the n-grams see them: runs of names as one `NAME`, negated words marked by a tilde."""
    kept: list[str] = []
    for word, negated, named in zip(tokens.words, tokens.negated, tokens.named, strict=True):
        if not named:
            word = PRONOUNS.get(word, word)
            kept.append(f"~{word}" if negated and word[0].isalpha() else word)
        elif not kept or kept[-1] != NAME:
            if kept and kept[-1] in ("an", "~an"):  # it tells of the name's first sound
                kept[-1] = kept[-1][:-1]
            kept.append(NAME)
    return kept
