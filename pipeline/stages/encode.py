"""Stage `encode`: an encoder fine-tuned on windows of the training articles, but for those held out for the classifier."""

import hashlib
import json
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.base_encoder import load_base, locate, shape_for
from pipeline.clusters import fraction_of
from pipeline.encoder import pieces_of
from pipeline.encoder_files import CONTENT, GRAPH, TOKENIZER, EncoderCard, sha256_of, write_card, write_weights, write_words
from pipeline.errors import InputError
from pipeline.names import common_words
from pipeline.params import EncodeParams, Params, read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, passages_of, read_sentences
from pipeline.writing import replacing

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from pipeline.encoder_training import Labelled


def held_out(table: pd.DataFrame, params: EncodeParams) -> set[str]:
    """Return the training documents that the encoder must not see: whole clusters, drawn by a hash of their first id."""
    documents = table[table["split"] == TRAIN].drop_duplicates("document")
    name = documents["cluster"].map(documents.groupby("cluster")["document"].min())
    drawn = name.str.startswith(params.held_out_from) & (("held out " + name).map(fraction_of) < params.held_out)
    return set(documents.loc[drawn, "document"])


def checkpoint_of(table: pd.DataFrame, params: Params, folder: Path) -> Path:
    """Return where training on the sentences of `table` keeps its state: elsewhere for others, or with other parameters."""
    settings = params.encode.model_dump(exclude={"runs"})
    digest = hashlib.sha256(json.dumps([params.labels, settings]).encode())
    digest.update(
        pd.util.hash_pandas_object(table[["document", "starts_line", "label", "text"]], index=False).to_numpy().tobytes()
    )
    return folder / f"{digest.hexdigest()[:16]}.pt"


def make_encoder(table: pd.DataFrame, params: Params, folder: Path, checkpoints: Path) -> EncoderCard:
    """Fine-tune an encoder on the training articles in `table`, write it to `folder` and return its card."""
    table = table[table["split"] == TRAIN]
    away = held_out(table, params.encode)
    seen, unseen = table[~table["document"].isin(away)], table[table["document"].isin(away)]
    _refuse_gaps(seen, unseen, params)
    where = locate(params.encode.base)
    body, tokenizer = load_base(where)
    from pipeline.encoder_export import export_graph
    from pipeline.encoder_training import SentenceEncoder, f1_of, head_of, train_averaged

    shape = shape_for(tokenizer, body.config.max_position_embeddings, params.encode)
    common = common_words(table["text"])
    read = partial(
        labelled, labels=params.labels, tokenizer=tokenizer, common=common if params.encode.names == "masked" else None
    )
    model = SentenceEncoder(body, len(params.labels), params.encode)
    checkpoint = checkpoint_of(seen, params, checkpoints)
    train_averaged(model, read(seen), shape, params.encode, checkpoint)
    scores = [None if np.isnan(value) else value for value in f1_of(model, read(unseen), shape)]
    tensors = write_weights(folder, {**export_graph(model.body, folder / GRAPH), **head_of(model)})
    write_words(folder, common)
    with replacing(folder / TOKENIZER) as temporary:
        temporary.write_text(tokenizer.to_str(), encoding="utf-8")
    card = EncoderCard(
        labels=params.labels,
        width=model.width,
        window=shape,
        base=params.encode.base,
        base_sha256=_base_digest(where),
        params=params.encode,
        trained_on=_names(seen),
        held_out=_names(unseen),
        f1_held_out=dict(zip(params.labels, scores, strict=True)),
        tensors=tensors,
        files={name: sha256_of(folder / name) for name in CONTENT},
    )
    write_card(folder, card)
    for state in checkpoints.glob(f"{checkpoint.stem}-*"):
        state.unlink()
    return card


def _refuse_gaps(seen: pd.DataFrame, unseen: pd.DataFrame, params: Params) -> None:
    """Raise an InputError where a label cannot be learnt, or nothing is held out to calibrate on."""
    if unseen.empty:
        raise InputError(
            f"params.yaml: encode.held_out_from: no training article's id begins with {params.encode.held_out_from!r}: "
            'name the beginning of some of yours, or "" for all'
        )
    for label in params.labels:
        if label not in set(seen["label"]):
            raise InputError(
                f"params.yaml: labels: no article to fine-tune on has {label!r}: add some, or lower encode.held_out"
            )


def labelled(
    table: pd.DataFrame, labels: Sequence[str], tokenizer: "Tokenizer", common: Collection[str] | None
) -> "list[Labelled]":
    """Return the documents of `table` as they are learnt from, names masked where `common` words are given."""
    from pipeline.encoder_training import Labelled

    number = {label: i for i, label in enumerate(labels)}
    return [
        Labelled(*pieces_of(passage, tokenizer, common), [number.get(label, Labelled.UNKNOWN) for label in rows["label"]])
        for passage, (_, rows) in zip(passages_of(table), table.groupby("document", sort=False), strict=True)
    ]


def main(paths: Paths) -> str:
    """Fine-tune the encoder, write it and return the closing line."""
    params = read_params(paths.params)
    card = make_encoder(read_sentences(paths.sentences), params, paths.encoder, paths.checkpoints)
    macro_f1 = np.mean([f1 for f1 in card.f1_held_out.values() if f1 is not None])
    return (
        f"encode: {len(card.trained_on)} articles in, macro-F1 {macro_f1:.3f} on the {len(card.held_out)} held out: "
        f"{paths.shown(paths.encoder)}"
    )


def _names(part: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(part["document"].unique()))


def _base_digest(where: str) -> str | None:
    path = Path(where) / "model.safetensors"
    return sha256_of(path) if path.is_file() else None


if __name__ == "__main__":
    run_stage(main)
