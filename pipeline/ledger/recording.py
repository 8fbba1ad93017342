"""A ledger as its record, and back."""

import json
from collections.abc import Iterable
from typing import Any

from pipeline.ledger.records import SCHEMA_VERSION, ExtractRecord, LedgerRecord, Record, StatementRecord, TargetRecord
from pipeline.ledger.statements import Extract, Ledger, Link, Signal, Source, Statement, Target
from pipeline.passages import printable
from pipeline.views import DECIMALS

Fields = dict[str, Any]


def record_of(ledger: Ledger) -> LedgerRecord:
    """Return the record of a ledger; probabilities are rounded, lone surrogates replaced."""
    made: Fields = {
        "document": printable(ledger.document), "text_sha256": ledger.text_sha256, "model": ledger.model,
        "labelled_by": ledger.labelled_by, "schema": SCHEMA_VERSION,
    }  # fmt: skip
    signals = tuple(
        {"rule": s.rule, "told": printable(s.told), "sentences": s.sentences, "value": _rounded(s.value)}
        for s in ledger.signals
    )
    statements = tuple({**made, **_statement(s)} for s in ledger.statements)
    return LedgerRecord.model_validate(
        {**made, "title": _printable(ledger.title), "statements": statements, "signals": signals}
    )


def ledger_of(record: LedgerRecord) -> Ledger:
    """Return the ledger of which `record` is."""
    return Ledger(
        document=record.document,
        title=record.title,
        text_sha256=record.text_sha256,
        model=record.model,
        labelled_by=record.labelled_by,
        statements=tuple(map(statement_of, record.statements)),
        signals=tuple(Signal(s.rule, s.told, s.sentences, s.value) for s in record.signals),
    )


def statement_of(record: StatementRecord) -> Statement:
    """Return the statement of which `record` is."""
    [source] = record.sources
    return Statement(
        sentence=record.sentence,
        start=record.start,
        end=record.end,
        text=record.text,
        label=record.label,
        probability=record.probability,
        source=Source(source.kind, _extract(source.words()), source.sentence, source.who, source.resolved),
        content=_extracts(record.contents),
        quotation=record.quotation,
        cue=_extract(record.cue),
        quote_unclosed=record.quote_unclosed,
        depth=record.depth,
        target=None if record.target is None else _read_target(record.target),
        links=tuple(Link(link.relation, link.to, link.probability) for link in record.links),
        kinds=record.kinds,
        hedges=_extracts(record.hedges),
        loaded=_extracts(record.loaded),
        rules=record.rules,
    )


def line_of(record: Record) -> str:
    """Return a record as a line of JSON."""
    return json.dumps(record.model_dump(mode="json", by_alias=True), ensure_ascii=False)


def _statement(s: Statement) -> Fields:
    return {
        "sentence": s.sentence,
        "start": s.start,
        "end": s.end,
        "text": printable(s.text),
        "label": s.label,
        "probability": _rounded(s.probability),
        "cue": None if s.cue is None else _piece(s.cue),
        "sources": (_source(s.source),),
        "contents": _pieces(s.content),
        "quotation": s.quotation,
        "quote_unclosed": s.quote_unclosed,
        "depth": s.depth,
        "target": None if s.target is None else _target(s.target),
        "links": tuple({"relation": x.relation, "to": x.to, "probability": _rounded(x.probability)} for x in s.links),
        "kinds": s.kinds,
        "hedges": _pieces(s.hedges),
        "loaded": _pieces(s.loaded),
        "rules": dict(s.rules),
    }


def _source(source: Source) -> Fields:
    words = dict.fromkeys(("start", "end", "text")) if source.words is None else _piece(source.words)
    return {
        **words, "sentence": source.sentence, "kind": source.kind, "who": _printable(source.who), "resolved": source.resolved
    }  # fmt: skip


def _target(target: Target) -> Fields:
    return {
        **_piece(target.words), "sentence": target.sentence, "who": printable(target.who), "carried": target.carried
    }  # fmt: skip


def _read_target(record: TargetRecord) -> Target:
    return Target(Extract(record.start, record.end, record.text), record.sentence, record.who, record.carried)


def _piece(extract: Extract) -> Fields:
    return {"start": extract.start, "end": extract.end, "text": printable(extract.text)}


def _pieces(extracts: Iterable[Extract]) -> tuple[Fields, ...]:
    return tuple(map(_piece, extracts))


def _extract(record: ExtractRecord | None) -> Extract | None:
    return None if record is None else Extract(record.start, record.end, record.text)


def _extracts(records: Iterable[ExtractRecord]) -> tuple[Extract, ...]:
    return tuple(Extract(record.start, record.end, record.text) for record in records)


def _printable(text: str | None) -> str | None:
    return None if text is None else printable(text)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
