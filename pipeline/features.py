"""Passages to feature rows: words, characters, cues, place on the page, and the same of the sentences around."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.cues import cue_names, cue_rows
from pipeline.errors import InputError
from pipeline.names import common_words
from pipeline.ngrams import character_ngrams, word_ngrams
from pipeline.params import FeaturizeParams
from pipeline.passages import Passage
from pipeline.tokens import Tokens, terms, tokenize, tokenize_passage

_PLACE_NAMES = (
    "number", "part", "first", "second", "near_end", "starts_line", "document_length",
    "is_headline", "headline_words", "of_headline",
)  # fmt: skip
_NEIGHBOUR_WORD_WEIGHT, _NEIGHBOUR_CUE_WEIGHT = 0.3, 0.7  # against 1 for a sentence's own words


class Featurizer:
    """Turns the sentences of documents into rows of a sparse matrix; what a row holds is learned by `fit`.

    The unit is the document: a row knows the sentences before and after its own. Nothing is learned from labels.
    """

    CHARACTER_WEIGHT = 0.5  # against 1 for the words

    def __init__(self, params: FeaturizeParams) -> None:
        self.settings = params.model_dump()  # plain, as a pydantic model pickles a set, whose order differs between runs

    @property
    def params(self) -> FeaturizeParams:
        """The parameters that it was made with."""
        return FeaturizeParams(**self.settings)

    def fit(self, passages: Iterable[Passage]) -> Self:
        """Learn vocabularies and document frequencies from the training articles' `passages`.

        Raises
        ------
        InputError
            If no n-gram occurs in as many sentences as the parameters ask for.
        """
        pages = list(passages)
        self.common_ = sorted(common_words(sentence for page in pages for sentence in page.sentences))
        rows = [terms(tokens) for page in pages for tokens in self.tokens(page)]
        new = new_vectorizers(self.params)
        try:
            self.words_ = new.words.fit(rows)
            self.characters_ = new.characters.fit(rows)
            if self.params.neighbour_words:
                self.neighbour_words_ = new.neighbour_words.fit(rows)
        except ValueError:  # scikit-learn's word for an empty vocabulary
            raise InputError(
                f"params.yaml: featurize: the {len(rows)} training sentences hold too few n-grams: add articles, or lower "
                "word_min_count and character_min_count"
            ) from None
        return self

    def transform(self, passages: Sequence[Passage]) -> sparse.csr_matrix:
        """Return the features of all sentences of `passages`, shape (sentences, features), float32, in order.

        A row depends on its own document alone.
        """
        documents = [self.tokens(passage) for passage in passages]
        rows = [terms(tokens) for document in documents for tokens in document]
        if not rows:
            return sparse.csr_matrix((0, len(self.feature_names())), dtype=np.float32)
        lengths = [len(document) for document in documents]
        blocks = [self.words_.transform(rows), self.characters_.transform(rows) * np.float32(self.CHARACTER_WEIGHT)]
        if self.params.neighbour_words:
            words = self.neighbour_words_.transform(rows) * np.float32(_NEIGHBOUR_WORD_WEIGHT)
            blocks += [shifted(words, lengths, -1), shifted(words, lengths, 1)]
        cues = sparse.csr_matrix(np.vstack([cue_rows(document) for document in documents]))
        blocks.append(cues)
        blocks += [shifted(cues, lengths, by) * np.float32(_NEIGHBOUR_CUE_WEIGHT) for by in self._neighbours()]
        blocks.append(sparse.csr_matrix(np.vstack([_place(p, d) for p, d in zip(passages, documents, strict=True)])))
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def tokens(self, passage: Passage) -> list[Tokens]:
        """Return the tokens of each sentence of `passage`, names told from words by what was learned."""
        return tokenize_passage(passage, self.common)

    @cached_property
    def common(self) -> frozenset[str]:
        """The words that stand in lower case somewhere in what it was fitted on: a capital makes no names of them."""
        return frozenset(self.common_)

    def learned(self) -> dict[str, str | NDArray[np.float32]]:
        """Return what `fit` learned: lists of words, each as JSON in one text, and numbers; see `recall`."""
        found: dict[str, str | NDArray[np.float32]] = {"common": json.dumps(self.common_)}
        for name in vectorizer_names(self.params):
            vectorizer = getattr(self, f"{name}_")
            found[f"{name}.terms"] = json.dumps(vectorizer.get_feature_names_out().tolist())
            found[f"{name}.idf"] = vectorizer.idf_
        return found

    def recall(self, words: Mapping[str, Sequence[str]], weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Know what another one has `learned`: words by ``common`` and the name of a vectorizer, weights by the latter."""
        self.common_ = list(words["common"])
        for name in vectorizer_names(self.params):
            vectorizer: TfidfVectorizer = getattr(new_vectorizers(self.params), name).set_params(vocabulary=words[name])
            vectorizer.idf_ = weights[name]
            setattr(self, f"{name}_", vectorizer)

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: a few long texts, as a hundred thousand short ones take most of a second to open."""
        return {"settings": self.settings, **(self.learned() if hasattr(self, "words_") else {})}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become what was pickled."""
        self.settings = state["settings"]
        if "common" in state:
            names = vectorizer_names(self.params)
            words = {name: json.loads(state[f"{name}.terms"]) for name in names} | {"common": json.loads(state["common"])}
            self.recall(words, {name: state[f"{name}.idf"] for name in names})

    def columns(self) -> dict[str, slice]:
        """Return which columns hold the words of the sentence itself, its characters, and its cues."""
        words, characters = len(self.words_.vocabulary_), len(self.characters_.vocabulary_)
        near = 2 * len(self.neighbour_words_.vocabulary_) if self.params.neighbour_words else 0
        cues = words + characters + near
        return {
            "words": slice(0, words),
            "characters": slice(words, words + characters),
            "cues": slice(cues, cues + len(cue_names())),
        }

    def feature_names(self) -> list[str]:
        """Return the name of each column: ``word:…``, ``character:…``, ``word-1:…``, ``cue:…``, ``cue+1:…``, ``place:…``."""
        names = [f"word:{name}" for name in self.words_.get_feature_names_out()]
        names += [f"character:{name}" for name in self.characters_.get_feature_names_out()]
        if self.params.neighbour_words:
            near = self.neighbour_words_.get_feature_names_out()
            names += [f"word{by:+d}:{name}" for by in (-1, 1) for name in near]
        names += [f"cue:{name}" for name in cue_names()]
        names += [f"cue{by:+d}:{name}" for by in self._neighbours() for name in cue_names()]
        return names + [f"place:{name}" for name in _PLACE_NAMES]

    def _neighbours(self) -> list[int]:
        return [by for by in self.params.neighbours if by != 0]


