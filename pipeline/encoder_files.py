"""An encoder on disk: a card, a graph, a tokenizer, and its weights, most of them rounded to few whole numbers and packed."""

import hashlib
import math
import shutil
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Self

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
ROUNDED_FROM = 4096  # numbers in a matrix; smaller ones keep their 32 bits
WIDEST = 63  # steps from zero to a rounded weight at most; so two products with eight bits fit into sixteen
STEP = ".step"  # how the name of the steps of a weight ends
_LONGEST = 2**31  # bytes of all weights, unpacked
REMADE = "run `make encoder`, or take the folder from where it came once more"


class Tensor(BaseModel):
    """Where a weight lies in the file, unpacked: `shape`, and the byte that it begins at.

    A rounded one has a step for each place along `axis`, and its steps lie before its whole numbers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    shape: tuple[PositiveInt, ...]
    start: NonNegativeInt
    axis: Literal[0, 1] | None

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return 0 if self.axis is None else self.shape[self.axis]

    @property
    def stop(self) -> int:
        """The byte after its last."""
        return self.start + (4 * self.count if self.axis is None else 4 * self.steps + self.count)


class Steps(NamedTuple):
    """How coarsely weights are rounded: in shares of their row's root mean square; `pieces`: in the table of word pieces."""

    weights: float
    pieces: float


@dataclass(frozen=True, eq=False)
class Rounded:
    """A matrix of whole numbers of eight bits times `step`, which has shape (rows, 1) or (columns,)."""

    whole: NDArray[np.int8]
    step: Floats

    @property
    def value(self) -> Floats:
        """The matrix in 32 bits."""
        found: Floats = self.whole * self.step
        return found


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
        for name, tensor in self.tensors.items():
            if tensor.axis is not None and len(tensor.shape) != 2:
                raise ValueError(f"tensors.{name:.80}.shape must have two numbers, as it is rounded. Got {tensor.shape!r:.80}")
        shapes = {name: tensor.shape for name, tensor in self.tensors.items()}
        (mixed, *_) = shapes.get("head.mix.bias", (0,))
        head = {"mix.weight": (mixed, self.width), "label.weight": (len(self.labels), mixed), "label.bias": (len(self.labels),)}
        for name, shape in head.items():
            if shapes.get(f"head.{name}") != shape:
                raise ValueError(f"tensors.head.{name}.shape must be {shape}. Got {shapes.get(f'head.{name}')!r:.80}")
        return self


def write_weights(folder: Path, weights: Mapping[str, Floats | Rounded]) -> dict[str, Tensor]:
    """Write `weights` to `folder`, packed, and return where each lies.

    Whole numbers of which few are far from zero take little more than their entropy (Huffman codes; nothing in them repeats).
    """
    tensors, content = {}, bytearray()
    for name, weight in weights.items():
        if isinstance(weight, Rounded):
            axis: Literal[0, 1] = 0 if weight.step.ndim == 2 else 1
            tensors[name] = Tensor(shape=weight.whole.shape, start=len(content), axis=axis)
            content += weight.step.astype("<f4").tobytes() + weight.whole.tobytes()
        else:
            tensors[name] = Tensor(shape=weight.shape, start=len(content), axis=None)
            content += weight.astype("<f4").tobytes()
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / WEIGHTS) as temporary:
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
        temporary.write_bytes(packer.compress(content) + packer.flush())
    return tensors


def read_weights(content: bytes, tensors: Mapping[str, Tensor]) -> dict[str, Floats | Rounded]:
    """Return the weights that lie in `content`, once unpacked, where `tensors` say.

    Raises
    ------
    ModelError
        If `content` is not packed, holds less or more than they take, or one holds what is no number.
    """
    length = sum(tensor.stop - tensor.start for tensor in tensors.values())
    if length > _LONGEST:
        raise ModelError(f"{WEIGHTS}: {CARD} describes {length:,} bytes, more than {_LONGEST:,}: {REMADE}")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, length + 1)
    except zlib.error as error:
        raise ModelError(f"{WEIGHTS}: cannot be unpacked ({error}): {REMADE}") from None
    ends = max((tensor.stop for tensor in tensors.values()), default=0)
    if not len(unpacked) == length == ends or not unpacker.eof or unpacker.unused_data:
        raise ModelError(f"{WEIGHTS}: holds other than the {length:,} bytes that {CARD} describes: {REMADE}")
    found: dict[str, Floats | Rounded] = {}
    for name, tensor in tensors.items():
        if tensor.axis is None:
            numbers = np.frombuffer(unpacked, "<f4", tensor.count, tensor.start).astype(np.float32)
            found[name] = numbers.reshape(tensor.shape)
        else:
            numbers = np.frombuffer(unpacked, "<f4", tensor.steps, tensor.start).astype(np.float32)
            whole = np.frombuffer(unpacked, np.int8, tensor.count, tensor.start + 4 * tensor.steps).reshape(tensor.shape)
            found[name] = Rounded(whole, numbers.reshape(-1, 1) if tensor.axis == 0 else numbers)
        if not np.isfinite(numbers).all():
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
