"""A fine-tuned encoder at work: what each sentence means where it stands, by onnxruntime, without torch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoder_files import GRAPH, TOKENIZER, EncoderCard, Floats, read_card, read_weights
from pipeline.params import FeaturizeParams
from pipeline.passages import Passage
from pipeline.windows import Window, windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of the sentences of a document: a vector and log-probabilities of the labels, a row a sentence."""

    vectors: Floats
    log_probabilities: Floats


class Encoder:
    """A fine-tuned encoder in a folder that `encode` wrote; opened at its first use, on one thread.

    A document is read in windows of consecutive sentences, one at a time and without padding, so what is said of it depends on
    nothing else (Cohan et al. 2019, "Pretrained Language Models for Sequential Sentence Classification").
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getstate__(self) -> dict[str, Path]:
        """Return what another process needs to open the same encoder."""
        return {"folder": self.folder}

    @cached_property
    def card(self) -> EncoderCard:
        """What the encoder is and what it was trained on."""
        return read_card(self.folder)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that its log-probabilities are of."""
        return self.card.labels

    def __call__(self, passages: Iterable[Passage]) -> list[Encoded]:
        """Return what the encoder says of each of `passages`."""
        return [self._encode(passage) for passage in passages]

    def windows(self, passage: Passage) -> list[Window]:
        """Return the windows in which `passage` is read."""
        return list(windows(*pieces_of(passage, self._tokenizer), self.card.window, from_start=bool(passage.title)))

    def _encode(self, passage: Passage) -> Encoded:
        pooled = np.zeros((len(passage.sentences), self.card.width), dtype=np.float32)
        for window in self.windows(passage):
            (hidden,) = self._session.run(None, {"ids": np.array([window.ids], dtype=np.int64)})
            for k, place in enumerate(window.places):
                pooled[window.first + k] = hidden[0, place.start : place.stop].mean(axis=0)
        return Encoded(pooled, self._log_probabilities(pooled))

    def _log_probabilities(self, pooled: Floats) -> Floats:
        head = self._weights
        mixed = np.tanh(_rows_times(pooled, head["head.mix.weight"]) + head["head.mix.bias"])
        logits = _rows_times(mixed, head["head.label.weight"]) + head["head.label.bias"]
        logits -= logits.max(axis=1, keepdims=True)
        found: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return found

    @cached_property
    def _weights(self) -> dict[str, Floats]:
        return read_weights(self.folder, self.card)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        names = [name for name in self._weights if not name.startswith("head.")]
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(self._weights[name]) for name in names]
        options.add_external_initializers(names, values)
        graph = (self.folder / GRAPH).read_bytes()
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def encoder_of(params: FeaturizeParams, folder: Path) -> Encoder | None:
    """Return the encoder in `folder` where the parameters ask for one."""
    return Encoder(folder) if params.encoder == "fine-tuned" else None


def pieces_of(passage: Passage, tokenizer: "Tokenizer") -> tuple[list[list[int]], Sequence[bool], list[int]]:
    """Return the word pieces of each sentence of `passage`, where lines begin, and the word pieces of its headline."""
    pieces = [
        tokenizer.encode(sentence, add_special_tokens=False).ids for sentence in passage.sentences
    ]  # a batch takes threads
    if passage.title:
        return pieces, passage.starts_line, tokenizer.encode(passage.title, add_special_tokens=False).ids
    return pieces, passage.starts_line, pieces[0] if pieces else []


def _rows_times(rows: Floats, weight: Floats) -> Floats:
    """Return ``rows @ weight.T``, row by row, so that the last bits of one do not depend on the others."""
    return np.stack([weight @ row for row in rows]) if len(rows) else np.zeros((0, len(weight)), dtype=np.float32)
