"""How many of the facts of a ledger that people made are in one that was made otherwise, of the same text."""

from collections.abc import Iterator, Sequence

from pipeline.ledger.matching import same_identity, same_target
from pipeline.ledger.statements import REPLIES, Ledger, Statement


def facts_found(gold: Sequence[Statement], ledger: Ledger) -> dict[str, dict[str, int]]:
    """Return for `statement`, `who`, `target`, `link` and `kind` how many `facts` there are in `gold`, and how many `found`.

    A statement is found where the ledger has one of the same label that begins at the same place; whose it is, against whom,
    what it answers and each of its kinds are facts of their own. Sentences may be cut and numbered otherwise.
    """
    made = {s.start: s for s in ledger.statements}
    starts, found_starts = ({s.sentence: s.start for s in statements} for statements in (gold, ledger.statements))
    counts: dict[str, dict[str, int]] = {}
    for want in gold:
        got = made.get(want.start)
        got = got if got is not None and got.label == want.label else None
        for fact, found in _facts(want, got, starts, found_starts):
            count = counts.setdefault(fact, {"facts": 0, "found": 0})
            count["facts"] += 1
            count["found"] += found
    return counts


def _facts(
    want: Statement, got: Statement | None, starts: dict[int, int], found_starts: dict[int, int]
) -> Iterator[tuple[str, bool]]:
    yield "statement", got is not None
    if want.source.who is not None:
        yield "who", got is not None and same_identity(want.source.who, got.source.who)
    if want.target is not None:
        yield "target", got is not None and got.target is not None and same_target(want.target, got.target)
    if (to := want.linked(*REPLIES)) is not None:
        found = None if got is None else got.linked(*REPLIES)
        yield "link", found is not None and found_starts.get(found) == starts[to]
    for kind in want.kinds:
        yield "kind", got is not None and kind in got.kinds
