"""A scorer measured on labelled articles, beside the baselines that it has to beat."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pipeline.alignment import best_overlaps
from pipeline.corpus import Article
from pipeline.documents import Document
from pipeline.metrics import brier, calibration_error, confusion, macro_f1_interval, precision_recall, reliability, scores
from pipeline.params import LABEL_JOINT
from pipeline.passages import passage, printable
from pipeline.roles import cue_rule_labels, has_rules_for
from pipeline.scorer import ScoredSentence, Scorer
from pipeline.sentences import Span
from pipeline.tokens import Tokens, tokenize_passage

DECIMALS = 4
MODEL, RULES, MAJORITY = "model", "cue_rules", "majority"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def score_articles(model: Scorer, articles: Sequence[Article]) -> list[list[ScoredSentence]]:
    """Return the scored sentences of each of `articles`, from their raw texts."""
    return list(model.score_documents(Document(id=a.id, text=a.text) for a in articles))


def predict_articles(model: Scorer, articles: Sequence[Article]) -> pd.DataFrame:
    """Return one row for each gold sentence of `articles`, in order, with what was predicted for it; see `prediction_rows`."""
    return prediction_rows(model, articles, score_articles(model, articles))


def prediction_rows(
    model: Scorer,
    articles: Sequence[Article],
    scored: Sequence[Sequence[ScoredSentence]],
    clusters: Mapping[str, int] = _NOTHING,
    noise: Mapping[str, str] = _NOTHING,
) -> pd.DataFrame:
    """Return one row for each gold sentence of `articles`, in order, with what was predicted for it.

    Each article was `scored` from its raw text (see `score_articles`), so that splitting is part of what is measured: a gold
    sentence takes the prediction of the sentence that overlaps it most. `clusters` tells by id which articles lean on each
    other, one that it leaves out stands alone; `noise` tells the kinds of it. Columns: `document`, `cluster`, `domain`,
    `style`, `noise`, `sentence`, `start`, `end`, `label` (gold), the label by each system (`model`, `cue_rules` where the
    labels are the four roles, `majority`), `probability`, one `p_…` a label, `label_set` (joined by ``|``), `needs_review`,
    `quoted` (`none`, `part` or `all` of the words), `text`.
    """
    rows = [
        {
            "document": article.id, "cluster": str(clusters.get(article.id, article.id)),
            "domain": article.domain, "style": article.style, "noise": noise.get(article.id, ""), **row,
        }
        for article, found in zip(articles, scored, strict=True)
        for row in _rows(model, article, found)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _rows(model: Scorer, article: Article, found: Sequence[ScoredSentence]) -> Iterator[dict[str, Any]]:
    spans = [Span(s.start, s.end) for s in found]
    asked = [Span(g.start, g.end) for g in article.sentences]
    rules = cue_rule_labels(tokenize_passage(passage(article.text, spans))) if has_rules_for(model.labels) else None
    best = best_overlaps(asked, spans)
    quoted = [_quoted(tokens) for tokens in tokenize_passage(passage(article.text, asked))]
    for number, (gold, i) in enumerate(zip(article.sentences, best, strict=True)):
        if i is None:  # a gold span of white space alone
            continue
        yield {
            "sentence": number, "start": gold.start, "end": gold.end, "label": gold.label,
            MODEL: found[i].label, **({RULES: rules[i]} if rules else {}), MAJORITY: model.classifier.majority,
            "probability": found[i].probability,
            **{f"p_{label}": p for label, p in found[i].probabilities.items()},
            "label_set": LABEL_JOINT.join(found[i].label_set), "needs_review": found[i].needs_review,
            "quoted": quoted[number],
            "text": printable(article.text[gold.start : gold.end]),
        }  # fmt: skip


def _quoted(tokens: Tokens) -> str:
    """Return whether `all` words of a sentence stand in a quotation, `part` of them, or `none`."""
    inside = {quoted for word, quoted in zip(tokens.words, tokens.quoted, strict=True) if word[0].isalnum()}
    return "part" if len(inside) == 2 else "all" if inside == {True} else "none"


def measure(
    predictions: pd.DataFrame, labels: Sequence[str], *, resamples: int, bins: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Return the measures of each system in `predictions` (see `prediction_rows`), all rounded.

    For each system: `macro_f1`, for more than one cluster with `macro_f1_low` and `macro_f1_high` (95 %, bootstrap over
    clusters), `accuracy`, `precision`, `recall` and `f1` by label (None for a label that is neither there nor predicted);
    for the model also `calibration_error` of the winning probability and `brier`, and of the probability of each label against
    all others `by_label_calibration_error` and `by_label_brier` (0 to 1).
    """
    systems = [name for name in (MODEL, RULES, MAJORITY) if name in predictions]
    found = {name: _measure_labels(predictions, name, labels, resamples, seed) for name in systems}
    probabilities = predictions[[f"p_{label}" for label in labels]].to_numpy(dtype=float)
    table = reliability_of(predictions, bins)
    by_label = reliability_by_label(predictions, labels, bins).groupby("label", sort=False)
    found[MODEL] |= {
        "calibration_error": calibration_error(table),
        "brier": brier(probabilities, predictions["label"].tolist(), labels),
        "by_label_calibration_error": {label: calibration_error(part) for label, part in by_label},
        "by_label_brier": {
            label: float(((predictions[f"p_{label}"] - (predictions["label"] == label)) ** 2).mean()) for label in labels
        },
    }
    return {name: rounded(measures) for name, measures in found.items()}


