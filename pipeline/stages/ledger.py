"""Stage `ledger`: annotated articles to what makes ledgers."""

import joblib

from pipeline.features import Featurizer
from pipeline.ledger.annotated import annotated_articles
from pipeline.ledger.files import write_reader
from pipeline.ledger.reader import LedgerReader
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.tables import TRAIN


def main(paths: Paths) -> str:
    """Fit the reader of ledgers, write it and return the closing line."""
    params = read_params(paths.params)
    featurizer: Featurizer = joblib.load(paths.featurizer)
    known = annotated_articles(paths, params, TRAIN)
    limits = {"least_source": params.ledger.least_source, "least_speaker": params.ledger.least_speaker}
    reader = None
    if known:
        pages = [one.page(featurizer.tokens) for one in known]
        reader = LedgerReader.fit(pages, [one.statements for one in known], featurizer.common, **limits)
    count = sum(len(one.statements) for one in known)
    manifest = write_reader(paths.ledger, reader, articles=len(known), statements=count, **limits)
    made = manifest.id or "no model"
    return f"ledger: {count} statements of {len(known)} articles in, {made} out: {paths.shown(paths.ledger)}"


if __name__ == "__main__":
    run_stage(main)
