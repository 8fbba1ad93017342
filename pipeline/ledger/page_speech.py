"""How the sentences of an article report: as annotated, or as read."""

from collections.abc import Mapping

from pipeline.ledger.extents import trimmed
from pipeline.ledger.pages import Page
from pipeline.ledger.speech import LEAST_CUE, Speech, SpeechReader
from pipeline.ledger.statements import ATTRIBUTED, Statement
from pipeline.tokens import Tokens


def speech_of(page: Page, statement: Statement) -> Speech:
    """Return how the sentence of an annotated statement reports."""
    number = statement.sentence
    words = statement.source.words if statement.source.sentence == number else None
    pieces = [page.range_of(number, piece.start, piece.end) for piece in statement.content]
    return Speech(
        trimmed(page.tokens[number], pieces),
        None if words is None else page.range_of(number, words.start, words.end),
        None if statement.cue is None else page.range_of(number, statement.cue.start, statement.cue.end),
        1.0,
    )


def speech_of_page(page: Page, reader: SpeechReader, known: Mapping[int, Speech]) -> list[Speech]:
    """Return how each sentence of `page` reports: as is `known`, else as `reader` reads it."""
    return [
        known[number] if number in known else _read(reader, tokens, sentence.label)
        for number, (tokens, sentence) in enumerate(zip(page.tokens, page.sentences, strict=True))
    ]


def _read(reader: SpeechReader, tokens: Tokens, label: str) -> Speech:
    """Return how a sentence reports; one that is no statement names whom it names less surely, as nothing hangs on it alone."""
    return reader.read(tokens, label) if label in ATTRIBUTED else reader.read(tokens, label, least=LEAST_CUE)
