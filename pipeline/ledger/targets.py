"""Against whom an allegation is made: the noun phrase of its sentence that fits best, else the last target of the article."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, Self

from pipeline.ledger.linear import Features, Linear, Ranker
from pipeline.ledger.noun_phrases import noun_phrases, without_clitic
from pipeline.ledger.statements import Extract, Statement, Target
from pipeline.ledger.target_features import Cast, layout, target_features
from pipeline.roles import ALLEGATION
from pipeline.tokens import Tokens, token_spans

LEAST = 0.05  # probability from which a phrase is taken for the target
STRENGTH = 0.3  # of the ranker, the inverse of its regularization's
RANKED, CARRIED = "ranked", "carried"  # the rules of a target
_PART = "target"


class Identified(Protocol):
    """What knows the names of an article; see `pipeline.ledger.identities`."""

    def fullest(self, words: Extract, sentence: int) -> tuple[str, bool]:
        """Return the fullest name for `words`, which stand in this sentence, and whether that is safe."""


class TargetExample(NamedTuple):
    """An article of which the targets were annotated: its text, its statements, and the tokens of its sentences."""

    text: str
    statements: Sequence[Statement]
    tokens: Sequence[Tokens]


class _Candidate(NamedTuple):
    """Words that may name the target, and what speaks for them."""

    words: Extract
    features: Features


@dataclass(frozen=True)
class TargetFinder:
    """Finds the targets of the allegations of an article.

    A phrase of the sentence is taken where `ranker` gives it a probability of `least` or more. Otherwise the last target of the
    article is carried over, and there is none where no allegation before has one.
    """

    ranker: Ranker
    least: float = LEAST

    @classmethod
    def fit(cls, articles: Sequence[TargetExample], *, least: float = LEAST, strength: float = STRENGTH) -> Self:
        """Learn from articles that people annotated; see `pipeline.ledger.gold.statements_of`."""
        rows: list[Features] = []
        right: list[bool] = []
        for article in articles:
            cast = Cast(article.tokens, article.statements)
            for statement in _allegations(article.statements):
                target = statement.target
                for found in _candidates(article.text, statement, article.tokens[statement.sentence], cast):
                    rows.append(found.features)
                    right.append(found.words == _here(statement))
                if target is not None:
                    cast.accuse(target.who)
        return cls(Ranker.fit(rows, right, strength=strength), least)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], *, least: float = LEAST) -> Self:
        """Return the finder that has these `parts`."""
        return cls(Ranker(parts[_PART]), least)

    def parts(self) -> dict[str, Linear]:
        """Return the linear model that it is made of."""
        return {_PART: self.ranker.linear}

    def targets(
        self,
        text: str,
        statements: Sequence[Statement],
        tokens: Sequence[Tokens],
        identities: Identified,
    ) -> tuple[Statement, ...]:
        """Return the statements of an article with the targets of its allegations, instead of those that they may have had.

        `tokens` are those of each of its sentences; see `pipeline.tokens.tokenize_sentences`.
        """
        cast, found = Cast(tokens, statements), list[Statement]()
        last: Target | None = None
        for statement in statements:
            target, rule = None, None
            if statement.label == ALLEGATION:
                candidates = _candidates(text, statement, tokens[statement.sentence], cast)
                words = self._words(list(candidates))
                if words is not None:
                    last, rule = Target(words, statement.sentence, identities.fullest(words, statement.sentence)[0]), RANKED
                    target = last
                elif last is not None:
                    target, rule = replace(last, carried=True), CARRIED
                if target is not None:
                    cast.accuse(target.who)
            found.append(_aimed(statement, target, rule))
        return tuple(found)

    def _words(self, candidates: Sequence[_Candidate]) -> Extract | None:
        best = self.ranker.best([candidate.features for candidate in candidates])
        return None if best is None or best[1] < self.least else candidates[best[0]].words


def _allegations(statements: Sequence[Statement]) -> Iterator[Statement]:
    return (statement for statement in statements if statement.label == ALLEGATION)


def _candidates(text: str, statement: Statement, tokens: Tokens, cast: Cast) -> Iterator[_Candidate]:
    """Yield the noun phrases of the sentence that have no word of its source, each with what speaks for it."""
    spans = [(statement.start + span.start, statement.start + span.end) for span in token_spans(statement.text)]
    where = layout(statement, spans)
    for phrase in noun_phrases(tokens):
        if any(where.part[at] == "source" for at in phrase):
            continue
        last = phrase[-1]
        end = spans[last][1] - len(tokens.words[last]) + len(without_clitic(tokens.words[last]))
        words = Extract(spans[phrase.start][0], end, text[spans[phrase.start][0] : end])
        yield _Candidate(words, target_features(tokens, statement, where, phrase, words.text, cast))


def _here(statement: Statement) -> Extract | None:
    """Return the words of the target where they stand in the sentence itself."""
    target = statement.target
    return None if target is None or target.sentence != statement.sentence else target.words


def _aimed(statement: Statement, target: Target | None, rule: str | None) -> Statement:
    rules = {name: given for name, given in statement.rules.items() if name != "target"}
    return replace(statement, target=target, rules=rules if rule is None else {**rules, "target": rule})
