"""Sentences as word pieces, as an encoder reads them: names masked, and where in the sentence each piece stands."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from pipeline.names import find_masks, masked
from pipeline.passages import Passage
from pipeline.sentences import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def pieces_of(
    passage: Passage, tokenizer: "Tokenizer", common: Collection[str] | None
) -> tuple[list[list[int]], Sequence[bool], list[int]]:
    """Return the word pieces of each sentence of `passage`, where lines begin, and the word pieces of its headline.

    With `common`, the words that are no names, names and gender are masked.
    """
    texts = [*([passage.title] if passage.title else []), *passage.sentences]
    if common is not None:
        texts = [masked(text, find_masks(text, common)) for text in texts]
    pieces = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]  # a batch would take threads
    if passage.title:
        return pieces[1:], passage.starts_line, pieces[0]
    return pieces, passage.starts_line, pieces[0] if pieces else []


def places_of(sentence: str, tokenizer: "Tokenizer", common: Collection[str] | None) -> list[Span]:
    """Return where each word piece of `sentence` stands in it, that of a mask where its name stands; `common` as above."""
    masks = [] if common is None else find_masks(sentence, common)
    at = [*range(len(sentence)), len(sentence)]  # for each character that is read, where it stands
    ends = [i + 1 for i in at]
    for mask in reversed(masks):
        count = len(mask.text)
        at[mask.start : mask.end], ends[mask.start : mask.end] = [mask.start] * count, [mask.end] * count
    pieces = tokenizer.encode(masked(sentence, masks), add_special_tokens=False)
    return [Span(at[start], ends[end - 1]) for start, end in pieces.offsets]
