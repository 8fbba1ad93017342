"""Models on disk: what training learned in one file, an encoder, and beside them a manifest that is checked first."""

import hashlib
import os
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.encoder_files import CARD, copy_encoder, sha256_of
from pipeline.errors import ModelError
from pipeline.manifest import (
    FORMAT,
    MANIFEST,
    PICKLE,
    RETRAIN,
    SHARED,
    VARIABLE,
    Manifest,
    check_libraries,
    installed_libraries,
    model_id,
    read_described,
    read_manifest,
    write_manifest,
)
from pipeline.params import TrainParams
from pipeline.paths import checkout
from pipeline.writing import new_folder, replacing

if TYPE_CHECKING:
    from pipeline.classifier import Classifier
    from pipeline.encoder import Encoder
    from pipeline.features import Featurizer

ENCODER, LEDGER = "encoder", "ledger"


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

    path = folder / PICKLE
    with replacing(path) as temporary:
        joblib.dump({"featurizer": featurizer, "classifier": classifier}, temporary, compress=3)
    digest = sha256_of(path)
    if encoder is not None:
        copy_encoder(encoder.folder, folder / ENCODER)
    manifest = Manifest(
        format=FORMAT,
        id=model_id(digest),
        sha256=digest,
        labels=classifier.labels,
        libraries=installed_libraries(),
        training=training,
        featurize=featurizer.params,
        train=params,
        encoder=None if encoder is None else sha256_of(folder / ENCODER / CARD),
    )
    write_manifest(folder, manifest)
    return manifest


def share_model(source: Path, target: Path) -> Manifest:
    """Write the model in the folder `source` to a new folder `target` as a file that cannot hold code; return the manifest.

    It scores as the model does, to the last bit, and keeps its id.

    Raises
    ------
    InputError
        If `target` is there already, or cannot be written.
    ModelError
        If `source` holds no usable model.
    """
    from pipeline.sharing import dump_parts

    with new_folder(target) as folder:
        manifest, featurizer, encoder, classifier = read_model(source)
        content = dump_parts(featurizer, classifier)
        (folder / SHARED).write_bytes(content)
        if encoder is not None:
            copy_encoder(encoder.folder, folder / ENCODER)
        if (ledger := find_ledger(source)).is_dir():
            shutil.copytree(ledger, folder / LEDGER)
        shared = manifest.model_copy(update={"file": SHARED, "sha256": hashlib.sha256(content).hexdigest()})
        write_manifest(folder, shared)
    return shared


def read_model(path: Path) -> "tuple[Manifest, Featurizer, Encoder | None, Classifier]":
    """Return the manifest and the parts of the model in the folder `path`; the manifest is checked before a file is opened.

    Where `path` is the file scorer.skops in such a folder, nothing but this file is opened: no pickle.

    Raises
    ------
    ModelError
        If there is no model, a file is not the one that the manifest describes, or other library versions saved it.
    """
    folder = path.parent if path.name == SHARED else path
    manifest = read_manifest(folder)
    file = folder / manifest.file
    if path.name == SHARED and manifest.file != SHARED:
        raise ModelError(f"{path}: its manifest speaks of {manifest.file}, a pickle, which can hold any program: not opened")
    check_libraries(file, manifest)
    content = read_described(folder, manifest)
    encoder = None if manifest.encoder is None else _encoder(folder, manifest.encoder)
    with ThreadPoolExecutor(1) as beside:  # while scikit-learn is imported, which takes as long
        opening = None if encoder is None else beside.submit(encoder.open)
        featurizer, classifier = _shared(file, content, manifest) if manifest.file == SHARED else _pickled(file, content)
    if opening is not None:
        opening.result()
    _try_out(file, manifest, featurizer, encoder, classifier)
    return manifest, featurizer, encoder, classifier


def _pickled(file: Path, content: bytes) -> "tuple[Featurizer, Classifier]":
    import joblib
    from sklearn.exceptions import InconsistentVersionWarning

    from pipeline.classifier import Classifier
    from pipeline.features import Featurizer

    try:
        with warnings.catch_warnings(action="ignore", category=InconsistentVersionWarning):  # the manifest tells what fits
            parts = joblib.load(BytesIO(content))
        featurizer, classifier = parts["featurizer"], parts["classifier"]
    except Exception as error:  # a broken pickle raises whatever it comes across
        raise ModelError(f"{file}: does not open with this version ({_line(error)}): {RETRAIN}") from None
    if not isinstance(featurizer, Featurizer) or not isinstance(classifier, Classifier):
        raise ModelError(f"{file}: holds no scorer: {RETRAIN}")
    return featurizer, classifier


def _shared(file: Path, content: bytes, manifest: Manifest) -> "tuple[Featurizer, Classifier]":
    from pipeline.sharing import load_parts

    try:
        return load_parts(content, manifest.labels, manifest.featurize, manifest.train)
    except ModelError:
        raise
    except Exception as error:  # numpy, zipfile and skops each have their own
        raise ModelError(f"{file}: is not opened: {_line(error)}") from None


def _encoder(folder: Path, sha256: str) -> "Encoder":
    from pipeline.encoder import Encoder

    encoder = Encoder(folder / ENCODER, sha256)
    _ = encoder.card  # checks the other files
    return encoder


def _try_out(
    file: Path, manifest: Manifest, featurizer: "Featurizer", encoder: "Encoder | None", classifier: "Classifier"
) -> None:
    """Read two sentences, so that parts that do not fit together are told here and not in the middle of somebody's work."""
    from pipeline.passages import Passage
    from pipeline.rows import rows_of

    page = Passage(sentences=("He denied it.", "It rained."), starts_line=(True, False))
    try:
        found = classifier.probabilities(rows_of(featurizer, encoder, [page], classifier.labels))
        classifier.label_sets(found, classifier.decide(found))
        fits = classifier.labels == manifest.labels and np.allclose(found.sum(axis=1), 1)
    except ModelError:
        raise
    except Exception as error:  # whatever numbers of the wrong shape lead to
        raise ModelError(f"{file}: its parts do not fit together ({_line(error)}): {RETRAIN}") from None
    if not fits:
        raise ModelError(f"{file}: its parts do not fit together: {RETRAIN}")


def _line(error: Exception) -> str:
    return f"{' '.join(str(error).split()) or type(error).__name__:.200}"


def find_ledger(model: Path) -> Path:
    """Return the folder of the ledger model that goes with the scorer at `model`: inside its folder, else beside it."""
    folder = model.parent if model.name == SHARED else model
    inside = folder / LEDGER
    return inside if inside.is_dir() else folder.parent / LEDGER


def find_model() -> Path:
    """Return the folder of the model to use where none is named: see `pipeline.load_model`."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    places = (checkout().scorer, Path(__file__).resolve().parent / "model")
    return next((place for place in places if (place / MANIFEST).is_file()), places[0])
