"""The sentences most worth a human's look, and the way of the answers back to a labelled article.

What a look is worth is one number, in nats: the loss that the model has to expect from the answer. That is the
cross-entropy of what is believed of the answer against the model's probabilities. Believed is

- the label that a corpus already gives, so that the number is −log p of that label: what makes wrong labels stand out;
- else what the model says itself, so that the number is the entropy of its probabilities;
- where the cue rules contradict it, the model for two thirds and the rules for one: about as often as the rules are right in
  such cases on the test articles.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.alignment import carry_labels
from pipeline.corpus import Article, GoldSentence
from pipeline.errors import InputError
from pipeline.params import first_problem
from pipeline.passages import passage
from pipeline.roles import cue_rule_labels, has_rules_for
from pipeline.scorer import ScoredSentence
from pipeline.sentences import Span
from pipeline.tokens import tokenize_passage

_RULES_RIGHT = 1 / 3  # of the sentences in which the cue rules contradict the model
_ALMOST_ZERO = 1e-9


class Draft(BaseModel):
    """An article on its way into the corpus: a corpus row in which no sentence has to be labelled yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    title: str = ""
    domain: str = ""
    style: str = ""
    people: tuple[str, ...] = ()
    text: str
    sentences: tuple[GoldSentence, ...] = ()

    def answered(self, answers: Iterable[GoldSentence], where: str) -> Article:
        """Return the article with the labels of `answers`, and those it had of sentences that no answer overlaps.

        A sentence without a label stays without: nothing is learnt from it.

        Raises
        ------
        InputError
            If answers overlap each other or lie outside the text; `where` says where they stand.
        """
        found = sorted(answers, key=lambda answer: answer.start)
        kept = [s for s in self.sentences if not any(s.start < a.end and a.start < s.end for a in found)]
        spans = sorted([*found, *kept], key=lambda sentence: sentence.start)
        try:
            return Article.model_validate({**self.model_dump(exclude={"sentences"}), "sentences": tuple(spans)})
        except ValidationError as error:
            raise InputError(f"{where}: {first_problem(error)}") from None


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence to look at, its `number` in the article, its neighbours, and why it is worth it.

    `given` is the label that the corpus gives, `score` the loss to expect from the answer, in nats.
    """

    number: int
    sentence: ScoredSentence
    before: str
    after: str
    given: str | None
    reasons: tuple[str, ...]
    score: float

    @property
    def proposed(self) -> str:
        """The label that a reviewer is shown: the given one, else the model's."""
        return self.given or self.sentence.label


@dataclass(frozen=True, slots=True)
class Review:
    """An article and the questions about it, in reading order."""

    draft: Draft
    questions: tuple[Question, ...]


def select(
    drafts: Iterable[Draft], scored: Iterable[Sequence[ScoredSentence]], labels: Sequence[str], most: int
) -> tuple[list[Review], int]:
    """Return the `most` sentences with the highest scores by article, and how many were looked at.

    The article of the highest score comes first. Only sentences with a reason are asked about: the model leaves more than one
    label, the cue rules contradict it, or it gives the label of the corpus less than an even share.
    """
    seen = 0

    def asked() -> Iterator[tuple[Draft, Question]]:
        nonlocal seen
        for draft, sentences in zip(drafts, scored, strict=True):
            seen += len(sentences)
            yield from ((draft, question) for question in questions_of(draft, sentences, labels))

    by_article: dict[str, list[Question]] = {}
    drafts_by_id: dict[str, Draft] = {}
    for draft, question in nlargest(most, asked(), key=lambda pair: pair[1].score):
        by_article.setdefault(draft.id, []).append(question)
        drafts_by_id[draft.id] = draft
    reviews = [
        Review(drafts_by_id[name], tuple(sorted(questions, key=lambda question: question.number)))
        for name, questions in by_article.items()
    ]
    return reviews, seen


def questions_of(draft: Draft, scored: Sequence[ScoredSentence], labels: Sequence[str]) -> Iterator[Question]:
    """Yield a question for each of the `scored` sentences of `draft` that there is a reason to ask about."""
    spans = [Span(s.start, s.end) for s in scored]
    page = passage(draft.text, spans)
    rules = cue_rule_labels(tokenize_passage(page)) if has_rules_for(labels) else [None] * len(spans)
    given = carry_labels(draft.sentences, spans)
    texts = ["", *(" ".join(s.text.split()) for s in scored), ""]
    for i, sentence in enumerate(scored):
        if reasons := tuple(_reasons(sentence, given[i], rules[i])):
            score = expected_loss(sentence, given[i], rules[i])
            yield Question(i, sentence, texts[i], texts[i + 2], given[i], reasons, score)


def expected_loss(sentence: ScoredSentence, given: str | None, rule: str | None) -> float:
    """Return the loss in nats that the model has to expect from a human's answer; see the module.

    `given` is the label of the corpus, `rule` that of the cue rules, None where there is none.
    """
    return sum(
        share * -log(max(sentence.probabilities[label], _ALMOST_ZERO))
        for label, share in _belief(sentence, given, rule).items()
    )


def _belief(sentence: ScoredSentence, given: str | None, rule: str | None) -> Mapping[str, float]:
    if given is not None:
        return {given: 1.0}
    if rule is None or rule == sentence.label:
        return sentence.probabilities
    return {label: (1 - _RULES_RIGHT) * p + _RULES_RIGHT * (label == rule) for label, p in sentence.probabilities.items()}


def _reasons(sentence: ScoredSentence, given: str | None, rule: str | None) -> Iterator[str]:
    if sentence.needs_review:
        yield f"unsure: {' or '.join(sentence.label_set)}"
    if rule is not None and rule != sentence.label:
        yield f"cue rules: {rule}"
    if given is not None and given != sentence.label:
        share = sentence.probabilities[given]
        if share < 1 / len(sentence.probabilities):
            yield f"given: {given}, with a probability of {share:.2f}"
