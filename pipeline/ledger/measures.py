"""How good ledgers are: each field against the annotation, beside a baseline and beside a second reader, with intervals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, get_args

import numpy as np

from pipeline.attributions import AttributedArticle
from pipeline.bootstrap import draws, interval
from pipeline.corpus import Article
from pipeline.ledger.gold import statements_of
from pipeline.ledger.statements import Ledger, Quotation, Statement
from pipeline.ledger.tallies import BY_QUOTATION, Key, Tally, tally
from pipeline.metrics import Array

# What is told of each measure (see `pipeline.ledger.tallies.tally`), the first also as the gain over the baseline. An accuracy
# is over the cases that have something in the gold; `macro_f1` is the mean over the parts of a measure.
TOLD: Mapping[str, tuple[str, ...]] = {
    "source": ("f1", "precision", "recall"),
    "cue": ("f1", "precision", "recall"),
    "content": ("f1", "precision", "recall"),
    "content_words": ("f1", "precision", "recall"),
    "who": ("accuracy", "precision"),
    "kind": ("accuracy", "macro_f1"),
    "quotation": ("accuracy",),
    "depth": ("f1", "precision", "recall"),
    "target": ("f1", "precision", "recall"),
    "target_name": ("f1", "precision", "recall"),
    "link": ("accuracy", "f1"),
    "counter": ("f1", "precision", "recall"),
    "denial": ("f1", "macro_f1"),
    "evidence": ("f1", "macro_f1"),
}
Statements = Sequence[Statement]


class Samples:
    """The counts of one system: on all articles, and on articles whose clusters are drawn anew.

    `counts` has shape (1 + resamples, keys, 3), hits, gold and found in its last axis; its first row is not drawn. The same
    clusters, resamples and seed draw alike, so that differences of two systems are paired.
    """

    def __init__(self, tallies: Mapping[str, Tally], clusters: Mapping[str, int], resamples: int, seed: int) -> None:
        self.keys: list[Key] = sorted({key for found in tallies.values() for key in found})
        origin = {name: str(clusters.get(name, name)) for name in tallies}
        row = {cluster: i for i, cluster in enumerate(dict.fromkeys(origin.values()))}
        column = {key: i for i, key in enumerate(self.keys)}
        per_cluster = np.zeros((len(row), len(self.keys), 3))
        for name, found in tallies.items():
            for key, counts in found.items():
                per_cluster[row[origin[name]], column[key]] += counts
        drawn = np.ones((1, len(row)))
        if len(row) > 1:  # one cluster has no spread
            drawn = np.concatenate([drawn, draws(len(row), resamples, seed)])
        self.counts: Array = np.tensordot(drawn, per_cluster, axes=1)

    def of(self, measure: str, parts: Collection[str] | None = None) -> Array:
        """Return the counts of a measure, or of these of its parts, shape (1 + resamples, parts, 3)."""
        chosen = [i for i, (name, part) in enumerate(self.keys) if name == measure and (parts is None or part in parts)]
        return self.counts[:, chosen]


def measure_ledger(
    gold: Mapping[str, AttributedArticle],
    articles: Mapping[str, Article],
    ledgers: Mapping[str, Ledger],
    baseline: Mapping[str, Ledger],
    clusters: Mapping[str, int],
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return how good `ledgers` and those of a `baseline` are on the annotated articles `gold`, all by the article's id.

    The ledgers are made from the annotated sentences and labels: roles are not part of what is measured. `clusters` tells
    which articles lean on each other; one that it leaves out stands alone.

    Returns
    -------
    dict
        `articles`, `statements`; `cases`: how many each measure is taken on; `model`, `baseline`: the figures of each measure
        (see `TOLD`), each with the ends `…_low` and `…_high` of its 95 % interval; `gain`: the paired difference of the first
        figure of each; `by_quotation`: for each type of quotation its `statements` and the F1 of both.

    Raises
    ------
    KeyError
        If an article has no ledger.
    ValueError
        If a ledger does not hold exactly the annotated sentences.
    """
    wanted = {name: statements_of(articles[name], attributed) for name, attributed in gold.items()}
    samples = {
        system: _samples(wanted, {name: made[name].statements for name in gold}, articles, clusters, resamples, seed)
        for system, made in (("model", ledgers), ("baseline", baseline))
    }
    return {
        **_extent(wanted),
        "cases": _cases(samples["model"]),
        **{system: _figures(found) for system, found in samples.items()},
        "gain": {name: _gain(samples["model"], samples["baseline"], name) for name in TOLD},
        "by_quotation": _by_quotation(wanted, samples),
    }


