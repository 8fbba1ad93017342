"""Stage `encode`: an encoder fine-tuned on the training articles, and out-of-fold scores of them."""

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.base_encoder import Base, load_base, locate, shape_for
from pipeline.clusters import fraction_of
from pipeline.encoder import pieces_of
from pipeline.encoder_files import (
    CONTENT,
    GRAPH,
    TOKENIZER,
    EncoderCard,
    Floats,
    sha256_of,
    write_card,
    write_weights,
    write_words,
)
from pipeline.errors import InputError
from pipeline.metrics import confusion
from pipeline.metrics import scores as f1_scores
from pipeline.names import common_words
from pipeline.out_of_fold import OutOfFold, digest_of
from pipeline.params import EncodeParams, Params, read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, passages_of, read_sentences
from pipeline.windows import WindowShape
from pipeline.writing import replacing

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from pipeline.encoder_training import Labelled, SentenceEncoder


def folds_of(table: pd.DataFrame, params: EncodeParams) -> dict[str, int]:
    """Return the fold of each training document that is held out once; clusters stay whole, by a hash of their first id."""
    documents = table[table["split"] == TRAIN].drop_duplicates("document")
    name = documents["cluster"].map(documents.groupby("cluster")["document"].min())
    drawn = name.str.startswith(params.held_out_from) & (params.folds > 0)
    fold = ("fold " + name[drawn]).map(lambda text: int(params.folds * fraction_of(text)))
    return dict(zip(documents.loc[drawn, "document"], fold, strict=True))


def checkpoint_of(table: pd.DataFrame, params: Params, folder: Path) -> Path:
    """Return where training on the sentences of `table` keeps its state: elsewhere for others, or with other parameters."""
    settings = params.encode.model_dump(exclude={"runs"})
    digest = hashlib.sha256(json.dumps([params.labels, settings]).encode())
    digest.update(
        pd.util.hash_pandas_object(table[["document", "starts_line", "label", "text"]], index=False).to_numpy().tobytes()
    )
    return folder / f"{digest.hexdigest()[:16]}.pt"


def make_encoder(table: pd.DataFrame, params: Params, folder: Path, checkpoints: Path) -> EncoderCard:
    """Fine-tune an encoder on the training articles in `table`, write it to `folder` and return its card.

    Before it, one is trained without each fold, for the out-of-fold scores that go with it.
    """
    table = table[table["split"] == TRAIN]
    folds = folds_of(table, params.encode)
    _refuse_gaps(table, folds, params)
    common = common_words(table["text"])
    base = load_base(locate(params.encode.base))
    shape = shape_for(base.tokenizer, base.body.config.max_position_embeddings, params.encode)
    learner = _Learner(params, base, shape, labelled(table, params, base.tokenizer, common), checkpoints)
    scores: dict[str, Floats] = {}
    fold_of = table["document"].map(folds)
    parts = {fold: table[fold_of != fold] for fold in sorted(set(folds.values()))}
    for fold, part in parts.items():
        scores |= learner.scores(learner.fit(part), table["document"][fold_of == fold].unique())
    model = learner.fit(table)
    from pipeline.encoder_export import export_graph
    from pipeline.encoder_training import head_of

    tensors = write_weights(folder, {**export_graph(model.body, folder / GRAPH), **head_of(model)})
    write_words(folder, common)
    with replacing(folder / TOKENIZER) as temporary:
        temporary.write_text(base.tokenizer.to_str(), encoding="utf-8")
    scored = table[table["document"].isin(scores)]
    passages = zip(scored["document"].drop_duplicates(), passages_of(scored), strict=True)
    OutOfFold(scores, {name: digest_of(passage) for name, passage in passages}).write(folder)
    card = EncoderCard(
        labels=params.labels,
        width=model.width,
        window=shape,
        base=params.encode.base,
        base_sha256=base.sha256,
        params=params.encode,
        trained_on=tuple(sorted(table["document"].unique())),
        out_of_fold=tuple(sorted(scores)),
        f1_out_of_fold=_f1_of(scores, scored, params.labels),
        tensors=tensors,
        files={name: sha256_of(folder / name) for name in CONTENT},
    )
    write_card(folder, card)
    for part in (*parts.values(), table):
        learner.forget(part)
    return card


