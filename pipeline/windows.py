"""A document cut into windows that fit an encoder: each sentence is read with those around it, and labelled in one window."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt


class WindowShape(BaseModel):
    """How windows are built: sizes in word pieces, margins in sentences, and the ids of the pieces that structure them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: PositiveInt  # filled as far as it goes; margins and the first labelled sentence go in whatever their length
    before: NonNegativeInt
    after: NonNegativeInt
    longest_sentence: PositiveInt
    longest_headline: NonNegativeInt
    begin: NonNegativeInt
    end: NonNegativeInt
    paragraph: NonNegativeInt | None


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one document as an encoder reads it.

    `ids` are word pieces; `places[k]` says which of them are the k-th sentence that is labelled here, which is sentence
    ``first + k`` of the document. Sentences in the margins are read and not labelled.
    """

    ids: tuple[int, ...]
    first: int
    places: tuple[range, ...]


def windows(
    pieces: Sequence[Sequence[int]],
    starts_line: Sequence[bool],
    headline: Sequence[int],
    shape: WindowShape,
    room: Callable[[int], int] = lambda size: size,
    *,
    from_start: bool = False,
) -> Iterator[Window]:
    """Yield the windows of a document; every sentence is labelled in exactly one of them.

    Parameters
    ----------
    pieces : the word pieces of each sentence, in order
    starts_line : for each sentence, whether a line break stands before it
    headline : the word pieces that every window begins with that does not begin with the document
    shape : sizes
    room : how much of the size a window that begins with the document may use; training varies it, so that sentences meet
        other margins
    from_start : whether the first window too begins with the headline, as it does not stand in the document
    """
    parts = [
        [*([] if shape.paragraph is None or not line else [shape.paragraph]), *sentence[: shape.longest_sentence], shape.end]
        for sentence, line in zip(pieces, starts_line, strict=True)
    ]
    title = [shape.begin, *headline[: shape.longest_headline], shape.end] if headline else [shape.begin]
    first = 0
    while first < len(parts):
        low = max(0, first - shape.before)
        ids = list(title if low or from_start else [shape.begin])
        limit = shape.size if low else room(shape.size)
        places = []
        high = low
        while high < len(parts) and (high <= first or len(ids) + len(parts[high]) <= limit):
            places.append(range(len(ids), len(ids) + len(parts[high])))
            ids += parts[high]
            high += 1
        stop = high if high == len(parts) else max(first + 1, high - shape.after)
        yield Window(tuple(ids), first, tuple(places[first - low : stop - low]))
        first = stop
