"""How often each field of an article's ledger is as it should be, in counts that can be added up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from pipeline.ledger.matching import content_ranges, same_identity, same_place, same_source, same_target, word_starts
from pipeline.ledger.statements import REPLIES, Statement
from pipeline.metrics import Counts
from pipeline.roles import ALLEGATION, DENIAL

Key = tuple[str, str]  # what is measured, and the part of it: a class, or the kind of statement that it is counted on
Tally = dict[Key, Counts]
_Counted = tuple[str, str, int, int, int]

BY_QUOTATION = ("source", "cue", "content", "content_words", "who")  # measures whose parts are the gold types of quotation


def tally(text: str, gold: Sequence[Statement], found: Sequence[Statement]) -> Tally:
    """Return hits, gold and found for each part of each measure, on the statements of one article.

    Measures and their parts:

    - `source`, `cue`, `content` (exact, see `pipeline.ledger.matching`), `content_words` (the words of the content, each by
      itself) and `who` (the identity of the source; one that is not resolved counts as not found), by gold type of quotation;
    - `kind` of source and `quotation`, by class;
    - `depth`: whether it is 2 or more;
    - `target` (exact) and `target_name` (the same words anywhere), of allegations;
    - `link`: the statement that a denial answers or evidence supports, by label; `counter`: the one that an allegation does;
    - `denial` and `evidence`: their kinds, by class.

    Raises
    ------
    ValueError
        If the two do not hold statements of the same sentences.
    """
    numbers, others = ([s.sentence for s in statements] for statements in (gold, found))
    if numbers != others:
        raise ValueError(f"both must hold the statements of the sentences {numbers}. Got {others}")
    counts: Tally = defaultdict(lambda: np.zeros(3, dtype=np.int64))
    for want, got in zip(gold, found, strict=True):
        for measure, part, *counted in _compared(text, want, got):
            counts[measure, part] += counted
    return dict(counts)


def _compared(text: str, want: Statement, got: Statement) -> Iterator[_Counted]:
    yield from ((name, want.quotation, *counted) for name, counted in _words(text, want, got))
    yield from _classes("kind", [want.source.kind], [got.source.kind])
    yield from _classes("quotation", [want.quotation], [got.quotation])
    deep, found_deep = want.depth > 1, got.depth > 1
    yield "depth", "", deep and found_deep, deep, found_deep
    if want.label == ALLEGATION:
        yield from _targets(want, got)
    else:
        yield from _classes("denial" if want.label == DENIAL else "evidence", want.kinds, got.kinds)
    to, found_to = (s.linked(*REPLIES) for s in (want, got))
    known, given = to is not None, found_to is not None
    yield "counter" if want.label == ALLEGATION else "link", want.label, known and to == found_to, known, given


def _words(text: str, want: Statement, got: Statement) -> Iterator[tuple[str, tuple[int, int, int]]]:
    said, found_said = content_ranges(text, want.content), content_ranges(text, got.content)
    words, found_words = word_starts(text, said), word_starts(text, found_said)
    who = got.source.who if got.source.resolved else None
    sources = want.source.words is not None, got.source.words is not None
    yield "source", (same_source(want, got), *sources)
    yield "cue", (same_place(want.cue, got.cue), want.cue is not None, got.cue is not None)
    yield "content", (bool(said) and said == found_said, bool(said), bool(found_said))
    yield "content_words", (len(words & found_words), len(words), len(found_words))
    yield "who", (same_identity(want.source.who, who), want.source.who is not None, who is not None)


def _targets(want: Statement, got: Statement) -> Iterator[_Counted]:
    one, other = want.target, got.target
    there = one is not None, other is not None
    exact, named = (
        (False, False) if one is None or other is None else (same_place(one.words, other.words), same_target(one, other))
    )
    yield "target", "", exact, *there
    yield "target_name", "", named, *there


def _classes(measure: str, want: Iterable[str], got: Iterable[str]) -> Iterator[_Counted]:
    wanted, found = set(want), set(got)
    for part in sorted(wanted | found):
        yield measure, part, part in wanted & found, part in wanted, part in found