@dataclass(frozen=True)
class _Learner:
    """Fine-tunes the base on some of the `documents`, as often as it is asked."""

    params: Params
    base: Base
    shape: WindowShape
    documents: "Mapping[str, Labelled]"
    checkpoints: Path

    def fit(self, table: pd.DataFrame) -> "SentenceEncoder":
        """Return an encoder fine-tuned on the documents of `table`."""
        from pipeline.encoder_training import SentenceEncoder, train_averaged

        encode = self.params.encode
        model = SentenceEncoder(copy.deepcopy(self.base.body), len(self.params.labels), encode)
        documents = [self.documents[name] for name in table["document"].unique()]
        train_averaged(model, documents, self.shape, encode, checkpoint_of(table, self.params, self.checkpoints))
        return model

    def forget(self, table: pd.DataFrame) -> None:
        """Delete the states from which fine-tuning on the documents of `table` would go on."""
        for state in self.checkpoints.glob(f"{checkpoint_of(table, self.params, self.checkpoints).stem}-*"):
            state.unlink()

    def scores(self, model: "SentenceEncoder", names: Iterable[str]) -> dict[str, Floats]:
        """Return what `model` says of the sentences of each document."""
        from pipeline.encoder_training import log_probabilities

        return {name: log_probabilities(model, self.documents[name], self.shape) for name in names}


def _f1_of(scores: dict[str, Floats], table: pd.DataFrame, labels: Sequence[str]) -> dict[str, float | None]:
    """Return the F1 of each label as out-of-fold `scores` alone decide, None where there is none."""
    found = [labels[i] for name in table["document"].drop_duplicates() for i in scores[name].argmax(axis=1).tolist()]
    known = table.assign(found=found).dropna(subset="label")
    f1 = f1_scores(confusion(known["label"].tolist(), known["found"].tolist(), labels))["f1"]
    return {label: None if np.isnan(value) else round(float(value), 4) for label, value in zip(labels, f1, strict=True)}


def _refuse_gaps(table: pd.DataFrame, folds: dict[str, int], params: Params) -> None:
    """Raise an InputError where a label cannot be learnt, or no article is held out to calibrate on."""
    if params.encode.folds and not folds:
        raise InputError(
            f"params.yaml: encode.held_out_from: no training article's id begins with {params.encode.held_out_from!r}: "
            'name the beginning of some of yours, or "" for all'
        )
    fold_of = table["document"].map(folds)
    for fold in {-1, *folds.values()}:
        learnt = set(table["label"][fold_of != fold])
        for label in params.labels:
            if label not in learnt:
                raise InputError(
                    f"params.yaml: labels: no article to fine-tune on has {label!r}: add some, or raise encode.folds"
                )


def labelled(table: pd.DataFrame, params: Params, tokenizer: "Tokenizer", common: Collection[str]) -> "dict[str, Labelled]":
    """Return the documents of `table` as they are learnt from, by name; all but `common` words masked where params say so."""
    from pipeline.encoder_training import Labelled

    number = {label: i for i, label in enumerate(params.labels)}
    words = common if params.encode.names == "masked" else None
    return {
        str(name): Labelled(
            *pieces_of(page, tokenizer, words), [number.get(label, Labelled.UNKNOWN) for label in rows["label"]]
        )
        for page, (name, rows) in zip(passages_of(table), table.groupby("document", sort=False), strict=True)
    }


def main(paths: Paths) -> str:
    """Fine-tune the encoder, write it and return the closing line."""
    params = read_params(paths.params)
    card = make_encoder(read_sentences(paths.sentences), params, paths.encoder, paths.checkpoints)
    known = [f1 for f1 in card.f1_out_of_fold.values() if f1 is not None]
    told = f"macro-F1 {np.mean(known):.3f} out of fold on {len(card.out_of_fold)}" if known else "no out-of-fold scores"
    return f"encode: {len(card.trained_on)} articles in, {told}: {paths.shown(paths.encoder)}"


if __name__ == "__main__":
    run_stage(main)
