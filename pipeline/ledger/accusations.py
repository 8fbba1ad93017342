"""Which earlier allegation an allegation counters or restates, by two stated rules."""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger.alike import Claim, alike, claim_of, content_words, has_name, overlap, same_name
from pipeline.ledger.statements import Link, Source, Statement
from pipeline.names import common_words
from pipeline.roles import ALLEGATION, DENIAL

COUNTER, RESTATEMENT = "counter-accusation", "restatement"
RESTATES = 0.5  # overlap of their contents from which an allegation restates another of its article

_JOINT = re.compile(r",\s*|\s+and\s+")  # between those whom one target names
_ONE = frozenset(["he", "she", "him", "her", "his"])


def accusation_links(statements: Sequence[Statement]) -> Iterator[tuple[int, Link, str]]:
    """Yield the place of each allegation that counters or restates an earlier one, its link and the rule behind it.

    One counters the nearest earlier allegation whose source it is against, by name or as "he" or "she" where that source is a
    person, if its own source is the target of that one, speaks for the target, or denies it somewhere in the article. Else one
    restates the earlier allegation to which it is most alike (see `pipeline.ledger.alike`), with an overlap of `RESTATES` or
    more. `statements` have the links of their denials. A link's probability is 1 by the first rule, the overlap by the second.
    """
    common = common_words(s.text for s in statements)
    earlier: list[tuple[Statement, Claim]] = []
    for place, statement in enumerate(statements):
        if statement.label != ALLEGATION:
            continue
        claim = claim_of(statement, common)
        countered = next((one for one, _ in reversed(earlier) if _counters(statement, one, statements)), None)
        if countered is not None:
            yield place, Link("counters", countered.sentence, 1.0), COUNTER
        elif (found := _restated(claim, earlier)) is not None:
            yield place, Link("restates", found[0], found[1]), RESTATEMENT
        earlier.append((statement, claim))


def _counters(one: Statement, other: Statement, statements: Sequence[Statement]) -> bool:
    who, accuser = one.source.who, other.source.who
    if who is None or accuser is None or one.target is None or same_name(who, accuser):
        return False
    if not _is_against(one.target.who, other.source):
        return False
    return (other.target is not None and _speaks_for(who, other.target.who)) or denies(who, other, statements)


def _is_against(target: str, source: Source) -> bool:
    if target.casefold() in _ONE:
        return source.kind == "person"
    return _speaks_for(source.who or "", target)


def _speaks_for(who: str, target: str) -> bool:
    """Tell whether a source is one of those whom `target` names, or has the name of one in its own: "Ana Brel's lawyer"."""
    own = content_words(who, ()).keys()
    return any(
        same_name(who, named) or (has_name(named) and content_words(named, ()).keys() <= own)
        for named in (target, *_JOINT.split(target))
    )


def denies(who: str, allegation: Statement, statements: Sequence[Statement]) -> bool:
    """Tell whether `who` is the source of a denial that answers `allegation`."""
    denials = (s for s in statements if s.label == DENIAL and s.linked("answers") == allegation.sentence)
    return any(same_name(s.source.who or "", who) for s in denials)


def _restated(claim: Claim, earlier: Sequence[tuple[Statement, Claim]]) -> tuple[int, float] | None:
    """Return the number of the sentence that is most alike and the overlap with it; the first of equals."""
    found = [(other.sentence, overlap(claim.words, known.words)) for other, known in earlier if alike(claim, known)]
    best = max(found, key=lambda one: one[1], default=None)
    return best if best is not None and best[1] >= RESTATES else None
