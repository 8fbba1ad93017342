"""Which allegation a denial answers, evidence is offered for, or another allegation counters or restates."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from pipeline.ledger.accusations import accusation_links
from pipeline.ledger.gold import RELATIONS
from pipeline.ledger.linear import Features, Linear, Ranker
from pipeline.ledger.link_features import CANDIDATES, Pairs
from pipeline.ledger.sides import with_sides
from pipeline.ledger.statements import Link, Statement

LEAST_PROBABILITY = 0.12  # probability from which a link is made
STRENGTH = 0.1  # of the rankers, the inverse of their regularization's
RANKED = "ranked"  # the rule of such a link


@dataclass(frozen=True)
class Linker:
    """Links the statements of an article to each other.

    `rankers` holds, for denials and for evidence, what tells the statement that is meant; a link is made where its probability
    is at least `least`. The encoder's sentence vectors are not read: in cross-validation they added nothing beyond noise.
    Allegations are linked by the rules of `pipeline.ledger.accusations`.
    """

    rankers: Mapping[str, Ranker]
    least: float = LEAST_PROBABILITY

    @classmethod
    def fit(cls, articles: Sequence[Sequence[Statement]], *, least: float = LEAST_PROBABILITY) -> Self:
        """Learn from the links of articles that people annotated; see `pipeline.ledger.gold.statements_of`.

        A label of which they hold no link, or no other candidate, is not learned: no statement that has it is linked.
        """
        rankers = {}
        for label in CANDIDATES:
            rows: list[Features] = []
            right: list[bool] = []
            for statements in articles:
                for row, is_right in _examples(statements, label):
                    rows.append(row)
                    right.append(is_right)
            if any(right) and not all(right):
                rankers[label] = Ranker.fit(rows, right, strength=STRENGTH)
        return cls(rankers, least)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], *, least: float = LEAST_PROBABILITY) -> Self:
        """Return the linker that has these `parts`."""
        return cls({label: Ranker(linear) for label, linear in parts.items()}, least)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that it is made of, by the label whose links they find."""
        return {label: ranker.linear for label, ranker in self.rankers.items()}

    def links(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        """Return the statements of an article with their links, at most one each, instead of those that they may have had.

        Denials, or evidence, in sentences that follow each other are taken together: what speaks for a link of any of them
        speaks for the same link of all.
        """
        found: dict[int, tuple[Link, str]] = {}
        pairs = Pairs(statements)
        for run in _runs(statements):
            if link := self._link(statements, pairs, run):
                found |= dict.fromkeys(run, (link, RANKED))
        ranked = [_linked(s, *found.get(place, (None, None))) for place, s in enumerate(statements)]
        for place, link, rule in accusation_links(ranked):
            ranked[place] = _linked(ranked[place], link, rule)
        return tuple(with_sides(ranked))

    def _link(self, statements: Sequence[Statement], pairs: Pairs, run: Sequence[int]) -> Link | None:
        label = statements[run[0]].label
        candidates = pairs.candidates(label)
        if not candidates or label not in self.rankers:
            return None
        scores = np.array([self._scores(label, pairs.features(number)) for number in run]).mean(axis=0)
        best = int(scores.argmax())
        probability = float(1 / (1 + np.exp(-scores[best])))
        if probability < self.least:
            return None
        return Link(RELATIONS[label], statements[candidates[best]].sentence, probability)

    def _scores(self, label: str, rows: Sequence[Features]) -> list[float]:
        return [math.log(p / (1 - p)) for p in self.rankers[label].probabilities(rows).astype(float).clip(1e-6, 1 - 1e-6)]


def _examples(statements: Sequence[Statement], label: str) -> Iterator[tuple[Features, bool]]:
    pairs = Pairs(statements)
    for number, statement in enumerate(statements):
        if statement.label == label:
            meant = statement.linked(RELATIONS[label])
            for other, row in zip(pairs.candidates(label), pairs.features(number), strict=True):
                yield row, statements[other].sentence == meant


def _runs(statements: Sequence[Statement]) -> Iterator[list[int]]:
    """Yield the places of statements of one label, denials or evidence, in sentences that follow each other."""
    run: list[int] = []
    for number, statement in enumerate(statements):
        last = statements[run[-1]] if run else None
        if last and (statement.label != last.label or statement.sentence != last.sentence + 1):
            yield run
            run = []
        if statement.label in CANDIDATES:
            run.append(number)
    if run:
        yield run


def _linked(statement: Statement, link: Link | None, rule: str | None) -> Statement:
    rules = {name: given for name, given in statement.rules.items() if name != "link"}
    if link is None or rule is None:
        return replace(statement, links=(), rules=rules)
    return replace(statement, links=(link,), rules={**rules, "link": rule})
