"""From doubtful sentences to Label Studio and a table, and from the answers to a corpus that `split` takes."""

import copy
import csv
import json
from math import log
from xml.etree import ElementTree as ET

import pytest

from pipeline.cli import app
from pipeline.corpus import read_articles
from pipeline.errors import InputError
from pipeline.label_studio import labelling_config
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.review import Draft, expected_loss, questions_of, select
from pipeline.roles import ROLES
from pipeline.scorer import ScoredSentence
from pipeline.sentences import split_sentences
from pipeline.stages import split
from pipeline.tables import read_sentences

LABELS = tuple(role.name for role in ROLES)
ARTICLE = (
    "Harbour row \U0001f6a2 goes on\n"
    "A clerk accused the chief of fraud. \u201cA lie,\u201d he said \U0001f644 twice. The harbour is old.\n"
    "It was built\nin 1911."
)
SURE = {"allegation": 0.02, "denial": 0.02, "evidence-claim": 0.02, "context": 0.94}
TORN = {"allegation": 0.45, "denial": 0.05, "evidence-claim": 0.05, "context": 0.45}


def scored(text: str, probabilities: dict[str, dict[str, float]], label_set=()) -> list[ScoredSentence]:
    """The sentences of `text`, those that hold a key of `probabilities` with its value, all others sure to be context."""
    sentences = []
    for span in split_sentences(text):
        words = text[span.start : span.end]
        p = next((p for key, p in probabilities.items() if key in words), SURE)
        label = max(p, key=lambda name: p[name])
        likely = tuple(name for name in p if p[name] > 0.3)
        sentences.append(ScoredSentence(span.start, span.end, words, label, p[label], p, label_set or likely))
    return sentences


