"""A fine-tuned encoder at work: what each sentence means where it stands, by onnxruntime, without torch."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.encoder_files import (
    CARD,
    GRAPH,
    REMADE,
    TOKENIZER,
    WEIGHTS,
    WORDS,
    EncoderCard,
    Floats,
    Rounded,
    read_card,
    read_content,
    read_weights,
    read_words,
    sha256_of,
)
from pipeline.encoder_session import open_graph
from pipeline.errors import ModelError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import FeaturizeParams
from pipeline.passages import Passage
from pipeline.sentences import Span
from pipeline.windows import Window, windows
from pipeline.word_pieces import pieces_of, places_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of the sentences of a document: a vector and log-probabilities of the labels, a row a sentence.

    `probed` are what the columns of a probe find in the word pieces of each sentence, shape (pieces, columns); none where there
    was no probe.
    """

    vectors: Floats
    log_probabilities: Floats
    probed: tuple[Floats, ...] = ()


class _Read(NamedTuple):
    """What is read in a window: the vector of each labelled sentence, and what the `probe` found in it, if there was one."""

    pooled: Floats
    probed: tuple[Floats, ...]
    probe: Floats | None


class Encoder:
    """A fine-tuned encoder in a folder that `encode` wrote; opened at its first use, on one thread.

    A document is read in windows of consecutive sentences, one at a time and without padding, so what is said of it depends on
    nothing else (Cohan et al. 2019, "Pretrained Language Models for Sequential Sentence Classification").

    `sha256` is that of the encoder's card, where it is known; each use raises a ModelError where the folder holds another
    encoder, or a broken one. What it says of the last `remembers` windows is kept, for those that come again. With more
    `threads` that many windows are read at a time, each on a thread of its own; what is said stays the same.
    """

    def __init__(self, folder: Path, sha256: str | None = None) -> None:
        self.folder = folder
        self.sha256 = sha256
        self.remembers = 0
        self.threads = 1
        self._remembered: OrderedDict[Window, _Read] = OrderedDict()

    def __getstate__(self) -> dict[str, object]:
        """Return what another process needs to open the same encoder."""
        return {"folder": self.folder, "sha256": self.sha256, "remembers": 0, "threads": 1, "_remembered": OrderedDict()}

    @cached_property
    def card(self) -> EncoderCard:
        """What the encoder is and what it was trained on."""
        return read_card(self.folder, self.sha256)

    @cached_property
    def out_of_fold(self) -> OutOfFold:
        """What encoders trained without them say of the articles that it was trained on."""
        return OutOfFold.read(self.folder, len(self.labels))

    @property
    def card_sha256(self) -> str:
        """The SHA-256 of its card, which names it."""
        return self.sha256 or sha256_of(self.folder / CARD)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that its log-probabilities are of."""
        return self.card.labels

    def open(self) -> None:
        """Read all that it computes with; else that is done when it is first asked.

        Raises
        ------
        ModelError
            If a file cannot be used.
        """
        _ = self._tokenizer, self._common, self._head, self._session

    def __call__(self, passages: Iterable[Passage], probe: Floats | None = None) -> list[Encoded]:
        """Return what the encoder says of each of `passages`; hidden states are multiplied with a `probe`, (width, columns)."""
        cut = [(len(passage.sentences), self.windows(passage)) for passage in passages]
        reads = self._reads([window for _, found in cut for window in found], probe)
        return [self._joined(count, [(window, next(reads)) for window in found]) for count, found in cut]

    def windows(self, passage: Passage) -> list[Window]:
        """Return the windows in which `passage` is read."""
        pieces = self._pieces(passage)
        return list(windows(*pieces, self.card.window, from_start=bool(passage.title)))

    def _reads(self, found: Sequence[Window], probe: Floats | None) -> Iterator["_Read"]:
        """Yield what is read in each of the windows, in order."""
        if self.threads == 1 or not found:
            yield from (self._recall(window, probe) for window in found)
            return
        with self._telling(GRAPH):
            _ = self._session  # opened once, before the threads ask for it
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(self._recall, found, repeat(probe))

    def _joined(self, count: int, reads: Sequence[tuple[Window, "_Read"]]) -> Encoded:
        """Return what is said of a document of `count` sentences, from what was read in its windows."""
        pooled = np.zeros((count, self.card.width), dtype=np.float32)
        probed: list[Floats] = []
        for window, read in reads:
            pooled[window.first : window.first + len(window.places)] = read.pooled
            probed += read.probed
        return Encoded(pooled, self._log_probabilities(pooled), tuple(probed))

    def _recall(self, window: Window, probe: Floats | None) -> "_Read":
        """Return what is read in `window`: remembered, where it was read with the same probe or none is asked for."""
        if not self.remembers:
            return self._read(window, probe)
        key = replace(window, first=0)
        known = self._remembered.pop(key, None)
        if known is None or (probe is not None and probe is not known.probe):
            known = self._read(window, probe)
        self._remembered[key] = known
        while len(self._remembered) > self.remembers:
            self._remembered.popitem(last=False)
        return known if probe is not None else known._replace(probed=())

    def _read(self, window: Window, probe: Floats | None) -> "_Read":
        hidden = self._hidden(window.ids)
        pooled = np.stack([hidden[place.start : place.stop].mean(axis=0) for place in window.places])
        if probe is None:
            return _Read(pooled, (), None)
        inner = (hidden[self._begin(window, place) : place.stop - 1] for place in window.places)
        return _Read(pooled, tuple(states @ probe for states in inner), probe)

    def _begin(self, window: Window, place: range) -> int:
        """Return where the word pieces of a sentence begin, behind the one that says that a line does."""
        return place.start + (window.ids[place.start] == self.card.window.paragraph)

    def occluded(self, passage: Passage, number: int, spans: Sequence[Span]) -> tuple[Floats, Floats]:
        """Return the log-probabilities of one sentence, shape (labels,), and those without each of `spans` of it.

        The latter have shape (spans, labels). The sentence is read with the neighbours that every window grants it. A name is
        left out whole; what leaves out nothing that is read changes nothing.
        """
        pieces, starts_line, headline = self._pieces(passage)
        shape = self.card.window
        low, high = max(0, number - shape.before), number + shape.after + 1
        near = windows(pieces[low:high], starts_line[low:high], headline, shape, from_start=low > 0 or bool(passage.title))
        window = next(w for w in near if 0 <= number - low - w.first < len(w.places))
        place = window.places[number - low - window.first]
        begin = self._begin(window, place)
        where = self.places(passage, number)
        rows: list[Floats] = []
        known: dict[tuple[int, ...], Floats] = {(): self._pooled_without(window.ids, place, ())}
        for span in spans:
            dropped = tuple(begin + i for i, piece in enumerate(where) if piece.start < span.end and span.start < piece.end)
            if dropped not in known:
                known[dropped] = self._pooled_without(window.ids, place, dropped)
            rows.append(known[dropped])
        found = self._log_probabilities(np.stack([known[()], *rows]))
        return found[0], found[1:]

    def _pooled_without(self, ids: Sequence[int], place: range, dropped: Sequence[int]) -> Floats:
        kept = [piece for i, piece in enumerate(ids) if i not in dropped]
        pooled: Floats = self._hidden(kept)[place.start : place.stop - len(dropped)].mean(axis=0)
        return pooled

    def places(self, passage: Passage, number: int) -> list[Span]:
        """Return where each word piece that is read of a sentence stands in it, that of a mask where its name stands."""
        found = places_of(passage.sentences[number], self._tokenizer, self._common)
        return found[: self.card.window.longest_sentence]

    def _pieces(self, passage: Passage) -> tuple[list[list[int]], Sequence[bool], list[int]]:
        with self._telling(TOKENIZER):
            return pieces_of(passage, self._tokenizer, self._common)

    def _hidden(self, ids: Sequence[int]) -> Floats:
        with self._telling(GRAPH):
            (hidden,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
            found: Floats = hidden.reshape(len(ids), self.card.width)
        if not np.isfinite(found).all():
            raise ModelError(f"{self.folder / GRAPH}: computes what is no number: {REMADE}")
        return found

    def _log_probabilities(self, pooled: Floats) -> Floats:
        head = self._head
        mixed = np.tanh(_rows_times(pooled, head["head.mix.weight"]) + head["head.mix.bias"])
        logits = _rows_times(mixed, head["head.label.weight"]) + head["head.label.bias"]
        logits -= logits.max(axis=1, keepdims=True)
        found: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return found

    @cached_property
    def _weights(self) -> dict[str, Floats | Rounded]:
        return read_weights(read_content(self.folder, self.card, WEIGHTS), self.card.tensors)

    @cached_property
    def _head(self) -> dict[str, Floats]:
        head = {name: weight for name, weight in self._weights.items() if name.startswith("head.")}
        return {name: weight.value if isinstance(weight, Rounded) else weight for name, weight in head.items()}

    @cached_property
    def _common(self) -> frozenset[str] | None:
        if self.card.params.names != "masked":
            return None
        with self._telling(WORDS):
            return read_words(read_content(self.folder, self.card, WORDS))

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        with self._telling(TOKENIZER):
            tokenizer = Tokenizer.from_buffer(read_content(self.folder, self.card, TOKENIZER))
            tokenizer.no_padding()
            tokenizer.no_truncation()
            return tokenizer

    @cached_property
    def _session(self) -> "InferenceSession":
        with self._telling(GRAPH):
            return open_graph(read_content(self.folder, self.card, GRAPH), self._weights)

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        """Tell as a ModelError what a library finds wrong with one of the files."""
        try:
            yield
        except ModelError:
            raise
        except Exception as error:  # onnxruntime and tokenizers have errors of their own, without a common base
            raise ModelError(f"{self.folder / name}: cannot be used ({' '.join(str(error).split()):.200}): {REMADE}") from None


def encoder_of(params: FeaturizeParams, folder: Path) -> Encoder | None:
    """Return the encoder in `folder` where the parameters ask for one."""
    return Encoder(folder) if params.encoder == "fine-tuned" else None


def _rows_times(rows: Floats, weight: Floats) -> Floats:
    """Return ``rows @ weight.T``, row by row, so that the last bits of one do not depend on the others."""
    return np.stack([weight @ row for row in rows]) if len(rows) else np.zeros((0, len(weight)), dtype=np.float32)
