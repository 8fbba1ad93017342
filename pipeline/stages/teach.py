"""Stage `teach`: what a larger encoder says of articles as if they were new, for `encode` to learn beside their labels."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.base_encoder import load_base, locate, shape_for
from pipeline.clusters import fraction_of
from pipeline.encoder_files import Floats
from pipeline.encoder_learner import Learner, f1_of, kept, labelled, told_f1
from pipeline.names import common_words
from pipeline.out_of_fold import OutOfFold
from pipeline.params import Params, read_params
from pipeline.paths import Paths
from pipeline.side_by_side import train_ahead
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, read_sentences
from pipeline.teacher_files import TeacherCard, write_opinions
from pipeline.unlabelled import read_unlabelled


def fold_of(table: pd.DataFrame, folds: int) -> pd.Series:
    """Return for each row of `table` the one of the `folds` that its document is in; clusters stay whole."""
    name = table.groupby("cluster")["document"].transform("min")
    return ("half " + name).map(lambda text: int(folds * fraction_of(text)))


def opinions_of(
    table: pd.DataFrame, unlabelled: pd.DataFrame, params: Params, checkpoints: Path
) -> tuple[OutOfFold, TeacherCard]:
    """Return what teachers say of the training articles in `table` and of the `unlabelled`.

    Each fold has its teachers, fine-tuned on the others; they speak of the fold, and all of them, in equal shares, of what
    has no label. Those of one fold meet its articles in different orders.
    """
    table = table[table["split"] == TRAIN]
    card = TeacherCard(labels=params.labels, params=params.teach)
    if params.teach.base is None:
        return OutOfFold(), card
    base = load_base(locate(params.teach.base))
    shape = shape_for(base.tokenizer, base.body.config.max_position_embeddings, params.teach)
    every = pd.concat([table, unlabelled], ignore_index=True)
    documents = labelled(every, params.labels, params.teach, base.tokenizer, common_words(table["text"]))
    fold = fold_of(table, params.teach.folds)
    seeds = [params.teach.seed + member for member in range(params.teach.members)]
    settings = [params.teach.model_copy(update={"seed": seed}) for seed in seeds]
    learners = [Learner(params.labels, one, base, shape, documents, checkpoints) for one in settings]
    teachers = [(learner, number) for learner in learners for number in range(params.teach.folds)]
    train_ahead([(learner, table[fold != number]) for learner, number in teachers])
    heard: dict[str, list[Floats]] = {}
    for learner, number in teachers:
        model = learner.fit(table[fold != number])
        told = pd.concat([table[fold == number], unlabelled])["document"].unique()
        for name, said in learner.scores(model, told).items():
            heard.setdefault(name, []).append(said)
    scores = {name: _mean(said) for name, said in heard.items()}
    for learner, number in teachers:
        learner.forget(table[fold != number])
    known = {
        "base_sha256": base.sha256,
        "trained_on": tuple(sorted(table["document"].unique())),
        "unlabelled": tuple(sorted(unlabelled["document"].unique())),
        "f1_out_of_fold": f1_of(scores, table, params.labels),
    }
    return kept(scores, every), card.model_copy(update=known)


def _mean(said: Sequence[Floats]) -> Floats:
    """Return the logarithm of the mean probability of log-probabilities."""
    found: Floats = np.log(np.mean(np.exp(said), axis=0)).astype(np.float32)
    return found


def main(paths: Paths) -> str:
    """Ask the teachers, write what they say and return the closing line."""
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    unlabelled = read_unlabelled(paths.root, params.teach.unlabelled, table)
    opinions, card = opinions_of(table, unlabelled, params, paths.checkpoints)
    write_opinions(paths.teacher, opinions, card)
    told = told_f1(card.f1_out_of_fold, len(card.trained_on))
    read = f"{len(card.trained_on)} articles and {len(card.unlabelled)} without labels"
    return f"teach: {read} in, {told}: {paths.shown(paths.teacher)}"


if __name__ == "__main__":
    run_stage(main)
