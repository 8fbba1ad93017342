"""A scorer measured on labelled articles, beside the baselines that it has to beat."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pipeline.alignment import best_overlaps
from pipeline.corpus import Article
from pipeline.documents import Document
from pipeline.metrics import brier, calibration_error, confusion, macro_f1_interval, reliability, scores
from pipeline.passages import passage, printable
from pipeline.roles import cue_rule_labels, has_rules_for
from pipeline.scorer import ScoredSentence, Scorer
from pipeline.sentences import Span
from pipeline.tokens import tokenize_sentences

DECIMALS = 4
MODEL, RULES, MAJORITY = "model", "cue_rules", "majority"


def predict_articles(
    model: Scorer, articles: Sequence[Article], clusters: Mapping[str, int] = MappingProxyType({})
) -> pd.DataFrame:
    """Return one row for each gold sentence of `articles`, in order, with what was predicted for it.

    Each article is scored from its raw text, so that splitting is part of what is measured: a gold sentence takes the
    prediction of the sentence that overlaps it most. `clusters` tells by id which articles lean on each other; one that it
    leaves out stands alone. Columns: `document`, `cluster`, `domain`, `style`, `sentence`, `start`, `end`,
    `label` (gold), the label by each system (`model`, `cue_rules` where the labels are the four roles, `majority`),
    `probability`, one `p_…` a label, `text`.
    """
    scored = model.score_documents(Document(id=a.id, text=a.text) for a in articles)
    rows = [row for article, found in zip(articles, scored, strict=True) for row in _rows(model, article, found, clusters)]
    return pd.DataFrame(rows)


def _rows(
    model: Scorer, article: Article, found: list[ScoredSentence], clusters: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    spans = [Span(s.start, s.end) for s in found]
    rules = _rule_labels(article.text, spans) if has_rules_for(model.labels) else None
    best = best_overlaps([Span(g.start, g.end) for g in article.sentences], spans)
    for number, (gold, i) in enumerate(zip(article.sentences, best, strict=True)):
        if i is None:  # a gold span of white space alone
            continue
        yield {
            "document": article.id, "cluster": str(clusters.get(article.id, article.id)),
            "domain": article.domain, "style": article.style,
            "sentence": number, "start": gold.start, "end": gold.end, "label": gold.label,
            MODEL: found[i].label, **({RULES: rules[i]} if rules else {}), MAJORITY: model.classifier.majority,
            "probability": found[i].probability,
            **{f"p_{label}": p for label, p in found[i].probabilities.items()},
            "text": printable(article.text[gold.start : gold.end]),
        }  # fmt: skip


def _rule_labels(text: str, spans: list[Span]) -> list[str]:
    page = passage(text, spans)
    return cue_rule_labels(tokenize_sentences(page.sentences, page.starts_line))


def measure(
    predictions: pd.DataFrame, labels: Sequence[str], *, resamples: int, bins: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Return the measures of each system in `predictions` (see `predict_articles`), all rounded.

    For each system: `macro_f1`, for more than one cluster with `macro_f1_low` and `macro_f1_high` (95 %, bootstrap over
    clusters), `accuracy`, `precision`, `recall` and `f1` by label (None for a label that is neither there nor predicted);
    for the model also `calibration_error` of the winning probability and `brier`.
    """
    systems = [name for name in (MODEL, RULES, MAJORITY) if name in predictions]
    found = {name: _measure_labels(predictions, name, labels, resamples, seed) for name in systems}
    probabilities = predictions[[f"p_{label}" for label in labels]].to_numpy(dtype=float)
    table = reliability_of(predictions, bins)
    found[MODEL]["calibration_error"] = _rounded(calibration_error(table))
    found[MODEL]["brier"] = _rounded(brier(probabilities, predictions["label"].tolist(), labels))
    return found


def reliability_of(predictions: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Return the reliability table of the model's winning probability; see `pipeline.metrics.reliability`."""
    correct = (predictions[MODEL] == predictions["label"]).to_numpy()
    return reliability(predictions["probability"].to_numpy(dtype=float), correct, bins)


def _measure_labels(predictions: pd.DataFrame, system: str, labels: Sequence[str], resamples: int, seed: int) -> dict[str, Any]:
    per_cluster = np.stack(
        [
            confusion(part["label"].tolist(), part[system].tolist(), labels)
            for _, part in predictions.groupby("cluster", sort=False)
        ]
    )
    counts = per_cluster.sum(axis=0)
    by_label = scores(counts)
    found: dict[str, Any] = {"macro_f1": _rounded(np.nanmean(by_label["f1"]))}
    if len(per_cluster) > 1:  # one article has no spread
        low, high = macro_f1_interval(per_cluster, resamples, seed)
        found |= {"macro_f1_low": _rounded(low), "macro_f1_high": _rounded(high)}
    found["accuracy"] = _rounded(np.trace(counts) / counts.sum())
    for kind in ("precision", "recall", "f1"):
        found[kind] = {label: _rounded(value) for label, value in zip(labels, by_label[kind], strict=True)}
    return found


def _rounded(value: "float | np.floating[Any]") -> float | None:
    return None if np.isnan(value) else round(float(value), DECIMALS)


def headline(measured: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what of `measure` goes into the metrics: the model whole, of the baselines what the model has to beat."""
    baselines = {name: part for name, part in measured.items() if name != MODEL}
    return {
        **measured[MODEL],
        **{name: {kind: part[kind] for kind in ("macro_f1", "accuracy")} for name, part in baselines.items()},
    }


def results_table(sets: Mapping[str, tuple[pd.DataFrame, Mapping[str, Mapping[str, Any]]]]) -> pd.DataFrame:
    """Return the measures of every system on every set as one table, a row each.

    `sets` gives by name the predictions and what `measure` found. Nested measures become columns such as `f1_denial`.
    """
    rows = [
        {
            "set": name,
            "system": system,
            "articles": predictions["document"].nunique(),
            "sentences": len(predictions),
            **dict(_flat(measures)),
        }
        for name, (predictions, systems) in sets.items()
        for system, measures in systems.items()
    ]
    return pd.DataFrame(rows)


def _flat(measures: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in measures.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}_{label}", part) for label, part in value.items())
        else:
            yield name, value
