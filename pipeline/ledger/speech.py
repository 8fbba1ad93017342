"""Who says what in a sentence, by its own words: the source, the cue and the content that fit it best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from pipeline.ledger.extents import Pieces, content_pieces, cue_ranges, whole
from pipeline.ledger.linear import Features, Linear, Ranker
from pipeline.ledger.phrases import Voice, voices
from pipeline.ledger.speech_features import content_features, cue_features, voice_features
from pipeline.tokens import Tokens

LEAST = 0.65  # probability from which a phrase is taken for the source; under it a sentence names none
LEAST_CUE = 0.25  # probability from which a sentence reports at all
T = TypeVar("T")

_PARTS = ("voice", "cue", "content")
_CARRIED = frozenset(["cited", "quoted", "reported", "carried", "relayed"])
COLON = "colon"  # the shape of a source before a colon, which has no cue


@dataclass(frozen=True, slots=True)
class Speech:
    """How a sentence reports, as numbers of its tokens.

    `source` is None where nobody is named, `cue` where nothing reports; `content` is what is stated, in pieces.
    `probability` is that of the source, or of the cue where it stands alone; 0 where there is neither.
    """

    content: Pieces
    source: range | None = None
    cue: range | None = None
    probability: float = 0.0

    @property
    def start(self) -> int:
        """The number of the first token that has a part in it; 0 where none has."""
        return min((part.start for part in (*self.content, self.source, self.cue) if part is not None), default=0)

    def moved(self, by: int) -> "Speech":
        """Return it as numbers of tokens of which `by` more, or fewer, stand before."""
        if not by:
            return self
        source, cue = (part and range(part.start + by, part.stop + by) for part in (self.source, self.cue))
        return Speech(tuple(range(part.start + by, part.stop + by) for part in self.content), source, cue, self.probability)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence whose speech was annotated."""

    tokens: Tokens
    label: str
    speech: Speech


@dataclass(frozen=True)
class SpeechReader:
    """Reads sentences: picks the word that reports and its source, then how far cue and content reach."""

    rankers: Mapping[str, Ranker]
    least: float = LEAST

    @classmethod
    def fit(cls, examples: Sequence[Example], *, least: float = LEAST) -> Self:
        """Learn from annotated sentences."""
        rows: dict[str, list[Features]] = {part: [] for part in _PARTS}
        right: dict[str, list[bool]] = {part: [] for part in _PARTS}

        def add(part: str, row: Features, *, is_right: bool) -> None:
            rows[part].append(row)
            right[part].append(is_right)

        for example in examples:
            filed = example.tokens.filed if example.tokens.filed <= example.speech.start else 0
            tokens, speech = example.tokens.behind(filed), example.speech.moved(-filed)
            meant = None
            for voice in voices(tokens):
                fits = _means(voice, speech)
                meant = meant or (voice if fits else None)
                add("voice", voice_features(tokens, example.label, voice), is_right=fits)
            if meant is None or speech.cue is None:
                continue
            for cue in cue_ranges(tokens, meant):
                add("cue", cue_features(tokens, example.label, meant, cue), is_right=cue == speech.cue)
            for pieces in content_pieces(tokens, meant, speech.cue):
                row = content_features(tokens, example.label, meant, speech.cue, pieces)
                add("content", row, is_right=pieces == speech.content)
        return cls({part: Ranker.fit(rows[part], right[part]) for part in _PARTS}, least)

    @classmethod
    def of(cls, parts: Mapping[str, Linear], *, least: float = LEAST) -> Self:
        """Return the reader that has these `parts`."""
        return cls({part: Ranker(parts[part]) for part in _PARTS}, least)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that it is made of."""
        return {part: ranker.linear for part, ranker in self.rankers.items()}

    def read(self, tokens: Tokens, label: str, *, least: float | None = None) -> Speech:
        """Return how a sentence with this `label` reports, a dateline aside; `least` takes the place of the reader's."""
        least = self.least if least is None else least
        return self._read(tokens.behind(tokens.filed), label, least).moved(tokens.filed)

    def _read(self, tokens: Tokens, label: str, least: float) -> Speech:
        found = voices(tokens)
        odds = self.rankers["voice"].probabilities([voice_features(tokens, label, voice) for voice in found]).tolist()
        if max(odds, default=0.0) < min(least, LEAST_CUE):
            return Speech(whole(tokens))
        speaking = [at for at, voice in enumerate(found) if odds[at] >= least and not passes_on(tokens, voice)]
        best = max(speaking or range(len(found)), key=odds.__getitem__)
        voice, probability = found[best], odds[best]
        cue, colon = range(voice.verb, voice.after), voice.shape.startswith(COLON)
        if not colon:
            cue = _pick(self.rankers["cue"], cue_ranges(tokens, voice), lambda c: cue_features(tokens, label, voice, c))
        readings = content_pieces(tokens, voice, cue)
        pieces = _pick(self.rankers["content"], readings, lambda p: content_features(tokens, label, voice, cue, p))
        named = voice.source if voice.source and probability >= least else None
        return Speech(pieces, named, None if colon else cue, probability)


def _means(voice: Voice, speech: Speech) -> bool:
    if voice.source != (speech.source or range(0)):
        return False
    if speech.cue is not None:
        return voice.verb in speech.cue
    return speech.source is not None and voice.shape.startswith(COLON)


def passes_on(tokens: Tokens, voice: Voice) -> bool:
    """Tell whether a voice is one that only carries another's words: "he said, as quoted by …"."""
    return voice.verb > 0 and tokens.words[voice.verb - 1] == "as" and tokens.words[voice.verb] in _CARRIED


def _pick(ranker: Ranker, candidates: Sequence[T], features: Callable[[T], Features]) -> T:
    best = ranker.best([features(candidate) for candidate in candidates])
    return candidates[0 if best is None else best[0]]
