import json
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import ROOT

from pipeline.corpus import corpus_files
from pipeline.corpus_check import check_copied, read_texts
from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import TeachParams, read_params
from pipeline.stages.teach import fold_of
from pipeline.tables import TRAIN
from pipeline.teacher_files import TeacherCard, read_opinions, write_opinions
from pipeline.unlabelled import read_unlabelled


def table_of(count: int, clusters: int) -> pd.DataFrame:
    names = [f"blind-{i:04d}" for i in range(count)]
    fixed = {"split": TRAIN, "text": "A.", "label": "a", "starts_line": True}
    return pd.DataFrame([{"document": name, "cluster": i % clusters, **fixed} for i, name in enumerate(names)])


@pytest.mark.parametrize(
    ("labels", "problem"), [(None, "holds no opinions of a teacher: run `make encoder`"), (("a", "b"), "knew the labels")]
)
def test_opinions_of_other_labels_are_refused(tmp_path, labels, problem):
    if labels is not None:
        write_opinions(tmp_path, OutOfFold(), TeacherCard(labels=labels, params=TeachParams()))
        assert read_opinions(tmp_path, labels).scores == {}
    with pytest.raises(InputError, match=problem):
        read_opinions(tmp_path, ["a", "c"])


def test_each_fold_keeps_clusters_whole():
    table = table_of(400, 100)
    folds = fold_of(table, 4)
    assert (folds.groupby(table["cluster"]).nunique() == 1).all()
    assert folds.value_counts(normalize=True).between(0.15, 0.35).all()


UNREAD = {"id": "plain-1", "title": "Theft", "domain": "crime", "text": "One said so. Two did not.\nIt rained."}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([UNREAD, UNREAD], r"a.jsonl, line 2: id 'plain-1' was used before"),
        ([{**UNREAD, "id": "blind-0001"}], r"line 1: id 'blind-0001' was used before"),
        ([{**UNREAD, "text": " "}], r"line 1: text"),
        ([{**UNREAD, "sentences": []}], r"line 1: sentences"),
    ],
    ids=["twice", "of the corpus", "empty", "labelled"],
)
def test_an_article_without_labels_that_cannot_be_read_is_named(tmp_path, lines, problem):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(InputError, match=problem):
        read_unlabelled(tmp_path, "more", table_of(4, 2))


def test_articles_without_labels_are_cut_into_sentences(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(UNREAD) + "\n")
    found = read_unlabelled(tmp_path, ".", table_of(4, 2))
    assert found["text"].tolist() == ["One said so.", "Two did not.", "It rained."]
    assert found["starts_line"].tolist() == [True, False, True]
    assert found["label"].isna().all()
    assert read_unlabelled(tmp_path, None, table_of(4, 2)).empty


def test_the_articles_without_labels_copy_nothing():
    params = read_params(ROOT / "params.yaml")
    unread = [
        (file.name, SimpleNamespace(**json.loads(line)))
        for file in corpus_files(ROOT / params.teach.unlabelled)
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    forbidden = {name: read_texts(ROOT / name) for name in params.split.forbid}
    assert [finding.message for finding in check_copied(unread, forbidden)] == []
