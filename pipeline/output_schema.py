"""The output row as JSON Schema: ``python -m pipeline.output_schema`` writes it to pipeline/schemas/sentence.schema.json."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from pipeline.views import PROBABILITY, SCHEMA_VERSION
from pipeline.writing import replacing

SCHEMA = Path(__file__).parent / "schemas" / "sentence.schema.json"

Offset = Annotated[int, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Word(BaseModel):
    """A word that moved the score of its sentence's label."""

    model_config = ConfigDict(extra="forbid")

    start: Offset = Field(description="Code point of the article's text at which it begins.")
    end: Offset = Field(description="Code point before which it ends.")
    text: str
    effect: float = Field(description="What it did to the score, in nats; above zero it spoke for the label.")


class SentenceRow(BaseModel):
    """A sentence of an article and its role, as `stance score` writes it: a line of JSON Lines, a row of Parquet."""

    model_config = ConfigDict(
        json_schema_extra={
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "patternProperties": {
                f"^{PROBABILITY}": {
                    "type": "number", "minimum": 0, "maximum": 1, "description": "The calibrated probability of one label."
                }
            },
            "additionalProperties": {"description": "A column of the input, carried along."},
        }
    )  # fmt: skip

    document: str = Field(description="The article: a file's name, a table's id, or file:line.")
    sentence: Offset = Field(description="Its number in the article, from 0.")
    start: Offset = Field(description="Code point of the article's text at which it begins.")
    end: Annotated[int, Field(ge=1)] = Field(description="Code point before which it ends.")
    label: str = Field(description="Its role: one of the model's labels.")
    probability: Probability = Field(description="That of the label, calibrated.")
    label_set: str = Field(description="The labels that cannot be ruled out, joined by `|`, the given one among them.")
    needs_review: bool = Field(description="Whether more than one label is left, so that a person should look.")
    words: list[Word] = Field(default=[], description="With --explain: the words that moved the score most, strongest first.")
    text: Annotated[str, Field(min_length=1)] = Field(description="The sentence, as it stands in the article.")
    model: str = Field(description="The model's id, and what was set at scoring.", examples=["stance-506becf6e3af"])
    version: int = Field(
        alias="schema", description="Of these columns; grows when they change.", json_schema_extra={"const": SCHEMA_VERSION}
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an output row."""
    return SentenceRow.model_json_schema(by_alias=True)


def schema_text() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    with replacing(SCHEMA) as temporary:
        temporary.write_text(schema_text(), encoding="utf-8")
