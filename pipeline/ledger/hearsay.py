"""Whether a source says that another said it."""

from collections.abc import Collection, Iterator

from pipeline.ledger.reporting import is_helper
from pipeline.ledger.statements import Extract, Statement
from pipeline.tokens import Tokens, token_spans, tokenize

RELAYED, CONFESSED, REPORTED = "relayed", "confession-reported", "speech-reported"  # rules

# Phrases by which a source passes on what it has from others; words are joined by underscores.
_RELAYS = """
    on_the_word_of on_the_authority_of had_it_from has_it_from quoted_by as_saying quotes reportedly_said by_one_account
    is_said_to are_said_to is_thought_to are_thought_to is_understood_to is_believed_to
    was_told_by were_told_by been_told_by was_told_that were_told_that
"""
_CONFESSING = frozenset([
    "admit", "admits", "admitted", "acknowledges", "acknowledged", "concede", "conceded", "concedes", "accepts", "accepted",
    "confess", "confesses", "confessed", "pleads", "pleaded",
])  # fmt: skip
_SPEAKING = frozenset([
    "told", "said", "says", "stated", "states", "swore", "testified", "affirmed", "affirms", "wrote", "declared", "tells",
    "writes", "reported", "described", "explained", "complained",
])  # fmt: skip
_OWN = frozenset(["i", "we", "you", "not", "to", "nobody"])  # before a verb: the speaker's own words, or nobody's
_PRONOUNS = frozenset(["he", "she", "they", "it"])
_CLAUSE = frozenset(["he", "she", "they", "it", "his", "her", "the", "that"])  # what begins one, after a verb
_REACH = 4  # words after a verb among which "that" begins what is said


def hearsay_of(statement: Statement, common: Collection[str]) -> str | None:
    """Return the rule by which the source of a statement passes on what another said, None where none applies.

    ``relayed``: its sentence has one of a few phrases, such as "on the word of" and "is said to". ``confession-reported``: in
    what is stated somebody admits something. ``speech-reported``: in what is stated somebody says something: somebody named, or
    "she" before a clause, or outside quotation marks anybody before "that"; the statement's own cue does not count. A
    statement without words for its source passes nothing on.

    `common` are the words of which a capital makes no name (see `pipeline.names`).
    """
    if statement.source.words is None:
        return None
    words = tokenize(statement.text, common=common).words
    if any(tuple(words[at : at + len(form)]) == form for form in _relays() for at in range(len(words))):
        return RELAYED
    indirect = statement.quotation == "indirect"
    rules = {rule for piece in statement.content for rule in _reports(piece, statement.cue, indirect, common)}
    return next((rule for rule in (CONFESSED, REPORTED) if rule in rules), None)


def _relays() -> Iterator[tuple[str, ...]]:
    return (tuple(form.split("_")) for form in _RELAYS.split())


def _reports(piece: Extract, cue: Extract | None, indirect: bool, common: Collection[str]) -> Iterator[str]:
    tokens = tokenize(piece.text, common=common)
    for at, (word, span) in enumerate(zip(tokens.words, token_spans(piece.text), strict=True)):
        if word not in _CONFESSING and word not in _SPEAKING:
            continue
        if cue and cue.start <= piece.start + span.start < cue.end:
            continue
        subject = at - 1
        while subject >= 0 and is_helper(tokens.words[subject]):
            subject -= 1
        if subject >= 0 and tokens.words[subject] in _OWN:
            continue
        if word in _CONFESSING:
            yield CONFESSED
        elif _says(tokens, at, subject, indirect):
            yield REPORTED


def _says(tokens: Tokens, at: int, subject: int, indirect: bool) -> bool:
    after = tokens.words[at + 1 : at + 1 + _REACH]
    if subject >= 0 and tokens.named[subject]:
        return True
    if subject >= 0 and tokens.words[subject] in _PRONOUNS:
        return "that" in after or bool(_CLAUSE & set(after[:1]))
    return indirect and "that" in after
