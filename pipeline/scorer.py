"""The one object a user loads: raw text in, labelled sentences out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.documents import Document, document_of, documents_of, problem_of
from pipeline.encoder import Encoded, Encoder
from pipeline.encoder_files import Floats
from pipeline.errors import ModelError
from pipeline.explanations import Explanation, explained
from pipeline.model_files import find_ledger, find_model, read_model
from pipeline.passages import Passage, passage
from pipeline.rows import rows_of
from pipeline.sentences import Span, split_sentences
from pipeline.settings import check_prior, check_thresholds, spelled

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.classifier import Classifier
    from pipeline.features import Featurizer
    from pipeline.ledger.pages import Page
    from pipeline.ledger.reader import LedgerReader
    from pipeline.ledger.statements import Ledger

_BATCH = 32  # documents that are featurized at a time


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence and its role: ``text == document[start:end]``; `probability` is that of `label`.

    `label_set` holds the labels that cannot be ruled out at the coverage that the model was trained for, `label` among them.
    `explanation` says what each word did, where it was asked for.
    """

    start: int
    end: int
    text: str
    label: str
    probability: float
    probabilities: dict[str, float]
    label_set: tuple[str, ...]
    explanation: Explanation | None = None

    @property
    def needs_review(self) -> bool:
        """Whether more than one label is left, so that a person should look."""
        return len(self.label_set) > 1


class _Read(NamedTuple):
    """A document, its scored sentences, and what the encoder said of it."""

    document: Document
    sentences: list[ScoredSentence]
    told: Encoded | None


