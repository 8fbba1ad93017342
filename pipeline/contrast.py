"""Behavioural cases: small changes to a text that must move a label, or must not."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.alignment import best_overlaps
from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.json_rows import read_rows
from pipeline.scorer import Scorer
from pipeline.sentences import Span

Sentences = Annotated[tuple[str, ...], Field(min_length=1)]


class _Case(BaseModel, ABC):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str

    @abstractmethod
    def texts(self) -> Iterator[tuple[str, Sequence[str], Sequence[str | None]]]:
        """Yield each side: `a` or `b`, its sentences, and the label that each of them must get (None: not asked)."""


class Pair(_Case):
    """Two sentences that differ in one small change, in the same context; `before_b` is another context for `b`."""

    kind: str
    before: str
    before_b: str | None = None
    a: str
    b: str
    label_a: str
    label_b: str

    def texts(self) -> Iterator[tuple[str, Sequence[str], Sequence[str | None]]]:
        """Yield both sides; asked is the last sentence."""
        yield "a", (self.before, self.a), (None, self.label_a)
        yield "b", (self.before_b or self.before, self.b), (None, self.label_b)


class Perturbation(_Case):
    """A sentence and the same disturbed in a way that changes nothing of its role."""

    kind: str
    before: str
    a: str
    b: str
    label: str

    def texts(self) -> Iterator[tuple[str, Sequence[str], Sequence[str | None]]]:
        """Yield both sides; asked is the last sentence."""
        yield "a", (self.before, self.a), (None, self.label)
        yield "b", (self.before, self.b), (None, self.label)


class Swap(_Case):
    """A short article and the same with its two parties exchanged; the labels hold for both."""

    kind: Literal["swap"] = "swap"
    parties: tuple[str, str]
    a: Sentences
    b: Sentences
    labels: Sentences

    @model_validator(mode="after")
    def _as_many_sentences(self) -> "Swap":
        if not len(self.a) == len(self.b) == len(self.labels):
            raise ValueError(f"a, b and labels must be as many. Got {len(self.a)}, {len(self.b)} and {len(self.labels)}")
        return self

    def texts(self) -> Iterator[tuple[str, Sequence[str], Sequence[str | None]]]:
        """Yield both sides; every sentence is asked."""
        yield "a", self.a, self.labels
        yield "b", self.b, self.labels


Case = TypeVar("Case", bound=_Case)


def read_cases(path: Path, form: type[Case]) -> list[Case]:
    """Return the cases in a JSON Lines file.

    Raises
    ------
    InputError
        If a line is no case of this form, or an id comes twice; says file and line.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    for where, case in read_rows(path, form):
        if case.id in seen:
            raise InputError(f"{where}: id {case.id!r} comes twice: give it another")
        seen.add(case.id)
        cases.append(case)
    return cases


def predict_cases(model: Scorer, cases: Sequence[_Case]) -> pd.DataFrame:
    """Return one row for each asked sentence of `cases`.

    Columns: `id`, `kind`, `sentence`, and for both sides `text_a`, the label wanted `want_a`, predicted `got_a` and its
    probability `p_a`; `p_kept` is what the label of the first side comes to on the second.
    """
    sides = [(case, *side) for case in cases for side in case.texts()]
    scored = model.score_documents(Document(id=case.id, text=" ".join(sentences)) for case, _, sentences, _ in sides)
    asked: dict[tuple[str, int], dict[str, object]] = {}
    for (case, side, sentences, wanted), found in zip(sides, scored, strict=True):
        best = best_overlaps(_spans(sentences), [Span(s.start, s.end) for s in found])
        for number, (text, want, i) in enumerate(zip(sentences, wanted, best, strict=True)):
            if want is not None and i is not None:
                row = asked.setdefault(
                    (case.id, number), {"id": case.id, "kind": getattr(case, "kind", ""), "sentence": number}
                )
                row |= {
                    f"text_{side}": text,
                    f"want_{side}": want,
                    f"got_{side}": found[i].label,
                    f"p_{side}": found[i].probability,
                }
                if side == "b" and "got_a" in row:
                    row["p_kept"] = found[i].probabilities[str(row["got_a"])]
    return pd.DataFrame(asked.values())


def _spans(sentences: Sequence[str]) -> list[Span]:
    """Return where each of `sentences` stands when they are joined by single spaces."""
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    return spans


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a model did on each form of case: a row for each asked sentence, by `predict_cases`."""

    pairs: pd.DataFrame
    swaps: pd.DataFrame
    perturbations: pd.DataFrame
    parties: Mapping[str, tuple[str, str]]  # of each swap, by its id

    def shares(self) -> pd.DataFrame:
        """Return for each kind how many `cases` there are and how many of them `passed`, and their `share`.

        Of a pair both labels have to be right; of a swap no label may change, of a perturbation neither.
        """
        cases = pd.concat(self._judged()).groupby(["kind", "id"], sort=False)["passed"].all()
        return cases.groupby("kind", sort=False).agg(cases="size", passed="sum", share="mean").reset_index()

    def failing(self) -> pd.DataFrame:
        """Return the rows that do not behave, in the columns of `predict_cases`."""
        rows = pd.concat(self._judged())
        return rows[~rows["passed"]].drop(columns="passed")

    def summary(self) -> dict[str, float]:
        """Return the shares that behave.

        `pairs_right`: both labels right; `moves_seen`: of the pairs whose label moves, those where the prediction moves;
        `stays_kept`: of the pairs whose label stays, those where it stays; `swap_flip_rate`: sentences whose label changes when
        the parties are exchanged (0 is neutral); `perturbations_kept`: labels that a disturbance does not change.
        """
        pairs, swaps, perturbations = self._judged()
        moves = pairs["want_a"] != pairs["want_b"]
        moved = pairs["got_a"] != pairs["got_b"]
        return {
            "pairs_right": float(pairs["passed"].mean()),
            "moves_seen": float(moved[moves].mean()),
            "stays_kept": float((~moved[~moves]).mean()),
            "swap_flip_rate": float(1 - swaps["passed"].mean()),
            "perturbations_kept": float(perturbations["passed"].mean()),
        }

    def _judged(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        pairs, swaps, perturbations = self.pairs, self.swaps, self.perturbations
        right = (pairs["got_a"] == pairs["want_a"]) & (pairs["got_b"] == pairs["want_b"])
        return (
            pairs.assign(passed=right),
            swaps.assign(passed=swaps["got_a"] == swaps["got_b"]),
            perturbations.assign(passed=perturbations["got_a"] == perturbations["got_b"]),
        )


def behave(model: Scorer, folder: Path) -> Behaviour:
    """Return what `model` does on the cases in `folder`: pairs.jsonl, swaps.jsonl and perturbations.jsonl."""
    swaps = read_cases(folder / "swaps.jsonl", Swap)
    return Behaviour(
        pairs=predict_cases(model, read_cases(folder / "pairs.jsonl", Pair)),
        swaps=predict_cases(model, swaps),
        perturbations=predict_cases(model, read_cases(folder / "perturbations.jsonl", Perturbation)),
        parties={case.id: case.parties for case in swaps},
    )
