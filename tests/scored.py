"""Sentences scored by nobody: split as they are, with labels in turn, for what is done with scores."""

from itertools import cycle

from pipeline.documents import Document
from pipeline.explanations import Explanation, WordEffect
from pipeline.scorer import ScoredSentence
from pipeline.sentences import split_sentences
from pipeline.tokens import token_spans

ROLES = ("allegation", "denial", "evidence-claim", "context")


class Model:
    """What views know of a model."""

    def __init__(self, labels=ROLES, name="stance-0123456789ab"):
        self.id = name
        self.labels = tuple(labels)


def scored(text, labels=ROLES, *, doubtful=(), explain=False, turn=None):
    """Return the sentences of `text`, labels given in turn; those with numbers in `doubtful` have a second one in their set."""
    found = []
    for number, (span, label) in enumerate(zip(split_sentences(text), cycle(turn or labels), strict=False)):
        rest = [other for other in labels if other != label]
        probabilities = {other: 0.7 if other == label else 0.3 / len(rest) for other in labels}
        sentence = text[span.start : span.end]
        words = tuple(
            WordEffect(span.start + place.start, span.start + place.end, sentence[place.start : place.end], effect)
            for place, effect in zip(token_spans(sentence), cycle((1.5, -0.4, 0.01)), strict=False)
        )
        found.append(
            ScoredSentence(
                span.start, span.end, sentence, label, 0.7, probabilities,
                (label, rest[0]) if number in doubtful else (label,), Explanation(label, 1.0, 0.0, words) if explain else None,
            )
        )  # fmt: skip
    return found


def document(name, text="A clerk accused her of theft. She denied it.", **known):
    """Return a document and its scored sentences."""
    return Document(name, text, **known), scored(text)
