"""Stage `encode`: an encoder fine-tuned on the training articles, and out-of-fold scores of them."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pandas as pd

from pipeline.base_encoder import load_base, locate, shape_for
from pipeline.clusters import fraction_of
from pipeline.encoder_average import average_with, encoder_at, refuse_unlike
from pipeline.encoder_files import (
    CARD,
    CONTENT,
    GRAPH,
    OUT_OF_FOLD,
    TOKENIZER,
    EncoderCard,
    Floats,
    Steps,
    sha256_of,
    write_card,
    write_weights,
    write_words,
)
from pipeline.encoder_learner import Learner, f1_of, kept, labelled, told_f1
from pipeline.errors import InputError
from pipeline.names import common_words
from pipeline.out_of_fold import OutOfFold
from pipeline.params import EncodeParams, Params, read_params
from pipeline.paths import Paths
from pipeline.side_by_side import train_ahead
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, read_sentences
from pipeline.teacher_files import read_opinions
from pipeline.unlabelled import read_unlabelled
from pipeline.vocabulary import characters_of, trimmed


def folds_of(table: pd.DataFrame, params: EncodeParams) -> dict[str, int]:
    """Return the fold of each training document that is held out once; clusters stay whole, by a hash of their first id."""
    documents = table[table["split"] == TRAIN].drop_duplicates("document")
    name = documents["cluster"].map(documents.groupby("cluster")["document"].min())
    place = ("fold " + name).map(fraction_of) / params.held_out_share
    drawn = name.str.startswith(params.held_out_from) & (place < 1) & (params.folds > 0)
    fold = (params.folds * place[drawn]).astype(int)
    return dict(zip(documents.loc[drawn, "document"], fold, strict=True))


@dataclass(frozen=True)
class Lessons:
    """What an encoder learns from: the `table` of sentences, and a teacher's `opinions` of them and of `unlabelled` ones."""

    table: pd.DataFrame
    unlabelled: pd.DataFrame
    opinions: OutOfFold

    @classmethod
    def read(cls, paths: Paths, params: Params) -> Self:
        """Return what the stages before left; no opinions where the parameters give them no share."""
        table = read_sentences(paths.sentences)
        if not params.encode.teacher_share:
            return cls(table, read_unlabelled(paths.root, None, table), OutOfFold())
        opinions = read_opinions(paths.teacher, params.labels)
        return cls(table, read_unlabelled(paths.root, params.teach.unlabelled, table), opinions)


def make_encoder(
    lessons: Lessons, params: Params, folder: Path, checkpoints: Path, ancestor: Path | None = None
) -> EncoderCard:
    """Fine-tune an encoder on the training articles among the `lessons`, write it to `folder` and return its card.

    After it, one is trained without each fold, for the out-of-fold scores that go with it. Its weights are averaged with those
    of the encoder in the folder `ancestor`, if there is one.
    """
    table, unlabelled, opinions = lessons.table, lessons.unlabelled, lessons.opinions
    table = table[table["split"] == TRAIN]
    folds = folds_of(table, params.encode)
    _refuse_gaps(table, folds, params)
    common = common_words(table["text"])
    every = pd.concat([table, unlabelled[unlabelled["document"].isin(opinions.scores)]], ignore_index=True)
    base = load_base(locate(params.encode.base), params.encode.layers)
    base = trimmed(base, characters_of(every["text"], base.tokenizer))
    shape = shape_for(base.tokenizer, base.body.config.max_position_embeddings, params.encode)
    if ancestor is not None:
        refuse_unlike(ancestor, params.labels, shape, params.encode)
    documents = labelled(every, params.labels, params.encode, base.tokenizer, common, opinions)
    how = params.encode
    steps = Steps(how.weight_step, how.piece_step)
    learner = Learner(params.labels, how, base, shape, documents, checkpoints, how.runs, how.teacher_share, steps)
    fold_of = every["document"].map(folds)
    parts = {fold: every[fold_of != fold] for fold in sorted(set(folds.values()))}
    train_ahead([(learner, part) for part in (every, *parts.values())])
    model = learner.fit(every)
    scores: dict[str, Floats] = {}
    for fold, part in parts.items():
        scores |= learner.scores(learner.fit(part), every["document"][fold_of == fold].unique())
    from pipeline.encoder_export import export_graph
    from pipeline.encoder_rounding import whole_weights
    from pipeline.encoder_training import head_of

    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as beside:
        made = Path(beside)
        whole = whole_weights(model)
        weights = {**export_graph(model.body, made / GRAPH, whole.values()), **head_of(model, whole)}
        tensors = write_weights(made, weights)
        write_words(made, common)
        (made / TOKENIZER).write_text(base.tokenizer.to_str(), encoding="utf-8")
        kept(scores, table).write(made)
        card = EncoderCard(
            labels=params.labels,
            width=model.width,
            window=shape,
            base=params.encode.base,
            base_sha256=base.sha256,
            params=params.encode,
            trained_on=tuple(sorted(table["document"].unique())),
            unlabelled=tuple(sorted(set(every["document"]) - set(table["document"]))),
            out_of_fold=tuple(sorted(scores)),
            f1_out_of_fold=f1_of(scores, table, params.labels),
            tensors=tensors,
            files={name: sha256_of(made / name) for name in CONTENT},
        )
        write_card(made, card)
        if ancestor is not None:
            card = average_with(ancestor, made, table)
        folder.mkdir(exist_ok=True)
        for name in (OUT_OF_FOLD, *CONTENT, CARD):
            (made / name).replace(folder / name)
    for part in (*parts.values(), every):
        learner.forget(part)
    return card


def _refuse_gaps(table: pd.DataFrame, folds: dict[str, int], params: Params) -> None:
    """Raise an InputError where a label cannot be learnt, or no article is held out to calibrate on."""
    if params.encode.folds and not folds:
        raise InputError(
            f"params.yaml: encode: no training article is held out whose id begins with {params.encode.held_out_from!r}: "
            'let held_out_from name the beginning of some of yours, or "" for all, or raise held_out_share'
        )
    fold_of = table["document"].map(folds)
    for fold in {-1, *folds.values()}:
        learnt = set(table["label"][fold_of != fold])
        for label in params.labels:
            if label not in learnt:
                raise InputError(
                    f"params.yaml: labels: no article to fine-tune on has {label!r}: add some, or raise encode.folds"
                )


def main(paths: Paths) -> str:
    """Fine-tune the encoder, write it and return the closing line."""
    params = read_params(paths.params)
    lessons, commit = Lessons.read(paths, params), params.encode.ancestor
    with nullcontext() if commit is None else encoder_at(commit, paths.encoder) as ancestor:
        card = make_encoder(lessons, params, paths.encoder, paths.checkpoints, ancestor)
    told = told_f1(card.f1_out_of_fold, len(card.out_of_fold))
    return f"encode: {len(card.trained_on)} articles in, {told}: {paths.shown(paths.encoder)}"


if __name__ == "__main__":
    run_stage(main)
