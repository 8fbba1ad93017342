"""A small model of invented sentences, trained in a second: for tests that need any model, and many of them."""

from pathlib import Path

from pipeline.classifier import fit_classifier
from pipeline.encoder import Encoder
from pipeline.features import Featurizer
from pipeline.manifest import Manifest
from pipeline.model_files import save_model
from pipeline.params import FeaturizeParams, TrainParams
from pipeline.passages import passage
from pipeline.rows import rows_of, stacked_columns
from pipeline.sentences import split_sentences

_SAID = {
    "charge": "A {who} accused the {other} of taking money from the {where} fund.",
    "answer": "The {other} denied the charge and called the {who} a liar.",
    "rest": "The {where} fund was set up for flood repairs and holds two million.",
}
_WHO = ("clerk", "builder", "farmer", "baker", "pilot", "nurse", "porter", "miner", "tailor", "sailor")
_OTHER = ("mayor", "warden", "trustee", "banker", "bishop")
_WHERE = ("harbour", "school", "bridge", "market", "forest", "castle")


def save_toy(folder: Path, labels: tuple[str, ...] = tuple(_SAID), encoder: Encoder | None = None) -> Manifest:
    """Train a model that tells `labels`, some of the three it knows, and save it to `folder`."""
    texts = [
        {label: _SAID[label].format(who=who, other=_OTHER[i % 5], where=_WHERE[i % 6]) for label in labels}
        for i, who in enumerate(_WHO * 2)
    ]
    pages = [passage(text := " ".join(said.values()), split_sentences(text)) for said in texts]
    featurize = FeaturizeParams(encoder="none" if encoder is None else "fine-tuned", character_min_count=2)
    featurizer = Featurizer(featurize).fit(pages)
    gold = [label for said in texts for label in said]
    groups = [i for i, said in enumerate(texts) for _ in said]
    rows = rows_of(featurizer, encoder, pages, labels)
    train = TrainParams(folds=2)
    classifier = fit_classifier(rows, gold, groups, labels, train, stacked=stacked_columns(encoder, labels))
    return save_model(folder, featurizer, encoder, classifier, train, {"articles": len(texts)})
