"""The role of every sentence of a news article in its dispute: allegation, denial, evidence-claim or context.

>>> from pipeline import split_sentences
>>> [(s.start, s.end) for s in split_sentences("He denied it. She did not.")]
[(0, 13), (14, 26)]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.documents import Document
    from pipeline.errors import InputError, ModelError, StanceError
    from pipeline.scorer import ScoredSentence, Scorer, load_model
    from pipeline.sentences import Span, split_sentences

__all__ = [
    "Document",
    "InputError",
    "ModelError",
    "ScoredSentence",
    "Scorer",
    "Span",
    "StanceError",
    "load_model",
    "split_sentences",
]

_HOMES = {
    "Document": "documents",
    "InputError": "errors",
    "ModelError": "errors",
    "ScoredSentence": "scorer",
    "Scorer": "scorer",
    "Span": "sentences",
    "StanceError": "errors",
    "load_model": "scorer",
    "split_sentences": "sentences",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class or a function, imported when it is first asked for
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
