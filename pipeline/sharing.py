"""A model as a skops file: text and arrays alone, so that a file from a stranger can hold wrong numbers and no program.

Nothing is taken from such a file but what `_ALLOWED` names. The objects that score are built here, from these numbers and from
the parameters in the manifest.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from types import ModuleType
from typing import Any, TypeVar
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration import Calibration
from pipeline.classifier import Classifier, HeldOut, new_linear
from pipeline.conformal import LabelSets
from pipeline.errors import ModelError
from pipeline.features import Featurizer, vectorizer_names
from pipeline.params import FeaturizeParams, TrainParams

Array = NDArray[Any]
Parts = Mapping[str, object]
_N = TypeVar("_N", int, float)

# All that the file may consist of, with the part of skops that reads it: a dictionary of text, numbers and arrays.
_ALLOWED = frozenset([
    ("builtins.dict", "DictNode"), ("builtins.list", "ListNode"), ("builtins.str", "TypeNode"),
    ("builtins.str", "JsonNode"), ("numpy.ndarray", "NdArrayNode"),
])  # fmt: skip
_SCHEMA = "schema.json"
_LONGEST_NGRAM = 100


def dump_parts(featurizer: Featurizer, classifier: Classifier) -> bytes:
    """Return a skops file that holds what `featurizer` and `classifier` learned.

    Raises
    ------
    ModelError
        If skops is not installed.
    """
    content: bytes = _skops().dumps({**featurizer.learned(), **dict(_learned_weights(classifier))})
    return content


def load_parts(
    content: bytes, labels: Sequence[str], featurize: FeaturizeParams, train: TrainParams
) -> tuple[Featurizer, Classifier]:
    """Return the featurizer and the classifier in the bytes of a skops file.

    Raises
    ------
    ModelError
        If skops is not installed.
    ValueError
        If the file holds anything but text and arrays, or not those of a model; any other error where it is broken.
    """
    skops = _skops()
    _check_types(content)
    parts = skops.loads(content, trusted=[])
    if not isinstance(parts, dict):
        raise ValueError("it holds no model")
    return _featurizer(parts, featurize), _classifier(parts, tuple(labels), train)


def _skops() -> ModuleType:
    try:
        import skops.io
    except ModuleNotFoundError as error:
        raise ModelError(f"this needs {error.name}: run `pip install 'stance-signals[share]'`") from None
    return skops.io  # type: ignore[no-any-return]


def _learned_weights(classifier: Classifier) -> Iterator[tuple[str, object]]:
    yield "linear.coef", classifier.linear.coef_
    yield "linear.intercept", classifier.linear.intercept_
    yield "stacked", classifier.stacked
    yield "share", classifier.share
    yield "calibration.matrix", classifier.calibration.matrix
    yield "calibration.intercept", classifier.calibration.intercept
    yield "held_out.probabilities", classifier.held_out.probabilities
    yield "held_out.y", classifier.held_out.y.astype(np.float64)
    yield "held_out.groups", classifier.held_out.groups.astype(np.float64)
    yield "shares", classifier.shares
    yield "factors", classifier.factors
    yield "weights", classifier.weights
    yield "label_sets.coverage", classifier.label_sets.coverage
    yield "label_sets.threshold", classifier.label_sets.threshold
    yield "fold_macro_f1", np.array(classifier.fold_macro_f1)


def _check_types(content: bytes) -> None:
    """Raise a ValueError unless the file consists of `_ALLOWED` alone and unpacks to nothing larger than itself."""
    with ZipFile(BytesIO(content)) as archive:
        packed = any(info.compress_type != ZIP_STORED for info in archive.infolist())
        if packed or sum(info.file_size for info in archive.infolist()) > len(content):
            raise ValueError("it is compressed, and may be far larger than it looks")
        nodes = list(_nodes(json.loads(archive.read(_SCHEMA))))
    for node in nodes:
        kind = f"{node.get('__module__')}.{node.get('__class__')}"
        if (kind, str(node.get("__loader__"))) not in _ALLOWED:
            raise ValueError(f"it holds a {kind!r:.80}, where text and arrays are all that a model needs")
    files = [str(node["file"]) for node in nodes if "file" in node]
    if len(set(files)) < len(files):
        raise ValueError("it holds an array many times over, and may be far larger than it looks")


def _nodes(schema: object) -> Iterator[dict[str, object]]:
    """Yield every part of the file, at whatever depth, that skops would make an object of."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "__loader__" in part or "__class__" in part:
                yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _featurizer(parts: Parts, params: FeaturizeParams) -> Featurizer:
    if max(*params.word_ngrams, *params.character_ngrams) > _LONGEST_NGRAM:
        raise ValueError(f"its n-grams are longer than {_LONGEST_NGRAM}")
    featurizer = Featurizer(params)
    terms = {name: _texts(parts, f"{name}.terms") for name in vectorizer_names(params)}
    weights = {name: _array(parts, f"{name}.idf", (len(found),)) for name, found in terms.items()}
    featurizer.recall(terms | {"common": _texts(parts, "common")}, weights)
    return featurizer