def reliability_of(predictions: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Return the reliability table of the model's winning probability; see `pipeline.metrics.reliability`."""
    correct = (predictions[MODEL] == predictions["label"]).to_numpy()
    return reliability(predictions["probability"].to_numpy(dtype=float), correct, bins)


def reliability_by_label(predictions: pd.DataFrame, labels: Sequence[str], bins: int) -> pd.DataFrame:
    """Return the reliability of the probability of each label, whichever label won: `label`, then as `reliability`."""
    parts = [
        reliability(predictions[f"p_{label}"].to_numpy(dtype=float), (predictions["label"] == label).to_numpy(), bins)
        for label in labels
    ]
    return pd.concat(parts, keys=labels, names=["label"]).reset_index("label").reset_index(drop=True)


def precision_recall_by_label(predictions: pd.DataFrame, labels: Sequence[str], points: int) -> pd.DataFrame:
    """Return the precision-recall curve of each label: `label`, then as `pipeline.metrics.precision_recall`."""
    parts = [
        precision_recall(predictions[f"p_{label}"].to_numpy(dtype=float), (predictions["label"] == label).to_numpy(), points)
        for label in labels
    ]
    return pd.concat(parts, keys=labels, names=["label"]).reset_index("label").reset_index(drop=True)


def _measure_labels(predictions: pd.DataFrame, system: str, labels: Sequence[str], resamples: int, seed: int) -> dict[str, Any]:
    per_cluster = np.stack(
        [
            confusion(part["label"].tolist(), part[system].tolist(), labels)
            for _, part in predictions.groupby("cluster", sort=False)
        ]
    )
    counts = per_cluster.sum(axis=0)
    by_label = scores(counts)
    found: dict[str, Any] = {"macro_f1": float(np.nanmean(by_label["f1"]))}
    if len(per_cluster) > 1:  # one article has no spread
        low, high = macro_f1_interval(per_cluster, resamples, seed)
        found |= {"macro_f1_low": low, "macro_f1_high": high}
    found["accuracy"] = float(np.trace(counts) / counts.sum())
    for kind in ("precision", "recall", "f1"):
        found[kind] = dict(zip(labels, by_label[kind].tolist(), strict=True))
    return found


def rounded(measures: Mapping[str, Any]) -> dict[str, Any]:
    """Return `measures` as they are reported: floats rounded, None for what is not a number, at any depth."""
    return {name: rounded(part) if isinstance(part, Mapping) else _rounded(part) for name, part in measures.items()}


def _rounded(value: object) -> object:
    if not isinstance(value, float):
        return value
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
