"""What kind of source a statement has, at which hand it comes, how a denial denies, and what evidence is offered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self, cast, get_args

import numpy as np

from pipeline.ledger.answer_kinds import answer_row, says_no_evidence
from pipeline.ledger.hearsay import hearsay_of
from pipeline.ledger.linear import Features, Floats, Linear
from pipeline.ledger.pages import Page, States
from pipeline.ledger.source_kinds import source_rows
from pipeline.ledger.statements import DenialKind, EvidenceKind, SourceKind, Statement
from pipeline.roles import DENIAL, EVIDENCE

LEAST_PROBABILITY = 0.25  # from which a denial, or evidence, is of a kind
SOURCE = "source"  # the part that tells kinds of sources
KINDS: Mapping[str, tuple[str, ...]] = {DENIAL: get_args(DenialKind), EVIDENCE: get_args(EvidenceKind)}
NO_EVIDENCE = "no-evidence"  # the kind of denial that plain words tell
LEARNED, PLAIN = "learned", "plain-words"  # the rules: a model told it, or some of it stands there
STRENGTH = 0.01  # of the models over states, the inverse of their regularization's
_NOBODY = ("author", "unnamed")  # kinds of a source of which no words are known


class Means(NamedTuple):
    """The mean states of what a statement consists of: the words for its source and its content, shape (columns,) each."""

    source: States
    content: States

    @classmethod
    def of(cls, page: Page, statement: Statement) -> Self | None:
        """Return those of a statement of `page`; None where the page knows no states."""
        if page.states is None:
            return None
        words, place = statement.source.words, statement.source.sentence
        named = page.mean_state(statement.sentence if place is None else place, [words] if words else [])
        return cls(named, page.mean_state(statement.sentence, statement.content))


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
    def fit(
        cls,
        articles: Sequence[Sequence[Statement]],
        common: Collection[str] = frozenset(),
        pages: Sequence[Page] | None = None,
    ) -> Self:
        """Learn from articles that people annotated; see `pipeline.ledger.gold.statements_of`.

        Where their `pages` know states, the kinds are told by these too.
        """
        found = [statement for statements in articles for statement in statements]
        means = None
        if pages is not None and all(page.states is not None for page in pages):
            means = [Means.of(page, s) for page, statements in zip(pages, articles, strict=True) for s in statements]

        def stacked(part: str, chosen: Sequence[int]) -> Floats | None:
            return None if means is None or not chosen else np.stack([getattr(means[number], part) for number in chosen])

        rows = [row for statements in articles for row in source_rows(statements, common)]
        kinds = [statement.source.kind for statement in found]
        source = Linear.fit(rows, kinds, states=stacked("source", range(len(found))), state_strength=STRENGTH)
        answers = {}
        for label in KINDS:
            of = [number for number, statement in enumerate(found) if statement.label == label]
            rows = [answer_row(found[number], common) for number in of]
            given = [found[number].kinds for number in of]
            answers[label] = Linear.fit_several(
                rows, given, KINDS[label], states=stacked("content", of), state_strength=STRENGTH
            )
        return cls(source, answers, common)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], common: Collection[str] = frozenset()) -> Self:
        """Return the models that have these `parts`."""
        return cls(parts[SOURCE], {label: parts[label] for label in KINDS}, common)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that these are made of, by name."""
        return {SOURCE: self.source, **self.answers}

    @cached_property
    def probe(self) -> Floats:
        """What the hidden states of pages are to be multiplied with, shape (width, columns); of width 0 where it reads none."""
        models = self._models
        width = max(len(model.probe) for model in models)
        read = [model.probe if len(model.probe) else np.zeros((width, len(model.classes)), np.float32) for model in models]
        return np.hstack(read)

    @property
    def _models(self) -> tuple[Linear, ...]:
        return (self.source, *(self.answers[label] for label in KINDS))

    def _columns(self, model: Linear) -> slice:
        """Return which columns of the probe are those of one of the models."""
        start = 0
        for other in self._models:
            if other is model:
                break
            start += len(other.classes)
        return slice(start, start + len(model.classes))

    def told(self, statements: Sequence[Statement], page: Page | None = None) -> tuple[Statement, ...]:
        """Return the statements of an article with their kinds of source, their depths and their own kinds.

        What they had of these is replaced. Models that read states are told what the `probe` found in those of the `page`.
        """
        means = [None if page is None else Means.of(page, statement) for statement in statements]
        kinds = self.source_kinds(statements, means)
        found = [replace(s, source=replace(s.source, kind=kind)) for s, kind in zip(statements, kinds, strict=True)]
        answers = self.answer_kinds(found, means)
        return tuple(self._told(s, of) for s, of in zip(found, answers, strict=True))

    def source_kinds(
        self, statements: Sequence[Statement], means: Sequence[Means | None] | None = None
    ) -> tuple[SourceKind, ...]:
        """Return the kind of the source of each statement of an article; without words for it, ``author`` or ``unnamed``."""
        classes = self.source.classes
        nobody = [number for number, kind in enumerate(classes) if kind in _NOBODY]
        found: list[SourceKind] = []
        rows = source_rows(statements, self.common)
        for s, row, mean in zip(statements, rows, means or [None] * len(rows), strict=True):
            likely = self._probabilities(self.source, row, mean and mean.source)
            allowed = nobody if s.source.words is None else [n for n, kind in enumerate(classes) if kind != "author"]
            found.append(cast(SourceKind, classes[max(allowed, key=likely.__getitem__)]))
        return tuple(found)

    def answer_kinds(
        self, statements: Sequence[Statement], means: Sequence[Means | None] | None = None
    ) -> tuple[tuple[str, ...], ...]:
        """Return the kinds of each denial and of each evidence-claim, at least one; none of an allegation.

        Those that a model finds likely, and `no-evidence` where the words say so.
        """
        found: list[tuple[str, ...]] = []
        for statement, mean in zip(statements, means or [None] * len(statements), strict=True):
            model = self.answers.get(statement.label)
            if model is None:
                found.append(())
                continue
            likely = self._probabilities(model, answer_row(statement, self.common), mean and mean.content)
            kinds = {kind for kind, value in zip(model.classes, likely, strict=True) if value >= LEAST_PROBABILITY}
            if self._is_plain(statement):
                kinds.add(NO_EVIDENCE)
            kinds = kinds or {model.classes[int(likely.argmax())]}
            found.append(tuple(kind for kind in KINDS[statement.label] if kind in kinds))
        return tuple(found)

    def _probabilities(self, model: Linear, row: Features, state: States | None) -> Floats:
        probed = None if state is None else state[None, self._columns(model)].astype(np.float32)
        (found,) = model.probabilities([row], probed)
        likely: Floats = found
        return likely

    def _is_plain(self, statement: Statement) -> bool:
        return statement.label == DENIAL and says_no_evidence(statement, self.common)

    def _told(self, statement: Statement, kinds: tuple[str, ...]) -> Statement:
        rule = hearsay_of(statement, self.common)
        rules = {name: given for name, given in statement.rules.items() if name not in ("source kind", "depth", "kinds")}
        rules["source kind"] = LEARNED
        if rule:
            rules["depth"] = rule
        if kinds:
            rules["kinds"] = PLAIN if self._is_plain(statement) else LEARNED
        return replace(statement, depth=2 if rule else 1, kinds=kinds, rules=rules)
