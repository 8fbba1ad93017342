"""An encoder on disk: a card, a graph, a tokenizer, and weights of eight bits with a scale for each row."""

import hashlib
import math
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError, model_validator

from pipeline.errors import ModelError
from pipeline.params import EncodeParams, Labels, first_problem
from pipeline.windows import WindowShape
from pipeline.writing import replacing

Floats = NDArray[np.float32]

CARD, WEIGHTS, TOKENIZER, GRAPH, WORDS = "encoder.json", "weights.bin", "tokenizer.json", "graph.onnx", "words.txt"
OUT_OF_FOLD = "out_of_fold.npz"  # needed to train a classifier, not to score
CONTENT = (WEIGHTS, TOKENIZER, GRAPH, WORDS)  # what is needed to score
_EIGHT_BITS_FROM = 4096  # numbers in a tensor; smaller ones keep their 32 bits
REMADE = "run `make encoder`, or take the folder from where it came once more"


class Tensor(BaseModel):
    """Where a weight lies in the file: `shape`, and the byte that it begins at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shape: tuple[PositiveInt, ...]
    start: NonNegativeInt
    eight_bits: bool

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def rows(self) -> int:
        """How many rows have a scale of their own."""
        return self.shape[0]

    @property
    def stop(self) -> int:
        """The byte after its last."""
        return self.start + (4 * self.rows + self.count if self.eight_bits else 4 * self.count)


class EncoderCard(BaseModel):
    """What an encoder is, what it was made from and how, and which articles it has seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: Labels
    width: PositiveInt
    window: WindowShape
    base: str
    base_sha256: str | None
    params: EncodeParams
    trained_on: tuple[str, ...]
    unlabelled: tuple[str, ...] = ()
    out_of_fold: tuple[str, ...]
    f1_out_of_fold: dict[str, float | None]
    files: dict[str, str]
    tensors: dict[str, Tensor]

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if set(self.files) != set(CONTENT):
            raise ValueError(f"files must be {', '.join(CONTENT)}. Got {', '.join(self.files):.80}")
        shapes = {name: tensor.shape for name, tensor in self.tensors.items()}
        (mixed, *_) = shapes.get("head.mix.bias", (0,))
        head = {"mix.weight": (mixed, self.width), "label.weight": (len(self.labels), mixed), "label.bias": (len(self.labels),)}
        for name, shape in head.items():
            if shapes.get(f"head.{name}") != shape:
                raise ValueError(f"tensors.head.{name}.shape must be {shape}. Got {shapes.get(f'head.{name}')!r:.80}")
        return self


def write_weights(folder: Path, weights: Mapping[str, Floats]) -> dict[str, Tensor]:
    """Write `weights` to `folder`: large matrices as eight-bit numbers with a scale a row, the rest as they are.

    Computed in 32 bits again, sentence vectors keep a cosine of 0.999 with those of the unrounded weights.
    """
    tensors, content = {}, bytearray()
    for name, weight in weights.items():
        small = weight.ndim < 2 or weight.size < _EIGHT_BITS_FROM
        tensors[name] = Tensor(shape=weight.shape, start=len(content), eight_bits=not small)
        content += weight.astype("<f4").tobytes() if small else _rounded(weight)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / WEIGHTS) as temporary:
        temporary.write_bytes(content)
    return tensors


def _rounded(weight: Floats) -> bytes:
    scales = np.abs(weight).max(axis=tuple(range(1, weight.ndim)), keepdims=True).astype("<f4") / 127
    whole = np.rint(weight / np.where(scales == 0, 1, scales)).astype(np.int8)
    return bytes(scales.tobytes() + whole.tobytes())


def read_weights(content: bytes, tensors: Mapping[str, Tensor]) -> dict[str, Floats]:
    """Return the weights that lie in `content` where `tensors` say, in 32 bits.

    Raises
    ------
    ModelError
        If `content` is too short for them, or one holds what is no number.
    """
    found = {}
    if sum(tensor.stop - tensor.start for tensor in tensors.values()) > len(content):
        raise ModelError(f"{WEIGHTS}: is too short for what {CARD} describes: {REMADE}")
    for name, tensor in tensors.items():
        if tensor.stop > len(content):
            raise ModelError(f"{WEIGHTS}: ends before {name!r:.80}, as {CARD} describes it: {REMADE}")
        if tensor.eight_bits:
            scales = np.frombuffer(content, "<f4", tensor.rows, tensor.start)
            whole = np.frombuffer(content, np.int8, tensor.count, tensor.start + 4 * tensor.rows).reshape(tensor.shape)
            found[name] = whole.astype(np.float32) * scales.reshape(-1, *[1] * (len(tensor.shape) - 1))
        else:
            found[name] = np.frombuffer(content, "<f4", tensor.count, tensor.start).reshape(tensor.shape).astype(np.float32)
        if not np.isfinite(found[name]).all():
            raise ModelError(f"{WEIGHTS}: {name!r:.80} holds what is no number: {REMADE}")
    return found


def write_words(folder: Path, words: Collection[str]) -> None:
    """Write the words that are no names, one a line."""
    with replacing(folder / WORDS) as temporary:
        temporary.write_text("".join(f"{word}\n" for word in sorted(words)), encoding="utf-8")


def read_words(content: bytes) -> frozenset[str]:
    """Return the words that are no names, which stand one a line."""
    return frozenset(content.decode("utf-8").split("\n")) - {""}


def write_card(folder: Path, card: EncoderCard) -> None:
    """Write the card of an encoder whose other files lie in `folder` already."""
    with replacing(folder / CARD) as temporary:
        temporary.write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_card(folder: Path, sha256: str | None = None) -> EncoderCard:
    """Return the card of the encoder in `folder`, its files checked; `sha256` is what the card must have, if that is known.

    Raises
    ------
    ModelError
        If there is none, it is another, or a file is not the one that the card describes.
    """
    path = folder / CARD
    try:
        content = path.read_bytes()
        card = EncoderCard.model_validate_json(content)
    except (FileNotFoundError, NotADirectoryError):
        raise ModelError(f"{folder}: holds no encoder: {REMADE}, or set featurize.encoder to none in params.yaml") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        raise ModelError(f"{path}: is no card of an encoder ({first_problem(error)}): {REMADE}") from None
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{path}: is not the card that the manifest describes: {REMADE}")
    for name in CONTENT:
        read_content(folder, card, name)
    return card


def read_content(folder: Path, card: EncoderCard, name: str) -> bytes:
    """Return the bytes of one of `CONTENT`: the very bytes that were checked against the card.

    Raises
    ------
    ModelError
        If they are not what the card describes.
    """
    path = folder / name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != card.files[name]:
        raise ModelError(f"{path}: is not the file that {CARD} describes: {REMADE}")
    return content


def copy_encoder(source: Path, target: Path) -> None:
    """Copy the files of an encoder, the card last."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (*CONTENT, CARD):
        with replacing(target / name) as temporary:
            shutil.copyfile(source / name, temporary)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
