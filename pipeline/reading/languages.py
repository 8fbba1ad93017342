"""Which language a text is in, as far as that can be told: the model reads English."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SHORTEST = 200  # characters; of shorter texts the language is misread
_LONGEST = 5000  # characters that are looked at
_ENGLISH = "en"
_SURELY_NOT = 0.01  # probability of English below which a text is not taken for English


def other_language(text: str) -> str | None:
    """Return the ISO 639 code of the language that `text` is in if it is surely not English.

    >>> other_language("Der Bürgermeister wies die Vorwürfe am Dienstag zurück. " * 5)
    'de'
    """
    if len(text) <= _SHORTEST:
        return None
    ranked = _identifier().rank(text[:_LONGEST])
    language = str(ranked[0][0])
    return language if dict(ranked)[_ENGLISH] < _SURELY_NOT else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
