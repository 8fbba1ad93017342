"""Ledger readers on disk: names and numbers in one file, and a manifest that is checked first; nothing in them can be code."""

import hashlib
import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ModelError
from pipeline.ledger.linear import Linear
from pipeline.ledger.reader import LedgerReader
from pipeline.manifest import Sha256, read_file
from pipeline.params import first_problem
from pipeline.writing import replacing

MANIFEST, WEIGHTS = "ledger.json", "weights.npz"
FORMAT: Final = 2
_JOINT = "\n"  # of names in the file; none holds a line break
_REMADE = "run `dvc repro --force ledger`, or take the folder from where it came once more"


class LedgerManifest(BaseModel):
    """What a ledger reader is and what it was made from; `id` and `sha256` are None where there was nothing to learn from.

    `encoder` is the SHA-256 of the card of the encoder whose hidden states it reads, if it reads any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[2] = FORMAT
    id: Annotated[str, Field(pattern="^ledger-[0-9a-f]{12}$")] | None = None
    sha256: Sha256 | None = None
    encoder: Sha256 | None = None
    least_source: float = 0.0
    least_speaker: float = 0.0
    articles: int = 0
    statements: int = 0


def write_reader(
    folder: Path,
    reader: LedgerReader | None,
    *,
    encoder: str | None,
    least_source: float,
    least_speaker: float,
    articles: int,
    statements: int,
) -> LedgerManifest:
    """Write `reader` to `folder`, the same bytes for the same reader, and return its manifest; None: that there is none."""
    digest = None
    folder.mkdir(parents=True, exist_ok=True)
    if reader is not None:
        content = _packed(reader.parts())
        digest = hashlib.sha256(content).hexdigest()
        with replacing(folder / WEIGHTS) as temporary:
            temporary.write_bytes(content)
    manifest = LedgerManifest(
        id=None if digest is None else f"ledger-{digest[:12]}",
        sha256=digest,
        encoder=encoder,
        least_source=least_source,
        least_speaker=least_speaker,
        articles=articles,
        statements=statements,
    )
    with replacing(folder / MANIFEST) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> LedgerManifest:
    """Return the manifest of the ledger reader in `folder`.

    Raises
    ------
    ModelError
        If there is none, or it is broken.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelError(f"{folder}: holds no ledger model: run `make repro`, or take it along beside the scorer")
    try:
        return LedgerManifest.model_validate_json(read_file(path))
    except ValidationError as error:
        raise ModelError(f"{path}: is no manifest of a ledger model ({first_problem(error)}): {_REMADE}") from None


def read_reader(folder: Path, common: Collection[str], encoder: str | None) -> LedgerReader:
    """Return the ledger reader in `folder`; `common` are the words of which a capital makes no name.

    Raises
    ------
    ModelError
        If there is none, its file is not the one that its manifest describes, or it reads what another encoder says than that
        whose card has the SHA-256 `encoder`.
    """
    manifest = read_manifest(folder)
    if manifest.id is None:
        raise ModelError(f"{folder}: its corpus has no attributions, so it makes no ledger: see params.yaml, ledger")
    if manifest.encoder not in (None, encoder):
        raise ModelError(f"{folder}: this ledger model goes with another encoder than the scorer has: run `make repro`")
    path = folder / WEIGHTS
    content = read_file(path)
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise ModelError(f"{path}: is not the file that its manifest describes: {_REMADE}")
    try:
        reader = LedgerReader.of(
            _unpacked(content), common, least_source=manifest.least_source, least_speaker=manifest.least_speaker, id=manifest.id
        )
        _ = reader.probe  # raises where its models read states of different widths
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        told = " ".join(str(error).split())
        raise ModelError(f"{path}: cannot be used ({type(error).__name__}: {told:.200}): {_REMADE}") from None
    return reader


def _packed(parts: Mapping[str, Linear]) -> bytes:
    arrays: dict[str, Any] = {}
    for part, linear in sorted(parts.items()):
        arrays[f"{part}/classes"] = _text(linear.classes)
        arrays[f"{part}/names"] = _text(linear.names)
        arrays[f"{part}/weights"] = linear.weights.astype("<f4")
        arrays[f"{part}/bias"] = linear.bias.astype("<f4")
        arrays[f"{part}/several"] = np.array(linear.several)
    stream = BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def _unpacked(content: bytes) -> dict[str, Linear]:
    with np.load(BytesIO(content), allow_pickle=False) as kept:
        parts = sorted(name.removesuffix("/bias") for name in kept.files if name.endswith("/bias"))
        return {part: _linear(kept, part) for part in parts}


def _linear(kept: Mapping[str, np.ndarray], part: str) -> Linear:
    classes, names = _words(kept[f"{part}/classes"]), _words(kept[f"{part}/names"])
    weights, bias = kept[f"{part}/weights"].astype(np.float32), kept[f"{part}/bias"].astype(np.float32)
    if weights.shape != (len(classes), len(names)) or bias.shape != (len(classes),):
        raise ValueError(f"{part}: weights of the shape {weights.shape} for {len(classes)} classes and {len(names)} names")
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise ValueError(f"{part}: holds what is no number")
    return Linear(classes, names, weights, bias, several=bool(kept[f"{part}/several"]))


def _text(words: tuple[str, ...]) -> np.ndarray:
    return np.frombuffer(_JOINT.join(words).encode("utf-8"), dtype=np.uint8)


def _words(content: np.ndarray) -> tuple[str, ...]:
    return tuple(content.tobytes().decode("utf-8").split(_JOINT)) if content.size else ()
