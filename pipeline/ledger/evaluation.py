"""How good the ledgers of a model are on annotated articles that it has not learnt from."""

from collections.abc import Mapping
from typing import Any

from pipeline.attributions import read_attributions
from pipeline.corpus import read_articles
from pipeline.ledger.annotated import Annotated, annotated_articles
from pipeline.ledger.baselines import baseline_ledger
from pipeline.ledger.facts import facts_found
from pipeline.ledger.files import read_manifest
from pipeline.ledger.measures import agreement, measure_ledger
from pipeline.params import Params
from pipeline.paths import Paths
from pipeline.scorer import Scorer
from pipeline.tables import TEST


def evaluate_ledger(model: Scorer, paths: Paths, params: Params, clusters: Mapping[str, int]) -> dict[str, Any]:
    """Return what `measure_ledger` says of the test articles, and `two_readers`; nothing where none are annotated."""
    tested = annotated_articles(paths, params, TEST)
    if not tested or read_manifest(paths.ledger).id is None:
        return {}
    e = params.evaluate
    gold = {one.article.id: one.attributed for one in tested}
    articles = {one.article.id: one.article for one in tested}
    ledgers = {one.article.id: model.ledger_of(one.page(model.featurizer.tokens), one.article.id) for one in tested}
    baseline = {name: baseline_ledger(article.text, article.sentences, name) for name, article in articles.items()}
    measured = measure_ledger(gold, articles, ledgers, baseline, clusters, e.resamples, e.seed)
    second = {}
    if params.ledger.second_reading is not None:
        again = annotated_articles(paths, params, TEST, params.ledger.second_reading)
        second = {one.article.id: one.attributed for one in again}
    read_twice = {name: one for name, one in gold.items() if name in second}
    if read_twice:
        measured["two_readers"] = agreement(read_twice, second, articles, clusters, e.resamples, e.seed)
    measured["demonstration"] = _demonstration(model, paths, params)
    return measured


def _demonstration(model: Scorer, paths: Paths, params: Params) -> dict[str, Any]:
    """Return how many facts of the ledger that people made of the demonstration are found, by whose labels it is made."""
    article, ledger = params.evaluate.demonstration, params.ledger.demonstration
    if article is None or ledger is None:
        return {}
    shown = {one.id: one for one in read_articles([paths.root / article], params.labels)}
    [attributed] = read_attributions([paths.root / ledger], shown)
    one = Annotated(shown[attributed.id], attributed)
    made = {
        "by_people": model.ledger_of(one.page(model.featurizer.tokens), attributed.id),
        "by_the_model": model.ledger(one.article.text),
    }
    return {f"labelled_{name}": facts_found(one.statements, ledger) for name, ledger in made.items()}
