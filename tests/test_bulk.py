"""Articles by the million: the same bytes however they were scored and however often that was stopped."""

import json
import os
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count, islice
from multiprocessing import active_children
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Event, Timer

import pandas as pd
import pytest
from bulk import SETTINGS, Inline, articles, files
from pyarrow.parquet import read_schema

from pipeline import Document, InputError, ModelError, StanceError, load_model
from pipeline.bulk import score_to_folder
from pipeline.bulk.folder import opened
from pipeline.bulk.lookahead import in_order
from pipeline.bulk.manifest import Manifest
from pipeline.bulk.scoring import _score_into
from pipeline.bulk.shards import BATCH, batches
from pipeline.bulk.tally import Tally, Unwatched
from pipeline.bulk.worker import ArticleScorer, Recipe
from pipeline.reading import ReadingOptions, Unread
from pipeline.row_files import write_jsonl

ARTICLES = 47


def score(folder, items=None, settings=SETTINGS, pool=None, note=lambda line: None):
    """Score into `folder` without processes."""
    with opened(folder, settings, note) as target:
        return _score_into(target, pool or Inline(), iter(articles(ARTICLES) if items is None else items), Unwatched())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulk") / "scored"
    score(folder)
    return files(folder)


# The way through the workers


def test_batches_never_cross_a_shard():
    cut = list(batches(range(2 * BATCH + 13), 3, BATCH + 5))
    assert [(batch.shard, len(batch.items)) for batch in cut] == [(3, BATCH), (3, 5), (4, BATCH), (4, 5), (5, 3)]
    assert [item for batch in cut for item in batch.items] == list(range(2 * BATCH + 13))
    assert list(batches([], 0, 10)) == []


def test_what_is_done_first_waits_for_what_comes_before_it():
    second_done = Event()

    class Threads(Inline):
        threads = ThreadPoolExecutor(2)

        def submit(self, documents):
            return self.threads.submit(self.work, documents)

        def work(self, documents):
            if documents[0].id == "a0":
                assert second_done.wait(60)
            else:
                second_done.set()
            return [self.score(document) for document in documents]

    with Threads.threads:
        found = list(in_order(Threads(), batches(articles(60), 0, 100), Unwatched().note))
    assert [batch.items[0].id for batch, _ in found] == ["a0", "a16", "a32", "a48"]
    assert all(len(batch.documents) == len(outcomes) for batch, outcomes in found)


def test_articles_are_read_as_they_are_needed():
    read = []
    many = (read.append(i) or Document(str(i), "It rained.") for i in range(10_000))
    list(islice(in_order(Inline(), batches(many, 0, 1000), Unwatched().note), 20))
    assert len(read) <= (20 + Inline.window) * BATCH


def test_articles_that_kill_their_worker_are_told_from_their_neighbours():
    notes = []
    pool = Inline(a21=99, a23=99, a25=99, a40=1)  # something else killed the worker that had a40
    found = [o for _, outcomes in in_order(pool, batches(articles(60), 0, 100), notes.append) for o in outcomes]
    lost = [outcome for outcome in found if isinstance(outcome, Unread)]
    assert lost == [Unread(name, f"{name}: ended each of the 2 processes that scored it") for name in ("a21", "a23", "a25")]
    assert len(found) == sum(isinstance(item, Document) for item in articles(60))
    assert notes.count("the worker died that had nothing but a21") == 2


def test_nothing_else_is_under_way_while_the_articles_of_a_dead_worker_are_tried():
    slow = []

    class Slow(Inline):
        def submit(self, documents):
            if len(documents) == 1:
                assert all(future.done() for future in slow)
            future = super().submit(documents)
            if documents[0].id != "a16":
                return future
            late = Future()
            Timer(0.1, late.set_result, [future.result()]).start()
            slow.append(late)
            return late

    found = list(in_order(Slow(a3=1), batches(articles(60), 0, 100), Unwatched().note))
    assert len(slow) == 1
    assert not any(isinstance(outcome, Unread) for _, outcomes in found for outcome in outcomes)


def test_workers_that_always_die_end_the_run_and_no_article_is_blamed(tmp_path):
    pool = Inline(**{f"a{i}": 99 for i in range(20, 60)})
    with pytest.raises(StanceError, match=r"workers die whatever they are given: is there memory for them\? To go on"):
        score(tmp_path / "scored", articles(60), pool=pool)
    score(tmp_path / "scored", articles(60))
    score(tmp_path / "at once", articles(60))
    assert files(tmp_path / "scored") == files(tmp_path / "at once")


