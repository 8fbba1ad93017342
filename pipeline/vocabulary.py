"""A smaller vocabulary for an encoder: only word pieces that texts like those it learns from can be cut into."""

import json
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from pipeline.base_encoder import PARAGRAPH, Base

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Latin letters, punctuation, currencies, letterlike symbols, number forms, mathematical signs, ligatures (Unicode blocks)
_NEWS = (
    range(0x20, 0x180),
    range(0x2000, 0x2070),
    range(0x20A0, 0x20D0),
    range(0x2100, 0x2190),
    range(0x2200, 0x2300),
    range(0xFB00, 0xFB07),
)
_PROCESSORS = (None, "BertProcessing", "RobertaProcessing", "TemplateProcessing")
_UNUSED = re.compile(r"\[unused\d+\]")  # places that BERT keeps free


def characters_of(texts: Iterable[str], tokenizer: "Tokenizer") -> frozenset[str]:
    """Return the characters of `texts` as `tokenizer` reads them, and those that English news may have in any case."""
    read = tokenizer.normalizer.normalize_str if tokenizer.normalizer else str
    return frozenset(chr(code) for block in _NEWS for code in block).union(*(read(text) for text in texts))


def trimmed(base: Base, characters: Collection[str]) -> Base:
    """Return `base` with only those pieces of a WordPiece vocabulary that are spelt with `characters`, in the same order.

    Text of other characters is then read as unknown words; all other text is cut and read as before. A base with another kind
    of vocabulary comes back as it is. The encoder itself changes, not only what is returned.
    """
    content: dict[str, Any] = json.loads(base.tokenizer.to_str())
    model, added = content["model"], content["added_tokens"]
    processor = content["post_processor"] or {"type": None}
    if model["type"] != "WordPiece" or processor["type"] not in _PROCESSORS:
        return base
    special = {model["unk_token"], PARAGRAPH, *(token["content"] for token in added)}
    prefix, allowed = model["continuing_subword_prefix"], frozenset(characters)
    old = sorted(model["vocab"], key=model["vocab"].__getitem__)
    spelt = [piece for piece in old if allowed.issuperset(piece.removeprefix(prefix)) and not _UNUSED.match(piece)]
    kept = sorted(special.union(spelt) & set(old), key=model["vocab"].__getitem__)
    number = {piece: i for i, piece in enumerate(kept)}
    padding = base.body.config.pad_token_id
    known = padding is None or (padding < len(kept) and kept[padding] == old[padding])  # its number is known elsewhere too
    if not known or not special - {PARAGRAPH} <= number.keys():
        return base
    for token in added:
        token["id"] = number[token["content"]]
    _renumber(processor, number)
    import torch
    from tokenizers import Tokenizer

    table = base.body.get_input_embeddings()
    rows = table.weight.detach()[[model["vocab"][piece] for piece in kept]]
    base.body.set_input_embeddings(torch.nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=table.padding_idx))
    base.body.config.vocab_size = len(kept)
    model["vocab"] = number
    return Base(base.body, Tokenizer.from_str(json.dumps(content)), base.sha256)


def _renumber(processor: dict[str, Any], number: dict[str, int]) -> None:
    """Give the pieces that a post-processor puts around a text their new numbers."""
    for name in ("cls", "sep"):
        if name in processor:
            piece, _ = processor[name]
            processor[name] = [piece, number[piece]]
    if isinstance(marks := processor.get("special_tokens"), dict):
        for mark in marks.values():
            mark["ids"] = [number[piece] for piece in mark["tokens"]]
