"""Stage `ledger`: annotated articles to what makes ledgers."""

import joblib

from pipeline.cores import available_cores
from pipeline.encoder import encoder_of
from pipeline.features import Featurizer
from pipeline.ledger.annotated import annotated_articles
from pipeline.ledger.files import write_reader
from pipeline.ledger.reader import LedgerReader
from pipeline.ledger.tagging import tag_pages
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.tables import TRAIN, read_sentences


def main(paths: Paths) -> str:
    """Fit the reader of ledgers, write it and return the closing line."""
    params = read_params(paths.params)
    featurizer: Featurizer = joblib.load(paths.featurizer)
    known = annotated_articles(paths, params, TRAIN)
    limits = {"least_source": params.ledger.least_source, "least_speaker": params.ledger.least_speaker}
    encoder = encoder_of(params.featurize, paths.encoder)
    reader = None
    if known:
        pages, statements, tagger = [one.page(featurizer.tokens) for one in known], [one.statements for one in known], None
        if encoder is not None:
            encoder.threads = available_cores()
            cluster = read_sentences(paths.sentences).groupby("document")["cluster"].first()
            pages, tagger = tag_pages(pages, statements, encoder, [int(cluster[one.article.id]) for one in known])
        reader = LedgerReader.fit(pages, statements, featurizer.common, tagger=tagger, **limits)
    count = sum(len(one.statements) for one in known)
    read_by = encoder.card_sha256 if encoder is not None and reader is not None else None
    manifest = write_reader(paths.ledger, reader, encoder=read_by, articles=len(known), statements=count, **limits)
    made = manifest.id or "no model"
    return f"ledger: {count} statements of {len(known)} articles in, {made} out: {paths.shown(paths.ledger)}"


if __name__ == "__main__":
    run_stage(main)
