"""JSON Lines, CSV, Parquet and saved datasets: rows to documents, as a stream, with their other columns."""

import gzip
import io
import json
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from itertools import count, islice

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from readable import Endless

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading import ReadingOptions, Unread, read
from pipeline.reading.json_lines import read_json_lines
from pipeline.reading.separated import read_separated
from pipeline.reading.streams import Input

COLUMNS = {"text_column": "body", "id_column": "key", "title_column": "head"}
ROWS = [
    {
        "key": "a",
        "head": "Chief, clerk",
        "body": "He said\n“no”; she left.",
        "date": "2024-03-05",
        "source": "The Quay",
        "words": "7",
    },
    {"key": "b", "head": "", "body": "It rained.", "date": "soon", "source": "", "words": ""},
]
EXPECTED = [
    Document("a", ROWS[0]["body"], "Chief, clerk", "The Quay", "2024-03-05", None, ROWS[0].copy()),
    Document("b", "It rained.", None, None, None, None, ROWS[1].copy()),
]
for expected in EXPECTED:
    for used in COLUMNS.values():
        del expected.extra[used]


def take(path, data=None, **options):
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read([str(path)], ReadingOptions(**options)))


def reasons(path, data=None, **options):
    return [i.reason.removeprefix(f"{path}") for i in take(path, data, **options) if isinstance(i, Unread)]


def separated(by: str, *, end: str = "\n") -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if set(value) & {by, "\n", '"'} else value

    return "".join(by.join(map(cell, row)) + end for row in [list(ROWS[0]), *(list(row.values()) for row in ROWS)])


def parquet(rows) -> bytes:
    written = io.BytesIO()
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows), written)
    return written.getvalue()


