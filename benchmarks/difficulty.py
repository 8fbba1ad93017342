"""How hard each batch of the corpus is: macro-F1 of the pipeline trained on everything that has nothing to do with it.

    python benchmarks/difficulty.py [--out benchmarks/results] [--only blind]

A batch is what an id begins with (`blind-07`). For each, the pipeline's featurizer and classifier are trained on the articles
of the other batches, but for those of one cluster with an article of this batch, and measured on the batch. Writes
difficulty.csv, batch by batch, and goes on where it was stopped. A batch that is read above 0.65 was written too clearly to
teach much about real news. Run it in the project's root after `dvc repro`.
"""

import argparse
from pathlib import Path

import pandas as pd
from learning_curve import fit, macro_f1

from pipeline.agreement import batch_of
from pipeline.corpus import read_articles
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.tables import read_sentences


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    ask.add_argument("--only", default="", help="measure the batches whose name begins so")
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    articles = list(read_articles([paths.articles], params.labels))
    batch = table["document"].map(batch_of)
    given.out.mkdir(parents=True, exist_ok=True)
    path = given.out / "difficulty.csv"
    rows = pd.read_csv(path).to_dict("records") if path.exists() else []
    wanted = sorted({name for name in batch if name.startswith(given.only)} - {row["batch"] for row in rows})
    for name in track(wanted, "batches", len(wanted)):
        near = set(table.loc[batch == name, "cluster"])
        scorer = fit(table[(batch != name) & ~table["cluster"].isin(near)], params)
        mine = [article for article in articles if batch_of(article.id) == name]
        score, by_label = macro_f1(scorer, mine)
        sentences = sum(len(article.sentences) for article in mine)
        rows.append({"batch": name, "articles": len(mine), "sentences": sentences, "macro_f1": score, **by_label})
        pd.DataFrame(rows).sort_values("batch").round(3).to_csv(path, index=False)
    print(pd.DataFrame(rows).sort_values("batch").round(3).to_string(index=False))


if __name__ == "__main__":
    main()
