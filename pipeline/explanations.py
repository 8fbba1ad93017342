"""Which words of a sentence moved its score and by how much: exact for the linear model, by occlusion for the encoder."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.cues import cue_rows, find_cues
from pipeline.lexicon import group_names
from pipeline.ngrams import character_ngrams, word_ngrams
from pipeline.tokens import Tokens, term_tokens, terms, token_spans

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from pipeline.classifier import Classifier
    from pipeline.encoder import Encoder
    from pipeline.features import Featurizer
    from pipeline.passages import Passage
    from pipeline.scorer import ScoredSentence

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WordEffect:
    """What a word did to the score of its sentence's label: ``text == document[start:end]``; above zero it spoke for it."""

    start: int
    end: int
    text: str
    effect: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words of a sentence and what each did to the `score` of its label.

    The score is the log-probability of the label less the mean of all labels' log-probabilities. `rest` is what the words
    taken one by one do not account for: the sentences around, the place on the page, what words do together; with it the
    effects sum to the score.
    """

    label: str
    score: float
    rest: float
    words: tuple[WordEffect, ...]

    def strongest(self, count: int) -> list[WordEffect]:
        """Return the `count` words that moved the score most, the strongest first; marks of punctuation stay out."""
        spoken = [word for word in self.words if word.effect and any(map(str.isalnum, word.text))]
        return sorted(spoken, key=lambda word: -abs(word.effect))[:count]


def explained(
    featurizer: "Featurizer",
    encoder: "Encoder | None",
    classifier: "Classifier",
    passage: "Passage",
    scored: "Sequence[ScoredSentence]",
) -> Iterator[Explanation]:
    """Yield an explanation for each sentence of `passage`, which were `scored` before.

    The linear model is a sum, so a word's part in it is exact: its share of each n-gram and cue that it stands in. The
    encoder's part is by occlusion: the score less that of the sentence without the word (Zeiler and Fergus 2014, "Visualizing
    and Understanding Convolutional Networks"). It reads a sentence once for each of its words.
    """
    document = featurizer.tokens(passage)
    cues = cue_rows(document)
    for number, (sentence, s) in enumerate(zip(passage.sentences, scored, strict=True)):
        places = token_spans(sentence)
        weights, pull = classifier.lead(classifier.labels.index(s.label))
        effects = _linear_effects(featurizer, document[number], cues[number], weights)
        if encoder is not None and len(pull):
            whole, without = encoder.occluded(passage, number, places)
            effects += (whole - without).astype(np.float64) @ pull
        log = np.log(list(s.probabilities.values()))
        score = float(np.log(s.probability) - log.mean())
        words = [
            WordEffect(s.start + place.start, s.start + place.end, s.text[place.start : place.end], effect)
            for place, effect in zip(places, effects.tolist(), strict=True)
        ]
        yield Explanation(s.label, score, score - float(effects.sum()), tuple(words))


def _linear_effects(featurizer: "Featurizer", tokens: Tokens, cues: NDArray[np.float32], weights: Array) -> Array:
    """Return what each token adds to ``row @ weights``, by way of the sentence's own n-grams and cues."""
    columns = featurizer.columns()
    by_term = np.zeros(len(words := terms(tokens)))
    p = featurizer.params
    low, high = p.word_ngrams
    grams = word_ngrams(words, bounds=p.word_ngrams)
    starts = [(at, n) for n in range(low, high + 1) for at in range(len(words) - n + 1)]
    for gram, (at, n) in zip(_worth(featurizer.words_, words, grams, weights[columns["words"]]), starts, strict=True):
        by_term[at : at + n] += gram / n
    letters = [character_ngrams([word], bounds=p.character_ngrams) for word in words]
    flat = [gram for grams in letters for gram in grams]
    worth = iter(_worth(featurizer.characters_, words, flat, weights[columns["characters"]] * featurizer.CHARACTER_WEIGHT))
    for i, grams in enumerate(letters):
        by_term[i] += sum(next(worth) for _ in grams)
    effects = np.zeros(len(tokens.words))
    for value, numbers in zip(by_term, term_tokens(tokens), strict=True):
        effects[numbers.start : numbers.stop] += value / len(numbers)
    return effects + _cue_effects(tokens, cues, weights[columns["cues"]])


def _worth(vectorizer: "TfidfVectorizer", words: list[str], grams: Sequence[str], weights: Array) -> list[float]:
    """Return what each of `grams`, which the vectorizer finds in `words`, adds; those that come twice share what they add."""
    row = vectorizer.transform([words])
    value = dict(zip(row.indices.tolist(), (row.data * weights[row.indices]).tolist(), strict=True))
    column = [vectorizer.vocabulary_.get(gram) for gram in grams]
    count = Counter(column)
    return [0.0 if number is None else value[number] / count[number] for number in column]


def _cue_effects(tokens: Tokens, cues: NDArray[np.float32], weights: Array) -> Array:
    """Return what each token adds as a cue, plain, under a negation, and inside a quotation."""
    groups, effects = len(group_names()), np.zeros(len(tokens.words))
    found = [
        (at, column)
        for at, group in find_cues(tokens)
        for column, holds in (
            (group, True), (groups + group, tokens.negated[at]), (2 * groups + group, tokens.quoted[at])
        )
        if holds
    ]  # fmt: skip
    count = Counter(column for _, column in found)
    for at, column in found:
        effects[at] += cues[column] * weights[column] / count[column]
    return effects