JSONL = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
TABLES = {
    "t.jsonl": JSONL.encode(),
    "t.ndjson": b"\xef\xbb\xbf\r\n" + JSONL.replace("\n", "\r\n\r\n").encode(),
    "t.jsonl.gz": gzip.compress(JSONL.encode()),
    "t.csv": b"\xef\xbb\xbf" + separated(",").encode(),
    "excel.csv": separated(";", end="\r\n").encode() + b";;;;;\r\n\r\n",
    "t.tsv": separated("\t").encode(),
    "t.csv.gz": gzip.compress(separated(",").encode()),
    "t.parquet": parquet(ROWS),
    "table-without-a-suffix": JSONL.encode(),
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_become_documents_and_carry_their_other_columns(tmp_path, name):
    assert take(tmp_path / name, TABLES[name], **COLUMNS) == EXPECTED


def test_a_saved_dataset_is_read_split_by_split(tmp_path):
    rows = datasets.Dataset.from_list(ROWS)
    rows.save_to_disk(tmp_path / "one")
    datasets.DatasetDict(train=rows, test=rows.select([1])).save_to_disk(tmp_path / "both")
    assert take(tmp_path / "one", **COLUMNS) == EXPECTED
    options = {**COLUMNS, "id_column": None}
    names = [document.id.removeprefix(f"{tmp_path}/") for document in take(tmp_path / "both", **options)]
    assert names == ["both/train:1", "both/train:2", "both/test:1"]
    assert reasons(tmp_path / "one") == [
        ": has no column 'text': name one with --text-column; it has 'key', 'head', 'body', 'date', 'source', 'words'"
    ]


def test_without_an_id_column_a_row_is_named_by_its_line(tmp_path):
    table = tmp_path / "t.csv"
    assert [d.id for d in take(table, 'text\n"It\nrained."\n\nHe left.\n')] == [f"{table}:2", f"{table}:5"]
    table = tmp_path / "t.jsonl"
    assert [d.id for d in take(table, '\n{"text": "It rained."}\n')] == [f"{table}:2"]


def test_values_are_carried_as_json_has_them(tmp_path):
    table = pa.table(
        {
            "text": pa.array(["It rained."]).dictionary_encode(),
            "date": [datetime(2024, 3, 5, 10)],
            "day": [date(2024, 3, 5)],
            "sum": [Decimal("4.50")],
            "raw": [b"caf\xe9"],
            "share": [float("nan")],
            "tags": [["port", None]],
            "place": [{"lat": 1.5, "seen": date(2024, 3, 5)}],
        }
    )
    [found] = take(tmp_path / "t.parquet", parquet(table))
    assert found.date == "2024-03-05"
    assert found.extra == {
        "date": "2024-03-05T10:00:00", "day": "2024-03-05", "sum": "4.50", "raw": "caf\\xe9", "share": None,
        "tags": ["port", None], "place": {"lat": 1.5, "seen": "2024-03-05"},
    }  # fmt: skip
    json.dumps(found.extra, allow_nan=False)


def endless(line: str):
    return (line.replace("#", str(number)).encode() for number in count())


STREAMS = {
    "JSON Lines": (read_json_lines, b"", '{"text": "It rained # times."}\n'),
    "CSV": (read_separated, b"text,k\n", '"It rained\n# times.",1\n'),
}


@pytest.mark.parametrize(("reader", "first", "line"), STREAMS.values(), ids=STREAMS)
def test_rows_come_before_the_table_ends(reader, first, line):
    stream = io.BufferedReader(Endless(first, endless(line)))
    rows = reader(Input(stream, "-", "standard input"), ReadingOptions())
    assert [row.text.split()[2] for row in islice(rows, 20_000)][-1] == "19999"


def test_parquet_is_read_some_rows_at_a_time(tmp_path):
    rained = pa.table({"text": [f"{number} " + "It rained. " * 100 for number in range(20_000)]})
    pq.write_table(rained, tmp_path / "t.parquet", compression="none", use_dictionary=False)  # 22 MB in one row group
    del rained
    tracemalloc.start()
    before, most = pa.total_allocated_bytes(), 0
    for _ in read([str(tmp_path / "t.parquet")], ReadingOptions(force=True)):
        most = max(most, pa.total_allocated_bytes() - before)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most + held < 8_000_000


LIST = ", line 1: is a JSON list, no object: `jq -c '.[]'` makes lines of a list"
BROKEN = {
    "no JSON": (
        "t.jsonl", '{"text": "a"}\n{"text": "b}\n', [", line 2: is no JSON: unterminated string starting at character 10"],
    ),
    "list": ("t.json", '[\n"a"', [LIST, ", line 2: is no JSON object. Got str"]),
    "list on a line": ("t.jsonl", '[{"text": "a"}]', [LIST]),
    "not UTF-8": ("t.jsonl", b'{"text": "caf\xe9"}', [", line 1: is no JSON: it is not UTF-8 (byte 13 is 0xe9)"]),
    "deep": ("t.jsonl", '{"text": ' + "[" * 100_000, [", line 1: is no JSON: it is nested too deeply"]),
    "no text column": (
        "t.jsonl", '{"body": "a", "key": 1}\n{"text": "b"}\n',
        [", line 1: has no column 'text': name one with --text-column; it has 'body', 'key'"],
    ),
    "null and number": (
        "t.jsonl", '{"text": null}\n{"text": 12}\n{"text": " "}\n{"text": "a"}',
        [
            ", line 1: column 'text' is empty", ", line 2: column 'text' must hold text. Got int 12",
            ", line 3: column 'text' is empty",
        ],
    ),
    "CSV without the column": ("t.csv", "a,b\n1,2\n", [": has no column 'text': name one with --text-column; it has 'a', 'b'"]),
    "CSV with a column twice": ("t.csv", "text,b,b\n1,2,3\n", [": the column 'b' stands twice: rename one"]),
    "empty CSV": ("t.csv", "", [": has no column 'text': name one with --text-column; it has none"]),
    "CSV with a cell too many": (
        "t.csv", "text,k\nHe left, she said,1\nIt rained.,2\n",
        [", line 2: has 3 cells, the header 2: quote cells that hold a separator"],
    ),
    "CSV with a stray quote": (
        "t.csv", 'text,k\n"He "left".",1\nIt rained.,2\n',
        [""", line 2: is no CSV (',' expected after '"'): is a quote missing?"""],
    ),
    "CSV without its last quote": (
        "t.csv", 'text,k\nIt rained.,2\n"He left.,1\n', [", line 3: is no CSV (unexpected end of data): is a quote missing?"],
    ),
    "CSV in windows-1252": (
        "t.csv", b"text,k\nIt rained.,2\ncaf\xe9,1\n",
        [": is not UTF-8 (0xe9 at line 1 or after): convert it, for example with `iconv -f WINDOWS-1252 -t UTF-8`"],
    ),
    "Parquet with nulls": ("t.parquet", parquet(pa.table({"text": ["a", None]})), [", row 2: column 'text' is empty"]),
    "Parquet cut off": ("t.parquet", TABLES["t.parquet"][:-9], [": cannot be read as Parquet: Parquet magic bytes not found"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_row_is_told_with_its_place_and_the_rest_is_read(tmp_path, name, data, told):
    found = reasons(tmp_path / name, data)
    assert len(found) == len(told)
    assert all(line.startswith(wanted) for line, wanted in zip(found, told, strict=True)), found


def test_a_column_that_no_row_has_ends_the_reading_early(tmp_path):
    line = '{"text": "It rained.", "body": "It rained."}\n'
    found = reasons(tmp_path / "t.jsonl", line * 5000, text_column="boby")
    assert len(found) == 100
    assert found[-1] == ", lines 1 to 100: has no column 'boby': name one with --text-column; it has 'text', 'body'"
    assert reasons(tmp_path / "t.jsonl", line, title_column="headline") == [
        ", lines 1 to 1: has no column 'headline': name one with --title-column; it has 'text', 'body'"
    ]


def test_a_line_that_does_not_end_is_not_read_into_memory():
    stream = io.BufferedReader(Endless(b'{"text": "', (b"It rained. " * 100_000 for _ in count())))
    with pytest.raises(InputError, match="standard input, line 1: is longer than 50 MB"):
        list(read_json_lines(Input(stream, "-", "standard input"), ReadingOptions()))


def test_an_article_may_be_longer_than_a_cell_usually_is(tmp_path):
    [found] = take(tmp_path / "t.csv", "text\n" + "It rained. " * 30_000)
    assert len(found.text) == 330_000
