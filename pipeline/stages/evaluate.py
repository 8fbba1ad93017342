"""Stage `evaluate`: the scorer measured on the test articles and on the demonstration, beside its baselines."""

import json
from pathlib import Path

import pandas as pd

from pipeline.alignment import carry_loss_of
from pipeline.contrast import Pair, Perturbation, Swap, behaviour, predict_cases, read_cases
from pipeline.corpus import Article, read_articles
from pipeline.errors import InputError, ModelError
from pipeline.evaluation import DECIMALS, MODEL, headline, measure, predict_articles, reliability_of, results_table
from pipeline.metrics import confusion
from pipeline.params import Params, read_params
from pipeline.paths import Paths
from pipeline.plots import plot_confusion, plot_reliability
from pipeline.progress import track
from pipeline.roles import has_rules_for
from pipeline.scorer import Scorer, load_model
from pipeline.stages import run_stage
from pipeline.tables import TEST, TRAIN, read_sentences
from pipeline.writing import replacing


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
    known = {*card.trained_on, *card.held_out}
    unknown = sum(name not in known for name in split.index[split == TRAIN])
    return (
        f"; the encoder does not know {unknown} of the training articles: `make encoder` trains it on them" if unknown else ""
    )


def behaviour_record(model: Scorer, paths: Paths) -> dict[str, float]:
    """Measure the behavioural cases, write those that fail to a table, and return the shares that behave.

    The cases speak of the four roles; with other labels the table is empty.
    """
    if not has_rules_for(model.labels):
        write_csv(pd.DataFrame(columns=["id", "kind"]), paths.reports / "behaviour.csv")
        return {}
    folder = paths.contrast
    pairs = predict_cases(model, read_cases(folder / "pairs.jsonl", Pair))
    swaps = predict_cases(model, read_cases(folder / "swaps.jsonl", Swap))
    perturbations = predict_cases(model, read_cases(folder / "perturbations.jsonl", Perturbation))
    wrong = pairs[(pairs["got_a"] != pairs["want_a"]) | (pairs["got_b"] != pairs["want_b"])]
    flipped = [table[table["got_a"] != table["got_b"]] for table in (swaps, perturbations)]
    write_csv(pd.concat([wrong, *flipped]), paths.reports / "behaviour.csv")
    return {name: round(share, DECIMALS) for name, share in behaviour(pairs, swaps, perturbations).items()}


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write `table` as CSV, floats rounded."""
    with replacing(path) as temporary:
        table.round(DECIMALS).to_csv(temporary, index=False, lineterminator="\n")


def write_reports(reports: Path, predictions: pd.DataFrame, params: Params) -> None:
    """Write what is looked at sentence by sentence: predictions, reliability, and the plots of both."""
    write_csv(predictions, reports / "predictions.csv")
    reliability = reliability_of(predictions, params.evaluate.bins)
    write_csv(reliability, reports / "reliability.csv")
    plot_reliability(reliability, reports / "reliability.png")
    counts = confusion(predictions["label"].tolist(), predictions[MODEL].tolist(), params.labels)
    plot_confusion(counts, params.labels, reports / "confusion.png")


def main(paths: Paths) -> str:
    """Measure the scorer, write the reports and return the closing line."""
    params = read_params(paths.params)
    e = params.evaluate
    table = read_sentences(paths.sentences)
    articles = list(read_articles([paths.articles], params.labels))
    model = load_model(paths.scorer)
    note = encoder_note(model, table)
    sets = sets_of(params, articles, table, paths.root)
    clusters = dict(zip(table["document"], table["cluster"], strict=True))
    predicted = {name: predict_articles(model, chosen, clusters) for name, chosen in track(sets.items(), "evaluating")}
    measured = {
        name: measure(rows, params.labels, resamples=e.resamples, bins=e.bins, seed=e.seed) for name, rows in predicted.items()
    }
    metrics = {**{name: headline(found) for name, found in measured.items()}, "corpus": corpus_record(articles, table)}
    metrics |= {"behaviour": behaviour_record(model, paths)}
    write_reports(paths.reports, predicted["test"], params)
    write_csv(results_table({name: (predicted[name], measured[name]) for name in sets}), paths.reports / "results.csv")
    with replacing(paths.metrics) as temporary:
        temporary.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return (
        f"evaluate: {len(predicted['test'])} gold sentences of {len(sets['test'])} test articles in, macro-F1 "
        f"{measured['test'][MODEL]['macro_f1']:.3f} out: {paths.shown(paths.metrics)}{note}"
    )


if __name__ == "__main__":
    run_stage(main)
