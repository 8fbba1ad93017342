"""What is asked and what is answered, in JSON: the names and meanings of the output rows, nested instead of repeated."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, FailFast, Field, Tag

from pipeline.documents import Document
from pipeline.output_schema import Offset, Probability, Word
from pipeline.passages import printable
from pipeline.views import DECIMALS, SCHEMA_VERSION, Model, words_of

if TYPE_CHECKING:
    from pipeline.scorer import ScoredSentence

LONGEST_TITLE = 1000  # characters
ONE, MANY = "one", "many"  # documents asked for; pydantic puts these into the place of a fault


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


_whole = BeforeValidator(_printable)  # JSON can escape half a surrogate pair; offsets stay the same
Text = Annotated[str, _whole]
Line = Annotated[str, Field(max_length=LONGEST_TITLE), _whole]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class InputDocument(_Asked):
    """A text to be scored."""

    text: Text = Field(description="The article as it is; offsets in the answer refer to it.")
    title: Line | None = Field(default=None, description="The headline, where it does not stand in the text itself.")
    id: Line | None = Field(default=None, description="Its name in the answer. Default: its number, from 0.")


class _Wishes(_Asked):
    explain: bool = Field(default=False, description="Add the words that moved each score most; takes seconds an article.")
    force: bool = Field(default=False, description="Score a text though it is not in English.")


class ScoreOne(InputDocument, _Wishes):
    """One text to be scored."""

    def each(self) -> list[InputDocument]:
        """Return the documents asked for."""
        return [self]

    def places(self) -> list[str]:
        """Return where in the body each text stands."""
        return ["text"]


class ScoreMany(_Wishes):
    """Many texts to be scored."""

    documents: Annotated[list[InputDocument], Field(min_length=1), FailFast()]

    def each(self) -> list[InputDocument]:
        """Return the documents asked for."""
        return self.documents

    def places(self) -> list[str]:
        """Return where in the body each text stands."""
        return [f"documents.{number}.text" for number in range(len(self.documents))]


def _kind(body: object) -> str:
    return MANY if (isinstance(body, Mapping) and "documents" in body) or isinstance(body, ScoreMany) else ONE


Asked = Annotated[Annotated[ScoreOne, Tag(ONE)] | Annotated[ScoreMany, Tag(MANY)], Discriminator(_kind)]


def documents_of(asked: ScoreOne | ScoreMany) -> list[Document]:
    """Return the documents of a request, those without an id named by their number."""
    return [
        Document(id=str(number) if part.id is None else part.id, text=part.text, title=part.title)
        for number, part in enumerate(asked.each())
    ]


class Sentence(BaseModel):
    """A sentence and its role."""

    start: Offset = Field(description="Code point of the text at which it begins.")
    end: Offset = Field(description="Code point before which it ends.")
    text: str = Field(description="text[start:end] of the document.")
    label: str = Field(description="Its role.")
    probability: Probability = Field(description="That of the label, calibrated.")
    probabilities: dict[str, Probability] = Field(description="That of each label; they sum to 1.")
    label_set: list[str] = Field(description="The labels that cannot be ruled out, the given one among them.")
    needs_review: bool = Field(description="Whether more than one label is left, so that a person should look.")
    words: list[Word] | None = Field(default=None, description="The words that moved the score most, where asked for.")

    @classmethod
    def of(cls, scored: "ScoredSentence") -> Self:
        """Return a scored sentence as it is answered, probabilities rounded."""
        return cls(
            start=scored.start,
            end=scored.end,
            text=printable(scored.text),
            label=scored.label,
            probability=round(scored.probability, DECIMALS),
            probabilities={label: round(p, DECIMALS) for label, p in scored.probabilities.items()},
            label_set=list(scored.label_set),
            needs_review=scored.needs_review,
            words=None if scored.explanation is None else [Word(**word) for word in words_of(scored.explanation)],
        )


class ScoredDocument(BaseModel):
    """A document's sentences, in reading order; none for a text without any non-space character."""

    id: str
    sentences: list[Sentence]


class Answer(BaseModel):
    """The sentences of every document asked for, in the order in which they were asked for."""

    model: str = Field(description="The id of the model that scored them.")
    schema_version: int = Field(alias="schema", description="Grows when names or meanings change.")
    documents: list[ScoredDocument]

    @classmethod
    def of(cls, model: Model, documents: Sequence[Document], scored: "Sequence[Sequence[ScoredSentence]]") -> Self:
        """Return the answer for `documents`, which `model` scored."""
        return cls(
            model=model.id,
            schema=SCHEMA_VERSION,
            documents=[
                ScoredDocument(id=printable(document.id), sentences=[Sentence.of(sentence) for sentence in sentences])
                for document, sentences in zip(documents, scored, strict=True)
            ],
        )

    def as_json(self) -> bytes:
        """Return the answer as JSON, without what was not asked for."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class Health(BaseModel):
    """That the service is up."""

    status: str = Field(description="`ok`.", examples=["ok"])
    model: str = Field(description="The id of the model that it serves.")


class ModelRecord(BaseModel):
    """The model that is served."""

    id: str
    labels: list[str] = Field(description="The labels that sentences can get.")
    training: dict[str, int | str] = Field(description="What it was trained on: counts, and a hash of the data.")
    prior: dict[str, Probability] = Field(description="The shares of the labels that its probabilities suppose.")
    schema_version: int = Field(alias="schema", description="That of the answers.")
