"""Parquet files, and folders that the datasets library saved, to documents, some rows at a time."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading.options import ReadingOptions, Unread
from pipeline.reading.streams import MEGABYTE, Input
from pipeline.reading.tables import check_columns, row_document

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST_PIPED = 500 * MEGABYTE
_ROWS = 64  # that are in memory at a time


def read_parquet(table: Input, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document of each row.

    Raises
    ------
    InputError
        If the file is no Parquet, or a column that was asked for is missing.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        # Without both settings a column of a whole row group is held, which can be the file.
        file = ParquetFile(table.seekable(LARGEST_PIPED), pre_buffer=False, buffer_size=MEGABYTE)
    except (ArrowException, OSError, ValueError) as error:
        raise InputError(f"{table.place}: cannot be read as Parquet: {_first_line(error)}") from None
    check_columns(file.schema_arrow.names, table.place, options)
    yield from _documents(file.iter_batches(_ROWS, use_threads=False), table.name, table.place, options)


def read_dataset(folder: str, options: ReadingOptions) -> Iterator[Document | Unread]:
    """Yield the document of each row of a dataset that `save_to_disk` left in `folder`; of several splits, one after another.

    Raises
    ------
    InputError
        If the folder cannot be read, or a column that was asked for is missing.
    """
    import datasets

    datasets.disable_progress_bars()
    try:
        loaded = datasets.load_from_disk(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: cannot be read as a dataset: {_first_line(error)}") from None
    splits = loaded.items() if isinstance(loaded, datasets.DatasetDict) else [(None, loaded)]
    for split, rows in splits:
        place = folder if split is None else f"{folder}/{split}"
        check_columns(rows.column_names, place, options)
        yield from _documents(rows.with_format("arrow").iter(_ROWS), place, place, options)


def _documents(
    batches: "Iterable[pa.RecordBatch | pa.Table]", name: str, place: str, options: ReadingOptions
) -> Iterator[Document | Unread]:
    for number, row in enumerate(_rows(batches, place), 1):
        yield row_document(row, f"{name}:{number}", f"{place}, row {number}", options)


def _rows(batches: "Iterable[pa.RecordBatch | pa.Table]", place: str) -> Iterator[dict[str, object]]:
    from pyarrow import ArrowException

    try:
        for batch in batches:
            yield from batch.to_pylist()
    except (ArrowException, OSError, ValueError, OverflowError) as error:
        raise InputError(f"{place}: is broken: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