def agreement(
    first: Mapping[str, AttributedArticle],
    second: Mapping[str, AttributedArticle],
    articles: Mapping[str, Article],
    clusters: Mapping[str, int],
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return how far two readers agree on the articles that both annotated: the second measured as if it were a model.

    `articles`, `statements` and `cases` are as in `measure_ledger`; `figures` hold what it has for a system.
    """
    wanted = {name: statements_of(articles[name], first[name]) for name in first if name in second}
    found = {name: statements_of(articles[name], second[name]) for name in wanted}
    samples = _samples(wanted, found, articles, clusters, resamples, seed)
    return {**_extent(wanted), "cases": _cases(samples), "figures": _figures(samples)}


def headline(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `measure_ledger` goes into the metrics: all figures, the linker's gain, the first ones of the others.

    The others are the baseline and, where there is a second reading, the agreement of the readers.
    """
    readers = measured.get("two_readers", {}).get("figures", {})
    return {
        **{name: measured[name] for name in ("articles", "statements")},
        "model": {
            name: {key: measured["model"][name].get(key) for told in figures for key in (told, f"{told}_low", f"{told}_high")}
            for name, figures in TOLD.items()
        },
        "baseline": {name: {figures[0]: measured["baseline"][name][figures[0]]} for name, figures in TOLD.items()},
        "two_readers": {name: {figures[0]: readers[name][figures[0]]} for name, figures in TOLD.items() if name in readers},
        "gain": {"link": measured["gain"]["link"]},
        **({"demonstration": shown} if (shown := measured.get("demonstration")) else {}),
    }


def _samples(
    wanted: Mapping[str, Statements],
    found: Mapping[str, Statements],
    articles: Mapping[str, Article],
    clusters: Mapping[str, int],
    resamples: int,
    seed: int,
) -> Samples:
    tallies = {name: tally(articles[name].text, wanted[name], found[name]) for name in wanted}
    return Samples(tallies, clusters, resamples, seed)


def _extent(wanted: Mapping[str, Statements]) -> dict[str, int]:
    return {"articles": len(wanted), "statements": sum(map(len, wanted.values()))}


def _cases(samples: Samples) -> dict[str, int]:
    return {name: int(samples.of(name)[0, :, 1].sum()) for name in TOLD}


def _figures(samples: Samples) -> dict[str, dict[str, float]]:
    return {name: _with_interval((told, _figure(told, samples.of(name))) for told in TOLD[name]) for name in TOLD}


def _gain(model: Samples, baseline: Samples, name: str) -> dict[str, float]:
    told = TOLD[name][0]
    return _with_interval([(told, _figure(told, model.of(name)) - _figure(told, baseline.of(name)))])


def _by_quotation(wanted: Mapping[str, Statements], samples: Mapping[str, Samples]) -> dict[str, Any]:
    types = [s.quotation for statements in wanted.values() for s in statements]
    return {
        quotation: {"statements": types.count(quotation)}
        | {
            system: _with_interval((name, _figure("f1", found.of(name, [quotation]))) for name in BY_QUOTATION)
            for system, found in samples.items()
        }
        for quotation in get_args(Quotation)
    }


def _figure(told: str, counts: Array) -> Array:
    """Return a figure from counts of shape (samples, parts, 3), one for each sample; nan where there is nothing to measure."""
    if told == "macro_f1":
        by_part = _f1(counts)
        known = ~np.isnan(by_part)
        return _ratio(np.where(known, by_part, 0).sum(axis=1), known.sum(axis=1))
    hits, gold, found = np.moveaxis(counts.sum(axis=1), -1, 0)
    if told == "f1":
        return _f1(counts.sum(axis=1))
    return _ratio(hits, found if told == "precision" else gold)


def _f1(counts: Array) -> Array:
    return _ratio(2 * counts[..., 0], counts[..., 1] + counts[..., 2])


def _ratio(part: Array, whole: Array) -> Array:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _with_interval(figures: Iterable[tuple[str, Array]]) -> dict[str, float]:
    """Return each figure and the ends of its 95 % percentile interval, where there is more than one sample."""
    found: dict[str, float] = {}
    for told, samples in figures:
        found[told] = float(samples[0])
        drawn = samples[1:][~np.isnan(samples[1:])]
        if len(drawn):
            found[f"{told}_low"], found[f"{told}_high"] = interval(drawn)
    return found
