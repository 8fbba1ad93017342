"""What tags of tokens say of a phrase that may be a source, a cue, a content or a target."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.ledger.linear import Features, Floats

TAGS = ("source", "cue", "content", "target")
UNREAD = -3.0  # the log-odds of each tag of a token that no encoder has read
_MOST = 3.0  # to which numbers are cut on both sides


class Odds(NamedTuple):
    """The log-odds of one tag in a sentence: of each token, summed up to each, and the best that a phrase can have.

    `best` is the largest sum of neighbouring tokens, `likely` the sum of all that are more likely than not.
    """

    each: NDArray[np.float64]
    sums: NDArray[np.float64]
    best: float
    likely: float

    @classmethod
    def of(cls, each: NDArray[np.float64]) -> Self:
        """Return the odds of a tag of which the log-odds of each token are given."""
        sums = np.concatenate([[0.0], np.cumsum(each)])
        best = float((sums - np.minimum.accumulate(sums)).max())
        return cls(each, sums, best, float(each[each > 0].sum()))

    def behind(self, start: int) -> "Odds":
        """Return the odds in the tokens from number `start` on."""
        return Odds.of(self.each[start:])


def odds_of(tags: Floats) -> dict[str, Odds]:
    """Return the odds of each of `TAGS`, from log-odds of shape (tokens, tags)."""
    return {tag: Odds.of(tags[:, column].astype(np.float64)) for column, tag in enumerate(TAGS)}


def tag_features(odds: Mapping[str, Odds] | None, tag: str, pieces: Sequence[range]) -> Features:
    """Return how well the tokens in `pieces` are those that `tag` is for; nothing where tokens are not tagged."""
    if odds is None:
        return {}
    each, sums, best, likely = odds[tag]
    anywhere = {f"{tag} anywhere": _cut(best / 6)}
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return {**anywhere, f"{tag} nowhere": _cut(best / 6)}
    total = float(sum(sums[piece.stop] - sums[piece.start] for piece in pieces))
    most = likely if tag == "content" else best
    first, last = pieces[0].start, pieces[-1].stop - 1
    return {
        **anywhere,
        f"{tag} odds": _cut((total - most) / 4),
        f"{tag} best": float(total >= most - 1e-6),
        f"{tag} mean": _cut(total / sum(map(len, pieces)) / 3),
        f"{tag} first": _cut(float(each[first]) / 3),
        f"{tag} last": _cut(float(each[last]) / 3),
        f"{tag} before": _cut(float(each[first - 1]) / 3) if first else -1.0,
        f"{tag} behind": _cut(float(each[last + 1]) / 3) if last + 1 < len(each) else -1.0,
    }


def _cut(value: float) -> float:
    return max(-_MOST, min(_MOST, value))
