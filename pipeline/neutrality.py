"""Whether a label depends on who is spoken of: what changes when the parties of an article are exchanged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.actor_swaps import SwappedText, charged, exchanged
from pipeline.clusters import fraction_of
from pipeline.contrast import Behaviour
from pipeline.corpus import Article
from pipeline.documents import Document
from pipeline.metrics import share_interval
from pipeline.passages import printable
from pipeline.scorer import ScoredSentence, Scorer

WRITTEN, GENERATED, TOGETHER = "written", "generated", "together"
NAMED, DESCRIBED = "named", "described"  # written swaps: both parties by a name, or one by what it is ("union", "hotel")
GENERATORS: dict[str, Callable[[Article], SwappedText | None]] = {"exchanged": exchanged, "charged": charged}
COLUMNS = ("kind", "document", "sentence", "from", "to", "before", "after", "change", "text")

_MOST_ARTICLES = 120  # swapped in each of the ways


@dataclass(frozen=True, slots=True)
class Swaps:
    """What became of the sentences of swapped articles.

    `sentences` has a row for each: `COLUMNS`, the `way` it was swapped, and whether the swap `renamed` anyone in it. `skipped`
    counts the test articles, for each way anew, that hold too few actors, or are cut into other sentences after the swap.
    """

    sentences: pd.DataFrame
    skipped: int


def swapped(
    model: Scorer, behaviour: Behaviour | None, articles: Sequence[Article], scored: Sequence[Sequence[ScoredSentence]]
) -> Swaps:
    """Return what `model` says when parties are exchanged: in the written swaps, and in test `articles`.

    `scored` is what it says of the articles unchanged. At most 120 of them are taken, by a hash of their id, and swapped in
    each of the ways of `GENERATORS`.
    """
    drawn = sorted(zip(articles, scored, strict=True), key=lambda pair: fraction_of(f"swapped {pair[0].id}"))[:_MOST_ARTICLES]
    made = [
        (way, article, before, swap)
        for way, swap_of in GENERATORS.items()
        for article, before in drawn
        if (swap := swap_of(article)) is not None
    ]
    again = model.score_documents(Document(id=article.id, text=swap.text) for _, article, _, swap in made)
    rows = [] if behaviour is None else list(_written_rows(behaviour))
    skipped = len(GENERATORS) * len(drawn) - len(made)
    for (way, article, before, swap), after in zip(made, again, strict=True):
        if len(before) == len(after):
            rows += _generated_rows(way, article.id, swap, before, after)
        else:
            skipped += 1
    return Swaps(pd.DataFrame(rows, columns=[*COLUMNS, "way", "renamed"]), skipped)


def _generated_rows(
    way: str, document: str, swap: SwappedText, before: Sequence[ScoredSentence], after: Sequence[ScoredSentence]
) -> Iterator[dict[str, Any]]:
    for number, (a, b) in enumerate(zip(before, after, strict=True)):
        yield {
            "kind": GENERATED, "document": document, "sentence": number, "from": swap.source, "to": swap.to,
            "before": a.label, "after": b.label, "change": b.probabilities[a.label] - a.probability,
            "text": printable(a.text), "way": way, "renamed": a.text != b.text,
        }  # fmt: skip


def _written_rows(behaviour: Behaviour) -> Iterator[dict[str, Any]]:
    for row in behaviour.swaps.to_dict("records"):
        source, to = behaviour.parties[row["id"]]
        way = NAMED if _is_name(source) and _is_name(to) else DESCRIBED
        yield {
            "kind": WRITTEN, "document": row["id"], "sentence": row["sentence"], "from": source, "to": to,
            "before": row["got_a"], "after": row["got_b"], "change": row["p_kept"] - row["p_a"],
            "text": row["text_a"], "way": way, "renamed": row["text_a"] != row["text_b"],
        }  # fmt: skip


def measure_neutrality(swaps: Swaps, limit: float, *, resamples: int, seed: int) -> dict[str, Any]:
    """Return how far labels depend on names: figures of the written and the generated swaps, of both, and the `limit` of these.

    `flip_rate` is the share of sentences whose label changes, `mean_change` the mean absolute change of the probability of the
    label that they had, over the `sentences` in which someone was renamed; `flip_rate_beside` is the share among the others of
    these articles, which only their surroundings tell apart. None where there is no sentence. The generated swaps also by way,
    the written by how the parties are called. `flip_rate_low` and `flip_rate_high` are the 95 % interval where articles are
    drawn anew, of more than one.
    """

    def figures(sentences: pd.DataFrame) -> dict[str, Any]:
        return _measure(sentences, resamples, seed)

    table = swaps.sentences
    ways = {way: figures(table[table["way"] == way]) for way in (NAMED, DESCRIBED, *GENERATORS)}
    return {
        WRITTEN: {**figures(table[table["kind"] == WRITTEN]), **{way: ways[way] for way in (NAMED, DESCRIBED)}},
        GENERATED: {
            **figures(table[table["kind"] == GENERATED]), **{way: ways[way] for way in GENERATORS},
            "articles_skipped": swaps.skipped,
        },
        TOGETHER: figures(table),
        "limit": limit,
    }  # fmt: skip


def _measure(sentences: pd.DataFrame, resamples: int, seed: int) -> dict[str, Any]:
    renamed, beside = (sentences[sentences["renamed"] == whether] for whether in (True, False))
    flips = renamed["before"] != renamed["after"]
    by_article = flips.groupby(renamed["document"]).agg(["sum", "size"])
    interval = {}
    if len(by_article) > 1:  # one article has no spread
        low, high = share_interval(by_article["sum"].to_numpy(), by_article["size"].to_numpy(), resamples, seed)
        interval = {"flip_rate_low": low, "flip_rate_high": high}
    return {
        "flip_rate": _mean(flips),
        **interval,
        "mean_change": _mean(renamed["change"].abs()),
        "sentences": len(renamed),
        "flip_rate_beside": _mean(beside["before"] != beside["after"]),
    }


def flipped(sentences: pd.DataFrame) -> pd.DataFrame:
    """Return of the `sentences` of swaps those whose label changes: the written before the generated, large changes first."""
    rows = sentences.loc[sentences["before"] != sentences["after"], list(COLUMNS)]
    return rows.sort_values(["kind", "change"], ascending=[False, True], kind="stable", ignore_index=True)


def _is_name(party: str) -> bool:
    return any(word[0].isupper() for word in party.split())


def _mean(values: "pd.Series[Any]") -> float | None:
    return float(np.mean(values)) if len(values) else None