def _classifier(parts: Parts, labels: tuple[str, ...], params: TrainParams) -> Classifier:
    n = len(labels)
    linear = new_linear(params)
    lines = n if n > 2 else 1  # scikit-learn keeps one row for two classes
    linear.classes_ = np.arange(n)
    linear.coef_ = _array(parts, "linear.coef", (lines, None))
    linear.intercept_ = _array(parts, "linear.intercept", (lines,))
    linear.n_features_in_ = linear.coef_.shape[1]
    return Classifier(
        labels=labels,
        linear=linear,
        stacked=_number(parts, "stacked", int),
        share=_number(parts, "share", float),
        calibration=Calibration(
            matrix=_array(parts, "calibration.matrix", (n, n)), intercept=_array(parts, "calibration.intercept", (n,))
        ),
        held_out=_held_out(parts, n),
        shares=_array(parts, "shares", (n,)),
        factors=_array(parts, "factors", (n,)),
        weights=_array(parts, "weights", (n,)),
        label_sets=LabelSets(
            coverage=_number(parts, "label_sets.coverage", float), threshold=_number(parts, "label_sets.threshold", float)
        ),
        fold_macro_f1=tuple(_array(parts, "fold_macro_f1", (None,)).tolist()),
    )


def _held_out(parts: Parts, labels: int) -> HeldOut:
    probabilities = _array(parts, "held_out.probabilities", (None, labels))
    y, groups = (_array(parts, f"held_out.{name}", (len(probabilities),)).astype(np.int64) for name in ("y", "groups"))
    for name, numbers, below in (("y", y, labels), ("groups", groups, len(y))):
        if not len(y) or not 0 <= numbers.min() <= numbers.max() < below:
            raise ValueError(f"held_out.{name} must hold numbers below {below}")
    return HeldOut(probabilities, y, groups)


def _array(parts: Parts, name: str, shape: tuple[int | None, ...]) -> Array:
    """Return an array of `shape`, where None stands for any length."""
    found = parts.get(name)
    if not isinstance(found, np.ndarray) or found.dtype not in (np.float32, np.float64) or found.ndim != len(shape):
        raise ValueError(f"{name} must be an array of floats with {len(shape)} axes")
    if any(wanted is not None and length != wanted for length, wanted in zip(found.shape, shape, strict=True)):
        raise ValueError(f"{name} must have the shape {shape}. Got {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"{name} must hold finite numbers")
    return found


def _number(parts: Parts, name: str, kind: type[_N]) -> _N:
    found = parts.get(name)
    if type(found) is not kind or not 0 <= found < 1e6:
        raise ValueError(f"{name} must be a number. Got {found!r:.80}")
    return found


def _texts(parts: Parts, name: str) -> list[str]:
    found = parts.get(name)
    texts = json.loads(found) if isinstance(found, str) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} must be a list of texts")
    return texts
