import json
import subprocess

import pytest
from conftest import ROOT, STANCE

from pipeline.corpus import Article
from pipeline.corpus_check import check_corpus, read_texts
from pipeline.errors import InputError

SENTENCE = "The harbour master of Velm told the council on Monday that no berth had ever been sold for cash."
OTHER = "Rain fell over the northern lakes all week and the ferries stayed in port until the storm had passed."


def article(name, *sentences, people=()):
    spans, text = [], ""
    for sentence in sentences:
        spans.append({"start": len(text), "end": len(text) + len(sentence), "label": "context"})
        text += sentence + " "
    return (
        f"news.jsonl, line {name}",
        Article.model_validate({"id": name, "text": text, "sentences": spans, "people": people}),
    )


def found(articles, forbidden=None):
    return [(f.error, f.where.split()[-1], f.message) for f in check_corpus(articles, forbidden or {}, 0.5)]


def test_a_clean_corpus_has_no_findings():
    assert (
        found(
            [article("1", SENTENCE), article("2", OTHER)],
            {"other.txt": ["Nothing of this stands in any of the articles here."]},
        )
        == []
    )


def test_copied_text_is_an_error_whatever_its_case_and_marks():
    (finding,) = found(
        [article("1", OTHER), article("2", SENTENCE)], {"wire.txt": ["...on Monday, that NO berth had ever been sold!"]}
    )
    assert finding == (True, "2", "2: shares 'on monday that no berth had ever been' with wire.txt: write it anew")


def test_near_duplicates_sentences_and_casts_are_noted():
    articles = [
        article("1", SENTENCE, people=["Ann Roe"]),
        article("2", SENTENCE.replace("cash", "money"), people=["Ann Roe"]),
    ]
    messages = [message for error, _, message in found(articles) if not error]
    assert messages == [
        "2: Ann Roe is in the cast of 1 too: give one of them another name",
        "2: is a near-duplicate of 1: both stay on one side of every split",
        "2: 'The harbour master of Velm told the council on Monday that no berth had ever been sold fo stands in 1 too",
    ]
    apart = [article("1", SENTENCE, OTHER), article("2", SENTENCE)]
    assert any("stands in 1 too" in message for _, _, message in found(apart))


def test_a_run_of_words_in_four_articles_looks_like_a_template():
    articles = [
        article(str(i), f"{'abcd'[i] * 3} asked the council for the same old thing again and {'efgh'[i] * 3}.")
        for i in range(4)
    ]
    messages = [message for _, where, message in found(articles) if where == "articles"]
    assert messages == ["share 'asked the council for the same old': 0, 1, 2, 3 …"]
    assert not [where for _, where, _ in found(articles[:3]) if where == "articles"]


def test_forbidden_rows_without_text_are_told_by_line(tmp_path):
    path = tmp_path / "other.jsonl"
    path.write_text('{"text": "a"}\n\n{"body": "b"}\n')
    with pytest.raises(InputError, match=r"other\.jsonl, line 3: is no JSON object with a `text`"):
        read_texts(path)


def test_the_command_ends_with_2_on_an_error(tmp_path):
    (tmp_path / "params.yaml").write_text("labels: [context, denial]\nsplit: {corpus: news}\n")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.jsonl").write_text(article("1", SENTENCE)[1].model_dump_json() + "\n")
    (tmp_path / "wire.jsonl").write_text(json.dumps({"text": SENTENCE}))
    for forbid, code, last in (([], 0, "0 errors, 0 notes"), (["--forbid", "wire.jsonl"], 2, "1 errors, 0 notes")):
        command = [STANCE, "corpus", "check", *forbid]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, "")
        assert done.stdout.endswith(f"1 articles, 1 sentences: {last}\n")


def test_our_own_corpus_copies_nothing_of_the_seed():
    command = [STANCE, "corpus", "check", "--forbid", "seeds/000_3bf86d9b4be02d64.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
