"""Two encoders that were fine-tuned from one start as one, their weights averaged ("model soups", Wortsman et al. 2022).

One that learnt an earlier state of the corpus and one that learnt today's err in other places. Their mean reads text unlike
either's better than both do, and costs no more than one of them.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.encoder_files import (
    CARD,
    CONTENT,
    GRAPH,
    OUT_OF_FOLD,
    WEIGHTS,
    WIDEST,
    WORDS,
    EncoderCard,
    Floats,
    Rounded,
    read_card,
    read_content,
    read_weights,
    read_words,
    sha256_of,
    write_card,
    write_weights,
    write_words,
)
from pipeline.encoder_learner import f1_of
from pipeline.errors import InputError
from pipeline.out_of_fold import OutOfFold
from pipeline.params import EncodeParams
from pipeline.windows import WindowShape

if TYPE_CHECKING:
    from onnx import ModelProto

_STEP = 1 / 64  # of mean out-of-fold scores
_PIECES = "embeddings.word_embeddings.weight"  # how the name of the table of word pieces ends


@contextmanager
def encoder_at(commit: str, folder: Path) -> Iterator[Path]:
    """Hand out a copy of the encoder that lay in `folder` at `commit` of its git repository.

    Raises
    ------
    InputError
        If there is none, or no such commit.
    """
    with TemporaryDirectory() as copy:
        for name in (*CONTENT, OUT_OF_FOLD, CARD):
            command = ["git", "show", f"{commit}:./{folder.name}/{name}"]
            try:
                shown = subprocess.run(command, cwd=folder.parent, capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                raise InputError(
                    f"params.yaml: encode.ancestor: git knows no {folder.name}/{name} at {commit!r}: fetch the whole history "
                    "(`git fetch --unshallow`), or set it to null"
                ) from None
            (Path(copy) / name).write_bytes(shown.stdout)
        yield Path(copy)


def refuse_unlike(ancestor: Path, labels: Sequence[str], shape: WindowShape, params: EncodeParams) -> None:
    """Raise an InputError where the encoder in `ancestor` tells other labels, or has another base, other layers or windows."""
    card = read_card(ancestor)
    made = (card.labels, card.window, card.base, card.params.layers)
    if made != (tuple(labels), shape, params.base, params.layers):
        raise InputError(
            "params.yaml: encode.ancestor: has other labels, another base, other layers or windows: set it to null"
        )


def average_with(ancestor: Path, folder: Path, table: pd.DataFrame) -> EncoderCard:
    """Average the weights of the encoder in `folder` with those of the one in `ancestor`, in place, and return its new card.

    A mean between two steps of a rounded weight goes to the even one. Out-of-fold scores are kept where both have some, as the
    mean of both, as the mean of weights comes near the mean of what is computed with each; `table` holds the training articles.
    A word is no name where both say so; the table of word pieces stays.

    Raises
    ------
    InputError
        If the two are not of one shape.
    """
    card, other = read_card(folder), read_card(ancestor)
    tensors = write_weights(folder, _averaged(_weights(folder, card), _weights(ancestor, other)))
    kept = _shared(OutOfFold.read(folder, len(card.labels)), OutOfFold.read(ancestor, len(card.labels)))
    kept.write(folder)
    write_words(folder, read_words(read_content(folder, card, WORDS)) & read_words(read_content(ancestor, other, WORDS)))
    learnt = {*card.trained_on, *other.trained_on}
    card = card.model_copy(
        update={
            "trained_on": tuple(sorted(learnt)),
            "unlabelled": tuple(sorted({*card.unlabelled, *other.unlabelled} - learnt)),
            "out_of_fold": tuple(sorted(kept.scores)),
            "f1_out_of_fold": f1_of(kept.scores, table, card.labels),
            "tensors": tensors,
            "files": {**card.files, **{name: sha256_of(folder / name) for name in (WEIGHTS, WORDS)}},
        }
    )
    write_card(folder, card)
    return card


def _shared(ours: OutOfFold, theirs: OutOfFold) -> OutOfFold:
    """Return the mean scores of what both have scored in the same sentences."""
    both = [name for name in ours.scores if theirs.digests.get(name) == ours.digests[name]]
    return OutOfFold(
        {name: _pooled(ours.scores[name], theirs.scores[name]) for name in both}, {name: ours.digests[name] for name in both}
    )


def _pooled(ours: Floats, theirs: Floats) -> Floats:
    """Return the mean of log-probabilities, shape (sentences, labels), as log-probabilities, to less than a hundredth."""
    mean = (ours.astype(np.float64) + theirs) / 2
    normed = mean - np.log(np.exp(mean).sum(axis=1, keepdims=True))
    found: Floats = (np.rint(normed / _STEP) * _STEP).astype(np.float32)  # fewer digits, a smaller file
    return found


def _weights(folder: Path, card: EncoderCard) -> dict[str, tuple[str, Floats | Rounded]]:
    """Return the weights of an encoder by what they are in it, each with its name in the file."""
    import onnx

    graph = onnx.load_model_from_string(read_content(folder, card, GRAPH))
    place = _places(graph)
    weights = read_weights(read_content(folder, card, WEIGHTS), card.tensors)
    return {place.get(name, name): (name, weight) for name, weight in weights.items()}


def _places(model: "ModelProto") -> dict[str, str]:
    """Return what the matrices are whose names are numbers that an export counts: that which the named bias is added to."""
    added = {name: node for node in model.graph.node if node.op_type == "Add" for name in node.input}
    found = {}
    for node in model.graph.node:
        if node.op_type == "DynamicQuantizeMatMul" and node.output[0] in added:
            (bias,) = set(added[node.output[0]].input) - {node.output[0]}
            found[node.input[1]] = f"{bias.removesuffix('bias')}weight"
    return found


def _averaged(
    ours: dict[str, tuple[str, Floats | Rounded]], theirs: dict[str, tuple[str, Floats | Rounded]]
) -> dict[str, Floats | Rounded]:
    found: dict[str, Floats | Rounded] = {}
    for place, (name, one) in ours.items():
        if place.endswith(_PIECES):
            found[name] = one
            continue
        _, other = theirs.get(place, ("", None))
        if other is None or _values(other).shape != _values(one).shape:
            raise InputError(f"params.yaml: encode.ancestor: has no {place} of the same shape: set it to null")
        mean: Floats = ((_values(one) + _values(other)) / 2).astype(np.float32)
        found[name] = _rounded(mean, one.step) if isinstance(one, Rounded) else mean
    return found


def _values(weight: Floats | Rounded) -> Floats:
    return weight.value if isinstance(weight, Rounded) else weight


def _rounded(values: Floats, step: Floats) -> Rounded:
    """Return `values` as whole numbers of `step`, those in the middle between two the even one."""
    return Rounded(np.rint(values / step).clip(-WIDEST, WIDEST).astype(np.int8), step)
