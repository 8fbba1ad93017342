from dataclasses import replace

import pytest
from noted import MARTEN, ledger_of_article

from pipeline.ledger.sides import ACCUSED, with_sides
from pipeline.ledger.statements import Link, Source

STATEMENTS = ledger_of_article().statements
EVIDENCE = next(s for s in STATEMENTS if s.label == "evidence-claim")


def offered(who, to):
    """Return the statements with the evidence offered by `who` and linked to the sentence `to`."""
    altered = replace(EVIDENCE, source=Source("person", who=who), links=(Link("supports", to, 0.8),))
    return [altered if s is EVIDENCE else s for s in STATEMENTS]


SIDES = {
    "the target": (offered("the port", 1), "contests"),
    "who denies it": (offered(MARTEN, 1), "contests"),
    "the accuser": (offered("Ines Calder", 1), "supports"),
    "nobody": (offered(None, 1), "supports"),
    "for a denial": (offered(MARTEN, 3), "supports"),
}


@pytest.mark.parametrize(("statements", "relation"), SIDES.values(), ids=SIDES)
def test_what_the_accused_offer_contests_the_allegation(statements, relation):
    found = next(s for s in with_sides(statements) if s.label == "evidence-claim")
    assert [link.relation for link in found.links] == [relation]
    assert (found.rules.get("side") == ACCUSED) == (relation == "contests")


def test_nothing_else_changes():
    changed = with_sides(offered(MARTEN, 1))
    assert [s for s in changed if s.label != "evidence-claim"] == [s for s in STATEMENTS if s is not EVIDENCE]
