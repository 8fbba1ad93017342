"""Models on disk: a joblib file, and beside it a manifest that says what it is and is checked before it is opened."""

import os
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.encoder_files import CARD, copy_encoder, sha256_of
from pipeline.errors import ModelError
from pipeline.params import FeaturizeParams, TrainParams, first_problem
from pipeline.paths import checkout
from pipeline.writing import replacing

if TYPE_CHECKING:
    from pipeline.classifier import Classifier
    from pipeline.encoder import Encoder
    from pipeline.features import Featurizer

_MODEL, _MANIFEST = "scorer.joblib", "manifest.json"
_FORMAT = 2  # of the model file; grows when an older program could not read it
_ENCODER = "encoder"
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "nupunkt")
_VARIABLE = "STANCE_MODEL"
_RETRAIN = "train again with `dvc repro --force train`, or take the model from where it came once more"


class Manifest(BaseModel):
    """What a model file is and where it came from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    id: str
    sha256: str
    labels: tuple[str, ...]
    libraries: dict[str, str]
    training: dict[str, int | str]
    featurize: FeaturizeParams
    train: TrainParams
    encoder: str | None = None


def save_model(
    folder: Path,
    featurizer: "Featurizer",
    encoder: "Encoder | None",
    classifier: "Classifier",
    params: TrainParams,
    training: dict[str, int | str],
) -> Manifest:
    """Write the scorer and its manifest to `folder`, the same bytes for the same model, and return the manifest.

    A copy of the encoder goes with it, so that the folder can be taken elsewhere. `training` says what it was trained on:
    counts and a hash. Only what the model depends on is written, or a clone would not rebuild the same file.
    """
    import joblib

    path = folder / _MODEL
    with replacing(path) as temporary:
        joblib.dump({"featurizer": featurizer, "classifier": classifier}, temporary, compress=3)
    digest = sha256_of(path)
    if encoder is not None:
        copy_encoder(encoder.folder, folder / _ENCODER)
    manifest = Manifest(
        format=_FORMAT,
        id=f"stance-{digest[:12]}",
        sha256=digest,
        labels=classifier.labels,
        libraries={name: metadata.version(name) for name in _LIBRARIES},
        training=training,
        featurize=featurizer.params,
        train=params,
        encoder=None if encoder is None else sha256_of(folder / _ENCODER / CARD),
    )
    with replacing(folder / _MANIFEST) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def read_model(folder: Path) -> "tuple[Manifest, Featurizer, Encoder | None, Classifier]":
    """Return the manifest and the parts of the model in `folder`; the manifest is checked before the file is opened.

    Raises
    ------
    ModelError
        If there is no model, the file is not the one its manifest describes, or other library versions saved it.
    """
    manifest = _read_manifest(folder)
    _check(folder, manifest)
    import joblib

    try:
        parts: dict[str, Any] = joblib.load(folder / _MODEL)
        return manifest, parts["featurizer"], _encoder(folder, manifest), parts["classifier"]
    except (ImportError, AttributeError, KeyError, ValueError, EOFError, UnpicklingError) as error:
        raise ModelError(f"{folder / _MODEL}: does not open with this version ({error}): {_RETRAIN}") from None


def _encoder(folder: Path, manifest: Manifest) -> "Encoder | None":
    if manifest.encoder is None:
        return None
    from pipeline.encoder import Encoder

    card = folder / _ENCODER / CARD
    if not card.is_file() or sha256_of(card) != manifest.encoder:
        raise ModelError(f"{card}: is not the card that the manifest describes: {_RETRAIN}")
    encoder = Encoder(folder / _ENCODER)
    _ = encoder.card  # checks the other files
    return encoder


def find_model() -> Path:
    """Return the folder of the model to use where none is named: see `pipeline.load_model`."""
    if named := os.environ.get(_VARIABLE):
        return Path(named)
    places = (checkout().scorer, Path(__file__).resolve().parent / "model")
    return next((place for place in places if (place / _MANIFEST).is_file()), places[0])


def _read_manifest(folder: Path) -> Manifest:
    path = folder / _MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise ModelError(
            f"{folder}: holds no trained model: run `make repro`, or set {_VARIABLE} to a model's folder"
        ) from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        raise ModelError(f"{path}: is no manifest ({first_problem(error)}): {_RETRAIN}") from None


def _check(folder: Path, manifest: Manifest) -> None:
    path = folder / _MODEL
    if manifest.format != _FORMAT:
        raise ModelError(f"{path}: has format {manifest.format}, this version reads {_FORMAT}: {_RETRAIN}")
    for name, saved in manifest.libraries.items():
        here = _installed(name)
        if _minor(here) != _minor(saved):
            raise ModelError(
                f"{path}: was saved by {name} {saved}, here it is {here}: `pip install '{name}=={saved}'`, or train again"
            )
    if not path.is_file():
        raise ModelError(f"{path}: is missing beside its manifest: {_RETRAIN}")
    if (digest := sha256_of(path)) != manifest.sha256:
        raise ModelError(
            f"{path}: is not the file that its manifest describes (sha256 {digest[:12]}…, expected "
            f"{manifest.sha256[:12]}…): {_RETRAIN}"
        )


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _minor(version: str) -> Sequence[str]:
    return version.split(".")[:2]
