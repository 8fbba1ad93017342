"""Receipts: ledgers or single statements that were written before, read back and compared with what is found now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.ledger.outputs import LedgerModel
from pipeline.ledger.pages import text_hash
from pipeline.ledger.recording import record_of
from pipeline.ledger.records import LedgerRecord, StatementRecord
from pipeline.params import first_problem
from pipeline.passages import printable
from pipeline.writing import decode

TOLERANCE = 0.001  # by which a probability may differ: processors round differently

_NOTHING = "nothing"
_MADE = {"document", "text_sha256", "model", "labelled_by", "version", "title"}  # told once, not for each statement


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was recorded: what it is, what the receipt says, what is found now."""

    what: str
    recorded: str
    now: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A ledger, or one statement of it; `where` tells file and line."""

    where: str
    record: LedgerRecord | StatementRecord

    @property
    def statements(self) -> tuple[StatementRecord, ...]:
        """The statements that it holds."""
        return self.record.statements if isinstance(self.record, LedgerRecord) else (self.record,)


def read_receipts(path: Path) -> list[Receipt]:
    """Return the receipts in a file: what `stance ledger --format json` wrote, or statements cut from it.

    Raises
    ------
    InputError
        If the file is missing, holds nothing, is not JSON, or not that of a ledger; says file and line.
    """
    text = decode(path)
    try:
        values = [(str(path), json.loads(text))]
    except (ValueError, RecursionError):
        values = list(_lines(path, text))
    if not text.strip():
        raise InputError(f"{path}: holds no receipt: write one with `stance ledger --format json`")
    return [Receipt(where, _record(where, value)) for where, value in values]


def differences(receipt: Receipt, document: Document, model: LedgerModel) -> Iterator[Difference]:
    """Yield what `receipt` and the article do not agree in: text, offsets, and the ledger that `model` makes of it now.

    The ledger is made again only where the text and the model are those of the receipt.
    """
    record = receipt.record
    made, makes = (record.model, record.labelled_by), (model.ledger_id, model.id)
    if made != makes:
        yield Difference("models (so only the text and the offsets are compared)", " and ".join(made), " and ".join(makes))
    if (now := text_hash(document.text)) != record.text_sha256:
        yield Difference("text_sha256", record.text_sha256, now)
    for statement in receipt.statements:
        yield from _moved(statement, document.text)
    if made == makes and record.text_sha256 == now:
        found = record_of(model.ledger(document.text, document.title))
        yield from _changed("", record, found, {"title"})
        yield from _statement_differences(receipt, found)
        if isinstance(record, LedgerRecord):
            yield from _signal_differences(record, found)


def _lines(path: Path, text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"{path}, line {number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"{path}, line {number}: is not JSON ({error})") from None


def _record(where: str, value: object) -> LedgerRecord | StatementRecord:
    if not isinstance(value, dict) or not value.keys() & {"statements", "sentence"}:
        raise InputError(f"{where}: is no ledger and no statement of one: hand over what `stance ledger --format json` wrote")
    kind = LedgerRecord if "statements" in value else StatementRecord
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise InputError(f"{where}: {first_problem(error)}") from None


def _moved(statement: StatementRecord, text: str) -> Iterator[Difference]:
    """Yield the extracts of a statement that do not stand in `text` where it says."""
    [source] = statement.sources
    single = {"cue": statement.cue, "source": source.words(), "target": statement.target}
    many = {"content": statement.contents, "hedge": statement.hedges, "loaded": statement.loaded}
    places = [("text", statement.start, statement.end, statement.text)]
    places += [(name, e.start, e.end, e.text) for name, e in single.items() if e is not None]
    places += [(name, e.start, e.end, e.text) for name, extracts in many.items() for e in extracts]
    for name, start, end, recorded in places:
        now = printable(text[start:end])
        if now != recorded:
            yield Difference(f"sentence {statement.sentence}, {name} at {start} to {end}", repr(recorded), repr(now))


def _statement_differences(receipt: Receipt, found: LedgerRecord) -> Iterator[Difference]:
    now = {statement.sentence: statement for statement in found.statements}
    for recorded in receipt.statements:
        where = f"sentence {recorded.sentence}"
        if recorded.sentence in now:
            fields = set(StatementRecord.model_fields) - _MADE
            yield from _changed(f"{where}, ", recorded, now.pop(recorded.sentence), fields)
        else:
            yield Difference(where, recorded.label, _NOTHING)
    if isinstance(receipt.record, LedgerRecord):
        yield from (Difference(f"sentence {number}", _NOTHING, added.label) for number, added in now.items())


def _signal_differences(recorded: LedgerRecord, found: LedgerRecord) -> Iterator[Difference]:
    before, now = ([signal.model_dump(mode="json") for signal in record.signals] for record in (recorded, found))
    yield from (Difference(f"signal {s['rule']}", s["told"], _NOTHING) for s in before if not _among(s, now))
    yield from (Difference(f"signal {s['rule']}", _NOTHING, s["told"]) for s in now if not _among(s, before))


def _changed(
    where: str, recorded: LedgerRecord | StatementRecord, now: LedgerRecord | StatementRecord, fields: set[str]
) -> Iterator[Difference]:
    before, after = recorded.model_dump(mode="json", include=fields), now.model_dump(mode="json", include=fields)
    for name, value in before.items():
        if name in after and not _same(value, after[name]):
            yield Difference(
                f"{where}{name}", json.dumps(value, ensure_ascii=False), json.dumps(after[name], ensure_ascii=False)
            )


def _among(signal: Mapping[str, Any], signals: list[dict[str, Any]]) -> bool:
    return any(_same(signal, other) for other in signals)


def _same(a: object, b: object) -> bool:
    """Tell whether two values of JSON are equal; fractions within `TOLERANCE`."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= TOLERANCE
    return a == b
