"""The unit that is featurized: the sentences of one document, in order, with their place on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.sentences import Span

_LINE_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TERMINAL = (".", "!", "?", "\u2026", '."', ".\u201d", '!"', "!\u201d", '?"', "?\u201d")
_LONGEST_TITLE = 200  # characters


@dataclass(frozen=True, slots=True)
class Passage:
    """A document as the features see it.

    `sentences` are its sentences in reading order, `starts_line` says for each whether a line break stands before it, and
    `title` is the headline given beside the text, if any.
    """

    sentences: tuple[str, ...]
    starts_line: tuple[bool, ...]
    title: str | None = None

    def headline(self) -> str:
        """Return `title`, else the first line where it looks like one (a line without a full stop), else nothing."""
        return self.title or (self.sentences[0] if self.has_headline() else "")

    def has_headline(self) -> bool:
        """Tell whether the first sentence is a line of its own that looks like a title."""
        if len(self.sentences) < 2 or not self.starts_line[1]:
            return False
        first = self.sentences[0]
        return len(first) <= _LONGEST_TITLE and not first.endswith(_TERMINAL)


def passage(text: str, spans: Sequence[Span], title: str | None = None) -> Passage:
    """Return the passage of `text` cut at `spans`; lone surrogates become U+FFFD."""
    before = [0, *(span.end for span in spans)]
    return Passage(
        sentences=tuple(printable(text[span.start : span.end]) for span in spans),
        starts_line=tuple(
            i == 0 or _LINE_BREAK.search(text, before[i], span.start) is not None for i, span in enumerate(spans)
        ),
        title=None if title is None else printable(title),
    )


def printable(text: str) -> str:
    """Return `text` with each lone surrogate replaced by U+FFFD, so that it can be encoded; lengths stay the same."""
    return _SURROGATE.sub("\ufffd", text)
