"""The labelled corpus: one article a line of JSON, raw text with labelled spans."""

import glob
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import InputError
from pipeline.json_rows import lines_of
from pipeline.params import first_problem
from pipeline.writing import replacing

if TYPE_CHECKING:
    from datasets import Dataset, Features


class GoldSentence(BaseModel):
    """One labelled sentence: code-point offsets into the article's text, the settled label and the readings behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Annotated[int, Field(ge=0)]
    end: int
    label: str
    first: str | None = None
    second: str | None = None
    doubt: bool | None = None


class Article(BaseModel):
    """One article of the corpus: raw text, and labelled spans in reading order that never overlap."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    title: str = ""
    domain: str = ""
    style: str = ""
    people: tuple[str, ...] = ()
    text: str
    sentences: Annotated[tuple[GoldSentence, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _spans_in_order(self) -> Self:
        end = 0
        for i, sentence in enumerate(self.sentences):
            if not end <= sentence.start < sentence.end <= len(self.text):
                raise ValueError(
                    f"sentences.{i}: spans must lie in order, without overlap, inside the {len(self.text)} characters "
                    f"of the text. Got {sentence.start} to {sentence.end} after {end}"
                )
            if self.text[sentence.start : sentence.end].isspace():
                raise ValueError(
                    f"sentences.{i}: a span must hold more than white space. Got {sentence.start} to {sentence.end}"
                )
            end = sentence.end
        return self


def write_articles(articles: Iterable[Article], path: Path) -> None:
    """Write articles as `read_articles` reads them, a line each."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(article.model_dump_json() + "\n" for article in articles)


def corpus_files(folder: Path) -> list[Path]:
    """Return the *.jsonl files of a corpus folder, in the order of their names; InputError if there are none."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(f"{folder} holds no *.jsonl file: put the corpus there, or set split.corpus in params.yaml")
    return files


def read_articles(files: Sequence[Path], labels: Sequence[str]) -> Iterator[Article]:
    """Yield the articles of `files` in order, each checked; see `read_places` for the errors."""
    return (article for _, article in read_places(files, labels))


def read_places(files: Sequence[Path], labels: Sequence[str]) -> Iterator[tuple[str, Article]]:
    """Yield each article of `files` in order, checked, with its place: ``file, line number``.

    Raises
    ------
    InputError
        If a line is not a corpus row, an id comes twice, or a label is not among `labels`; says file and line.
    """
    seen: dict[str, str] = {}
    for file in files:
        for where, line in lines_of(file):
            article = _article(line, where)
            if article.id in seen:
                raise InputError(f"{where}: id {article.id!r} was used before, in {seen[article.id]}: give it another")
            seen[article.id] = where
            for i, sentence in enumerate(article.sentences):
                if sentence.label not in labels:
                    raise InputError(f"{where}: sentences.{i}.label must be one of {list(labels)}. Got {sentence.label!r}")
            yield where, article


def _article(line: str, where: str) -> Article:
    try:
        json.loads(line, object_pairs_hook=_unique)
        return Article.model_validate_json(line, strict=True)
    except _KeyTwiceError as error:
        raise InputError(f"{where}: key {str(error)!r} stands twice in one object") from None
    except ValueError as error:
        problem = first_problem(error) if isinstance(error, ValidationError) else f"is no JSON: {error}"
        raise InputError(f"{where}: {problem}") from None


class _KeyTwiceError(Exception):
    pass


def _unique(pairs: list[tuple[str, object]]) -> None:
    seen = set()
    for key, _ in pairs:
        if key in seen:
            raise _KeyTwiceError(key)
        seen.add(key)


def load_corpus(files: Sequence[Path], labels: Sequence[str], cache: Path) -> "Dataset":
    """Return the corpus as a `datasets.Dataset`, one article a row, after `read_articles` has checked it.

    `cache` is the folder where the datasets library keeps its Arrow files; nothing is fetched from anywhere.
    """
    if not sum(1 for _ in read_articles(files, labels)):
        raise InputError(f"{files[0].parent}: its files hold no article")
    import datasets

    datasets.disable_progress_bars()
    return datasets.load_dataset(
        "json",
        data_files=[glob.escape(str(file)) for file in files],
        features=_features(),
        cache_dir=str(cache),
        split="train",
        download_mode="force_redownload",  # the cache goes by name and time of a file, not by what is in it
    )


def articles_of(dataset: "Dataset") -> Iterator[Article]:
    """Yield the rows of a corpus loaded by `load_corpus` as articles; what a row leaves out has its default."""
    for row in dataset:
        yield Article.model_validate({name: value for name, value in row.items() if value is not None})


def _features() -> "Features":
    from datasets import Features, List, Value

    text = Value("string")
    sentence = {
        "start": Value("int64"), "end": Value("int64"), "label": text, "first": text, "second": text, "doubt": Value("bool")
    }  # fmt: skip
    return Features(id=text, title=text, domain=text, style=text, people=List(text), text=text, sentences=List(sentence))
