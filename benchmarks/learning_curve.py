"""Macro-F1 on a file of labelled articles against the number of training sentences.

    python benchmarks/learning_curve.py ARTICLES.jsonl [--out FOLDER] [--seeds 3]

ARTICLES.jsonl holds one article a line: `text` and labelled `sentences` (start, end, label). Trains the pipeline's own
featurizer and classifier on growing random shares of the training articles, several seeds each, and measures each on the
file and on the project's test articles. Writes learning_curve.csv and learning_curve.png. Run it in the project's root
after `dvc repro`.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.classifier import fit_classifier
from pipeline.corpus import Article, read_articles
from pipeline.evaluation import MODEL, predict_articles
from pipeline.features import Featurizer
from pipeline.metrics import confusion, scores
from pipeline.params import Params, read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.scorer import Scorer
from pipeline.tables import TEST, TRAIN, passages_of, read_sentences

SHARES = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)


def fit(table: pd.DataFrame, params: Params) -> Scorer:
    """Return a scorer trained on the sentences of `table`."""
    featurizer = Featurizer(params.featurize).fit(passages_of(table))
    used = table["label"].notna().to_numpy()
    rows = featurizer.transform(passages_of(table))[used]
    labelled = table[used]
    classifier = fit_classifier(rows, labelled["label"].tolist(), labelled["cluster"].tolist(), params.labels, params.train)
    return Scorer(featurizer, classifier, "benchmark")


def macro_f1(scorer: Scorer, articles: Sequence[Article]) -> tuple[float, dict[str, float]]:
    """Return macro-F1 and the F1 of each label."""
    rows = predict_articles(scorer, articles)
    by_label = scores(confusion(rows["label"].tolist(), rows[MODEL].tolist(), scorer.labels))["f1"]
    return float(np.nanmean(by_label)), dict(zip(scorer.labels, by_label.tolist(), strict=True))


def read_labelled(path: Path, labels: Sequence[str]) -> list[Article]:
    """Return the articles of a file, whatever else stands in its rows."""
    articles = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = [{name: s[name] for name in ("start", "end", "label")} for s in row["sentences"]]
        articles.append(Article.model_validate({"id": row["id"], "text": row["text"], "sentences": spans}))
    unknown = {s.label for a in articles for s in a.sentences} - set(labels)
    if unknown:
        raise SystemExit(f"error: {path}: labels {sorted(unknown)} are not in params.yaml")
    return articles


def draw_plot(table: pd.DataFrame, path: Path) -> None:
    """Draw mean and range over seeds for each set."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 4.5), layout="constrained")
    axes = figure.subplots()
    for (name, part), line in zip(table.groupby("set"), ("-", "--"), strict=False):
        grouped = part.groupby("share").agg(
            x=("sentences", "mean"), y=("macro_f1", "mean"), low=("macro_f1", "min"), high=("macro_f1", "max")
        )
        axes.plot(grouped["x"], grouped["y"], line, marker="o", color="black", label=name)
        axes.fill_between(grouped["x"], grouped["low"], grouped["high"], color="grey", alpha=0.25)
    axes.set_xscale("log")
    axes.set_xlabel("training sentences")
    axes.set_ylabel("macro-F1 (mean and range over seeds)")
    axes.legend()
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("articles", type=Path)
    ask.add_argument("--out", type=Path, default=Path("reports"))
    ask.add_argument("--seeds", type=int, default=3)
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    train = table[table["split"] == TRAIN]
    tested = set(table.loc[table["split"] == TEST, "document"])
    corpus = read_articles([paths.articles], params.labels)
    sets = {given.articles.stem: read_labelled(given.articles, params.labels), "test": [a for a in corpus if a.id in tested]}
    documents = train["document"].unique()
    runs = [(share, seed) for share in SHARES for seed in range(given.seeds if share < 1 else 1)]
    rows = []
    for share, seed in track(runs, "learning curve", len(runs)):
        chosen = np.random.default_rng(seed).permutation(documents)[: round(share * len(documents))]
        part = train[train["document"].isin(set(chosen))]
        scorer = fit(part, params)
        for name, articles in sets.items():
            score, by_label = macro_f1(scorer, articles)
            rows.append({"set": name, "share": share, "seed": seed, "sentences": len(part), "macro_f1": score, **by_label})
    found = pd.DataFrame(rows).round(4)
    given.out.mkdir(parents=True, exist_ok=True)
    found.to_csv(given.out / "learning_curve.csv", index=False)
    draw_plot(found, given.out / "learning_curve.png")
    columns = ["sentences", "macro_f1", *params.labels]
    print(found.groupby(["set", "share"])[columns].mean().round(3).to_string())


if __name__ == "__main__":
    main()
