"""Label Studio's files: tasks with the model's labels filled in, the labelling configuration, and the answers.

Offsets are code points in both: Label Studio has counted so since 2022. Before, it counted the UTF-16 units of JavaScript, in
which an emoji is two; which of them an answer means is told by the text that stands beside its offsets.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import IO, Annotated, Any
from xml.etree import ElementTree as ET

from pydantic import BaseModel, Field, ValidationError, field_validator

from pipeline.corpus import GoldSentence
from pipeline.errors import InputError
from pipeline.params import first_problem
from pipeline.passages import printable
from pipeline.review import Draft, Question, Review
from pipeline.scorer import ScoredSentence
from pipeline.views import Scored
from pipeline.writing import decode

_CONTROL, _TEXT = "role", "text"
_COLOURS = ("#d55e00", "#0072b2", "#009e73", "#999999", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#882255")
_KEYS = "123456789"


class _Value(BaseModel):
    start: Annotated[int, Field(ge=0)]
    end: int
    text: str | None = None
    labels: list[str] = []


class _Region(BaseModel):
    value: _Value


class _Annotation(BaseModel):
    result: list[_Region]
    was_cancelled: bool = False
    updated_at: str = ""

    @field_validator("result", mode="before")
    @classmethod
    def _spans_alone(cls, results: object) -> object:
        if not isinstance(results, list):
            return results
        return [r for r in results if not isinstance(r, dict) or r.get("type") == "labels"]


class Task(BaseModel):
    """One article as Label Studio keeps it; `annotations` is None in a file that it did not export."""

    data: Draft
    annotations: list[_Annotation] | None = None

    def answer(self) -> _Annotation | None:
        """Return what was submitted last and not skipped, if anything was."""
        submitted = [annotation for annotation in self.annotations or () if not annotation.was_cancelled]
        return max(submitted, key=lambda annotation: annotation.updated_at, default=None)


def tasks_of(reviews: Iterable[Review], model_id: str) -> list[dict[str, Any]]:
    """Return a task for each article. Only the sentences asked about are filled in, so that submitting confirms no other."""
    return [
        {
            "data": review.draft.model_dump(mode="json"),
            "predictions": [{"model_version": model_id, "result": [_region(question) for question in review.questions]}],
        }
        for review in reviews
    ]


def write_tasks(model_id: str, scored: Scored, stream: IO[str]) -> None:
    """Write a task for each article with the labels of all its sentences filled in: submitting one confirms them all."""
    stream.write("[")
    for number, (document, sentences) in enumerate(scored):
        draft = Draft(id=printable(document.id), title=printable(document.title or ""), text=printable(document.text))
        asked = [Question(i, s, "", "", None, _doubt(s), 0.0) for i, s in enumerate(sentences)]
        [task] = tasks_of([Review(draft, tuple(asked))], model_id)
        stream.write(("," if number else "") + "\n" + printable(json.dumps(task, ensure_ascii=False)))
    stream.write("\n]\n")


def _doubt(sentence: ScoredSentence) -> tuple[str, ...]:
    return (f"unsure: {' or '.join(sentence.label_set)}",) if sentence.needs_review else ()


def _region(question: Question) -> dict[str, Any]:
    sentence = question.sentence
    return {
        "id": f"sentence-{question.number}",
        "from_name": _CONTROL,
        "to_name": _TEXT,
        "type": "labels",
        "value": {
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "labels": [question.proposed],
        },
        "score": round(sentence.probabilities[question.proposed], 4),
        "meta": {"text": list(question.reasons)},
    }


def labelling_config(labels: Sequence[str]) -> str:
    """Return the XML that a Label Studio project needs to show the tasks: a button and a key for each label."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    control = ET.SubElement(view, "Labels", name=_CONTROL, toName=_TEXT, choice="single")
    for label, colour, key in zip_longest(labels, islice(cycle(_COLOURS), len(labels)), _KEYS[: len(labels)]):
        button = ET.SubElement(control, "Label", value=label, background=colour)
        if key is not None:
            button.set("hotkey", key)
    ET.SubElement(view, "Text", name=_TEXT, value="$text", granularity="word")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def read_tasks(path: Path) -> Iterator[tuple[str, Task]]:
    """Yield the tasks of a file with their places: ``file, task number``.

    Raises
    ------
    InputError
        If the file is no list of tasks, or a task is none of ours; says which.
    """
    try:
        tasks = json.loads(decode(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: is no JSON: {error}") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: must be a list of tasks, as Label Studio's export `JSON` writes it")
    for number, task in enumerate(tasks, 1):
        where = f"{path}, task {number}"
        try:
            yield where, Task.model_validate(task)
        except ValidationError as error:
            raise InputError(f"{where}: {first_problem(error)}") from None


def read_answers(path: Path, labels: Sequence[str]) -> Iterator[tuple[str, Draft, list[GoldSentence]]]:
    """Yield place, article and answers of each task that was submitted in Label Studio: its spans, all taken as confirmed.

    Raises
    ------
    InputError
        As `read_tasks`, and where the file holds no annotations, a span has not one of `labels`, or its text stands elsewhere.
    """
    for where, task in read_tasks(path):
        if task.annotations is None:
            raise InputError(f"{where}: has no `annotations`: choose `JSON` (not `JSON-MIN`) in Label Studio's export")
        submitted = task.answer()
        if submitted is not None and submitted.result:
            text = task.data.text
            yield where, task.data, [_gold(region.value, text, labels, where) for region in submitted.result]


def _gold(value: _Value, text: str, labels: Sequence[str], where: str) -> GoldSentence:
    shown = repr(" ".join(text[value.start : value.end].split())[:40])
    if len(value.labels) != 1 or value.labels[0] not in labels:
        raise InputError(f"{where}: the span {shown} must have one label of {list(labels)}. Got {value.labels}")
    for start, end in ((value.start, value.end), (_code_points(text, value.start), _code_points(text, value.end))):
        marked = text[start:end]
        if marked.strip() and (value.text is None or _letters(marked) == _letters(value.text)):
            start += len(marked) - len(marked.lstrip())
            return GoldSentence(start=start, end=start + len(marked.strip()), label=value.labels[0])
    raise InputError(f"{where}: characters {value.start} to {value.end} are not {value.text!r:.60}, but {shown}")


def _code_points(text: str, units: int) -> int:
    """Return how many code points the first UTF-16 `units` of `text` are."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace"))


def _letters(text: str) -> str:
    r"""Return what of a marked text can be compared: Label Studio writes a line break as a backslash and an n."""
    return "".join(text.replace("\\n", " ").split())
