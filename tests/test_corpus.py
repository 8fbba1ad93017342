import json
import os

import pytest
from conftest import ROOT
from datasheet import DATASHEET, render

from pipeline.corpus import articles_of, corpus_files, load_corpus, read_articles
from pipeline.errors import InputError
from pipeline.params import read_params

LABELS = read_params(ROOT / "params.yaml").labels


def row(**changes):
    return {"id": "a1", "text": "One. Two.", "sentences": [{"start": 0, "end": 4, "label": "denial"}], **changes}


def write(folder, *rows):
    path = folder / "news.jsonl"
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows), encoding="utf-8")
    return path


BROKEN = {
    "no JSON": (["{"], r"news\.jsonl, line 1: is no JSON: Expecting property name"),
    "unknown key": ([row(headline="x")], r"line 1: headline: unknown key"),
    "no text": ([{k: v for k, v in row().items() if k != "text"}], r"line 1: text: Field required"),
    "no sentences": ([row(sentences=[])], r"line 1: sentences: .*at least 1"),
    "unknown label": (
        [row(), row(id="a2", sentences=[{"start": 0, "end": 4, "label": "rebuttal"}])],
        r"line 2: sentences\.0\.label must be one of \['allegation', .*\]\. Got 'rebuttal'",
    ),
    "span past the end": (
        [row(sentences=[{"start": 0, "end": 40, "label": "denial"}])],
        r"line 1: sentences\.0: spans must .* inside the 9 characters of the text\. Got 0 to 40",
    ),
    "overlap": (
        [row(sentences=[{"start": 0, "end": 4, "label": "denial"}, {"start": 3, "end": 9, "label": "denial"}])],
        r"line 1: sentences\.1: .* Got 3 to 9 after 4",
    ),
    "span of white space": (
        [row(sentences=[{"start": 4, "end": 5, "label": "denial"}])],
        r"line 1: sentences\.0: a span must hold more than white space\. Got 4 to 5",
    ),
    "a word where a truth value belongs": (
        [row(sentences=[{"start": 0, "end": 4, "label": "denial", "doubt": "yes"}])],
        r"line 1: sentences\.0\.doubt: .*valid boolean\. Got 'yes'",
    ),
    "key twice": (['{"id": "a", "id": "b"}'], r"line 1: key 'id' stands twice in one object"),
    "id twice": ([row(), "", row()], r"line 3: id 'a1' was used before, in .*news\.jsonl, line 1: give it another"),
}


@pytest.mark.parametrize(("rows", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_row_is_told_by_file_and_line(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        list(read_articles([write(tmp_path, *rows)], LABELS))


def test_a_corpus_folder_without_files_names_the_repair(tmp_path):
    with pytest.raises(InputError, match=r"holds no \*\.jsonl file: put the corpus there, or set split\.corpus"):
        corpus_files(tmp_path)


def test_the_datasets_library_reads_what_the_reader_reads(tmp_path):
    path = write(tmp_path, row(people=["Ann Roe"], text="One \u201ctwo\u201d. Two."), row(id="a2"))
    dataset = load_corpus([path], LABELS, tmp_path / "cache")
    assert dataset.num_rows == 2
    assert list(articles_of(dataset)) == list(read_articles([path], LABELS))


def test_a_changed_file_of_the_same_age_is_read_anew(tmp_path):
    path = write(tmp_path, row(text="One. Two."))
    load_corpus([path], LABELS, tmp_path / "cache")
    age = path.stat().st_mtime_ns
    write(tmp_path, row(text="Six. Two."))
    os.utime(path, ns=(age, age))
    assert load_corpus([path], LABELS, tmp_path / "cache")[0]["text"] == "Six. Two."


def test_a_corpus_without_articles_is_told(tmp_path):
    with pytest.raises(InputError, match="its files hold no article"):
        load_corpus([write(tmp_path, "", "")], LABELS, tmp_path / "cache")


@pytest.fixture(scope="module")
def articles():
    return list(read_articles(corpus_files(ROOT / "data" / "corpus"), LABELS))


def test_gold_spans_leave_out_nothing(articles):
    for article in articles:
        ends = [0, *(s.end for s in article.sentences)]
        starts = [*(s.start for s in article.sentences), len(article.text)]
        between = [article.text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert not "".join(between).strip(), article.id


def test_the_seed_is_the_article_as_scraped():
    seed = next(read_articles([ROOT / "seeds" / "seed.jsonl"], LABELS))
    assert seed.text == (ROOT / "seeds" / "000_3bf86d9b4be02d64.txt").read_bytes().decode("utf-8")


def test_the_datasheet_counts_what_is_there():
    text = DATASHEET.read_text(encoding="utf-8")
    assert render(text) == text, "run `python tests/datasheet.py` and commit data/README.md"


def test_the_readings_are_those_of_the_rows(articles):
    letters = {"a": "allegation", "d": "denial", "e": "evidence-claim", "c": "context"}
    read = {}
    for name in ("first", "second"):
        for path in sorted((ROOT / "data" / "readings").glob(f"*/{name}.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                key, answers = line.split(": ")
                read[key, name] = [letters[letter] for letter in answers.replace(" ", "").lower()]
    twice = [a for a in articles if any(s.second for s in a.sentences)]
    assert {a.id for a in twice} == {key for key, _ in read}
    for article in twice:
        assert [s.first for s in article.sentences] == read[article.id, "first"], article.id
        assert [s.second for s in article.sentences] == read[article.id, "second"], article.id
        assert all(s.label == s.first for s in article.sentences if s.first == s.second), article.id


def test_the_corpus_loads_as_the_datasheet_says(tmp_path):
    from datasets import load_dataset

    files = str(ROOT / "data" / "corpus" / "*.jsonl")
    corpus = load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path))
    assert corpus.num_rows == sum(1 for _ in read_articles(corpus_files(ROOT / "data" / "corpus"), LABELS))
