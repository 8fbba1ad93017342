"""File names for articles, whatever their ids hold."""

import hashlib
import re
import unicodedata
from collections import Counter

from pipeline.passages import printable

_LONGEST = 60  # characters of an id that a name keeps


class FileNames:
    """Gives names that are safe in every file system and in a URL, and no name twice.

    The same id gives the same name in every run, so that links to it last; of ids that come again, all but the first are
    numbered.

    >>> names = FileNames()
    >>> names("news/Über uns?.html"), names("news/Über uns?.html"), names("../..")
    ('news-uber-uns-html-050aafd2', 'news-uber-uns-html-050aafd2-2', 'article-0cfd1c96')
    """

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def __call__(self, identity: str) -> str:
        """Return the name, without a suffix, for the article that is called `identity`."""
        letters = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode().lower()
        plain = re.sub("[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].strip("-") or "article"
        name = f"{plain}-{hashlib.sha256(printable(identity).encode()).hexdigest()[:8]}"
        self._given[name] += 1
        return name if self._given[name] == 1 else f"{name}-{self._given[name]}"
