"""Stage `featurize`: the table of sentences to a feature matrix, what it holds learned from the training articles alone."""

import joblib
from scipy import sparse

from pipeline.features import Featurizer
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, passages_of, read_sentences
from pipeline.writing import replacing


def main(paths: Paths) -> str:
    """Featurize all sentences and return the closing line."""
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    featurizer = Featurizer(params.featurize).fit(passages_of(table[table["split"] == TRAIN]))
    rows = featurizer.transform(passages_of(table))
    with replacing(paths.features) as temporary:
        sparse.save_npz(temporary, rows)
    with replacing(paths.featurizer) as temporary:
        joblib.dump(featurizer, temporary, compress=3)
    count, width = rows.shape
    return f"featurize: {len(table)} sentences in, {count} rows of {width} features out: {paths.shown(paths.features)}"


if __name__ == "__main__":
    run_stage(main)
