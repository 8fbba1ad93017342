"""The table that the stages hand on: one row a sentence, in document order, checked when it is written and when it is read."""

from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.passages import Passage
from pipeline.writing import replacing

TRAIN, TEST, WITHHELD = "train", "test", "withheld"  # withheld: of one cluster with a test article


def write_sentences(table: pd.DataFrame, path: Path) -> None:
    """Write the table of sentences as Parquet, after checking it."""
    checked = _checked(table, path)
    with replacing(path) as temporary:
        checked.to_parquet(temporary, index=False)


def read_sentences(path: Path) -> pd.DataFrame:
    """Return the table of sentences that `split` wrote; InputError where it is missing."""
    if not path.is_file():
        raise InputError(f"{path} is missing: run `dvc repro`")
    return _checked(pd.read_parquet(path), path)


def passages_of(table: pd.DataFrame) -> list[Passage]:
    """Return the documents of a table of sentences, in order, as passages."""
    return [
        Passage(sentences=tuple(part["text"]), starts_line=tuple(part["starts_line"].tolist()))
        for _, part in table.groupby("document", sort=False)
    ]


def _checked(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            "document": pa.Column(str),
            "domain": pa.Column(str),
            "style": pa.Column(str),
            "split": pa.Column(str, pa.Check.isin([TRAIN, TEST, WITHHELD])),
            "cluster": pa.Column("int64"),
            "noise": pa.Column(str),
            "sentence": pa.Column("int64", pa.Check.ge(0)),
            "start": pa.Column("int64", pa.Check.ge(0)),
            "end": pa.Column("int64"),
            "starts_line": pa.Column(bool),
            "label": pa.Column(str, nullable=True),
            "text": pa.Column(str, pa.Check.str_length(min_value=1)),
        },
        checks=pa.Check(lambda t: t["start"] < t["end"], name="spans are not empty"),
        unique=["document", "sentence"],
        strict=True,
        ordered=True,
    )
    try:
        checked: pd.DataFrame = schema.validate(table)
    except pa.errors.SchemaError as error:
        cases = error.failure_cases
        example = cases["failure_case"].iloc[0] if isinstance(cases, pd.DataFrame) else cases
        column = error.schema.name
        raise InputError(
            f"{path}: column {column!r} does not hold what it should ({error.check}): got {example!r}; "
            "run `dvc repro --force split`"
        ) from None
    return checked
