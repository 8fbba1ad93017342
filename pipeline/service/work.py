"""What is done with the model for a request; runs in a worker process."""

from typing import TYPE_CHECKING, NamedTuple

from pipeline.documents import Document
from pipeline.reading.languages import other_language
from pipeline.service.asking import read_asked
from pipeline.service.bodies import Answer, ModelRecord, ScoreMany, ScoreOne, documents_of
from pipeline.service.limits import Limits
from pipeline.service.problems import Fault, unprocessable
from pipeline.views import DECIMALS, SCHEMA_VERSION

if TYPE_CHECKING:
    from pipeline.manifest import Manifest
    from pipeline.scorer import Scorer

EXAMPLE = (
    "Two councillors accused the mayor of taking money from the harbour fund. Her office denied it. "
    "Bank records that the paper has seen show three transfers in May. The fund was set up for flood repairs ten years ago, "
    "and the council meets again on Thursday."
)


class Described(NamedTuple):
    """The model that is served, and what it answers to the example."""

    record: ModelRecord
    example: Answer


def describe(scorer: "Scorer", manifest: "Manifest") -> Described:
    """Return what the service tells of a model."""
    shares = scorer.classifier.shares * scorer.classifier.factors
    record = ModelRecord(
        id=scorer.id,
        labels=list(scorer.labels),
        training=manifest.training,
        prior={label: round(share, DECIMALS) for label, share in zip(scorer.labels, shares.tolist(), strict=True)},
        schema=SCHEMA_VERSION,
    )
    return Described(record, answer_of(scorer, ScoreOne(text=EXAMPLE)))


def score(scorer: "Scorer", *, body: bytes, content_type: str, limits: Limits) -> bytes:
    """Return the answer to the body of a request, both JSON.

    Raises
    ------
    Refusal
        If the body cannot be read, asks for more than `limits` allow, or for a text that is not in English, unless this was
        wished for.
    """
    return answer_of(scorer, read_asked(body, content_type, limits)).as_json()


def answer_of(scorer: "Scorer", asked: ScoreOne | ScoreMany) -> Answer:
    """Return the answer to what is asked; raises a Refusal for the language of a text."""
    documents = documents_in_english(asked)
    return Answer.of(scorer, documents, list(scorer.score_documents(documents, explain=asked.explain)))


def documents_in_english(asked: ScoreOne | ScoreMany, repair: str = "`force` has it scored anyway") -> list[Document]:
    """Return the documents asked for; raises a Refusal that names those not in English, and the `repair`, unless wished for."""
    documents = documents_of(asked)
    if asked.force:
        return documents
    faults = [
        Fault(where=place, reason=f"is not in English but, it seems, in {language!r} (ISO 639): {repair}")
        for place, document in zip(asked.places(), documents, strict=True)
        if (language := other_language(document.text)) is not None
    ]
    if faults:
        raise unprocessable(faults)
    return documents
