"""The ledgers of several articles on one story side by side: which allegation each carries, answered how, on what evidence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.ledger.alike import Claim, alike, claim_of
from pipeline.ledger.statements import Ledger, Source, Statement
from pipeline.ledger.threads import Thread, threads_of
from pipeline.names import common_words
from pipeline.roles import DENIAL

JOINT = "|"  # between several values of one column


@dataclass(frozen=True, slots=True)
class Cell:
    """How one article carries an allegation.

    `sentences` are the numbers of those that make it, `sources` and `hedged` are those of its mentions, in the same order;
    `denials` are the denials that answer it, and `evidence` the kinds offered for it, each once.
    """

    sentences: tuple[int, ...]
    sources: tuple[Source, ...]
    hedged: tuple[bool, ...]
    denials: tuple[Statement, ...]
    evidence: tuple[str, ...]

    @property
    def wording(self) -> str:
        """How it is told: ``hedged`` or ``flat`` where all mentions are, else ``both``."""
        return "both" if len(set(self.hedged)) > 1 else "hedged" if self.hedged[0] else "flat"


@dataclass(frozen=True, slots=True)
class Row:
    """An allegation that one article or several carry.

    `allegation` is what it says in the first article that carries it, `target` against whom (None where none of them says),
    and `cells` holds for each article how it carries it, None where it does not.
    """

    allegation: str
    target: str | None
    cells: tuple[Cell | None, ...]

    @property
    def carriers(self) -> int:
        """How many articles carry it."""
        return sum(cell is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which allegation each of `documents` carries; those that more of them carry come first, else as first read."""

    documents: tuple[str, ...]
    allegations: tuple[Row, ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each allegation and article, for CSV and JSON; several values are joined by ``|``.

        Of mentions, `sentences`, `sources` and `source_kinds` go together; of denials, `denied_in`, `denied_by` and
        `denial_kinds`. Where an article does not carry the allegation, the columns after `carried` are empty.
        """
        for number, row in enumerate(self.allegations):
            for document, cell in zip(self.documents, row.cells, strict=True):
                yield {
                    "group": number, "allegation": row.allegation, "target": row.target or "", "document": document,
                    "carried": cell is not None, **_columns(cell),
                }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Carried:
    """An allegation of the article with the number `article`, and its first mention as it is compared."""

    article: int
    thread: Thread
    claim: Claim


def compare(ledgers: Sequence[Ledger]) -> Comparison:
    """Return which allegation each article carries.

    First allegations of different articles are taken for one where `pipeline.ledger.alike.alike` says so, directly or through
    others between them. This goes by words. What is told in other words is not joined ("bought votes" and "paid electors"), nor
    are allegations whose targets go by other names ("Moscow" and "Russia"); two that differ only in a detail are joined.
    """
    common = common_words(s.text for ledger in ledgers for s in ledger.statements)
    carried = [
        _Carried(number, thread, claim_of(thread.first, common))
        for number, ledger in enumerate(ledgers)
        for thread in threads_of(ledger)
    ]
    rows = [_row(group, len(ledgers)) for group in _groups(carried)]
    return Comparison(tuple(ledger.document for ledger in ledgers), tuple(sorted(rows, key=lambda row: -row.carriers)))


def _groups(carried: Sequence[_Carried]) -> list[list[_Carried]]:
    """Join what is alike across articles (single link); groups and their members stay in the order of `carried`."""
    group = list(range(len(carried)))
    for (i, one), (j, other) in combinations(enumerate(carried), 2):
        if group[i] != group[j] and one.article != other.article and alike(one.claim, other.claim):
            kept, gone = sorted((group[i], group[j]))
            group = [kept if number == gone else number for number in group]
    return [[c for c, of in zip(carried, group, strict=True) if of == number] for number in sorted(set(group))]


def _row(group: Sequence[_Carried], articles: int) -> Row:
    first = group[0].thread.first
    said = " … ".join(extract.text for extract in first.content) or first.text
    targets = [c.thread.first.target.who for c in group if c.thread.first.target]
    threads = [[c.thread for c in group if c.article == number] for number in range(articles)]
    return Row(said, targets[0] if targets else None, tuple(_cell(found) if found else None for found in threads))


def _cell(threads: Iterable[Thread]) -> Cell:
    threads = list(threads)
    made = _in_order(s for thread in threads for s in (thread.first, *thread.again))
    evidence = _in_order(s for thread in threads for s in thread.evidence)
    return Cell(
        sentences=tuple(s.sentence for s in made),
        sources=tuple(s.source for s in made),
        hedged=tuple(bool(s.hedges) for s in made),
        denials=tuple(_in_order(s for thread in threads for s in thread.answers if s.label == DENIAL)),
        evidence=tuple(dict.fromkeys(kind for s in evidence for kind in s.kinds)),
    )


def _in_order(statements: Iterable[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda s: s.sentence)


def _columns(cell: Cell | None) -> dict[str, Any]:
    made, denials = (cell.sources, cell.denials) if cell else ((), ())
    return {
        "sentences": _joined(cell.sentences if cell else ()),
        "sources": _joined(source.who or "" for source in made),
        "source_kinds": _joined(source.kind for source in made),
        "wording": cell.wording if cell else "",
        "denied": bool(denials) if cell else "",
        "denied_in": _joined(s.sentence for s in denials),
        "denied_by": _joined(s.source.who or s.source.kind for s in denials),
        "denial_kinds": _joined(",".join(s.kinds) for s in denials),
        "evidence": _joined(cell.evidence if cell else ()),
    }


def _joined(values: Iterable[object]) -> str:
    return JOINT.join(map(str, values))
