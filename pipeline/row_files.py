"""Output rows in files: JSON Lines as they come; CSV and Parquet, whose columns must stand first, once all rows are known.

Memory stays flat: until the columns are known the rows wait in an unnamed temporary file.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from pipeline.views import PROBABILITY, Model, Scored, carried_columns, row_names, rows_of, shown_words

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

_TOGETHER = 16_384  # rows of Parquet that are written at a time
_NOTHING, _MIXED = "", "mixed"  # kinds of columns: of those that hold no value, and of those whose values do not go together
_EXACT = 2**53  # up to here every whole number is a float too
_JOINED = {frozenset(("whole", "number")): "number", frozenset(("whole", "long")): "long"}


def write_jsonl(model: Model, scored: Scored, stream: IO[str]) -> None:
    """Write one JSON object a sentence."""
    for document, sentences in scored:
        for row in rows_of(model, document, sentences):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_csv(model: Model, scored: Scored, stream: IO[str], *, explained: bool = False, beside: Path | None = None) -> None:
    """Write a header and one line a sentence; the rows wait beside the file `beside`, else where temporary files go."""
    ours = row_names(model.labels, explained=explained)
    with _waiting(model, scored, beside) as waiting:
        writer = csv.DictWriter(stream, [*ours, *waiting.carried], lineterminator="\n")
        writer.writeheader()
        for row in waiting.rows():
            nested = {name: _as_text(value) for name, value in row.items() if isinstance(value, list | dict)}
            writer.writerow({**row, **nested, **({"words": shown_words(row["words"])} if explained else {})})


def write_parquet(
    model: Model, scored: Scored, path: Path, *, explained: bool = False, carried: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Write a Parquet file, a row a sentence; a column of the input keeps its type, and is text where its values differ.

    Returns the columns of the input and the kinds of their values. With `carried`, what it returned for the file before, they
    hold for both, so that a column stays what it was where a file of many has no value in it.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    with _waiting(model, scored, path, carried or {}) as waiting:
        schema = _schema(row_names(model.labels, explained=explained), waiting.carried)
        mixed = [name for name, kind in waiting.carried.items() if kind == _MIXED]
        rows = waiting.rows()
        with ParquetWriter(path, schema, compression="zstd") as writer:
            while part := list(islice(rows, _TOGETHER)):
                for row in part:
                    row.update({name: _as_text(row[name]) for name in mixed if row.get(name) is not None})
                writer.write_batch(pa.RecordBatch.from_pylist(part, schema))
        return waiting.carried


@dataclass(slots=True)
class _Waiting:
    """Rows in a temporary file, and for each column of the input among them the kind of its values."""

    stream: IO[str]
    carried: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        self.stream.seek(0)
        return map(json.loads, self.stream)


@contextmanager
def _waiting(model: Model, scored: Scored, beside: Path | None, carried: Mapping[str, str] = {}) -> Iterator[_Waiting]:
    folder = beside.parent if beside is not None and beside.is_file() else None  # nothing can be put beside a device
    with TemporaryFile("w+", encoding="utf-8", dir=folder) as stream:
        waiting = _Waiting(stream, dict(carried))
        for document, sentences in scored:
            for name, value in carried_columns(document.extra).items():
                waiting.carried[name] = _joined(waiting.carried.get(name, _NOTHING), _kind(value))
            for row in rows_of(model, document, sentences):
                stream.write(json.dumps(row) + "\n")
        yield waiting


def _kind(value: object) -> str:
    """Return the kind of a value as JSON has it; None may stand in a column of any kind."""
    if value is None:
        return _NOTHING
    if type(value) is int and abs(value) > _EXACT:
        return "long" if -(2**63) <= value < 2**63 else _MIXED
    return {bool: "truth", int: "whole", float: "number", str: "text"}.get(type(value), _MIXED)


def _joined(a: str, b: str) -> str:
    """Return the kind of a column that holds values of both kinds."""
    if a == b or _NOTHING in (a, b):
        return a or b
    return _JOINED.get(frozenset((a, b)), _MIXED)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _schema(ours: Iterable[str], carried: Mapping[str, str]) -> "pa.Schema":
    import pyarrow as pa

    whole, real, text = pa.int64(), pa.float64(), pa.string()
    word = pa.struct([("start", whole), ("end", whole), ("text", text), ("effect", real)])
    known = {
        "sentence": whole, "start": whole, "end": whole, "probability": real, "needs_review": pa.bool_(),
        "words": pa.list_(word), "schema": whole,
    }  # fmt: skip
    kinds = {"truth": pa.bool_(), "whole": whole, "long": whole, "number": real}
    fields = [(name, real if name.startswith(PROBABILITY) else known.get(name, text)) for name in ours]
    return pa.schema([*fields, *((name, kinds.get(kind, text)) for name, kind in carried.items())])
