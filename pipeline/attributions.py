"""Who says it, against whom, in answer to what: annotations of the corpus, an article a line; see data/ATTRIBUTION.md."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from pipeline.corpus import Article
from pipeline.errors import InputError
from pipeline.json_rows import read_rows
from pipeline.ledger.statements import ATTRIBUTED, DenialKind, EvidenceKind, Quotation
from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE

AnnotatedKind = Literal["person", "organisation", "role", "collective", "unnamed", "document", "author"]


class Words(BaseModel):
    """A piece of the article: code-point offsets into its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Annotated[int, Field(ge=0)]
    end: int

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"must hold something. Got {self.start} to {self.end}")
        return self

    def within(self, outer: "Words") -> bool:
        """Tell whether it lies inside `outer`."""
        return outer.start <= self.start and self.end <= outer.end


class Attribution(BaseModel):
    """Whose statement a sentence is, the words that show it, what it is about and which sentence it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentence: Annotated[int, Field(ge=0)]
    source: Words | None = None
    who: str | None = None
    kind: AnnotatedKind
    cue: Words | None = None
    content: Annotated[tuple[Words, ...], Field(min_length=1)]
    quotation: Quotation
    depth: PositiveInt = 1
    target: Words | None = None
    answers: Annotated[int, Field(ge=0)] | None = None
    denial: tuple[DenialKind, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    open: bool = False

    @model_validator(mode="after")
    def _author_has_no_source(self) -> Self:
        if self.kind == "author" and (self.source or self.who):
            raise ValueError("the author's own voice has no source")
        return self


class AttributedArticle(BaseModel):
    """The attributions of one article of the corpus, one for each sentence that is no context, in reading order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    rows: tuple[Attribution, ...]

    def problem(self, article: Article) -> str | None:
        """Return what does not fit `article`, None where all fits."""
        spans = [Words(start=sentence.start, end=sentence.end) for sentence in article.sentences]
        wanted = [i for i, sentence in enumerate(article.sentences) if sentence.label in ATTRIBUTED]
        if [row.sentence for row in self.rows] != wanted:
            return f"rows must be those of the sentences {wanted}. Got {[row.sentence for row in self.rows]}"
        for row in self.rows:
            label = article.sentences[row.sentence].label
            inside = (*([row.cue] if row.cue else []), *row.content)
            if not all(words.within(spans[row.sentence]) for words in inside):
                return f"sentence {row.sentence}: cue and content must lie in it"
            outside = [words for words in (row.source, row.target) if words]
            if not all(any(words.within(span) for span in spans) for words in outside):
                return f"sentence {row.sentence}: source and target must each lie in one sentence"
            if row.answers is not None and (row.answers not in wanted or row.answers == row.sentence):
                return f"sentence {row.sentence}: answers must be another of {wanted}. Got {row.answers}"
            given = (bool(row.denial), bool(row.evidence), row.target is not None and label != ALLEGATION)
            if given != (label == DENIAL, label == EVIDENCE, False):
                return f"sentence {row.sentence}: kinds or target do not go with the label {label!r}"
        return None


def read_attributions(files: list[Path], articles: Mapping[str, Article]) -> Iterator[AttributedArticle]:
    """Yield the attributions in `files`, each checked against its article.

    Raises
    ------
    InputError
        If a line is no such row, is of an unknown article, or does not fit it; says file and line.
    """
    for file in files:
        for where, found in read_rows(file, AttributedArticle):
            if found.id not in articles:
                raise InputError(f"{where}: no article of the corpus has the id {found.id!r}")
            if problem := found.problem(articles[found.id]):
                raise InputError(f"{where}: {found.id}: {problem}")
            yield found
