"""Stage `featurize`: the sentences of the training articles to a feature matrix, and what makes such rows of any article."""

import joblib
from joblib import Parallel, delayed
from scipy import sparse

from pipeline.cores import available_cores
from pipeline.encoder import encoder_of
from pipeline.features import Featurizer
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.progress import track
from pipeline.rows import known_scores, rows_of
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, passages_of, read_sentences
from pipeline.writing import replacing

_BATCH = 64  # documents


def main(paths: Paths) -> str:
    """Featurize the sentences of the training articles and return the closing line."""
    params = read_params(paths.params)
    table = read_sentences(paths.sentences)
    table = table[table["split"] == TRAIN]
    passages = passages_of(table)
    featurizer = Featurizer(params.featurize).fit(track(passages, "learning the vocabulary"))
    encoder = encoder_of(params.featurize, paths.encoder)
    documents = table["document"].drop_duplicates().tolist()
    known = known_scores(encoder, documents, passages, params.labels)
    batches = [slice(i, i + _BATCH) for i in range(0, len(passages), _BATCH)]
    jobs = (delayed(rows_of)(featurizer, encoder, passages[part], params.labels, known[part]) for part in batches)
    done = Parallel(n_jobs=available_cores(), return_as="generator")(jobs)
    rows = sparse.vstack(list(track(done, "featurizing", len(batches))), format="csr")
    with replacing(paths.features) as temporary:
        sparse.save_npz(temporary, rows)
    with replacing(paths.featurizer) as temporary:
        joblib.dump(featurizer, temporary, compress=3)
    count, width = rows.shape
    return f"featurize: {len(table)} sentences in, {count} rows of {width} features out: {paths.shown(paths.features)}"


if __name__ == "__main__":
    run_stage(main)