# The folder


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(step, *, done):
    """End at the step with this number of those that reach the disk, before it or after; nothing is tidied up then."""
    left = [step]

    def mortal(real):
        def wrapped(*arguments):
            left[0] -= 1
            if left[0] > 0 or (left[0] == 0 and done):
                real(*arguments)
            if left[0] <= 0:
                raise Killed

        return wrapped

    unlink = Path.unlink
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", mortal(Path.replace))
        patch.setattr(os, "fsync", mortal(os.fsync))
        patch.setattr(Path, "unlink", lambda path, **options: unlink(path, **options) if left[0] > 0 else None)
        yield


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_run_that_ends_at_any_step_loses_and_doubles_nothing(tmp_path, undisturbed, done):
    for step in count(1):
        folder = tmp_path / str(step)
        try:
            with killed_at(step, done=done):
                score(folder)
        except Killed:
            score(folder)
            assert files(folder) == undisturbed, step
        else:
            break
    assert step > 3 * 5  # shards


def test_half_a_line_and_files_that_were_begun_are_cut_off(tmp_path, undisturbed):
    folder = tmp_path / "scored"
    score(folder, islice(articles(ARTICLES), 20))
    with (folder / "errors.jsonl").open("a") as stream:
        stream.write('{"article": 20, "docu')
    for name in (".part-000002.0123.jsonl", "part-000002.jsonl"):
        (folder / "sentences" / name).write_text("half")
    (folder / ".manifest.0123.json").write_text("half")
    score(folder)
    assert files(folder) == undisturbed


def test_the_manifest_says_which_shard_holds_which_articles(tmp_path):
    with killed_at(9, done=True), suppress(Killed):  # in the third shard
        score(tmp_path)
    begun = Manifest.model_validate_json((tmp_path / "manifest.json").read_bytes())
    score(tmp_path)
    whole = Manifest.model_validate_json((tmp_path / "manifest.json").read_bytes())
    assert (begun.complete, begun.shards, whole.complete) == (False, whole.shards[:2], True)
    assert [(shard.first, shard.articles, shard.errors) for shard in whole.shards] == [
        (0, 10, 1), (10, 10, 0), (20, 10, 1), (30, 10, 1), (40, 7, 1),
    ]  # fmt: skip
    for shard in whole.shards:
        numbers = [json.loads(line)["document"] for line in (tmp_path / shard.file).read_text().splitlines()]
        assert set(numbers) <= {f"a{i}" for i in range(shard.first, shard.first + shard.articles)}


def test_what_is_done_is_skipped_and_an_input_that_goes_on_is_gone_on_with(tmp_path, undisturbed):
    folder = tmp_path / "scored"
    score(folder, islice(articles(ARTICLES), 33))
    pool = Inline()
    summary = score(folder, pool=pool)
    assert files(folder) == undisturbed
    assert summary.before == 30  # the last shard was not full
    assert pool.submitted[0][0] == "a30"
    again = Inline()
    assert (score(folder, pool=again).before, again.submitted) == (ARTICLES, [])


@pytest.mark.parametrize(("changed", "before"), [("sentences/part-000002.jsonl", 20), ("errors.jsonl", 0)])
def test_what_somebody_changed_is_made_anew_and_told(tmp_path, undisturbed, changed, before):
    notes = []
    score(tmp_path)
    (tmp_path / changed).write_text("mine")
    assert score(tmp_path, note=notes.append).before == before
    assert files(tmp_path) == undisturbed
    first = f"part-{before // 10:06}.jsonl"
    assert notes == [f"{tmp_path}/sentences/{first}: it or its errors are not as they were written: scoring goes on from there"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"model": "stance-1"}, "was made with model 'toy', not 'stance-1'"),
        ({"shard_size": 20}, "was made with shard_size 10, not 20"),
        ({"reading": {"force": True}}, "was made with force False, not True"),
    ],
    ids=["model", "shard size", "reading"],
)
def test_a_folder_that_was_made_otherwise_is_refused_and_left_alone(tmp_path, undisturbed, change, told):
    score(tmp_path)
    with pytest.raises(InputError, match=f"{told}: name another --out, or delete the folder to begin anew"):
        score(tmp_path, settings=SETTINGS.model_copy(update=change))
    assert files(tmp_path) == undisturbed


def test_other_articles_are_refused(tmp_path, undisturbed):
    score(tmp_path)
    others = [Document("new", "It rained."), *articles(ARTICLES)]
    for items in (others, list(articles(15))):
        with pytest.raises(
            InputError, match=r"part-00000\d.jsonl was made of other articles than the inputs now hold in its place"
        ):
            score(tmp_path, items)
        assert files(tmp_path) == undisturbed


