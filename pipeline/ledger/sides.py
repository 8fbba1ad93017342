"""On which side evidence is offered, by a stated rule: what the accused offer is offered against the allegation."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.ledger.accusations import denies
from pipeline.ledger.alike import same_name
from pipeline.ledger.statements import Link, Statement
from pipeline.roles import ALLEGATION, EVIDENCE

ACCUSED = "offered by the accused"  # the rule of such a link


def with_sides(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements of an article in which evidence contests the allegation that it is linked to, or supports it.

    It contests where its source is the target of that allegation, or the source of a denial that answers it.
    """
    made = {s.sentence: s for s in statements}
    found = []
    for s in statements:
        to = s.linked("supports") if s.label == EVIDENCE else None
        if to is not None and made[to].label == ALLEGATION and _is_accused(s.source.who, made[to], statements):
            links = tuple(Link("contests", link.to, link.probability) for link in s.links)
            s = replace(s, links=links, rules={**s.rules, "side": ACCUSED})
        found.append(s)
    return found


def _is_accused(who: str | None, allegation: Statement, statements: Sequence[Statement]) -> bool:
    if who is None:
        return False
    named = allegation.target is not None and same_name(who, allegation.target.who)
    return named or denies(who, allegation, statements)
