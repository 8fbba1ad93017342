"""The simplest ledger that may be right: the first reporting verb, what stands around it, and what is commonest."""

from collections.abc import Collection, Sequence

from pipeline.ledger.alike import content_words, has_name
from pipeline.ledger.gold import RELATIONS
from pipeline.ledger.pages import Labelled, text_hash
from pipeline.ledger.quotations import Quotations, quotations_of
from pipeline.ledger.reporting import is_helper, reporting_verbs
from pipeline.ledger.statements import ATTRIBUTED, Extract, Ledger, Link, Source, Statement, Target
from pipeline.names import common_words, find_names
from pipeline.roles import ALLEGATION, DENIAL, EVIDENCE
from pipeline.tokens import token_spans

_COMMONEST = {DENIAL: ("flat",), EVIDENCE: ("record",), ALLEGATION: ()}


def baseline_ledger(text: str, sentences: Sequence[Labelled], document: str = "") -> Ledger:
    """Return the ledger of an article by rules that need no training: what the delivered ledger has to beat.

    - The cue is the first reporting verb outside quotation marks, the source the words before it, back to a mark or the
      beginning, without helping verbs, and the content the rest of the sentence; the type of quotation is told by its marks.
    - Every source is a person; a denial is flat and evidence a record, the commonest of each.
    - The target of an allegation is the first name in its sentence outside the source.
    - A denial or evidence is linked to the nearest earlier allegation with which it shares a word that is no stop word, those
      of its target included, else to the nearest earlier one.
    """
    common = common_words(text[s.start : s.end] for s in sentences)
    quoted = quotations_of(text)
    statements: list[Statement] = []
    for number, sentence in enumerate(sentences):
        if sentence.label in ATTRIBUTED:
            statements.append(_statement(text, number, sentence, quoted, common, statements))
    return Ledger(document, None, text_hash(text), "baseline", "as given", tuple(statements))


def _statement(
    text: str, number: int, s: Labelled, quoted: Quotations, common: Collection[str], before: Sequence[Statement]
) -> Statement:
    words, cue = _voice(text, s, quoted)
    content = _rest(text, s, words or cue, cue)
    target = _target(text, number, s, words, common) if s.label == ALLEGATION else None
    source = Source("person", words, number if words else None, words.text if words else None)
    sentence = text[s.start : s.end]
    links = () if s.label == ALLEGATION else _links(s.label, sentence, before, common)
    return Statement(
        number, s.start, s.end, sentence, s.label, 1.0, source, content, quoted.kind(content),
        cue=cue, target=target, links=links, kinds=_COMMONEST[s.label],
    )  # fmt: skip


def _voice(text: str, s: Labelled, quoted: Quotations) -> tuple[Extract | None, Extract | None]:
    """Return the words before the first reporting verb, if any, and that verb."""
    spans = [(s.start + span.start, s.start + span.end) for span in token_spans(text[s.start : s.end])]
    words = [text[start:end].lower() for start, end in spans]
    inside = [any(start in part for part in quoted.inside) for start, _ in spans]
    verbs = reporting_verbs()
    verb = next((i for i, word in enumerate(words) if word in verbs and not inside[i]), None)
    if verb is None:
        return None, None
    end = verb
    while end and is_helper(words[end - 1]):
        end -= 1
    first = end
    while first and words[first - 1][0].isalnum():
        first -= 1
    source = _extract(text, spans[first][0], spans[end - 1][1]) if first < end else None
    return source, _extract(text, *spans[verb])


def _rest(text: str, s: Labelled, first: Extract | None, last: Extract | None) -> tuple[Extract, ...]:
    """Return what of a sentence stands before `first` and behind `last`, all of it where neither is there."""
    if first is None or last is None:
        return (_extract(text, s.start, s.end),)
    ends = ((s.start, first.start), (last.end, s.end))
    return tuple(_extract(text, start, end) for start, end in ends if any(map(str.isalnum, text[start:end])))


def _target(text: str, number: int, s: Labelled, source: Extract | None, common: Collection[str]) -> Target | None:
    for name in find_names(text[s.start : s.end], common):
        start, end = s.start + name.start, s.start + name.end
        words = _extract(text, start, end)
        if has_name(words.text) and (source is None or end <= source.start or source.end <= start):
            return Target(words, number, words.text)
    return None


def _links(label: str, sentence: str, before: Sequence[Statement], common: Collection[str]) -> tuple[Link, ...]:
    words = content_words(sentence, common).keys()
    earlier = [s for s in reversed(before) if s.label == ALLEGATION]
    sharing = (s for s in earlier if words & content_words(_alleged(s), common).keys())
    chosen = next(sharing, earlier[0] if earlier else None)
    return () if chosen is None else (Link(RELATIONS[label], chosen.sentence, 1.0),)


def _alleged(allegation: Statement) -> str:
    targets = [] if allegation.target is None else [allegation.target.who]
    return " … ".join([*(piece.text for piece in allegation.content), *targets])


def _extract(text: str, start: int, end: int) -> Extract:
    return Extract(start, end, text[start:end])
