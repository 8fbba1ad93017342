"""What a model folder says of itself, and whether this program can use it; read before anything else in it is opened."""

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ModelError
from pipeline.params import FeaturizeParams, Labels, TrainParams, first_problem
from pipeline.writing import replacing

MANIFEST = "manifest.json"
PICKLE: Final = "scorer.joblib"
SHARED: Final = "scorer.skops"
FORMAT = 4  # of the model file; grows when an older program could not read it
VARIABLE = "STANCE_MODEL"
RETRAIN = "train again with `dvc repro --force train`, or take the model from where it came once more"

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Library = Literal["scikit-learn", "numpy", "scipy", "joblib", "nupunkt"]
_LIBRARIES: tuple[Library, ...] = get_args(Library)
_Version = Annotated[str, Field(pattern=r"^\d[\w.+!-]*$", max_length=40)]  # it is shown as part of a command


class Manifest(BaseModel):
    """What a model file is and where it came from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    id: Annotated[str, Field(pattern="^stance-[0-9a-f]{12}$")]
    file: Literal["scorer.joblib", "scorer.skops"] = PICKLE
    sha256: Sha256
    labels: Labels
    libraries: dict[Library, _Version]
    training: dict[str, int | str]
    featurize: FeaturizeParams
    train: TrainParams
    encoder: Sha256 | None = None


def model_id(sha256: str) -> str:
    """Return the name of the model whose file has this hash."""
    return f"stance-{sha256[:12]}"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in `folder`.

    Raises
    ------
    ModelError
        If there is none, it is broken, or the model is of another version of this program.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise ModelError(f"{folder}: holds no trained model: run `make repro`, or set {VARIABLE} to a model's folder") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        raise ModelError(f"{path}: is no manifest ({first_problem(error)}): {RETRAIN}") from None
    if manifest.format != FORMAT:
        raise ModelError(f"{folder / manifest.file}: has format {manifest.format}, this version reads {FORMAT}: {RETRAIN}")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest` to `folder`."""
    with replacing(folder / MANIFEST) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_described(folder: Path, manifest: Manifest) -> bytes:
    """Return the bytes of the model file in `folder`: the very bytes that were checked against `manifest`.

    Raises
    ------
    ModelError
        If they are not what the manifest describes.
    """
    path = folder / manifest.file
    content = read_file(path)
    if (digest := hashlib.sha256(content).hexdigest()) != manifest.sha256:
        raise ModelError(
            f"{path}: is not the file that its manifest describes (sha256 {digest[:12]}…, expected "
            f"{manifest.sha256[:12]}…): {RETRAIN}; if you changed it yourself, run `stance trust {folder}`"
        )
    return content


def read_file(path: Path) -> bytes:
    """Return the bytes of a file of a model folder.

    Raises
    ------
    ModelError
        If there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise ModelError(f"{path}: is missing beside its manifest: {RETRAIN}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None


def installed_libraries() -> dict[Library, str]:
    """Return the versions here of the libraries that a model file depends on."""
    return {name: metadata.version(name) for name in _LIBRARIES}


def check_libraries(file: Path, manifest: Manifest) -> None:
    """Raise a ModelError where other library versions than those here saved the model in `file`."""
    if missing := [name for name in _LIBRARIES if name not in manifest.libraries]:
        raise ModelError(f"{file}: its manifest does not say which {missing[0]} saved it: {RETRAIN}")
    for name, saved in manifest.libraries.items():
        here = _installed(name)
        if _minor(here) != _minor(saved):
            raise ModelError(
                f"{file}: was saved by {name} {saved}, here it is {here}: `pip install '{name}=={saved}'`, or train again"
            )


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _minor(version: str) -> Sequence[str]:
    return version.split(".")[:2]
