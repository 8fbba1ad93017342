"""How far two independent readings of a corpus agree."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline.corpus import Article
from pipeline.metrics import Counts, confusion

ALL = "all"


def agreement_table(articles: Iterable[Article], labels: Sequence[str]) -> pd.DataFrame:
    """Return how far the `first` and `second` readings agree, a row for each batch read twice and one for `all`.

    A batch is the part of the ids before the second hyphen (``blind-03-5`` is of ``blind-03``). Columns: `batch`, `articles`,
    `sentences`, `agreement` (share of sentences), `kappa` (Cohen 1960), one `kappa_…` for each label against the rest,
    `doubts` (share of sentences that a reader was in doubt about). Sentences read once are left out.
    """
    rows = [
        {"batch": batch_of(article.id), "article": article.id, "first": s.first, "second": s.second, "doubt": bool(s.doubt)}
        for article in articles
        for s in article.sentences
        if s.first is not None and s.second is not None
    ]
    if not rows:
        return pd.DataFrame(columns=["batch", "articles", "sentences", "agreement", "kappa"])
    table = pd.DataFrame(rows)
    parts = [*table.groupby("batch"), (ALL, table)]
    return pd.DataFrame([_row(str(name), part, labels) for name, part in parts])


def batch_of(name: str) -> str:
    """Return the batch that an article's id names."""
    return "-".join(name.split("-")[:2])


def _row(name: str, part: pd.DataFrame, labels: Sequence[str]) -> dict[str, object]:
    counts = confusion(part["first"].tolist(), part["second"].tolist(), labels)
    return {
        "batch": name,
        "articles": part["article"].nunique(),
        "sentences": len(part),
        "agreement": float(np.trace(counts) / counts.sum()),
        "kappa": cohen_kappa(counts),
        **{f"kappa_{label}": cohen_kappa(_one_against_rest(counts, i)) for i, label in enumerate(labels)},
        "doubts": float(part["doubt"].mean()),
    }


def cohen_kappa(counts: Counts) -> float:
    """Return Cohen's kappa from counts of the first reader's label (rows) and the second's (columns); nan if undefined.

    >>> round(cohen_kappa(np.array([[20, 5], [10, 15]])), 2)
    0.4
    """
    total = counts.sum()
    chance = (counts.sum(axis=0) @ counts.sum(axis=1)) / total**2
    return float("nan") if chance == 1 else float((np.trace(counts) / total - chance) / (1 - chance))


def _one_against_rest(counts: Counts, label: int) -> Counts:
    hit = counts[label, label]
    row, column = counts[label].sum() - hit, counts[:, label].sum() - hit
    return np.array([[hit, row], [column, counts.sum() - hit - row - column]])
