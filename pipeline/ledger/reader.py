"""What makes the ledger of an article whose sentences are labelled: attribution, targets, kinds, links and signals in turn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

import numpy as np

from pipeline.encoder import Encoded, Encoder
from pipeline.ledger.identities import Identities
from pipeline.ledger.kinds import KindModels
from pipeline.ledger.linear import Floats, Linear
from pipeline.ledger.linking import Linker
from pipeline.ledger.nobody import NobodyModel
from pipeline.ledger.page_speech import speech_of, speech_of_page
from pipeline.ledger.pages import Page, text_hash
from pipeline.ledger.quotations import Quotations, quotations_of
from pipeline.ledger.signals import signals
from pipeline.ledger.speakers import SpeakerFinder
from pipeline.ledger.speech import Example, Speech, SpeechReader
from pipeline.ledger.statements import Ledger, Source, Statement
from pipeline.ledger.tagging import Tagger, token_rows, with_tags
from pipeline.ledger.tags import TAGS
from pipeline.ledger.targets import TargetExample, TargetFinder
from pipeline.ledger.wording import hedges_of, loaded_of

_UNKNOWN: Final = "author"  # the kind of a source until kinds are told
_TAG = "tag"  # the part that tags tokens


@dataclass(frozen=True)
class LedgerReader:
    """Makes ledgers. `id` names the models in it; they know the roles, and nothing of what labelled the sentences."""

    speech: SpeechReader
    speakers: SpeakerFinder
    targets: TargetFinder
    kinds: KindModels
    linker: Linker
    nobody: NobodyModel
    tagger: Tagger | None = None
    id: str = ""

    @classmethod
    def fit(
        cls,
        pages: Sequence[Page],
        annotated: Sequence[Sequence[Statement]],
        common: Collection[str],
        *,
        least_source: float,
        least_speaker: float,
        tagger: Tagger | None = None,
    ) -> Self:
        """Learn from pages and their annotated statements; see `pipeline.ledger.gold.statements_of`.

        With a `tagger` the pages have been tagged and know the states of their tokens; those to read must have been `seen`.

        `least_source` and `least_speaker` are the probabilities from which a source is named at all: in the sentence, and
        near it. `common` are the words of which a capital makes no name.
        """
        known = [{s.sentence: speech_of(page, s) for s in found} for page, found in zip(pages, annotated, strict=True)]
        speech = SpeechReader.fit(
            [
                Example(page.tokens[number], page.sentences[number].label, said)
                for page, found in zip(pages, known, strict=True)
                for number, said in found.items()
            ],
            least=least_source,
        )
        speakers = SpeakerFinder.fit(
            [
                (page, speech_of_page(page, speech, found), _speakers(statements, found))
                for page, statements, found in zip(pages, annotated, known, strict=True)
            ],
            least=least_speaker,
        )
        targets = TargetFinder.fit(
            [TargetExample(page.text, found, page.tokens) for page, found in zip(pages, annotated, strict=True)]
        )
        kinds = KindModels.fit(annotated, common, pages)
        nobody = NobodyModel.fit(pages, annotated, known)
        return cls(speech, speakers, targets, kinds, Linker.fit(annotated), nobody, tagger)

    def parts(self) -> dict[str, Linear]:
        """Return the linear models that it is made of, by names like ``speech/cue``."""
        made = (
            ("speech", self.speech.parts()),
            ("speakers", self.speakers.parts()),
            ("targets", self.targets.parts()),
            ("kinds", self.kinds.parts()),
            ("links", self.linker.parts()),
            ("nobody", self.nobody.parts()),
            ("tags", {} if self.tagger is None else {_TAG: self.tagger.linear}),
        )
        return {f"{name}/{part}": linear for name, parts in made for part, linear in parts.items()}

    @classmethod
    def of(
        cls, parts: Mapping[str, Linear], common: Collection[str], *, least_source: float, least_speaker: float, id: str
    ) -> Self:
        """Return the reader that has these `parts`; raises a KeyError where one is missing."""
        grouped: dict[str, dict[str, Linear]] = {}
        for name, linear in parts.items():
            group, _, part = name.partition("/")
            grouped.setdefault(group, {})[part] = linear
        return cls(
            SpeechReader.of(grouped["speech"], least=least_source),
            SpeakerFinder.of(grouped["speakers"], least=least_speaker),
            TargetFinder.of(grouped["targets"]),
            KindModels.of(grouped["kinds"], common),
            Linker.of(grouped["links"]),
            NobodyModel.of(grouped["nobody"]),
            Tagger.of(grouped["tags"][_TAG]) if "tags" in grouped else None,
            id,
        )

    @cached_property
    def probe(self) -> Floats | None:
        """What the encoder's hidden states are to be multiplied with, shape (width, columns); None where it reads none."""
        return None if self.tagger is None else np.hstack([self.tagger.linear.probe, self.kinds.probe])

    def seen(self, page: Page, encoder: Encoder, told: Encoded | None = None) -> Page:
        """Return `page` with what the `probe` finds in it; `told` is what `encoder` says of it, with the probe, if it did."""
        if self.tagger is None:
            return page
        told = told or encoder([page.passage], self.probe)[0]
        rows = list(token_rows(page, encoder, told))
        tags = [self.tagger.tags(row[:, : len(TAGS)], s.label) for row, s in zip(rows, page.sentences, strict=True)]
        return replace(with_tags(page, tags), states=tuple(row[:, len(TAGS) :] for row in rows))

    def ledger(
        self, page: Page, probabilities: Mapping[int, float], document: str, title: str | None, labelled_by: str
    ) -> Ledger:
        """Return the ledger of `page`; `probabilities` are those of the labels, by the number of the sentence."""
        identities = Identities(page.text, page.sentence_spans, self.kinds.common)
        said = speech_of_page(page, self.speech, {})
        quoted = quotations_of(page.text)
        found: list[Statement] = []
        for number in page.attributed:
            before = found[-1].source.who if found else None
            found.append(self._statement(page, said, number, probabilities.get(number, 1.0), identities, quoted, before))
        told = [self._open(page, said, statement) for statement in self.kinds.told(found, page)]
        aimed = self.targets.targets(page.text, told, page.tokens, identities)
        linked = self.linker.links(aimed)
        ledger = Ledger(document, title, text_hash(page.text), self.id, labelled_by, linked)
        return replace(ledger, signals=signals(ledger, page.sentences))

    def _open(self, page: Page, said: Sequence[Speech], statement: Statement) -> Statement:
        """Return a statement without a source as the author's, somebody's not named, or left open."""
        if statement.source.words is not None:
            return statement
        kind = self.nobody.kind(page, said, statement.sentence, self.speech)
        source = Source(kind or "unattributed", resolved=kind is not None)
        rule = "nobody found" if kind is None else "cue alone" if kind == "unnamed" else "author"
        quotation = statement.quotation
        if kind != "author" and quotation == "none":
            quotation = "indirect"
        return replace(statement, source=source, quotation=quotation, rules={**statement.rules, "source": rule})

    def _statement(
        self,
        page: Page,
        said: Sequence[Speech],
        number: int,
        probability: float,
        identities: Identities,
        quoted: Quotations,
        before: str | None,
    ) -> Statement:
        own, sentence = said[number], page.sentences[number]
        content = tuple(page.extract(number, piece) for piece in own.content)
        near = None if own.source is not None else self.speakers.find(page, said, number)
        where = number if near is None else near[0]
        words = said[where].source
        source = Source(_UNKNOWN)
        if words is not None:
            extract = page.extract(where, words)
            who, resolved = identities.fullest(extract, where, after=before)
            source = Source(_UNKNOWN, extract, where, who, resolved)
        alone = words is None and own.cue is None
        return Statement(
            number,
            sentence.start,
            sentence.end,
            sentence.text,
            sentence.label,
            probability,
            source,
            content,
            quoted.kind(content, author=alone, continued=where != number and own.cue is None),
            cue=None if own.cue is None else page.extract(number, own.cue),
            quote_unclosed=quoted.unclosed(sentence),
            hedges=hedges_of(sentence.text, sentence.start),
            loaded=loaded_of(sentence.text, sentence.start),
            rules={"source": _rule(where, number)},
        )


def _speakers(statements: Sequence[Statement], known: Mapping[int, Speech]) -> dict[int, int | None]:
    """Return for each statement whose sentence names no source in which sentence it is named, None where in none."""
    return {s.sentence: s.source.sentence for s in statements if known[s.sentence].source is None}


def _rule(where: int, number: int) -> str:
    """Return the rule by which the source of sentence `number` was found in the sentence `where`."""
    return "own words" if where == number else "continued" if where < number else "forward"
