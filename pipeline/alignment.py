"""Spans against spans: how gold labels reach the sentences that the splitter found, and what is lost on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.corpus import Article, GoldSentence
from pipeline.sentences import Span

if TYPE_CHECKING:
    import pandas as pd


def best_overlaps(targets: Sequence[Span], others: Sequence[Span]) -> list[int | None]:
    """Return for each of `targets` the index of the span in `others` that shares most characters with it; None for no overlap.

    Both are in reading order and do not overlap among themselves. Ties go to the earlier span.

    >>> best_overlaps([Span(0, 10), Span(11, 20)], [Span(0, 4), Span(5, 10), Span(30, 40)])
    [1, None]
    """
    found: list[int | None] = []
    first = 0
    for target in targets:
        while first < len(others) and others[first].end <= target.start:
            first += 1
        best, most = None, 0
        for i in range(first, len(others)):
            if others[i].start >= target.end:
                break
            shared = min(target.end, others[i].end) - max(target.start, others[i].start)
            if shared > most:
                best, most = i, shared
        found.append(best)
    return found


def carry_labels(gold: Sequence[GoldSentence], sentences: Sequence[Span]) -> list[str | None]:
    """Return for each of `sentences` the label of the gold sentence that overlaps it most; None where no gold sentence does."""
    spans = [Span(g.start, g.end) for g in gold]
    return [None if i is None else gold[i].label for i in best_overlaps(sentences, spans)]


@dataclass(frozen=True, slots=True)
class CarryLoss:
    """What splitting cost, in gold sentences: `total`, those found with exact bounds, those whose label did not survive."""

    total: int
    exact: int
    label_lost: int


def carry_loss(gold: Sequence[GoldSentence], sentences: Sequence[Span]) -> CarryLoss:
    """Count what is lost when the labels of `gold` are carried to `sentences` and read back by overlap."""
    carried = carry_labels(gold, sentences)
    spans = [Span(g.start, g.end) for g in gold]
    back = best_overlaps(spans, sentences)
    return CarryLoss(
        total=len(gold),
        exact=len(set(spans) & set(sentences)),
        label_lost=sum(i is None or carried[i] != g.label for g, i in zip(gold, back, strict=True)),
    )


def carry_loss_of(articles: Iterable[Article], table: "pd.DataFrame") -> CarryLoss:
    """Return the loss over all `articles`, whose sentences are in `table` (see `pipeline.tables`)."""
    found = {
        name: [Span(*row) for row in zip(part["start"], part["end"], strict=True)] for name, part in table.groupby("document")
    }
    losses = [carry_loss(article.sentences, found[article.id]) for article in articles]
    return CarryLoss(
        total=sum(loss.total for loss in losses),
        exact=sum(loss.exact for loss in losses),
        label_lost=sum(loss.label_lost for loss in losses),
    )
