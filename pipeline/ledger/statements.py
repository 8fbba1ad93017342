"""What a ledger holds: the statements of an article, whose each is, against whom, what it answers, and what follows from them.

The shape of a statement is that of a quotation in BBC Citron: a cue, sources and contents with offsets into the article.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE

SourceKind = Literal["person", "organisation", "role", "collective", "unnamed", "document", "author", "unattributed"]
Quotation = Literal["direct", "indirect", "mixed", "floating", "none"]
DenialKind = Literal["flat", "no-evidence", "dismissal", "innocent-account", "attack", "partial", "verdict"]
EvidenceKind = Literal["record", "image", "testimony", "expert", "finding", "admission"]
Relation = Literal["answers", "supports", "contests", "counters", "restates"]
REPLIES: tuple[Relation, ...] = ("answers", "supports", "contests", "counters")  # all but to say the same again
ATTRIBUTED = (ALLEGATION, DENIAL, EVIDENCE)


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of the article: ``document[start:end] == text``; offsets are code points."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Whose statement it is.

    `kind` is ``author`` in the article's own voice, ``unnamed`` where the article names nobody ("sources say"), and
    ``unattributed`` where it may name somebody who was not found: better nobody than a guess. `words` are those that name
    the source nearest to the statement, which stand in the sentence with the number `sentence`; None where nobody is named.
    `who` is the fullest name that the article has for it. `resolved` is False where `words` are a pronoun or a description
    that could not safely be taken for somebody named: then `who` repeats them.
    """

    kind: SourceKind
    words: Extract | None = None
    sentence: int | None = None
    who: str | None = None
    resolved: bool = True

    @property
    def named(self) -> bool:
        """Whether a reader could look the source up."""
        return self.kind in ("person", "organisation", "document") and self.resolved


@dataclass(frozen=True, slots=True)
class Target:
    """Against whom an allegation is made; `carried` where its sentence names nobody and the last target was taken."""

    words: Extract
    sentence: int
    who: str
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What a statement is to an earlier or later one, that of the sentence with the number `to`."""

    relation: Relation
    to: int
    probability: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that alleges, denies or offers evidence: ``document[start:end] == text``.

    `sentence` is its number in the article, from 0. `quote_unclosed` says that a quotation in it is opened or closed without
    the other mark. `depth` counts who reports whom: 1 where the source says it, 2 where the source says that another did.
    `kinds` are those of a denial or of evidence, empty for an allegation. `hedges` are the words that leave it open, `loaded`
    those that judge. `rules` names, for each field that was inferred, the rule by which it was.
    """

    sentence: int
    start: int
    end: int
    text: str
    label: str
    probability: float
    source: Source
    content: tuple[Extract, ...]
    quotation: Quotation
    cue: Extract | None = None
    quote_unclosed: bool = False
    depth: int = 1
    target: Target | None = None
    links: tuple[Link, ...] = ()
    kinds: tuple[str, ...] = ()
    hedges: tuple[Extract, ...] = ()
    loaded: tuple[Extract, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)

    def linked(self, *relations: Relation) -> int | None:
        """Return the number of the sentence to which it has one of `relations`, None where it has none."""
        return next((link.to for link in self.links if link.relation in relations), None)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that a stated rule found in a ledger; never a verdict.

    `rule` is its id, `sentences` are the numbers of those that fired it, `value` is a share or a count where the rule has one,
    and `told` says it in a line.
    """

    rule: str
    told: str
    sentences: tuple[int, ...]
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who alleges what against whom in one article, who answered, and on what evidence.

    `statements` stand in reading order. `text_sha256` is that of the article's text in UTF-8, lone surrogates replaced by
    U+FFFD; `model` names what made it, and `labelled_by` what labelled the sentences.
    """

    document: str
    title: str | None
    text_sha256: str
    model: str
    labelled_by: str
    statements: tuple[Statement, ...]
    signals: tuple[Signal, ...] = ()

    @property
    def allegations(self) -> tuple[Statement, ...]:
        """The allegations, in reading order."""
        return tuple(s for s in self.statements if s.label == ALLEGATION)

    def of(self, sentence: int) -> Statement:
        """Return the statement of the sentence with this number.

        Raises
        ------
        KeyError
            If that sentence is none.
        """
        for statement in self.statements:
            if statement.sentence == sentence:
                return statement
        raise KeyError(sentence)

    def to(self, sentences: Sequence[int], *relations: Relation) -> tuple[Statement, ...]:
        """Return the statements that have one of `relations` to one of `sentences`, in reading order."""
        return tuple(s for s in self.statements if s.linked(*relations) in sentences)

    def first_of(self, sentence: int) -> int:
        """Return the number of the allegation that the one of `sentence` restates in the end; itself for the first."""
        seen = {sentence}
        while (earlier := self.of(sentence).linked("restates")) is not None and earlier not in seen:
            seen.add(earlier)
            sentence = earlier
        return sentence
