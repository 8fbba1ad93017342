import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from pipeline.agreement import agreement_table, cohen_kappa
from pipeline.corpus import Article
from pipeline.metrics import confusion

LABELS = ["a", "b", "c"]


def article(name, first, second, doubts=()):
    spans = [
        {"start": 2 * i, "end": 2 * i + 1, "label": one, "first": one, "second": two, "doubt": i in doubts}
        for i, (one, two) in enumerate(zip(first, second, strict=True))
    ]
    return Article.model_validate({"id": name, "text": "x " * len(first), "sentences": spans})


def test_kappa_agrees_with_scikit_learn():
    draw = np.random.default_rng(3)
    first, second = (draw.choice(LABELS, 300, p=[0.7, 0.2, 0.1]).tolist() for _ in range(2))
    second[:200] = first[:200]
    assert cohen_kappa(confusion(first, second, LABELS)) == pytest.approx(cohen_kappa_score(first, second))
    assert math.isnan(cohen_kappa(confusion(["a", "a"], ["a", "a"], LABELS)))


def test_batches_are_told_apart_and_once_read_sentences_left_out():
    articles = [
        article("x-01-1", "aabb", "aabc", doubts={3}),
        article("x-01-2", "aa", "aa"),
        article("x-02-1", "ab", "ba"),
        article("x-03-1", "ab", [None, None]),
    ]
    table = agreement_table(articles, LABELS).set_index("batch")
    assert table.index.tolist() == ["x-01", "x-02", "all"]
    assert table["articles"].tolist() == [2, 1, 3]
    assert table["sentences"].tolist() == [6, 2, 8]
    assert table["agreement"].tolist() == pytest.approx([5 / 6, 0, 5 / 8])
    assert table["doubts"].tolist() == pytest.approx([1 / 6, 0, 1 / 8])
    assert table.loc["x-02", "kappa"] == -1
    assert agreement_table(articles[3:], LABELS).empty
