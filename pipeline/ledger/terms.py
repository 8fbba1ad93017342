"""The words in which readers are told the kinds of a ledger: of sources, denials, evidence and quotations."""

from collections.abc import Mapping, Sequence

from pipeline.ledger.statements import Source, Statement, Target
from pipeline.roles import ALLEGATION

SOURCES: Mapping[str, str] = {
    "person": "named person",
    "organisation": "named organisation",
    "role": "role only",
    "collective": "collective",
    "unnamed": "unnamed",
    "document": "document",
    "author": "the author's own voice",
    "unattributed": "not attributed",
}
KINDS: Mapping[str, str] = {
    "flat": "flat rejection",
    "no-evidence": "“no evidence”",
    "dismissal": "dismissal",
    "innocent-account": "innocent account",
    "attack": "attack on the accuser",
    "partial": "partial admission",
    "verdict": "verdict",
    "record": "document, record or figure",
    "image": "image or footage",
    "testimony": "first-hand testimony",
    "expert": "expert or laboratory",
    "finding": "official finding",
    "admission": "admission",
}
QUOTATIONS: Mapping[str, str] = {
    "direct": "direct quotation",
    "indirect": "indirect quotation",
    "mixed": "mixed quotation",
    "floating": "quotation that continues a speaker",
    "none": "no quotation",
}
COUNTER = "counter-accusation"
UNATTRIBUTED = "nobody named"


def told_source(source: Source) -> str:
    """Return whose statement it is and of which kind that source is, in words.

    >>> told_source(Source("role", who="a port official")), told_source(Source("author"))
    ('a port official (role only)', "the author's own voice")
    """
    if source.who is None:
        return SOURCES[source.kind]
    return f"{source.who} ({told_kind(source)})"


def told_kind(source: Source) -> str:
    """Return the kind of a source in words; where its words could not be traced to a name, that they were not."""
    return SOURCES[source.kind].removeprefix("named ") + ", not traced" if not source.resolved else SOURCES[source.kind]


def told_target(target: Target | None) -> str:
    """Return against whom it is, and whether that was carried over from an earlier sentence."""
    if target is None:
        return UNATTRIBUTED
    return f"{target.who} (carried over)" if target.carried else target.who


def told_kinds(statement: Statement) -> str:
    """Return the kinds of a denial or of evidence in words; of an allegation, whether it counters another."""
    if statement.label == ALLEGATION:
        return COUNTER if statement.linked("counters") is not None else ""
    return listed([KINDS.get(kind, kind) for kind in statement.kinds])


def listed(words: Sequence[str]) -> str:
    """Return words with commas between them."""
    return ", ".join(words)