def shifted(rows: sparse.csr_matrix, lengths: Sequence[int], by: int) -> sparse.csr_matrix:
    """Return for each row the one `by` places further on in the same document, zeros beyond its ends.

    `lengths` holds the number of rows of each document.
    """
    document = np.repeat(np.arange(len(lengths)), lengths)
    source = np.arange(rows.shape[0]) + by
    inside = (source >= 0) & (source < rows.shape[0])
    inside[inside] = document[source[inside]] == document[inside]
    take = sparse.csr_matrix(
        (np.ones(inside.sum(), dtype=rows.dtype), (np.flatnonzero(inside), source[inside])), shape=(rows.shape[0],) * 2
    )
    return take @ rows


class Vectorizers(NamedTuple):
    """What counts the n-grams of a sentence: of its words, of their characters, and of the words of its neighbours."""

    words: TfidfVectorizer
    characters: TfidfVectorizer
    neighbour_words: TfidfVectorizer


def vectorizer_names(params: FeaturizeParams) -> tuple[str, ...]:
    """Return the names of the vectorizers that are used."""
    return tuple(name for name in Vectorizers._fields if name != "neighbour_words" or params.neighbour_words)


def new_vectorizers(params: FeaturizeParams) -> Vectorizers:
    """Return the vectorizers as they are before they are fitted."""
    return Vectorizers(
        _tfidf(partial(word_ngrams, bounds=params.word_ngrams), params.word_min_count),
        _tfidf(partial(character_ngrams, bounds=params.character_ngrams), params.character_min_count),
        _tfidf(partial(word_ngrams, bounds=(1, 1)), params.word_min_count),
    )


def _tfidf(analyzer: partial[list[str]], min_count: int) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=analyzer, min_df=min_count, sublinear_tf=True, dtype=np.float32)


def _place(passage: Passage, document: Sequence[Tokens]) -> NDArray[np.float32]:
    """Return where each sentence stands and how much of the headline it repeats, shape (sentences, len(_PLACE_NAMES))."""
    count = len(document)
    headline = set(_content(tokenize(passage.headline()))) if passage.headline() else set()
    rows = np.zeros((count, len(_PLACE_NAMES)), dtype=np.float32)
    for i, tokens in enumerate(document):
        shared = headline.intersection(_content(tokens))
        is_headline = i == 0 and passage.has_headline()
        rows[i] = [
            min(i, 20) / 20,
            i / count,
            i == 0,
            i == 1,
            count - i <= 2,
            passage.starts_line[i],
            min(count, 40) / 40,
            is_headline,
            0 if is_headline else len(shared) / max(1, len(headline)),
            0 if is_headline else len(shared) / max(1, len(tokens.words)),
        ]
    return rows


def _content(tokens: Tokens) -> Iterator[str]:
    """Yield the words long enough to carry content."""
    return (word for word in tokens.words if len(word) > 3)