def test_a_folder_in_which_nothing_could_be_scored_is_begun_anew(tmp_path, undisturbed):
    wrong = [Unread("t.csv", "t.csv: has no column 'text'")]
    summary = score(tmp_path, wrong, SETTINGS.model_copy(update={"reading": {"force": True}}))
    assert (summary.articles, summary.errors) == (1, 1)
    score(tmp_path)
    assert files(tmp_path) == undisturbed


def test_a_folder_of_other_things_or_of_another_run_is_refused(tmp_path):
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(InputError, match=r"holds other things and no manifest\.json: name a new folder"):
        score(tmp_path)
    folder = tmp_path / "scored"
    with opened(folder, SETTINGS, print), pytest.raises(InputError, match="another run is writing to it"):
        score(folder)
    (folder / "manifest.json").write_text('{"settings": 1}')
    with pytest.raises(InputError, match=r"is no manifest of scored articles \(settings: "):
        score(folder)


def test_a_column_of_the_input_keeps_its_type_in_shards_that_hold_none_of_it(tmp_path):
    score(tmp_path, settings=SETTINGS.model_copy(update={"form": "parquet"}))
    types = [str(read_schema(part).field("page").type) for part in sorted(tmp_path.glob("sentences/*"))]
    assert types == ["string", "string", "int64", "int64", "int64"]
    table = pd.read_parquet(tmp_path / "sentences")
    assert table["document"].tolist() == [item.id for item in articles(ARTICLES) if isinstance(item, Document)]


# Real workers


def rows(folder):
    return "".join(part.read_text() for part in sorted(folder.glob("sentences/*")))


@pytest.fixture(scope="module")
def by_one(toy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("one") / "scored"
    score_to_folder(articles(120), folder, toy, workers=1, shard_size=40, form="jsonl")
    return folder


def test_workers_score_as_the_model_does(by_one, toy, tmp_path):
    model = load_model(toy)
    documents = [item for item in articles(120) if isinstance(item, Document)]
    with (tmp_path / "rows").open("w") as stream:
        write_jsonl(model, zip(documents, model.score_documents(documents), strict=True), stream)
    assert rows(by_one) == (tmp_path / "rows").read_text()
    errors = [json.loads(line) for line in (by_one / "errors.jsonl").read_text().splitlines()]
    assert errors[1] == {"article": 20, "document": "a20", "reason": "a20: holds no text"}
    assert len(errors) == 120 - len(documents)


@pytest.mark.slow
def test_the_number_of_workers_changes_no_byte(by_one, toy, tmp_path):
    score_to_folder(articles(120), tmp_path, toy, workers=3, shard_size=40, form="jsonl")
    assert files(tmp_path) == files(by_one)


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(by_one, toy, tmp_path):
    def killing():
        for i, item in enumerate(articles(120)):
            if i == 60:
                workers()[0].kill()
            yield item

    score_to_folder(killing(), tmp_path, toy, workers=2, shard_size=40, form="jsonl")
    assert files(tmp_path) == files(by_one)
    assert workers() == []


def workers():
    return [child for child in active_children() if isinstance(child, SpawnProcess)]


def test_a_model_that_cannot_be_used_is_told_before_anything_is_written(toy, tmp_path):
    with pytest.raises(ModelError, match="holds no trained model"):
        score_to_folder(articles(3), tmp_path / "scored", tmp_path, workers=1)
    with pytest.raises(InputError, match="the prior must give a share to each of"):
        score_to_folder(articles(3), tmp_path / "scored", toy, prior={"charge": 1.0}, workers=1)
    assert not (tmp_path / "scored").exists()


def test_whatever_is_wrong_with_an_article_is_told_of_it_alone(toy):
    model = load_model(toy)
    recipe = Recipe(toy, model.id, reading=ReadingOptions())
    odd = Document("odd", 7)
    german = Document("de", "Der Bürgermeister wies die Vorwürfe am Dienstag entschieden zurück. " * 5)
    fine, odder, other = ArticleScorer(recipe).score([Document("a", "It rained."), odd, german])
    assert fine == model.score("It rained.")
    assert odder.reason == "odd: cannot be scored (AttributeError: 'int' object has no attribute 'strip')"
    assert "is not in English but, it seems, in 'de'" in other.reason
    [forced] = ArticleScorer(replace(recipe, reading=ReadingOptions(force=True))).score([german])
    assert forced == model.score(german.text)
    with pytest.raises(ModelError, match="this run began with stance-0: put that back, and run again"):
        ArticleScorer(Recipe(toy, "stance-0")).score([])


def test_a_log_gets_a_line_with_rate_and_time_left(capsys):
    with Tally(1000, every=0) as tally:
        tally.skip(400)
        tally.advance(100)
    assert re.fullmatch(r"scoring: 500 of 1,000 articles, [\d,]+\.\d a second, time left: \d+ s\n", capsys.readouterr().err)
