"""N-grams of the terms of a sentence, and of their characters."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise


def word_ngrams(row: Sequence[str], *, bounds: tuple[int, int]) -> list[str]:
    """Return the n-grams of the terms in `row`, for each n from the first to the second of `bounds`."""
    low, high = bounds
    found: list[str] = list(row) if low == 1 else []
    if low <= 2 <= high:
        found += [f"{a} {b}" for a, b in pairwise(row)]
    for n in range(max(low, 3), high + 1):
        found += [" ".join(row[i : i + n]) for i in range(len(row) - n + 1)]
    return found


def character_ngrams(row: Sequence[str], *, bounds: tuple[int, int]) -> list[str]:
    """Return the character n-grams inside each term of `row`, a space before and after it, for each n in `bounds`."""
    return [gram for term in row for gram in _characters(term.removeprefix("~"), bounds)]


@lru_cache(maxsize=1 << 17)
def _characters(term: str, bounds: tuple[int, int]) -> tuple[str, ...]:
    padded = f" {term} "
    return tuple(padded[i : i + n] for n in range(bounds[0], bounds[1] + 1) for i in range(len(padded) - n + 1))
