"""What tells whether a source is a person, an organisation, a role, a collective, a document, or nobody in particular.

Names are read as shapes: no name tells anything, only how many words it has, what stands before it, and how else one speaks
of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pipeline.ledger.statements import Statement
from pipeline.tokens import NAME, Tokens, terms, tokenize

_GROUPS = {
    "document": """
        report reports letter letters indictment indictments complaint lawsuit suit filing filings petition petitions affidavit
        affidavits statement statements document documents paper papers record records memo memos memorandum note notes notice
        notices email emails e-mail e-mails message messages minutes transcript transcripts audit review study studies survey
        surveys analysis ruling rulings judgment judgement verdict order warrant request application register registers registry
        log logs ledger file files footage video recording recordings tape photograph photographs picture pictures image images
        camera cameras article articles book books chapter schedule summary reply answer submission testimony deposition
        contract contracts invoice invoices receipt receipts certificate bulletin leaflet brochure website page pages list table
        tables figures data results findings resolution declaration motion decision decree act bill law draft text texts
        dossier plea charge-sheet communique communiqué
    """,
    "organisation": """
        ministry government court courts police prosecutors prosecution company firm group party council committee commission
        board agency authority authorities office department bureau union federation confederation association society club
        league institute university college school hospital bank fund foundation trust church parliament senate congress
        assembly cabinet embassy army navy military force forces service administration inspectorate ombudsman regulator
        watchdog tribunal jury panel newspaper paper daily weekly magazine website site portal station channel broadcaster
        network outlet newsletter organisation organization charity museum factory airline utility city town
        municipality region province district state country kingdom republic embassy alliance coalition front movement
        secretariat headquarters chamber body operator developer publisher team
    """,
    "role": """
        spokesman spokeswoman spokesperson official officer detective inspector lawyer attorney solicitor barrister prosecutor
        judge minister deputy mayor governor president chairman chairwoman chair director manager secretary head chief member
        colleague employee worker aide adviser advisor assistant student teacher professor researcher scientist expert
        engineer doctor nurse neighbour neighbor relative brother sister father mother uncle aunt cousin son daughter wife
        husband friend witness victim survivor customer client resident farmer driver guard witness juror diplomat envoy
        ambassador commander general colonel captain sergeant soldier candidate senator representative councillor lawmaker
        activist campaigner coach player owner tenant man woman boy girl one another other
    """,
    "collective": """
        critics residents opponents supporters activists campaigners protesters villagers neighbours neighbors relatives
        families parents students teachers pupils workers employees staff colleagues members officials officers detectives
        investigators inspectors auditors lawyers attorneys scientists researchers experts historians physicists economists
        analysts observers witnesses farmers growers fishermen traders drivers people locals others many some most several
        groups unions delegates delegations deputies lawmakers councillors politicians diplomats ministers agents soldiers
        authors organisers organizers fans readers users customers victims survivors men women both
    """,
    "unnamed": """
        source sources insider insiders somebody someone person persons anonymous unidentified unnamed familiar anonymity
        rumour rumours rumor rumors speculation reports voices talk
    """,
    "plural": "they we them their us both",
    "personal": "he she i him his her",
    "thing": "it its this that which",
}
_HEAD_ENDS = frozenset([
    "of", "in", "at", "on", "for", "from", "by", "with", "to", "who", "that", "which", "whose", "close", "familiar", "near",
    "under", "against", "behind", "among", ",", "(", "\u2014", "\u2013",
])  # fmt: skip


def source_rows(statements: Sequence[Statement], common: Collection[str]) -> list[dict[str, float]]:
    """Return what tells the kind of each source of one article, by name.

    How a source is called elsewhere counts too: whoever is "he" in one statement is a person in all. `common` are the words of
    which a capital makes no name (see `pipeline.names`).
    """
    called: dict[str, set[str]] = defaultdict(set)
    for source in (statement.source for statement in statements):
        if source.words and source.who:
            called[source.who].update(_called(source.words.text, common))
    return [_row(statement, called, common) for statement in statements]


def _row(statement: Statement, called: Mapping[str, set[str]], common: Collection[str]) -> dict[str, float]:
    source = statement.source
    found = {f"label {statement.label}"}
    if source.words is None:
        found.add(f"nobody, {'a' if statement.cue else 'no'} cue")
        found.update(f"nobody, {term}" for term in terms(tokenize(statement.text, common=common)))
    else:
        found.update(f"source {name}" for name in _phrase(source.words.text, common))
        if source.who:
            found.update(f"who {name}" for name in _phrase(source.who, common))
            found.update(f"called {name}" for name in called.get(source.who, ()))
    return dict.fromkeys(sorted(found), 1.0)


def _phrase(text: str, common: Collection[str]) -> Iterator[str]:
    """Yield what a noun phrase shows: its words, its head, the groups of both, and the shape of names."""
    tokens = tokenize(text, common=common)
    words = _words(tokens)
    head = _head(words)
    yield from words
    yield f"head {words[head]}"
    yield from (f"group {name}" for name in groups_of(words[head]))
    yield from (f"any {name}" for word in words for name in groups_of(word))
    if NAME not in words:
        yield "no name"
    if words[head] == NAME:
        yield f"name of {min(sum(tokens.named), 4)}"
        if head:
            yield f"before name {words[head - 1]}"
    else:
        yield f"ends {words[head][-2:]}"
    if any(written.isupper() and len(written) > 1 for written in text.split()):
        yield "capitals"


def _called(text: str, common: Collection[str]) -> Iterator[str]:
    words = _words(tokenize(text, common=common))
    yield f"as {words[0]}"
    yield from groups_of(words[-1])


def _words(tokens: Tokens) -> list[str]:
    found = [word.removeprefix("~") for word in terms(tokens)]
    return ["0" if word[0].isdigit() else word for word in found] or [""]


def _head(words: Sequence[str]) -> int:
    """Return the number of the head of a noun phrase: the last word before what describes it."""
    end = next((number for number, word in enumerate(words) if number and word in _HEAD_ENDS), len(words))
    return end - 1


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for name, block in _GROUPS.items():
        for word in dict.fromkeys(block.split()):
            table[word].append(name)
    return {word: tuple(names) for word, names in table.items()}


def groups_of(word: str) -> tuple[str, ...]:
    """Return the names of the groups of nouns that `word` is in: documents, organisations, roles and so on."""
    return _groups().get(word, ())
