"""What fine-tunes an encoder on documents of the table of sentences, as often as it is asked, and goes on where it stopped."""

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from pipeline.base_encoder import Base
from pipeline.encoder_files import Floats, Steps
from pipeline.metrics import confusion
from pipeline.metrics import scores as f1_scores
from pipeline.out_of_fold import OutOfFold, digest_of
from pipeline.params import FineTuneParams
from pipeline.tables import passages_of
from pipeline.windows import WindowShape
from pipeline.word_pieces import pieces_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from pipeline.encoder_training import SentenceEncoder


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document to learn from: the word pieces of its sentences, where lines begin, its headline, and label numbers.

    `opinions` are what a teacher says of its sentences: probabilities, shape (sentences, labels); None where none was asked.
    """

    UNKNOWN: ClassVar[int] = -100  # the label number of a sentence without label

    pieces: Sequence[Sequence[int]]
    starts_line: Sequence[bool]
    headline: Sequence[int]
    labels: Sequence[int]
    opinions: Floats | None = None

    def targets(self, labels: int, smoothing: float, teacher_share: float) -> Floats:
        """Return the probabilities to learn, shape (sentences, `labels`); zeros of a sentence of which nothing is known.

        They are the label, smoothed (Szegedy et al. 2016), and to `teacher_share` the teacher's opinion (Hinton et al. 2015,
        "Distilling the Knowledge in a Neural Network"); without a label its opinion alone.
        """
        known = np.array(self.labels, dtype=np.int64) != self.UNKNOWN
        found: Floats = np.zeros((len(known), labels), dtype=np.float32)
        found[known] = smoothing / labels
        found[known, np.array(self.labels)[known]] += 1 - smoothing
        if self.opinions is not None and teacher_share:
            found[known] = (1 - teacher_share) * found[known] + teacher_share * self.opinions[known]
            found[~known] = self.opinions[~known]
        return found


@dataclass(frozen=True)
class Learner:
    """Fine-tunes the base on some of the `documents`; keeps its states in the folder `checkpoints`.

    It does so `runs` times, and averages the weights; `teacher_share` of what it learns is the opinion of a teacher. With
    `steps` the weights are rounded.
    """

    labels: Sequence[str]
    settings: FineTuneParams
    base: Base
    shape: WindowShape
    documents: Mapping[str, Labelled]
    checkpoints: Path
    runs: int = 1
    teacher_share: float = 0.0
    steps: Steps | None = None

    def fit(self, table: pd.DataFrame) -> "SentenceEncoder":
        """Return an encoder fine-tuned on the documents of `table`."""
        from pipeline.encoder_training import train_averaged

        model, documents, place = self._start(table)
        share = self.teacher_share
        train_averaged(model, documents, self.shape, self.settings, place, runs=self.runs, teacher_share=share)
        return model

    def fit_run(self, table: pd.DataFrame, run: int) -> None:
        """Do one of the `runs` on the documents of `table`, and leave its state to `fit`."""
        from pipeline.encoder_training import train_run

        model, documents, place = self._start(table)
        runs, share = self.runs, self.teacher_share
        train_run(model, documents, self.shape, self.settings, place, run=run, runs=runs, teacher_share=share)

    def _start(self, table: pd.DataFrame) -> tuple["SentenceEncoder", list[Labelled], Path]:
        from pipeline.encoder_training import SentenceEncoder

        model = SentenceEncoder(copy.deepcopy(self.base.body), len(self.labels), self.settings, self.steps)
        return model, [self.documents[name] for name in table["document"].unique()], self.checkpoint(table)

    def checkpoint(self, table: pd.DataFrame) -> Path:
        """Return where training on the documents of `table` keeps its state."""
        opinions = [self.documents[name].opinions for name in table["document"].unique()]
        return checkpoint_of(table, self.labels, self.settings, self.checkpoints, opinions, self.base.tokenizer.to_str())

    def forget(self, table: pd.DataFrame) -> None:
        """Delete the states from which fine-tuning on the documents of `table` would go on."""
        for state in self.checkpoints.glob(f"{self.checkpoint(table).stem}*"):
            state.unlink()

    def scores(self, model: "SentenceEncoder", names: Iterable[str]) -> dict[str, Floats]:
        """Return the log-probabilities that `model` gives the sentences of each document."""
        from pipeline.encoder_training import log_probabilities

        return log_probabilities(model, {name: self.documents[name] for name in names}, self.shape, self.settings.batch)


def checkpoint_of(
    table: pd.DataFrame,
    labels: Sequence[str],
    settings: FineTuneParams,
    folder: Path,
    opinions: Iterable[Floats | None] = (),
    tokenizer: str = "",
) -> Path:
    """Return where training on `table` keeps its state: elsewhere for other sentences, parameters, `opinions`, `tokenizer`."""
    digest = hashlib.sha256(json.dumps([list(labels), settings.model_dump(exclude={"runs", "ancestor"})]).encode())
    digest.update(
        pd.util.hash_pandas_object(table[["document", "starts_line", "label", "text"]], index=False).to_numpy().tobytes()
    )
    digest.update(tokenizer.encode())
    for opinion in opinions:
        digest.update(b"" if opinion is None else opinion.tobytes())
    return folder / f"{digest.hexdigest()[:16]}.pt"


def labelled(
    table: pd.DataFrame,
    labels: Sequence[str],
    settings: FineTuneParams,
    tokenizer: "Tokenizer",
    common: Collection[str],
    opinions: OutOfFold | None = None,
) -> dict[str, Labelled]:
    """Return the documents of `table` as they are learnt from, by name; all but `common` words masked where settings say so.

    With them go the `opinions` of a teacher that has read the same sentences.
    """
    number = {label: i for i, label in enumerate(labels)}
    words = common if settings.names == "masked" else None
    found = {}
    for page, (name, rows) in zip(passages_of(table), table.groupby("document", sort=False), strict=True):
        heard = None if opinions is None else opinions.of(str(name), page)
        found[str(name)] = Labelled(
            *pieces_of(page, tokenizer, words),
            [number.get(label, Labelled.UNKNOWN) for label in rows["label"]],
            None if heard is None else np.exp(heard),
        )
    return found


def kept(scores: Mapping[str, Floats], table: pd.DataFrame) -> OutOfFold:
    """Return the scores of documents with the digests of their sentences in `table`."""
    scored = table[table["document"].isin(scores)]
    passages = zip(scored["document"].drop_duplicates(), passages_of(scored), strict=True)
    return OutOfFold(scores, {name: digest_of(passage) for name, passage in passages})


def f1_of(scores: Mapping[str, Floats], table: pd.DataFrame, labels: Sequence[str]) -> dict[str, float | None]:
    """Return the F1 of each label as the `scores` alone decide on the labelled documents, None where there is none."""
    known = table[table["document"].isin(scores)]
    found = [labels[i] for name in known["document"].drop_duplicates() for i in scores[name].argmax(axis=1).tolist()]
    known = known.assign(found=found).dropna(subset="label")
    f1 = f1_scores(confusion(known["label"].tolist(), known["found"].tolist(), labels))["f1"]
    return {label: None if np.isnan(value) else round(float(value), 4) for label, value in zip(labels, f1, strict=True)}


def told_f1(f1: Mapping[str, float | None], documents: int) -> str:
    """Return the mean of the F1 that `f1_of` returned, for the closing line of a stage."""
    known = [value for value in f1.values() if value is not None]
    return f"macro-F1 {np.mean(known):.3f} out of fold on {documents}" if known else "no out-of-fold scores"
