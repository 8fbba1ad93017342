"""Stage `train`: features and labels of the training articles to the scorer that users load."""

import hashlib

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.classifier import fit_classifier
from pipeline.encoder import Encoder, encoder_of
from pipeline.model_files import save_model
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.rows import stacked_columns
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, read_sentences


def training_record(labelled: pd.DataFrame) -> dict[str, int | str]:
    """Return what the manifest says of the training sentences: counts and a hash of texts and labels."""
    digest = hashlib.sha256()
    for text, label in zip(labelled["text"], labelled["label"], strict=True):
        digest.update(f"{label}\t{text}\n".encode())
    return {
        "articles": labelled["document"].nunique(),
        "sentences": len(labelled),
        "sha256": digest.hexdigest(),
    }


def as_if_new(labelled: pd.DataFrame, encoder: Encoder) -> NDArray[np.bool_]:
    """Return which sentences are to be stacked and calibrated on: others have scores that are worth nothing.

    Those with out-of-fold scores, as their articles were drawn to be like what will be scored. Where there are none, those of
    articles that lean on nothing that the encoder learnt.
    """
    held_out = labelled["document"].isin(encoder.card.out_of_fold)
    leaning = set(labelled.loc[labelled["document"].isin(encoder.card.trained_on), "cluster"])
    found: NDArray[np.bool_] = (held_out if held_out.any() else ~labelled["cluster"].isin(leaning)).to_numpy(dtype=bool)
    return found


def main(paths: Paths) -> str:
    """Fit the classifier, write the scorer and return the closing line."""
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    table = table[table["split"] == TRAIN]
    known = table["label"].notna()
    labelled = table[known]
    rows = sparse.load_npz(paths.features).tocsr()[known.to_numpy()]
    encoder = encoder_of(params.featurize, paths.encoder)
    stacked = stacked_columns(encoder, params.labels)
    fresh = None
    if encoder is not None and stacked:
        scored = rows[:, -stacked:].getnnz(axis=1) > 0  # an article that was altered since has lost its out-of-fold scores
        fresh = as_if_new(labelled, encoder) & scored
    classifier = fit_classifier(
        rows,
        labelled["label"].tolist(),
        labelled["cluster"].tolist(),
        params.labels,
        params.train,
        stacked=stacked,
        fresh=fresh,
    )
    featurizer = joblib.load(paths.featurizer)
    manifest = save_model(paths.scorer, featurizer, encoder, classifier, params.train, training_record(labelled))
    return f"train: {len(labelled)} labelled sentences in, model {manifest.id} out: {paths.shown(paths.scorer)}"


if __name__ == "__main__":
    run_stage(main)
