"""What tells against whom an allegation is made. Names are read as shapes: no word of a name tells anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.ledger.linear import Features
from pipeline.ledger.noun_phrases import JOINS, OBJECTS, OWNERS, without_clitic
from pipeline.ledger.phrases import DETERMINERS, PRONOUNS
from pipeline.ledger.reporting import is_helper, reporting_verbs
from pipeline.ledger.source_kinds import groups_of
from pipeline.ledger.statements import Extract, Statement
from pipeline.ledger.tags import tag_features
from pipeline.names import PRONOUNS as GENDERED
from pipeline.roles import ALLEGATION, DENIAL
from pipeline.tokens import NAME, Tokens, tokenize

_EDGE = "#"  # what stands before the first word and behind the last
_HEAD_ENDS = JOINS | {","}
_FAR = (0, 1, 2, 4, 8, 16)  # tokens: within each of these, phrases are equally far away
_REACH = 40  # tokens before a phrase in which what else stands there is counted
_MANY = (1, 2, 3, 6)  # sentences that name somebody


class Cast:
    """Who is named in an article, in what part, and against whom its allegations have been made so far.

    Two names are taken for one where the last word of the one is any word of the other, so that looking one up costs the same
    in an article of any length.
    """

    def __init__(self, tokens: Sequence[Tokens], statements: Sequence[Statement]) -> None:
        names = [_names(sentence) for sentence in tokens]
        self._spread = Counter(name for found in names for name in found)
        self._headline = names[0] if names else frozenset()
        self._most = max(self._spread.values(), default=0)
        self._sources = {
            label: {word for who in {s.source.who for s in statements if s.label == label} for word in _words_of(who)}
            for label in (ALLEGATION, DENIAL)
        }
        self._accused: Counter[str] = Counter()
        self._phrases: set[str] = set()
        self._last: frozenset[str] | None = None

    def accuse(self, who: str) -> None:
        """Take note of the target of the next allegation."""
        self._last = _words_of(who)
        self._accused.update(self._last)
        self._phrases.add(who.casefold())

    def told(self, name: str) -> Iterator[str]:
        """Yield what is known of somebody whose name ends with the word `name`."""
        count, begun = self._spread[name], self._last is not None
        yield f"named in={next((many for many in _MANY if count <= many), 'more')}"
        yield f"named share={int(4 * count / max(1, self._most))}"
        yield f"in headline={name in self._headline}"
        yield f"denies={name in self._sources[DENIAL]}"
        yield f"alleges={name in self._sources[ALLEGATION]}"
        yield f"target earlier={min(2, self._accused[name])},{begun}"
        yield f"last target={name in (self._last or ())},{begun}"

    def told_nameless(self, phrase: str, kind: str) -> Iterator[str]:
        """Yield what is known of somebody who is called `phrase`, which holds no name."""
        yield f"same words earlier={phrase.casefold() in self._phrases}"
        yield f"targets before={self._last is not None},{kind}"


class Layout(NamedTuple):
    """Of what in its sentence each token is `part` ("source", "cue", "content", "rest"), the cue, where the content begins."""

    part: Sequence[str]
    cue: range | None
    begin: int


def target_features(tokens: Tokens, statement: Statement, where: Layout, phrase: range, text: str, cast: Cast) -> Features:
    """Return what tells whether `phrase`, whose words are `text`, is whom `statement`, laid out as `where`, is made against."""
    kind = _kind(tokens, phrase)
    found = [
        *_form(tokens, phrase, kind),
        *_neighbours(tokens, phrase, kind),
        *_position(tokens, where, phrase, kind),
        *_fame(tokens, statement, phrase, text, cast),
        f"quotation={statement.quotation},{kind}",
        f"source={statement.source.kind},{kind}",
        f"headline={statement.sentence == 0},{kind}",
    ]
    return {**dict.fromkeys(found, 1.0), **tag_features(tokens.odds, "target", [phrase])}


def layout(statement: Statement, spans: Sequence[tuple[int, int]]) -> Layout:
    """Return how a sentence is laid out whose tokens stand at `spans` of the article."""
    parts = [("source", statement.source.words), ("cue", statement.cue), *(("content", piece) for piece in statement.content)]
    part = [next((name for name, words in parts if _holds(words, start)), "rest") for start, _ in spans]
    cue = [at for at, name in enumerate(part) if name == "cue"]
    return Layout(part, range(cue[0], cue[-1] + 1) if cue else None, part.index("content") if "content" in part else 0)


def _holds(part: Extract | None, at: int) -> bool:
    return part is not None and part.start <= at < part.end


def _form(tokens: Tokens, phrase: range, kind: str) -> Iterator[str]:
    words = [_word(tokens, at) for at in phrase]
    head = _head(words)
    yield f"kind={kind}"
    yield f"length={min(len(phrase), 6)},{kind}"
    yield f"first={words[0]}"
    yield f"last={words[-1]}"
    yield f"joined={','.join(word for word in words[1:-1] if word in _HEAD_ENDS)}"
    yield f"behind head={words[head + 1] if head + 1 < len(words) else _EDGE}"
    yield f"names={min(3, sum(tokens.named[at] for at in phrase))},{kind}"
    yield f"clitic={tokens.words[phrase[-1]] != without_clitic(tokens.words[phrase[-1]])}"
    if words[head] != NAME:
        yield f"head={words[head]}"
        yield f"ending={words[head][-3:]}"
        yield f"plural={words[head].endswith('s')},{kind}"
        yield from (f"group={group}" for group in groups_of(words[head]) or ("none",))


def _neighbours(tokens: Tokens, phrase: range, kind: str) -> Iterator[str]:
    before, behind = _word(tokens, phrase.start - 1), _word(tokens, phrase.stop)
    last = _word(tokens, phrase[-1])
    yield f"before={before}"
    yield f"before,kind={before},{kind}"
    yield f"before two={_word(tokens, phrase.start - 2)} {before}"
    yield f"behind={behind}"
    yield f"behind,kind={behind},{kind}"
    yield f"behind two={behind} {_word(tokens, phrase.stop + 1)}"
    yield f"around={before},{behind}"
    yield f"kind,around={kind},{before},{behind}"
    yield f"helper behind={is_helper(behind)},{before},{kind}"
    yield f"reports behind={behind in reporting_verbs()},{kind}"
    yield f"last,behind={last[-2:] if last != NAME else NAME},{behind}"
    yield f"behind ending={behind[-3:]}"
    yield f"verb before={before in reporting_verbs()},{kind}"
    yield f"quoted={tokens.quoted[phrase.start]},{kind}"


def _position(tokens: Tokens, where: Layout, phrase: range, kind: str) -> Iterator[str]:
    place, before = where.part[phrase.start], where.part[phrase.start - 1] if phrase.start else _EDGE
    side = "no cue"
    if where.cue is not None:
        cue, last = where.cue[0], where.cue[-1]
        side = "before cue" if phrase.stop <= cue else "behind cue" if phrase.start > last else "in cue"
        beside = f"{phrase.start == last + 1},{phrase.stop == cue}"
        yield f"cue={_word(tokens, cue)},{side}"
        yield f"cue,place={side},{place}"
        yield f"next to cue={beside},{kind}"
        yield f"next to cue={beside},{_word(tokens, cue)}"
        yield f"cue,before={_word(tokens, cue)},{_word(tokens, phrase.start - 1)},{side}"
        yield f"cue end={_word(tokens, last)},{side},{_within(phrase.start - last)}"
    yield f"place={place},{kind}"
    yield f"place before={place},{before}"
    yield f"start={_within(phrase.start)},{side}"
    begin = max(where.begin, phrase.start - _REACH)
    inside = tokens.words[begin : phrase.start]
    yield f"in content={_within(phrase.start - where.begin)},{place}"
    yield f"in content,kind={_within(phrase.start - where.begin)},{kind}"
    yield f"nouns before={min(3, sum(word in DETERMINERS or word in PRONOUNS for word in inside))},{place}"
    yield f"names before={min(3, sum(tokens.named[begin : phrase.start]))},{place}"
    yield f"first of content={not any(map(str.isalnum, ''.join(inside)))},{place},{kind}"
    yield f"commas before={min(2, inside.count(','))}"


def _fame(tokens: Tokens, statement: Statement, phrase: range, text: str, cast: Cast) -> Iterator[str]:
    name = _last_name(tokens, phrase)
    if name is None:
        yield from cast.told_nameless(text, _kind(tokens, phrase))
    else:
        yield f"is source={name in _words_of(statement.source.who)}"
        yield from cast.told(name)


def _last_name(tokens: Tokens, phrase: range) -> str | None:
    """Return the last word of the first name in `phrase`, None where it has none."""
    run = [at for at in phrase if tokens.named[at]]
    end = next((at for at in run if at + 1 not in run), None)
    return None if end is None else without_clitic(tokens.words[end])


def _words_of(who: str | None) -> frozenset[str]:
    tokens = tokenize(who or "")
    return frozenset(without_clitic(word) for word in tokens.words)


def _names(tokens: Tokens) -> frozenset[str]:
    return frozenset(without_clitic(word) for word, named in zip(tokens.words, tokens.named, strict=True) if named)


def _kind(tokens: Tokens, phrase: range) -> str:
    first, last = without_clitic(tokens.words[phrase.start]), phrase[-1]
    if len(phrase) == 1 and not tokens.named[last]:
        if first in PRONOUNS:
            return "pronoun"
        return "other pronoun" if first in OBJECTS | OWNERS else "bare"
    if all(tokens.named[at] for at in phrase):
        return "name"
    if first in DETERMINERS or first in OWNERS:
        return "determined name" if tokens.named[last] else "determined"
    return "with name" if tokens.named[last] else "bare"


def _head(words: Sequence[str]) -> int:
    end = next((at for at, word in enumerate(words) if at and word in _HEAD_ENDS), len(words))
    return end - 1


def _within(far: int) -> str:
    return next((str(most) for most in _FAR if abs(far) <= most), "far") + ("-" if far < 0 else "")


def _word(tokens: Tokens, at: int) -> str:
    if not 0 <= at < len(tokens.words):
        return _EDGE
    word = tokens.words[at]
    bare = without_clitic(word)
    return NAME if tokens.named[at] else "0" if word[0].isdigit() else GENDERED.get(bare, bare) + word[len(bare) :]
