"""What kind of source a statement has, at which hand it comes, how a denial denies, and what evidence is offered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, cast, get_args

from pipeline.ledger.answer_kinds import answer_row
from pipeline.ledger.hearsay import hearsay_of
from pipeline.ledger.linear import Features, Linear
from pipeline.ledger.source_kinds import source_rows
from pipeline.ledger.statements import DenialKind, EvidenceKind, SourceKind, Statement
from pipeline.roles import DENIAL, EVIDENCE

LEAST_PROBABILITY = 0.25  # from which a denial, or evidence, is of a kind
SOURCE = "source"  # the part that tells kinds of sources
KINDS: Mapping[str, tuple[str, ...]] = {DENIAL: get_args(DenialKind), EVIDENCE: get_args(EvidenceKind)}
LEARNED = "learned"  # the rule of what a model told
_NOBODY = ("author", "unnamed")  # kinds of a source of which no words are known


@dataclass(frozen=True)
class KindModels:
    """Tells the kinds of the statements of an article.

    `source` tells those of sources, `answers` those of denials and of evidence, by label. `common` are the words of which a
    capital makes no name (see `pipeline.names`).
    """

    source: Linear
    answers: Mapping[str, Linear]
    common: Collection[str] = frozenset()

    @classmethod
    def fit(cls, articles: Sequence[Sequence[Statement]], common: Collection[str] = frozenset()) -> Self:
        """Learn from articles that people annotated; see `pipeline.ledger.gold.statements_of`."""
        rows = [row for statements in articles for row in source_rows(statements, common)]
        kinds = [statement.source.kind for statements in articles for statement in statements]
        answers = {}
        for label in KINDS:
            found = [(answer_row(s, common), s.kinds) for statements in articles for s in statements if s.label == label]
            answers[label] = Linear.fit_several([row for row, _ in found], [has for _, has in found], KINDS[label])
        return cls(Linear.fit(rows, kinds), answers, common)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], common: Collection[str] = frozenset()) -> Self:
        """Return the models that have these `parts`."""
        return cls(parts[SOURCE], {label: parts[label] for label in KINDS}, common)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that these are made of, by name."""
        return {SOURCE: self.source, **self.answers}

    def told(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        """Return the statements of an article with their kinds of source, their depths and their own kinds.

        What they had of these is replaced.
        """
        kinds = self.source_kinds(statements)
        found = [replace(s, source=replace(s.source, kind=kind)) for s, kind in zip(statements, kinds, strict=True)]
        answers = self.answer_kinds(found)
        return tuple(self._told(s, of) for s, of in zip(found, answers, strict=True))

    def source_kinds(self, statements: Sequence[Statement]) -> tuple[SourceKind, ...]:
        """Return the kind of the source of each statement of an article; without words for it, ``author`` or ``unnamed``."""
        classes = self.source.classes
        nobody = [number for number, kind in enumerate(classes) if kind in _NOBODY]
        found: list[SourceKind] = []
        for s, row in zip(statements, self.source.probabilities(source_rows(statements, self.common)), strict=True):
            allowed = nobody if s.source.words is None else [n for n, kind in enumerate(classes) if kind != "author"]
            found.append(cast(SourceKind, classes[max(allowed, key=lambda number: row[number])]))
        return tuple(found)

    def answer_kinds(self, statements: Sequence[Statement]) -> tuple[tuple[str, ...], ...]:
        """Return the kinds of each denial and of each evidence-claim, at least one; none of an allegation."""
        return tuple(self._answer_kinds(s, answer_row(s, self.common)) for s in statements)

    def _answer_kinds(self, statement: Statement, row: Features) -> tuple[str, ...]:
        model = self.answers.get(statement.label)
        if model is None:
            return ()
        found = model.probabilities([row])[0]
        kinds = tuple(kind for kind, value in zip(model.classes, found, strict=True) if value >= LEAST_PROBABILITY)
        return kinds or (model.classes[int(found.argmax())],)

    def _told(self, statement: Statement, kinds: tuple[str, ...]) -> Statement:
        rule = hearsay_of(statement, self.common)
        rules = {name: given for name, given in statement.rules.items() if name not in ("source kind", "depth", "kinds")}
        rules["source kind"] = LEARNED
        if rule:
            rules["depth"] = rule
        if kinds:
            rules["kinds"] = LEARNED
        return replace(statement, depth=2 if rule else 1, kinds=kinds, rules=rules)
