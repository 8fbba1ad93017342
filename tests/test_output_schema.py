import json

import jsonschema
import pytest
from scored import ROLES, Model, document, scored

from pipeline import Document
from pipeline.output_schema import SCHEMA, schema, schema_text
from pipeline.views import PROBABILITY, row_names, rows_of

VALIDATOR = jsonschema.Draft202012Validator(schema())
TEXT = "A clerk accused her of theft. “No,” she said. Records show payments. It rained."


def rows(labels=ROLES, **extra):
    read = Document("a", TEXT, extra=extra)
    return json.loads(json.dumps(list(rows_of(Model(labels), read, scored(TEXT, labels, doubtful={1}, explain=True)))))


def test_the_published_file_is_what_the_model_of_the_row_says():
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run `python -m pipeline.output_schema`"
    jsonschema.Draft202012Validator.check_schema(schema())


def test_it_names_the_columns_that_rows_have():
    ours = [name for name in row_names(ROLES, explained=True) if not name.startswith(PROBABILITY)]
    assert list(schema()["properties"]) == ours
    assert set(schema()["required"]) == set(ours) - {"words"}


@pytest.mark.parametrize("labels", [ROLES, ("yes", "no, 'never'")], ids=["roles", "other labels"])
def test_rows_are_valid(labels):
    for row in rows(labels, outlet="The Quay", probability=["not", {"a": "number"}], p_value=None):
        VALIDATOR.validate(row)


def test_rows_of_a_real_scorer_are_valid(model):
    for sentences, (read, _) in zip(model.score_documents([TEXT]), [document("a", TEXT)], strict=True):
        for row in rows_of(model, read, sentences):
            VALIDATOR.validate(json.loads(json.dumps(row)))


@pytest.mark.parametrize(
    "change",
    [
        {"label": None},
        {"probability": 1.2},
        {"p_denial": "0.5"},
        {"schema": 1},
        {"start": -1},
        {"text": ""},
        {"words": [{"text": "a"}]},
    ],
    ids=str,
)
def test_what_is_no_row_is_not_valid(change):
    assert not VALIDATOR.is_valid({**rows()[0], **change})
