"""Whether a statement of which no source was found is the author's, somebody's whom the article does not name, or left open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pipeline.cues import find_cues
from pipeline.ledger.linear import Features, Linear
from pipeline.ledger.page_speech import speech_of_page
from pipeline.ledger.pages import Page
from pipeline.ledger.phrases import voices
from pipeline.ledger.speech import Example, Speech, SpeechReader
from pipeline.ledger.speech_features import voice_features
from pipeline.ledger.statements import SourceKind, Statement
from pipeline.lexicon import group_names
from pipeline.tokens import terms

LEAST = 0.5  # probability from which a statement is the author's, or somebody's not named; else it is left open
_NOBODY: tuple[SourceKind, ...] = ("author", "unnamed")
_SOMEBODY = "somebody"
_FIRST_PERSON = frozenset(["i", "we", "my", "our"])
_STRENGTH = 0.1  # of the model, the inverse of its regularization's


@dataclass(frozen=True)
class NobodyModel:
    """Tells of a statement without a source whether nobody is named as its source, or somebody was not found."""

    linear: Linear

    @classmethod
    def fit(
        cls, pages: Sequence[Page], annotated: Sequence[Sequence[Statement]], known: Sequence[Mapping[int, Speech]]
    ) -> Self:
        """Learn from annotated articles, `known` being how their statements report.

        What no source is found of is told by readers that have learnt from the other half of the articles, as it will be of
        articles that are new.
        """
        rows: list[Features] = []
        kinds: list[str] = []
        halves = [list(range(start, len(pages), 2)) for start in range(2)]
        for half, others in (halves, halves[::-1]):
            reader = SpeechReader.fit(list(_examples((pages[i], known[i]) for i in others)))
            for i in half:
                said = speech_of_page(pages[i], reader, {})
                for statement in annotated[i]:
                    if said[statement.sentence].source is None:
                        rows.append(nobody_features(pages[i], said, statement.sentence, reader))
                        kinds.append(statement.source.kind if statement.source.kind in _NOBODY else _SOMEBODY)
        return cls(Linear.fit(rows, kinds, strength=_STRENGTH))

    @classmethod
    def of(cls, parts: Mapping[str, Linear]) -> Self:
        """Return the model that has these `parts`."""
        return cls(parts["nobody"])

    def parts(self) -> dict[str, Linear]:
        """Return the linear model that it is made of."""
        return {"nobody": self.linear}

    def kind(self, page: Page, said: Sequence[Speech], number: int, reader: SpeechReader) -> SourceKind | None:
        """Return ``author`` or ``unnamed``, None where somebody may be named."""
        found = self.linear.probabilities([nobody_features(page, said, number, reader)])[0]
        likely = {kind: float(found[self.linear.classes.index(kind)]) for kind in _NOBODY if kind in self.linear.classes}
        best = max(likely, key=lambda kind: likely[kind], default=None)
        return best if best is not None and likely[best] >= LEAST else None


def nobody_features(page: Page, said: Sequence[Speech], number: int, reader: SpeechReader) -> Features:
    """Return what tells whether sentence `number` is in the author's own voice, or somebody's."""
    label, names = page.sentences[number].label, group_names()
    tokens = page.tokens[number].behind(page.tokens[number].filed)
    words = tokens.words
    found = voices(tokens)
    likely = reader.rankers["voice"].probabilities([voice_features(tokens, label, voice) for voice in found]).tolist()
    alone = [p for p, voice in zip(likely, found, strict=True) if not voice.source]
    before = page.sentences[number - 1].label if number else "-"
    features = [
        f"voice={min(9, int(20 * max(likely, default=0)))}", f"alone={min(9, int(20 * max(alone, default=0)))}",
        f"label={label}",
        f"quoted={any(tokens.quoted)},{all(tokens.quoted)}", f"length={min(6, len(words) // 8)}", f"number={min(5, number)}",
        f"starts={page.passage.starts_line[number]}", f"headline={number == 0 and page.passage.has_headline()}",
        f"source before={number > 0 and said[number - 1].source is not None}", f"label before={before}",
        f"source behind={number + 1 < len(said) and said[number + 1].source is not None}",
        f"first person={any(word in _FIRST_PERSON for word in words)}", f"voices={min(4, len(found))}",
        f"question={'?' in words}",
    ]  # fmt: skip
    features += [f"word={term}" for term in dict.fromkeys(terms(tokens))]
    features += [f"cue={names[group]}" for _, group in find_cues(tokens)]
    return dict.fromkeys(features, 1.0)


def _examples(read: Iterable[tuple[Page, Mapping[int, Speech]]]) -> Iterable[Example]:
    for page, known in read:
        for number, speech in known.items():
            yield Example(page.tokens[number], page.sentences[number].label, speech)
