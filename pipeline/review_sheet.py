"""Questions and answers as a CSV: one row a sentence, with an empty column to fill in."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from pipeline.corpus import GoldSentence
from pipeline.errors import InputError
from pipeline.params import LABEL_JOINT
from pipeline.review import Draft, Review
from pipeline.writing import decode

_COLUMNS = (
    "document", "sentence", "start", "end", "before", "text", "after",
    "label", "probability", "label_set", "given", "score", "reasons", "answer",
)  # fmt: skip
_NEEDED = ("document", "start", "end", "text", "answer")


def write_sheet(reviews: Iterable[Review], stream: IO[str]) -> None:
    """Write a header and one row a question; white space is evened out, so that a row is a line."""
    writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for review in reviews:
        for question in review.questions:
            sentence = question.sentence
            writer.writerow(
                {
                    "document": review.draft.id,
                    "sentence": question.number,
                    "start": sentence.start,
                    "end": sentence.end,
                    "before": question.before,
                    "text": _line(sentence.text),
                    "after": question.after,
                    "label": sentence.label,
                    "probability": round(sentence.probability, 4),
                    "label_set": LABEL_JOINT.join(sentence.label_set),
                    "given": question.given or "",
                    "score": round(question.score, 4),
                    "reasons": "; ".join(question.reasons),
                }
            )


def read_sheet(
    path: Path, drafts: Mapping[str, Draft], labels: Sequence[str]
) -> Iterator[tuple[str, Draft, list[GoldSentence]]]:
    """Yield place, article and answers of each article that has a row with an answer; `drafts` are the articles by id.

    Raises
    ------
    InputError
        If a column is missing, an answer is none of `labels`, or a row does not fit its article; says file and line.
    """
    rows = csv.DictReader(decode(path).splitlines())
    if missing := [name for name in _NEEDED if name not in (rows.fieldnames or ())]:
        raise InputError(f"{path}, line 1: the column {missing[0]!r} is missing. Got {rows.fieldnames or []}")
    found: defaultdict[str, list[GoldSentence]] = defaultdict(list)
    places: dict[str, str] = {}
    for row in rows:
        if (row["answer"] or "").strip():
            where = f"{path}, line {rows.line_num}"
            found[row["document"]].append(_gold(row, drafts, labels, where))
            places.setdefault(row["document"], where)
    for name, answers in found.items():
        yield places[name], drafts[name], answers


def _gold(row: Mapping[str, str], drafts: Mapping[str, Draft], labels: Sequence[str], where: str) -> GoldSentence:
    label = row["answer"].strip()
    if label not in labels:
        raise InputError(f"{where}: answer must be one of {list(labels)}, or empty. Got {label!r}")
    if row["document"] not in drafts:
        raise InputError(f"{where}: {row['document']!r} is none of the exported articles: name their file with --tasks")
    text = drafts[row["document"]].text
    try:
        start, end = int(row["start"]), int(row["end"])
    except (TypeError, ValueError):
        raise InputError(f"{where}: start and end must be numbers. Got {row['start']!r}, {row['end']!r}") from None
    if not 0 <= start < end or _line(text[start:end]) != _line(row["text"] or ""):
        raise InputError(f"{where}: characters {start} to {end} of {row['document']!r} are not {row['text']!r:.60}")
    return GoldSentence(start=start, end=end, label=label)


def _line(text: str) -> str:
    return " ".join(text.split())