class Scorer:
    """A trained model: splits, featurizes, classifies. Made by the pipeline, loaded by `load_model`; never changes.

    `id` names the model in every output row, `labels` are its labels in the order of every table.
    """

    def __init__(
        self,
        featurizer: "Featurizer",
        classifier: "Classifier",
        model_id: str,
        encoder: Encoder | None = None,
        ledger_folder: Path | None = None,
    ) -> None:
        self.ledger_folder = ledger_folder
        self.featurizer = featurizer
        self.encoder = encoder
        self.classifier = classifier
        self.id = model_id

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that sentences can get."""
        return self.classifier.labels

    def with_prior(self, prior: Mapping[str, float]) -> "Scorer":
        """Return a scorer of texts in which the labels have the shares in `prior`, instead of those that training stated.

        Probabilities, decisions and label sets follow; `id` says so in every row.

        Raises
        ------
        InputError
            If `prior` does not name each label with a share above 0, or the shares do not sum to 1.
        """
        checked = check_prior(prior, self.labels)
        return self._changed(self.classifier.with_prior(checked), f"prior {spelled(checked)}")

    def with_thresholds(self, thresholds: Mapping[str, float]) -> "Scorer":
        """Return a scorer that gives a label of `thresholds` only where its probability reaches that.

        Elsewhere the best of the other labels is given; the commonest label of all takes no threshold.

        Raises
        ------
        InputError
            If one is not of such a label, or is no probability.
        """
        checked = check_thresholds(thresholds, self.labels, self.classifier.majority)
        return self._changed(self.classifier.with_thresholds(checked), f"threshold {spelled(checked) or 'none'}")

    def _changed(self, classifier: "Classifier", setting: str) -> "Scorer":
        return Scorer(self.featurizer, classifier, f"{self.id}; {setting}", self.encoder, self.ledger_folder)

    def score(self, text: str, title: str | None = None, *, explain: bool = False) -> list[ScoredSentence]:
        """Return the sentences of `text` with their roles, in reading order; an empty list for a text without any.

        `title` is the headline where it does not stand in the text itself. With `explain` each sentence says what its words
        did, which takes a tenth of a second or more for each.

        Raises
        ------
        TypeError
            If `text` is not a str.
        """
        return next(self.score_documents([Document(id="", text=text, title=title)], explain=explain))

    def score_documents(self, documents: Iterable[Document | str], *, explain: bool = False) -> Iterator[list[ScoredSentence]]:
        """Yield the scored sentences of each of `documents`, in order; it reads ahead by a few, so any number will do.

        Raises
        ------
        TypeError
            If one of them is no Document and no str, or its text or title is no str; what came before it is yielded first.
        """
        return (read.sentences for read in self._read_documents(documents, explain))

    def _read_documents(
        self, documents: Iterable[Document | str], explain: bool, probe: Floats | None = None
    ) -> Iterator["_Read"]:
        batch: list[Document] = []
        for number, item in enumerate(documents):
            document = document_of(number, item)
            if problem := problem_of(document):
                yield from self._read_batch(batch, explain, probe)
                raise TypeError(f"document {number}: {problem}")
            batch.append(document)
            if len(batch) == _BATCH:
                yield from self._read_batch(batch, explain, probe)
                batch = []
        yield from self._read_batch(batch, explain, probe)

    @cached_property
    def _ledger_reader(self) -> "LedgerReader":
        from pipeline.ledger.files import read_reader

        if self.ledger_folder is None:
            raise ModelError("this scorer was made without a ledger model: load one with `load_model`")
        encoder = None if self.encoder is None else self.encoder.card_sha256
        return read_reader(self.ledger_folder, self.featurizer.common, encoder)

    @property
    def ledger_id(self) -> str:
        """The name of what makes its ledgers, as `id` is of what labels the sentences; raises as `ledger` does."""
        return self._ledger_reader.id

    def ledger(self, text: str, title: str | None = None) -> "Ledger":
        """Return the ledger of `text`: who alleges what against whom, who answered, and on what evidence.

        Raises
        ------
        TypeError
            If `text` is not a str.
        ModelError
            If there is no ledger model beside the scorer, or it cannot be used.
        """
        return next(self.ledger_documents([Document(id="", text=text, title=title)]))[1]

    @property
    def makes_ledgers(self) -> bool:
        """Whether there is a ledger model beside it, and a label that ledgers are made of."""
        from pipeline.ledger.statements import ATTRIBUTED

        return self.ledger_folder is not None and self.ledger_folder.is_dir() and not set(ATTRIBUTED).isdisjoint(self.labels)

    def ledger_documents(
        self, documents: Iterable[Document | str], *, explain: bool = False
    ) -> "Iterator[tuple[list[ScoredSentence], Ledger]]":
        """Yield the scored sentences and the ledger of each of `documents`, in order; raises as these do alone."""
        from pipeline.ledger.pages import Page

        reader = self._ledger_reader
        for read in self._read_documents(documents, explain, reader.probe):
            document, scored = read.document, read.sentences
            page = self._seen(Page.of(document.text, scored, self.featurizer.tokens, document.title), read.told)
            sure = {place: sentence.probability for place, sentence in enumerate(scored)}
            yield scored, reader.ledger(page, sure, document.id, document.title, self.id)

    def ledger_of(self, page: "Page", document: str = "", labelled_by: str = "people") -> "Ledger":
        """Return the ledger of an article whose sentences `labelled_by` has labelled; raises as `ledger` does."""
        seen = self._seen(page, None)
        return self._ledger_reader.ledger(seen, {}, document, page.passage.title, labelled_by)

    def _seen(self, page: "Page", told: Encoded | None) -> "Page":
        """Return `page` as the ledger model reads it; `told` is what the encoder has said of it, with the model's probe."""
        return page if self.encoder is None else self._ledger_reader.seen(page, self.encoder, told)

    def score_frame(self, frame: "pd.DataFrame", text: str = "text", title: str | None = None) -> "pd.DataFrame":
        """Return one row a sentence for the texts in column `text` of `frame`.

        Parameters
        ----------
        frame : one document a row
        text : name of the column that holds the texts
        title : name of the column that holds headlines, if there is one

        Returns
        -------
        DataFrame
            `document` (the index of `frame`), then the columns of `pipeline.views.row_names`.

        Raises
        ------
        KeyError
            If `frame` has no such column.
        TypeError
            If a text is not a str (a missing value, say); names its row.
        """
        from pipeline.views import frame_of

        documents = list(documents_of(frame, text, title))
        return frame_of(self, documents, self.score_documents(documents), index=frame.index)

    def _read_batch(self, documents: Sequence[Document], explain: bool, probe: Floats | None) -> Iterator["_Read"]:
        if not documents:
            return
        spans = [split_sentences(document.text) for document in documents]
        passages = [passage(d.text, found, d.title) for d, found in zip(documents, spans, strict=True)]
        told = None if self.encoder is None else self.encoder(passages, probe)
        probabilities = self.classifier.probabilities(rows_of(self.featurizer, self.encoder, passages, self.labels, told=told))
        decided = self.classifier.decide(probabilities)
        sets = self.classifier.label_sets(probabilities, decided)
        rows = zip(probabilities.tolist(), decided.tolist(), sets.tolist(), strict=True)
        each: Sequence[Encoded | None] = told or [None] * len(documents)
        for document, found, page, said in zip(documents, spans, passages, each, strict=True):
            scored = [self._scored(document.text, span, *next(rows)) for span in found]
            yield _Read(document, self._explained(scored, page) if explain else scored, said)

    def _explained(self, scored: list[ScoredSentence], page: Passage) -> list[ScoredSentence]:
        told = explained(self.featurizer, self.encoder, self.classifier, page, scored)
        return [replace(sentence, explanation=why) for sentence, why in zip(scored, told, strict=True)]

    def _scored(self, text: str, span: Span, probabilities: list[float], decided: int, in_set: list[bool]) -> ScoredSentence:
        return ScoredSentence(
            start=span.start,
            end=span.end,
            text=text[span.start : span.end],
            label=self.labels[decided],
            probability=probabilities[decided],
            probabilities=dict(zip(self.labels, probabilities, strict=True)),
            label_set=tuple(compress(self.labels, in_set)),
        )


def load_model(path: str | Path | None = None) -> Scorer:
    """Return the scorer in the folder `path`.

    Without a path: the folder that the environment variable STANCE_MODEL names, else the checkout's `models/scorer`, else
    the model that came with the installed package. The manifest is checked before the file is opened; yet a folder can hold
    a pickle, and opening one runs code: load only folders that you trust. A path that ends in ``scorer.skops``, which
    `stance export` writes, opens that file alone, which can hold no code.

    Raises
    ------
    ModelError
        If there is no model, a file is not the one its manifest describes, or other library versions saved it.
    """
    place = Path(path) if path is not None else find_model()
    manifest, featurizer, encoder, classifier = read_model(place)
    return Scorer(featurizer, classifier, manifest.id, encoder, find_ledger(place))
