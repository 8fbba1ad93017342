"""Where a model does well and where it does not: the same measures on parts of the test sentences."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from pipeline.metrics import confusion, macro_f1

CLEAN, NOISY = "clean", "noisy"  # whether an article has the noise of scraped pages; clean is its `noise` then

_LONGEST = (10, 20, 30)  # words of the sentences of a length
_LENGTHS = ("up to 10 words", "11 to 20 words", "21 to 30 words", "over 30 words")
_THIRDS = ("first third", "middle third", "last third")
_QUOTED = ("none", "part", "all")


def slice_table(predictions: pd.DataFrame, system: str, labels: Sequence[str]) -> pd.DataFrame:
    """Return a row for each part of `predictions` (see `prediction_rows`) with what `system` reaches on it.

    Columns: `slice` (what the sentences are parted by), `value`, `articles`, `sentences`, `macro_f1`, `accuracy`. Macro-F1 is
    over the labels that occur in a part, and so means little where one has few sentences.
    """
    rows = []
    for name, order, values in _ways(predictions):
        for value in order:
            part = predictions[[found == value for found in values]]
            if len(part):
                counts = confusion(part["label"].tolist(), part[system].tolist(), labels)
                accuracy = float(np.trace(counts) / counts.sum())
                rows.append((name, value, part["document"].nunique(), len(part), macro_f1(counts), accuracy))
    return pd.DataFrame(rows, columns=["slice", "value", "articles", "sentences", "macro_f1", "accuracy"])


def _ways(predictions: pd.DataFrame) -> Iterator[tuple[str, Sequence[str], list[str]]]:
    """Yield each way to part the sentences: its name, the parts in order, and the part of each sentence."""
    for column in ("domain", "style"):
        yield column, sorted(set(predictions[column])), predictions[column].tolist()
    yield "length", _LENGTHS, [_LENGTHS[bisect_left(_LONGEST, len(text.split()))] for text in predictions["text"]]
    last = predictions.groupby("document")["sentence"].transform("max").tolist()
    yield "position", _THIRDS, [_THIRDS[3 * i // (n + 1)] for i, n in zip(predictions["sentence"], last, strict=True)]
    yield "quoted", _QUOTED, predictions["quoted"].tolist()
    yield "noise", (CLEAN, NOISY), [CLEAN if noise == CLEAN else NOISY for noise in predictions["noise"]]
