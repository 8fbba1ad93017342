"""Trusting a model that was changed on purpose: its manifest is made to describe the files as they are now."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.encoder_files import CARD
from pipeline.manifest import Manifest, installed_libraries, model_id, read_file, read_manifest, write_manifest
from pipeline.model_files import ENCODER


@dataclass(frozen=True)
class Change:
    """A file that is not the one that the manifest describes: the SHA-256 of both."""

    file: Path
    described: str
    found: str


def find_changes(folder: Path) -> tuple[Manifest, list[Change]]:
    """Return the manifest of the model in `folder`, and which of its files are not those that it describes.

    Raises
    ------
    ModelError
        If there is no model, or a file is missing.
    """
    manifest = read_manifest(folder)
    described = {folder / manifest.file: manifest.sha256}
    if manifest.encoder is not None:
        described[folder / ENCODER / CARD] = manifest.encoder
    found = {path: hashlib.sha256(read_file(path)).hexdigest() for path in described}
    return manifest, [Change(path, described[path], digest) for path, digest in found.items() if digest != described[path]]


def trust_changes(folder: Path, manifest: Manifest, changes: list[Change]) -> Manifest:
    """Rewrite the manifest in `folder` so that it describes the files of `changes` as they were found; return it.

    A changed model file counts as another model, saved by the library versions that are installed.
    """
    updates: dict[str, object] = {}
    for change in changes:
        if change.file.name == CARD:
            updates["encoder"] = change.found
        else:
            updates |= {"sha256": change.found, "id": model_id(change.found), "libraries": installed_libraries()}
    trusted = manifest.model_copy(update=updates)
    write_manifest(folder, trusted)
    return trusted