class FakeModel:
    """Torn about the clerk and the second sentence that speaks, sure of all else."""

    id = "stance-fake"
    labels = LABELS

    def score_documents(self, documents):
        return (scored(document.text, {"clerk": TORN, "lie": TORN}) for document in documents)


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A folder with an article, a corpus of one other article and parameters, in which the fake model scores."""
    monkeypatch.setattr("pipeline.scorer.load_model", lambda path: FakeModel())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "data" / "corpus").mkdir(parents=True)
    row = {"id": "old", "text": "He denied it. It rained.", "sentences": [{"start": 0, "end": 13, "label": "denial"}]}
    (tmp_path / "data" / "corpus" / "old.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "data" / "test_ids.txt").write_text("old # frozen\n")
    (tmp_path / "data" / "groups.csv").write_text("id,group\n")
    (tmp_path / "params.yaml").write_text(f"labels: [{', '.join(LABELS)}]\nsplit: {{corpus: data/corpus}}\n")
    return tmp_path


def stance(*arguments: str) -> None:
    app(["review", *arguments], standalone_mode=False)


def export(work, *more: str) -> list:
    stance("export", "a.txt", "--out", "review.json", "--csv", "review.csv", *more)
    return json.loads((work / "review.json").read_text(encoding="utf-8"))


def submit(work, tasks: list, *changes, **also) -> None:
    """Write what Label Studio exports when a person has applied `changes` to the regions of the first task and submitted."""
    regions = [{**copy.deepcopy(region), "origin": "prediction"} for region in tasks[0]["predictions"][0]["result"]]
    for change in changes:
        change(regions)
    annotation = {"id": 1, "completed_by": 1, "was_cancelled": False, "updated_at": "2026-01-02T00:00:00Z", "result": regions}
    exported = [{"id": i, **task, "annotations": []} for i, task in enumerate(tasks, 1)]
    exported[0]["annotations"] = [{**annotation, **also}]
    (work / "answers.json").write_text(json.dumps(exported), encoding="utf-8")


def imported(work, answers: str = "answers.json", out: str = "data/corpus/reviewed.jsonl") -> dict[str, str]:
    """The labels by sentence of the one article that was answered, read back as a corpus."""
    stance("import", answers, "--out", out)
    [article] = read_articles([work / out], LABELS)
    return {article.text[s.start : s.end]: s.label for s in article.sentences}


def relabel(number: int, label: str):
    return lambda regions: regions[number]["value"].update(labels=[label])


def in_utf16(regions: list) -> None:
    for region in regions:
        for end in ("start", "end"):
            region["value"][end] = len(ARTICLE[: region["value"][end]].encode("utf-16-le")) // 2


def test_what_a_look_is_worth():
    [sentence] = scored("A clerk.", {"clerk": TORN})
    entropy = -sum(p * log(p) for p in TORN.values())
    assert expected_loss(sentence, None, None) == pytest.approx(entropy)
    assert expected_loss(sentence, None, sentence.label) == pytest.approx(entropy), "rules that agree tell nothing new"
    assert expected_loss(sentence, None, "denial") == pytest.approx(entropy * 2 / 3 - log(0.05) / 3)
    assert expected_loss(sentence, "denial", "context") == pytest.approx(-log(0.05)), "a given label is believed"


def test_the_reasons_are_told():
    text = "He denied it. It rained. A clerk came."
    draft = Draft.model_validate({"id": "a", "text": text, "sentences": [{"start": 14, "end": 24, "label": "denial"}]})
    found = {q.sentence.text: q.reasons for q in questions_of(draft, scored(text, {"clerk": TORN}), LABELS)}
    assert found == {
        "He denied it.": ("cue rules: denial",),
        "It rained.": ("given: denial, with a probability of 0.02",),
        "A clerk came.": ("unsure: allegation or context", "cue rules: context"),
    }
    assert not [q for q in questions_of(Draft(id="a", text="He denied it."), scored("He denied it.", {}), ("x", "context"))]


def test_the_highest_scores_are_taken_and_their_article_comes_first():
    worse = {**TORN, "context": 0.25, "evidence-claim": 0.25}
    drafts = [
        Draft(id="a", text="A clerk came. A clerk went."),
        Draft(id="b", text="It rained. The chief came. A clerk slept."),
    ]
    found = [scored(draft.text, {"clerk": TORN, "chief": worse}, label_set=LABELS) for draft in drafts]
    reviews, seen = select(drafts, found, LABELS, 3)
    assert seen == 5
    asked = [(review.draft.id, [q.sentence.text for q in review.questions]) for review in reviews]
    assert asked == [("b", ["The chief came."]), ("a", ["A clerk came.", "A clerk went."])]


def test_a_task_proposes_labels_for_the_doubtful_sentences_alone(work, capsys):
    [task] = export(work)
    assert capsys.readouterr().out == "2 of 5 sentences to look at, in 1 articles: review.json, review.xml, review.csv\n"
    assert (task["data"]["id"], task["data"]["text"]) == ("a.txt", ARTICLE)
    [prediction] = task["predictions"]
    assert prediction["model_version"] == "stance-fake"
    values = [region["value"] for region in prediction["result"]]
    assert [ARTICLE[v["start"] : v["end"]] for v in values] == [v["text"] for v in values]
    assert [(v["text"], v["labels"]) for v in values] == [
        ("A clerk accused the chief of fraud.", ["allegation"]),
        ("\u201cA lie,\u201d he said \U0001f644 twice.", ["allegation"]),
    ]
    assert prediction["result"][1]["meta"] == {"text": ["unsure: allegation or context", "cue rules: denial"]}


def test_the_configuration_fits_the_tasks_and_any_labels(work):
    region = export(work)[0]["predictions"][0]["result"][0]
    view = ET.fromstring((work / "review.xml").read_text(encoding="utf-8"))
    control, text = view.find("Labels"), view.find("Text")
    assert (control.get("name"), control.get("toName")) == (region["from_name"], region["to_name"])
    assert (text.get("name"), text.get("value")) == (region["to_name"], "$text")
    assert [label.get("value") for label in control] == list(LABELS)
    many = ['"a" & <b>', *(f"label {i}" for i in range(10))]
    assert [label.get("value") for label in ET.fromstring(labelling_config(many)).iter("Label")] == many


@pytest.mark.parametrize("offsets", [lambda regions: None, in_utf16], ids=["code points", "UTF-16 units, as of old"])
def test_what_was_submitted_is_gold_and_nothing_else(work, offsets):
    value = {
        "start": ARTICLE.index("It was") - 1,
        "end": len(ARTICLE),
        "text": "It was built\\nin 1911.",
        "labels": ["context"],
    }
    added = {"value": value, "type": "labels"}
    other = {"value": {"choices": ["fine"]}, "type": "choices", "from_name": "verdict", "to_name": "text"}
    submit(work, export(work), relabel(1, "denial"), lambda r: r.append(added), offsets, lambda r: r.append(other))
    assert imported(work) == {
        "A clerk accused the chief of fraud.": "allegation",
        "\u201cA lie,\u201d he said \U0001f644 twice.": "denial",
        "It was built\nin 1911.": "context",
    }


def test_skipped_and_older_annotations_do_not_count(work):
    tasks = export(work)
    submit(work, tasks, relabel(0, "denial"))
    exported = json.loads((work / "answers.json").read_text(encoding="utf-8"))
    [last] = exported[0]["annotations"]
    older = json.loads(json.dumps(last).replace('"denial"', '"context"').replace("2026", "2025"))
    skipped = {**last, "was_cancelled": True, "updated_at": "2027-01-01T00:00:00Z", "result": []}
    exported[0]["annotations"] = [last, older, skipped]
    (work / "answers.json").write_text(json.dumps(exported), encoding="utf-8")
    assert imported(work)["A clerk accused the chief of fraud."] == "denial"


def fill_in(work, *cells: dict[str, str]) -> None:
    """Change cells of the table, row by row, and save it as a spreadsheet does."""
    with (work / "review.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, changed in zip(rows, cells, strict=True):
        row.update(changed)
    with (work / "review.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_filled_in_table_is_gold_where_it_is_filled_in(work):
    export(work)
    fill_in(work, {}, {"answer": " denial "})
    assert imported(work, "review.csv") == {"\u201cA lie,\u201d he said \U0001f644 twice.": "denial"}


def test_what_the_corpus_said_of_other_sentences_comes_back(work):
    row = {"id": "b", "text": "A clerk came. It rained.", "domain": "crime"}
    row["sentences"] = [{"start": 0, "end": 13, "label": "denial"}, {"start": 14, "end": 24, "label": "context", "doubt": True}]
    (work / "b.jsonl").write_text(json.dumps(row))
    stance("export", "b.jsonl", "--out", "review.json", "--csv", "review.csv")
    tasks = json.loads((work / "review.json").read_text(encoding="utf-8"))
    [region] = tasks[0]["predictions"][0]["result"]
    assert region["value"]["labels"] == ["denial"], "the reviewer is shown what the corpus says, not what the model says"
    submit(work, tasks, relabel(0, "allegation"))
    assert imported(work) == {"A clerk came.": "allegation", "It rained.": "context"}
    [article] = read_articles([work / "data" / "corpus" / "reviewed.jsonl"], LABELS)
    assert (article.domain, article.sentences[1].doubt) == ("crime", True)


def test_the_split_stage_learns_from_the_answered_sentences_alone(work):
    submit(work, export(work), relabel(1, "denial"))
    imported(work)
    assert read_params(work / "params.yaml").split.noise.share == 0
    assert "0 of 3 gold labels lost" in split.main(Paths(work))
    table = read_sentences(Paths(work).sentences)
    labels = table[table["document"] == "a.txt"].set_index("text")["label"]
    assert labels.dropna().tolist() == ["allegation", "denial"]
    assert len(labels) == 5


def test_nothing_to_ask_writes_nothing(work, capsys):
    (work / "a.txt").write_text("It rained. It snowed.")
    stance("export", "a.txt", "--out", "review.json")
    assert capsys.readouterr().out == "none of 2 sentences needs a look: nothing written\n"
    assert not (work / "review.json").exists()


MISTAKES = {
    "JSON-MIN": ([{"data": {"id": "a", "text": "It."}}], r"task 1: has no `annotations`: choose `JSON` \(not `JSON-MIN`\)"),
    "a foreign task": ([{"data": {"text": "It."}, "annotations": []}], r"task 1: data\.id: Field required"),
    "no list": ({}, r"answers\.json: must be a list of tasks"),
    "nothing submitted": ([{"data": {"id": "a", "text": "It."}, "annotations": []}], r"answers\.json: holds no answer: submit"),
    "a strange label": (lambda r: r[0]["value"].update(labels=["lie"]), r"task 1: the span 'A clerk .*' must have one label"),
    "no label": (lambda r: r[0]["value"].pop("labels"), r"must have one label of \['allegation'.*\]\. Got \[\]"),
    "another text": (lambda r: r[0]["value"].update(text="A cook"), r"task 1: characters 22 to 57 are not 'A cook', but"),
    "outside": (lambda r: r[0]["value"].update(start=900, end=901), r"task 1: characters 900 to 901 are not 'A clerk"),
    "overlap": (lambda r: r.append(r[0]), r"task 1: sentences\.1: spans must lie in order, without overlap"),
}  # fmt: skip


@pytest.mark.parametrize(("mistake", "message"), MISTAKES.values(), ids=MISTAKES)
def test_answers_that_do_not_fit_are_told_by_place(work, mistake, message):
    if callable(mistake):
        submit(work, export(work), mistake)
    else:
        (work / "answers.json").write_text(json.dumps(mistake))
    with pytest.raises(InputError, match=message):
        stance("import", "answers.json", "--out", "new.jsonl")
    assert not (work / "new.jsonl").exists()


TABLE_MISTAKES = {
    "a strange answer": ({"answer": "lie"}, r"review\.csv, line 2: answer must be one of \['allegation'.* Got 'lie'"),
    "another article": (
        {"document": "b.txt"},
        r"line 2: 'b\.txt' is none of the exported articles: name their file with --tasks",
    ),
    "another text": ({"text": "A cook."}, r"line 2: characters 58 to 83 of 'a\.txt' are not 'A cook\.'"),
    "no number": ({"start": "x"}, r"line 2: start and end must be numbers\. Got 'x', '83'"),
}


@pytest.mark.parametrize(("cells", "message"), TABLE_MISTAKES.values(), ids=TABLE_MISTAKES)
def test_rows_that_do_not_fit_are_told_by_line(work, cells, message):
    export(work, "--most", "1")
    fill_in(work, {"answer": "denial", **cells})
    with pytest.raises(InputError, match=message):
        stance("import", "review.csv", "--out", "new.jsonl")


def test_a_table_without_its_columns_or_tasks_is_told(work):
    (work / "mine.csv").write_text("document,answer\na,denial\n")
    with pytest.raises(InputError, match=r"mine\.json: no such file: name what was exported with mine\.csv with --tasks"):
        stance("import", "mine.csv", "--out", "new.jsonl")
    export(work)
    with pytest.raises(InputError, match=r"mine\.csv, line 1: the column 'start' is missing"):
        stance("import", "mine.csv", "--tasks", "review.json", "--out", "new.jsonl")


def test_an_article_that_is_tested_on_or_known_is_refused(work):
    submit(work, [json.loads(json.dumps(export(work)[0]).replace('"a.txt"', '"old"'))])
    with pytest.raises(InputError, match=r"task 1: 'old' is a test article \(data/test_ids\.txt\): leave its answers out"):
        stance("import", "answers.json", "--out", "new.jsonl")
    (work / "data" / "test_ids.txt").write_text("")
    with pytest.raises(InputError, match=r"task 1: 'old' stands in data/corpus/old\.jsonl, line 1 already: take that line out"):
        stance("import", "answers.json", "--out", "new.jsonl")


def test_files_are_not_overwritten_or_lost(work):
    submit(work, export(work))
    imported(work)
    with pytest.raises(InputError, match=r"reviewed\.jsonl: is there already: name another --out"):
        imported(work)
    with pytest.raises(InputError, match=r"reviewed\.json: the name must end in \.jsonl"):
        imported(work, out="reviewed.json")
    with pytest.raises(InputError, match=r"review\.txt: the name must end in \.json"):
        stance("export", "a.txt", "--out", "review.txt")
    with pytest.raises(InputError, match=r"a\.txt: an article with the id 'a\.txt' was read before: name it once"):
        stance("export", "a.txt", "a.txt", "--out", "review.json")
