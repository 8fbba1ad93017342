"""The shape of a ledger in JSON: ``python -m pipeline.ledger.records`` writes pipeline/schemas/ledger.schema.json.

A statement has the shape of a quotation in BBC Citron: `cue`, `sources`, `contents`. Each carries the hash of its article and
what made it, so that one statement alone is a receipt, which `stance verify` checks.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.ledger.statements import Quotation, Relation, SourceKind
from pipeline.manifest import Sha256
from pipeline.output_schema import Offset, Probability
from pipeline.writing import replacing

SCHEMA = Path(__file__).parent.parent / "schemas" / "ledger.schema.json"
SCHEMA_VERSION = 1  # of a ledger; grows when its keys change


class Record(BaseModel):
    """An object of a ledger's JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ExtractRecord(Record):
    """A piece of the article's text."""

    start: Offset = Field(description="Code point of the article's text at which it begins.")
    end: Annotated[int, Field(ge=1)] = Field(description="Code point before which it ends.")
    text: str = Field(description="What stands there.")

    @model_validator(mode="after")
    def _as_long_as_its_text(self) -> "ExtractRecord":
        if self.end - self.start != len(self.text):
            raise ValueError(f"a text of {len(self.text)} characters does not go from {self.start} to {self.end}")
        return self


class SourceRecord(Record):
    """Whose statement it is, and the words that name it: null where nobody is named."""

    start: Offset | None = Field(description="Code point of the article's text at which its words begin.")
    end: Annotated[int, Field(ge=1)] | None = Field(description="Code point before which they end.")
    text: str | None = Field(description="The words.")
    sentence: Offset | None = Field(description="The number of the sentence in which they stand.")
    kind: SourceKind
    who: str | None = Field(description="The fullest name that the article has for it.")
    resolved: bool = Field(description="False where its words are a pronoun or description that was not traced to a name.")

    @model_validator(mode="after")
    def _words_are_whole(self) -> "SourceRecord":
        given = {self.start is None, self.end is None, self.text is None}
        if len(given) > 1:
            raise ValueError("start, end and text must all be there, or all be null")
        self.words()
        return self

    def words(self) -> ExtractRecord | None:
        """Return the words that name it."""
        if self.start is None or self.end is None or self.text is None:
            return None
        return ExtractRecord(start=self.start, end=self.end, text=self.text)


class TargetRecord(ExtractRecord):
    """Against whom an allegation is made, and the words that name it."""

    sentence: Offset = Field(description="The number of the sentence in which these words stand.")
    who: str = Field(description="The fullest name that the article has for it.")
    carried: bool = Field(description="Whether the sentence names nobody and the last target was taken.")


class LinkRecord(Record):
    """What a statement is to another."""

    relation: Relation
    to: Offset = Field(description="The number of the other's sentence.")
    probability: Probability


class Made(Record):
    """Of which text a record is and what made it."""

    document: str = Field(description="The article: a file's name, a table's id, or file:line.")
    text_sha256: Sha256 = Field(description="Of the article's text in UTF-8, lone surrogates replaced by U+FFFD.")
    model: str = Field(description="The model's id, and what was set at scoring.", examples=["stance-506becf6e3af"])
    labelled_by: str = Field(description="What labelled the sentences.")
    version: Literal[1] = Field(alias="schema", description="Of these keys; grows when they change.")


class StatementRecord(Made):
    """A sentence that alleges, denies or offers evidence; alone it is a receipt."""

    sentence: Offset = Field(description="Its number in the article, from 0.")
    start: Offset = Field(description="Code point of the article's text at which it begins.")
    end: Annotated[int, Field(ge=1)] = Field(description="Code point before which it ends.")
    text: str = Field(description="The sentence, as it stands in the article.")
    label: str = Field(description="Its role.")
    probability: Probability = Field(description="That of the role, calibrated.")
    cue: ExtractRecord | None = Field(description="The words of saying.")
    sources: Annotated[tuple[SourceRecord, ...], Field(min_length=1, max_length=1)] = Field(description="Whose it is: one.")
    contents: tuple[ExtractRecord, ...] = Field(description="What is said.")
    quotation: Quotation
    quote_unclosed: bool = Field(description="Whether a quotation in it lacks one of its marks.")
    depth: Annotated[int, Field(ge=1)] = Field(description="1 where the source says it, 2 where it says that another did.")
    target: TargetRecord | None
    links: tuple[LinkRecord, ...]
    kinds: tuple[str, ...] = Field(description="Of a denial or of evidence.")
    hedges: tuple[ExtractRecord, ...] = Field(description="The words that leave it open.")
    loaded: tuple[ExtractRecord, ...] = Field(description="The words that judge.")
    rules: dict[str, str] = Field(description="For each field that was inferred, the id of the rule.")


class SignalRecord(Record):
    """Something that a stated rule found; never a verdict."""

    rule: str = Field(description="The id of the rule.")
    told: str = Field(description="What was found, in a line.")
    sentences: tuple[Offset, ...] = Field(description="The numbers of those that fired it.")
    value: float | None = Field(description="A share or a count, where the rule has one.")


class LedgerRecord(Made):
    """Who alleges what against whom in one article, who answered, and on what evidence: a line of `stance ledger`."""

    model_config = ConfigDict(json_schema_extra={"$schema": "https://json-schema.org/draft/2020-12/schema"})

    title: str | None
    statements: tuple[StatementRecord, ...] = Field(description="In reading order.")
    signals: tuple[SignalRecord, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a ledger; that of a statement is in it, under `$defs`."""
    return LedgerRecord.model_json_schema(by_alias=True)


def schema_text() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    with replacing(SCHEMA) as temporary:
        temporary.write_text(schema_text(), encoding="utf-8")
