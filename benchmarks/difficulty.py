"""How hard each batch of the corpus is: macro-F1 on it of the pipeline without encoder, trained on articles of other builds.

    python benchmarks/difficulty.py [--out benchmarks/results] [--folds 8]

A batch is what an id begins with (`blind-07`). The corpus is cut into folds that never cut a cluster; each fold is read by the
pipeline's featurizer and classifier trained on the others. Writes difficulty.csv, batch by batch. A batch that is read above
0.65 was written too clearly to teach much about real news. Run it in the project's root after `dvc repro`.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from learning_curve import fit
from sklearn.model_selection import GroupKFold

from pipeline.agreement import batch_of
from pipeline.corpus import read_articles
from pipeline.evaluation import MODEL, predict_articles
from pipeline.metrics import confusion, scores
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.tables import read_sentences


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    ask.add_argument("--folds", type=int, default=8)
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    articles = list(read_articles([paths.articles], params.labels))
    parts = []
    for known, unknown in track(GroupKFold(given.folds).split(table, groups=table["cluster"]), "folds", given.folds):
        away = set(table["document"].iloc[unknown])
        parts.append(predict_articles(fit(table.iloc[known], params), [a for a in articles if a.id in away]))
    found = pd.concat(parts)
    rows = []
    for name, part in found.groupby(found["document"].map(batch_of)):
        f1 = scores(confusion(part["label"].tolist(), part[MODEL].tolist(), params.labels))["f1"]
        rows.append(
            {"batch": name, "articles": part["document"].nunique(), "sentences": len(part), "macro_f1": np.nanmean(f1)}
            | dict(zip(params.labels, f1, strict=True))
        )
    shown = pd.DataFrame(rows).round(3)
    given.out.mkdir(parents=True, exist_ok=True)
    shown.to_csv(given.out / "difficulty.csv", index=False)
    print(shown.to_string(index=False))


if __name__ == "__main__":
    main()
