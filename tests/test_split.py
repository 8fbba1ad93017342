import json

import pandas as pd
import pytest
from conftest import ROOT, Project

from pipeline.clusters import joined_clusters, near_duplicate_clusters
from pipeline.errors import InputError
from pipeline.stages.split import assign_splits, read_groups, read_test_ids
from pipeline.tables import TEST, TRAIN, WITHHELD, read_sentences

SENTENCE = "the council said on friday that it had closed the bridge after two cracks were found in a pillar near the bank"


def test_near_duplicates_share_a_cluster_and_others_do_not():
    copy = SENTENCE
    changed = copy.replace("two", "three")
    other = " ".join(reversed(SENTENCE.split()))
    assert near_duplicate_clusters([copy, other, changed, copy.upper(), "", "Hm."], 0.5) == [0, 1, 0, 0, 4, 5]


def test_a_near_duplicate_of_a_test_article_is_not_trained_on():
    assert assign_splits(["a", "b", "c", "d"], [0, 1, 0, 3], {"a"}, 0.0) == [TEST, TRAIN, WITHHELD, TRAIN]


def test_groups_join_clusters_and_a_broken_line_is_told(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("id,group\na,one\nb,one\n")
    assert read_groups(path, {"a", "b", "c"}) == {"a": "one", "b": "one"}
    assert joined_clusters([0, 1, 2, 2], [None, "x", "y", "x"]) == [0, 1, 1, 1]
    with pytest.raises(InputError, match=r"groups\.csv, line 3: must be an id of the corpus and a group\. Got 'b', 'one'"):
        read_groups(path, {"a"})
    path.write_text("a,one\n")
    with pytest.raises(InputError, match=r"the first line must be `id,group`\. Got 'a,one'"):
        read_groups(path, {"a"})


def test_a_drawn_share_stays_the_same_when_the_corpus_grows():
    ids = [f"article-{i}" for i in range(1000)]
    before = assign_splits(ids, range(1000), set(), 0.2)
    after = assign_splits(["new", *ids], range(1001), set(), 0.2)
    assert 150 < before.count(TEST) < 250
    assert after[1:] == before


def test_a_test_id_that_the_corpus_lacks_is_told_by_line(tmp_path):
    path = tmp_path / "test_ids.txt"
    path.write_text("# frozen\na1 # the first\na#2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"test_ids\.txt, line 3: no article of the corpus has the id 'a#2'"):
        read_test_ids(path, {"a1"})
    assert read_test_ids(path, {"a1", "a#2", "a3"}) == {"a1", "a#2"}


@pytest.fixture(scope="module")
def table(project) -> pd.DataFrame:
    return read_sentences(project.root / "data" / "sentences" / "sentences.parquet")


def test_the_frozen_articles_are_tested_and_nothing_of_them_is_trained_on(table):
    frozen = {line for line in (ROOT / "data" / "test_ids.txt").read_text().splitlines() if not line.startswith("#")}
    assert set(table.loc[table["split"] == TEST, "document"]) == frozen
    assert len(frozen) >= 60
    assert all(name.startswith("blind-") for name in frozen)
    assert table.groupby("cluster")["split"].nunique().max() == 1


def test_sentences_stand_in_document_order(table):
    for _, part in table.groupby("document"):
        assert part["sentence"].tolist() == list(range(len(part)))
        assert part["start"].is_monotonic_increasing
        assert part.index[-1] - part.index[0] == len(part) - 1


def test_a_table_with_a_strange_split_is_refused(table, tmp_path):
    path = tmp_path / "sentences.parquet"
    table.assign(split="trian").to_parquet(path)
    with pytest.raises(InputError, match=r"sentences\.parquet: column 'split' .*'trian'.* run `dvc repro --force split`"):
        read_sentences(path)


def test_an_article_that_copies_the_seed_stops_the_stage(tmp_path):
    copy = Project(tmp_path / "project")
    path = copy.root / "data" / "corpus" / "science.jsonl"
    row = json.loads(path.read_text(encoding="utf-8").split("\n")[0])
    seed = json.loads((ROOT / "seeds" / "seed.jsonl").read_text(encoding="utf-8"))
    path.write_text(json.dumps({**seed, "id": "mine"}) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    done = copy.run("python", "-m", "pipeline.stages.split", check=False)
    assert done.returncode == 2
    assert "science.jsonl, line 1: mine: shares 'taliban militants pose for the media after they'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (copy.root / "data" / "sentences").exists()
