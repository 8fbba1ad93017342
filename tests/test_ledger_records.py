"""Ledgers as JSON: what goes in comes out, every row says of which text it is, and the schema is what is published."""

import json
from dataclasses import replace

import jsonschema
import pytest
from noted import TEXT, ledger_of_article
from pydantic import ValidationError

from pipeline.ledger.recording import ledger_of, line_of, record_of
from pipeline.ledger.records import SCHEMA, LedgerRecord, schema, schema_text
from pipeline.ledger.statements import Source

VALIDATOR = jsonschema.Draft202012Validator(schema())


def written(ledger=None):
    return json.loads(line_of(record_of(ledger or ledger_of_article())))


def test_the_published_schema_is_that_of_the_records():
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run `python -m pipeline.ledger.records`"
    jsonschema.Draft202012Validator.check_schema(schema())


def test_a_ledger_comes_back_as_it_was():
    ledger = ledger_of_article(title="Berths")
    VALIDATOR.validate(written(ledger))
    assert ledger_of(LedgerRecord.model_validate(written(ledger))) == ledger


def test_each_statement_alone_says_of_which_text_it_is_and_what_made_it():
    line = written()
    for row in line["statements"]:
        assert {name: row[name] for name in ("document", "text_sha256", "model", "labelled_by", "schema")} == {
            name: line[name] for name in ("document", "text_sha256", "model", "labelled_by", "schema")
        }
    assert line["statements"][0]["rules"] == {"source": "forward"}


def test_cue_sources_and_contents_are_where_they_say():
    for row in written()["statements"]:
        for piece in (row["cue"], *row["sources"], *row["contents"], row["target"], *row["hedges"]):
            assert piece is None or TEXT[piece["start"] : piece["end"]] == piece["text"]
    denial = written()["statements"][1]
    assert (denial["cue"]["text"], denial["sources"][0]["text"], denial["contents"][0]["text"]) == (
        "said", "Ilse Marten", "A lie",
    )  # fmt: skip


def test_a_source_without_words_and_a_lone_surrogate_are_written():
    ledger = ledger_of_article("\ud800.txt", TEXT + " \udfff")
    author = replace(ledger.statements[0], source=Source("author"))
    row = written(replace(ledger, statements=(author,)))
    VALIDATOR.validate(row)
    json.dumps(row, ensure_ascii=False).encode()
    assert row["document"] == "\ufffd.txt"
    assert row["statements"][0]["sources"] == [
        {"start": None, "end": None, "text": None, "sentence": None, "kind": "author", "who": None, "resolved": True}
    ]


BROKEN = {
    "an unknown key": ({"more": 1}, "more"),
    "another schema": ({"schema": 2}, "schema"),
    "no hash": ({"text_sha256": "abc"}, "text_sha256"),
    "a probability above 1": ({"probability": 1.5}, "probability"),
    "an unknown relation": ({"links": [{"relation": "likes", "to": 1, "probability": 1}]}, "relation"),
    "a cue that is no extract": ({"cue": {"start": 0, "end": 9, "text": "said"}}, "does not go from 0 to 9"),
    "half a source": (
        {"sources": [dict(start=1, end=None, text="x", sentence=1, kind="person", who="x", resolved=True)]},
        "all be null",
    ),
}


@pytest.mark.parametrize(("change", "told"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_record_is_refused(change, told):
    line = written()
    line["statements"][0].update(change)
    with pytest.raises(ValidationError, match=told):
        LedgerRecord.model_validate(line)
