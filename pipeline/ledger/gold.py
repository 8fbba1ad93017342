"""The statements of an article as people annotated them: what the parts of the ledger learn from, and are measured against."""

from collections.abc import Mapping, Sequence

from pipeline.attributions import AttributedArticle, Attribution, Words
from pipeline.corpus import Article
from pipeline.ledger.statements import Extract, Link, Relation, Source, Statement, Target
from pipeline.ledger.wording import hedges_of, loaded_of
from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE

RELATIONS: Mapping[str, Relation] = {DENIAL: "answers", EVIDENCE: "supports", ALLEGATION: "counters"}  # of `answers`, by label


def statements_of(article: Article, attributed: AttributedArticle) -> tuple[Statement, ...]:
    """Return the annotated statements of an article, in reading order, with a probability of 1.

    What the annotation does not have stays at its default: restatements, unclosed quotations, rules. A target's `who` is the
    fullest name of the source that the same words stand for elsewhere, else the words themselves.
    """
    spans = [Words(start=sentence.start, end=sentence.end) for sentence in article.sentences]
    names = {row.source: row.who for row in attributed.rows if row.source and row.who}
    return tuple(_statement(article, spans, row, names) for row in attributed.rows)


def _statement(article: Article, spans: Sequence[Words], row: Attribution, names: Mapping[Words, str]) -> Statement:
    sentence = article.sentences[row.sentence]
    text = article.text[sentence.start : sentence.end]
    relation = RELATIONS[sentence.label]
    return Statement(
        row.sentence,
        sentence.start,
        sentence.end,
        text,
        sentence.label,
        1.0,
        _source(article.text, spans, row),
        tuple(_extract(article.text, words) for words in row.content),
        row.quotation,
        cue=_extract(article.text, row.cue) if row.cue else None,
        depth=row.depth,
        target=_target(article.text, spans, row, names),
        links=() if row.answers is None else (Link(relation, row.answers, 1.0),),
        kinds=row.denial or row.evidence,
        hedges=hedges_of(text, sentence.start),
        loaded=loaded_of(text, sentence.start),
    )


def _source(text: str, spans: Sequence[Words], row: Attribution) -> Source:
    if row.source is None:
        return Source(row.kind, who=row.who)
    words = _extract(text, row.source)
    return Source(row.kind, words, _sentence(spans, row.source), row.who or words.text)


def _target(text: str, spans: Sequence[Words], row: Attribution, names: Mapping[Words, str]) -> Target | None:
    if row.target is None:
        return None
    words, sentence = _extract(text, row.target), _sentence(spans, row.target)
    return Target(words, sentence, names.get(row.target, words.text), carried=sentence != row.sentence)


def _sentence(spans: Sequence[Words], words: Words) -> int:
    return next(number for number, span in enumerate(spans) if words.within(span))


def _extract(text: str, words: Words) -> Extract:
    return Extract(words.start, words.end, text[words.start : words.end])
