"""Scored sentences as rows: the same columns in every file and in DataFrames, and a table for the terminal."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.documents import Document
from pipeline.params import LABEL_JOINT
from pipeline.passages import printable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from pipeline.explanations import Explanation
    from pipeline.scorer import ScoredSentence

SCHEMA_VERSION = 2  # of the output rows; grows when columns change
DECIMALS = 6
STRONGEST = 8  # words of an explanation that are shown
PROBABILITY = "p_"  # begins the name of a label's column
CARRIED = "input_"  # begins the name of a column of the input that would else have the name of one of ours

COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

Scored = Iterable[tuple[Document, "list[ScoredSentence]"]]


class Model(Protocol):
    """What the views need to know of a scorer."""

    id: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the columns."""


def row_names(labels: Sequence[str], *, explained: bool = False) -> list[str]:
    """Return the columns of an output row: `document`, `sentence` (its number), offsets, label, probabilities, text, origin.

    `label_set` holds labels joined by ``|``; `needs_review` tells whether they are more than one. `words`, where
    explanations were asked for, holds the words that moved the score most. The columns of the input stand behind them.
    """
    probabilities = [f"{PROBABILITY}{label}" for label in labels]
    return [
        "document", "sentence", "start", "end", "label", "probability", *probabilities, "label_set", "needs_review",
        *(["words"] if explained else []), "text", "model", "schema",
    ]  # fmt: skip


def rows_of(model: Model, document: Document, sentences: "Sequence[ScoredSentence]") -> Iterator[dict[str, Any]]:
    """Yield a flat output row for each sentence; probabilities are rounded, lone surrogates replaced.

    What the input's table says of the document is in each of them, after our own columns.
    """
    carried = carried_columns(document.extra)
    for number, s in enumerate(sentences):
        yield {
            "document": printable(document.id),
            "sentence": number,
            "start": s.start,
            "end": s.end,
            "label": s.label,
            "probability": round(s.probability, DECIMALS),
            **{f"{PROBABILITY}{label}": round(p, DECIMALS) for label, p in s.probabilities.items()},
            "label_set": LABEL_JOINT.join(s.label_set),
            "needs_review": s.needs_review,
            **({} if s.explanation is None else {"words": words_of(s.explanation)}),
            "text": printable(s.text),
            "model": model.id,
            "schema": SCHEMA_VERSION,
            **carried,
        }


@cache
def _our_names() -> frozenset[str]:
    return frozenset(row_names((), explained=True))


def carried_columns(extra: Mapping[str, object]) -> dict[str, object]:
    """Return the columns of the input as they stand in an output row; lone surrogates are replaced.

    >>> carried_columns({"outlet": "The Gazette", "label": "x", "p_value": 0.1})
    {'outlet': 'The Gazette', 'input_label': 'x', 'input_p_value': 0.1}
    """
    carried: dict[str, object] = {}
    for given, value in extra.items():
        name = printable(given)
        while name in _our_names() or name.startswith(PROBABILITY) or name in carried or (name != given and name in extra):
            name = CARRIED + name
        carried[name] = _encodable(value)
    return carried


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(str(name)): _encodable(inner) for name, inner in value.items()}
    return [_encodable(inner) for inner in value] if isinstance(value, list | tuple) else value


def frame_of(
    model: Model, documents: Sequence[Document], scored: "Iterable[list[ScoredSentence]]", index: "pd.Index[Any]"
) -> "pd.DataFrame":
    """Return the output rows of `documents` as a DataFrame whose `document` holds the values of `index`."""
    import pandas as pd

    rows = [
        {**row, "document": name}
        for name, document, sentences in zip(index, documents, scored, strict=True)
        for row in rows_of(model, document, sentences)
    ]
    return pd.DataFrame(rows, columns=row_names(model.labels))


def words_of(explanation: "Explanation") -> list[dict[str, Any]]:
    """Return the words that moved a score most, the strongest first, with their offsets and what each did."""
    return [
        {"start": w.start, "end": w.end, "text": printable(w.text), "effect": round(w.effect, DECIMALS)}
        for w in explanation.strongest(STRONGEST)
    ]


def shown_words(words: Iterable[Mapping[str, Any]]) -> str:
    """Return words and effects on one line.

    >>> shown_words([{"text": "denied", "effect": 2.04}, {"text": "may", "effect": -0.31}])
    'denied +2.0, may -0.3'
    """
    return ", ".join(f"{word['text']} {word['effect']:+.1f}" for word in words)


def shown(text: str) -> str:
    """Return `text` on one line for a terminal: what would command the terminal or turn its direction becomes U+FFFD."""
    return COMMANDS.sub("\ufffd", " ".join(printable(text).split()))


def print_table(scored: Scored, console: "Console") -> None:
    """Print a table for each document: a mark and a colour for the label, its name, the probability, the sentence."""
    from rich.table import Table
    from rich.text import Text

    from pipeline.roles import mark_of, style_of

    for document, sentences in scored:
        title = Text(shown(document.id), style="bold")
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", expand=False)
        table.add_column("role", no_wrap=True)
        table.add_column("prob.", justify="right")
        table.add_column("sentence", overflow="fold")
        for s in sentences:
            style = style_of(s.label)
            words = shown(s.text)
            table.add_row(Text(f"{mark_of(s.label)} {s.label}", style=style), f"{s.probability:.2f}", Text(words, style=style))
            if s.explanation is not None:
                table.add_row("", "", Text(shown(shown_words(words_of(s.explanation))), style="dim"))
        console.print(table)
        console.print()
