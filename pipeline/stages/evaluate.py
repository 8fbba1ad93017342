"""Stage `evaluate`: the scorer measured on the test articles and on the demonstration, beside its baselines."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.alignment import carry_loss_of
from pipeline.contrast import behave
from pipeline.cores import available_cores
from pipeline.corpus import Article, read_articles
from pipeline.errors import InputError, ModelError
from pipeline.evaluation import MODEL, headline, measure, prediction_rows, results_table, rounded, score_articles
from pipeline.ledger.evaluation import evaluate_ledger
from pipeline.ledger.measures import headline as headline_of_ledger
from pipeline.neutrality import measure_neutrality, swapped
from pipeline.params import Params, read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.report_page import write_report
from pipeline.reports import write_csv, write_metrics, write_reports
from pipeline.roles import has_rules_for
from pipeline.scorer import Scorer, load_model
from pipeline.slices import CLEAN
from pipeline.stages import run_stage
from pipeline.tables import TEST, TRAIN, read_sentences
from pipeline.uncertainty import coverage_curve, measure_sets, selective

_REMEMBERED = 4096  # windows of the encoder: articles are read for ledgers, for labels, and once more with parties exchanged


def sets_of(params: Params, articles: list[Article], table: pd.DataFrame, root: Path) -> dict[str, list[Article]]:
    """Return the articles to measure on by the name of their set: `test`, and `demonstration` where the parameters name one.

    Raises
    ------
    InputError
        If no article of the corpus is for testing.
    """
    tested = set(table.loc[table["split"] == TEST, "document"])
    sets = {"test": [article for article in articles if article.id in tested]}
    if not sets["test"]:
        raise InputError("no article to test on: list ids in data/test_ids.txt, or set split.test_share in params.yaml")
    if params.evaluate.demonstration is not None:
        sets["demonstration"] = list(read_articles([root / params.evaluate.demonstration], params.labels))
    return sets


def origins(table: pd.DataFrame) -> tuple[dict[str, int], dict[str, str]]:
    """Return for each article its cluster, and the kinds of noise in it."""
    articles = table.drop_duplicates("document")
    clusters = dict(zip(articles["document"], articles["cluster"], strict=True))
    noise = {name: kinds or CLEAN for name, kinds in zip(articles["document"], articles["noise"], strict=True)}
    return clusters, noise


def corpus_record(articles: list[Article], table: pd.DataFrame) -> dict[str, int]:
    """Return what was trained on and tested on, and what splitting cost."""
    loss = carry_loss_of(articles, table)
    documents = table.drop_duplicates("document")["split"].value_counts()
    return {
        "training_articles": int(documents.get(TRAIN, 0)),
        "training_sentences": int((table["split"] == TRAIN).sum()),
        "gold_sentences": loss.total,
        "gold_sentences_cut_exactly": loss.exact,
        "gold_labels_lost": loss.label_lost,
    }


def encoder_note(model: Scorer, table: pd.DataFrame) -> str:
    """Return what to add to the closing line where the corpus has moved on since the encoder was trained, else nothing.

    Raises
    ------
    ModelError
        If the encoder has learnt from an article that is tested on, or from one of its cluster.
    """
    if model.encoder is None:
        return ""
    card = model.encoder.card
    split = table.drop_duplicates("document").set_index("document")["split"]
    leaked = [name for name in card.trained_on if split.get(name, TRAIN) != TRAIN]
    if leaked:
        raise ModelError(
            f"the encoder was trained on {len(leaked)} articles that are tested on or lean on such, {leaked[0]} among them: "
            "run `make encoder`"
        )
    known = set(card.trained_on)
    unknown = sum(name not in known for name in split.index[split == TRAIN])
    return (
        f"; the encoder does not know {unknown} of the training articles: `make encoder` trains it on them" if unknown else ""
    )


def cross_validation_record(model: Scorer) -> dict[str, Any]:
    """Return the macro-F1 of the words alone, without the encoder, on the folds of the training articles."""
    scores = model.classifier.fold_macro_f1
    mean, sd = (np.mean(scores), np.std(scores, ddof=1)) if len(scores) > 1 else (np.nan, np.nan)
    return {"macro_f1_mean": mean, "macro_f1_sd": sd, "folds": len(scores)}


def metrics_of(
    measured: Mapping[str, Mapping[str, Any]], test: pd.DataFrame, curve: pd.DataFrame, model: Scorer, params: Params
) -> dict[str, Any]:
    """Return what the metrics say of the predictions: the measures of each set, and what the model's doubt is worth."""
    return {
        **{name: headline(found) for name, found in measured.items()},
        "cross_validation": cross_validation_record(model),
        "selective": selective(curve),
        "conformal": measure_sets(test, params.labels, model.classifier.label_sets),
    }


def main(paths: Paths) -> str:
    """Measure the scorer, write the reports and return the closing line."""
    params = read_params(paths.params)
    e = params.evaluate
    table = read_sentences(paths.sentences)
    articles = list(read_articles([paths.articles], params.labels))
    model = load_model(paths.scorer)
    note = encoder_note(model, table)
    if model.encoder is not None:
        model.encoder.remembers = _REMEMBERED
        model.encoder.threads = available_cores()
    sets = sets_of(params, articles, table, paths.root)
    clusters, noise = origins(table)
    noted = evaluate_ledger(model, paths, params, clusters)
    scored = {name: score_articles(model, chosen) for name, chosen in track(sets.items(), "evaluating")}
    predicted = {name: prediction_rows(model, sets[name], found, clusters, noise) for name, found in scored.items()}
    measured = {
        name: measure(rows, params.labels, resamples=e.resamples, bins=e.bins, seed=e.seed) for name, rows in predicted.items()
    }
    curve = coverage_curve(predicted["test"], MODEL, params.labels)
    behaviour = behave(model, paths.contrast) if has_rules_for(model.labels) else None
    swaps = swapped(model, behaviour, sets["test"], scored["test"])
    metrics = metrics_of(measured, predicted["test"], curve, model, params) | {
        "corpus": corpus_record(articles, table),
        "behaviour": behaviour.summary() if behaviour is not None else {},
        "neutrality": measure_neutrality(swaps, params.gate.flip_rate, resamples=e.resamples, seed=e.seed),
        "ledger": headline_of_ledger(noted) if noted else {},
    }
    write_reports(paths.reports, params, predicted, curve, behaviour, swaps.sentences)
    write_csv(results_table({name: (predicted[name], measured[name]) for name in sets}), paths.reports / "results.csv")
    write_metrics(rounded(metrics), paths.metrics)
    write_metrics(rounded(noted), paths.ledger_measures)
    write_report(paths.reports, paths.benchmarks)
    return (
        f"evaluate: {len(predicted['test'])} gold sentences of {len(sets['test'])} test articles in, macro-F1 "
        f"{measured['test'][MODEL]['macro_f1']:.3f} out: {paths.shown(paths.metrics)}{note}"
    )


if __name__ == "__main__":
    run_stage(main)
