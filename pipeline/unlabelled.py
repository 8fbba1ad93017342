"""Articles without labels, of which an encoder learns what its teacher says: one article a line of JSON."""

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from pipeline.corpus import corpus_files
from pipeline.errors import InputError
from pipeline.json_rows import read_rows
from pipeline.passages import passage
from pipeline.sentences import split_sentences

NO_CLUSTER = -1


class UnlabelledArticle(BaseModel):
    """One article as it stands on its page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    title: str = ""
    domain: str = ""
    text: Annotated[str, Field(pattern=r"\S")]


def read_unlabelled(root: Path, folder: str | None, table: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences of the articles in `folder`, under `root`, with the columns of `table` that encoders learn from.

    No labels; no rows where there is no folder. `table` is that of the corpus.

    Raises
    ------
    InputError
        If a line is no such article, or an id comes twice or is one of the corpus; says file and line.
    """
    parts = [pd.DataFrame({name: table[name].iloc[:0] for name in ("document", "cluster", "starts_line", "label", "text")})]
    seen = set(table["document"])
    for file in corpus_files(root / folder) if folder is not None else ():
        for where, article in read_rows(file, UnlabelledArticle, strict=True):
            if article.id in seen:
                raise InputError(f"{where}: id {article.id!r} was used before: give it another")
            seen.add(article.id)
            parts.append(_rows(article))
    return pd.concat(parts, ignore_index=True)


def _rows(article: UnlabelledArticle) -> pd.DataFrame:
    page = passage(article.text, split_sentences(article.text))
    count = len(page.sentences)
    return pd.DataFrame(
        {
            "document": article.id,
            "cluster": NO_CLUSTER,
            "starts_line": page.starts_line,
            "label": pd.Series([None] * count, dtype=object),
            "text": page.sentences,
        }
    )
