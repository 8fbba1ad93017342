"""How well a plain classifier tells our sentences from real ones, and by which words.

    python benchmarks/realism.py REAL.jsonl [--prefix blind-] [--words 30]

REAL.jsonl holds one article a line with a `text`. Both sides are cut by the project's splitter; words and shapes go into a
logistic regression, cross-validated by article. AUC 0.5 means that nothing tells them apart. `--prefix` takes only our
articles whose id begins so. Run it in the project's root. The real text is read, measured and never kept.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.preprocessing import MaxAbsScaler

from pipeline.corpus import corpus_files, read_articles
from pipeline.cues import cue_names, cue_rows
from pipeline.params import read_params
from pipeline.passages import passage
from pipeline.paths import Paths
from pipeline.sentences import split_sentences
from pipeline.tokens import terms, tokenize_passage


def documents(texts: list[str]) -> tuple[list[list[str]], np.ndarray, list[int]]:
    """Return the terms and cues of every sentence of `texts`, and the number of its text."""
    words, cues, owner = [], [], []
    for number, text in enumerate(texts):
        page = passage(text, split_sentences(text))
        tokens = tokenize_passage(page)
        if tokens:
            words += [terms(t) for t in tokens]
            cues.append(cue_rows(tokens))
            owner += [number] * len(tokens)
    return words, np.vstack(cues), owner


def same(row: list[str]) -> list[str]:
    """Return the terms as they are."""
    return row


def main() -> None:
    """Run the benchmark."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("real", type=Path)
    ask.add_argument("--prefix", default="")
    ask.add_argument("--words", type=int, default=30)
    given = ask.parse_args()
    paths = Paths(Path.cwd())
    params = read_params(paths.params)
    ours = [
        a.text
        for a in read_articles(corpus_files(paths.root / params.split.corpus), params.labels)
        if a.id.startswith(given.prefix)
    ]
    real = [json.loads(line)["text"] for line in given.real.read_text(encoding="utf-8").splitlines()]
    ours = [ours[i] for i in np.random.default_rng(0).permutation(len(ours))[: 3 * len(real)]]
    words, cues, owner = documents(real + ours)
    y = np.array([o >= len(real) for o in owner]).astype(int)
    vectorizer = TfidfVectorizer(analyzer=same, min_df=3, sublinear_tf=True)
    rows = sparse.hstack([vectorizer.fit_transform(words), MaxAbsScaler().fit_transform(sparse.csr_matrix(cues))], format="csr")
    names = [*vectorizer.get_feature_names_out(), *(f"[{name}]" for name in cue_names())]
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    found = cross_val_predict(model, rows, y, groups=owner, cv=folds, method="predict_proba")[:, 1]
    per_article = [np.mean(found[np.array(owner) == o]) for o in sorted(set(owner))]
    truth = [o >= len(real) for o in sorted(set(owner))]
    print(f"{len(real)} real, {len(ours)} of our articles, {len(y)} sentences")
    print(f"AUC by sentence {roc_auc_score(y, found):.3f}, by article {roc_auc_score(truth, per_article):.3f}")
    weight = model.fit(rows, y).coef_[0] * np.asarray(np.sqrt(rows.multiply(rows).mean(axis=0))).ravel()
    order = np.argsort(weight)
    print("gives us away: ", ", ".join(names[i] for i in order[::-1][: given.words]))
    print("what we lack:  ", ", ".join(names[i] for i in order[: given.words]))


if __name__ == "__main__":
    main()
