"""Signals: what stated rules find in a ledger. Each describes the text; none is a verdict, and they are never added up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ledger import signal_rules as find
from pipeline.ledger.signal_rules import Case, Sentence, case_of
from pipeline.ledger.statements import Ledger, Signal


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words and as it is applied.

    `text` states it in one sentence, `value` says what the value of its signals is, `limit` what a signal of it is not.
    """

    name: str
    text: str
    value: str
    limit: str
    find: Callable[[Case], Iterable[Signal]]


RULES: Mapping[str, Rule] = {
    "ungrounded": Rule(
        "Allegations without ground offered",
        "An allegation to which, or to a restatement of which, no evidence-claim of the article is linked.",
        "share of the allegations, restatements not counted",
        "Not a sign that it is unfounded: evidence may exist that the article leaves out, or a link may be missed.",
        find.ungrounded,
    ),
    "unanswered": Rule(
        "Unanswered allegations",
        "An allegation that no denial of the article answers, nor any restatement of it; a counter-accusation is no denial.",
        "share of the allegations, restatements not counted",
        "Not an admission, nor proof that nobody was asked: “declined to comment” is context and no denial.",
        find.unanswered,
    ),
    "right-of-reply": Rule(
        "Right of reply",
        "For each target of an allegation, pronouns left out: the statements of which it is the source and the denials by "
        "others that answer the allegation; where there are none, the allegations against it.",
        "words in the contents of these statements, 0 where there are none",
        "Not a measure of fairness: a target under another name than its statements is taken for not heard, and a reporting "
        "verb tells how the reply is introduced, not whether it is to be believed.",
        find.right_of_reply,
    ),
    "unnamed-share": Rule(
        "Sources without a name",
        "A statement whose source is unnamed (“sources”), a collective (“critics”) or a role only (“an official”).",
        "share of the statements",
        "Not a measure of how well they know: there are good reasons to leave a source without a name.",
        find.unnamed_share,
    ),
    "hearsay": Rule(
        "Hearsay",
        "A statement whose source says that another said it.",
        "share of the statements",
        "Not a legal finding, nor a sign that it was passed on wrongly.",
        find.hearsay,
    ),
    "hedging": Rule(
        "Hedged allegations",
        "An allegation that holds a word of the hedge lexicon, as “may”, “reportedly” or “is understood to”.",
        "share of the allegations, restatements counted",
        "Not a weakness of the allegation: careful reporting hedges too, and what in the sentence is hedged is not known.",
        find.hedging,
    ),
    "loaded-language": Rule(
        "Loaded language",
        "A statement that holds a word of the list of loaded words; one outside what the source says is in the author's voice.",
        "number of such words",
        "Not a measure of bias: quoted words are those of the person quoted, and a list does not know irony.",
        find.loaded_language,
    ),
    "attack-for-answer": Rule(
        "Attacks in place of an answer",
        "A denial of no kind but attack on the accuser, or an allegation that counters one, whose source gives no denial of "
        "another kind to the same allegation; and each sentence with a listed turn to what others do, as “what about”.",
        "number of such sentences",
        "Not a finding that the reply is beside the point: what is said of the accuser may be relevant.",
        find.attack_for_answer,
    ),
    "hardening": Rule(
        "Allegations that harden",
        "An allegation that holds a hedge at its first mention and none in a later restatement in the same article.",
        "share of the allegations, restatements not counted",
        "Not a contradiction: the later sentence may rest on another source, or be understood under the first.",
        find.hardening,
    ),
    "numbers-without-origin": Rule(
        "Numbers without origin",
        "A number in a statement in the author's voice or of an unnamed source; dates, times, years, ages, ordinals, labels "
        "and numbers in words below a dozen are not counted.",
        "number of such numbers",
        "Not a sign that it is invented: its origin may stand in a neighbouring sentence, or be common knowledge.",
        find.numbers_without_origin,
    ),
}


def signals(ledger: Ledger, sentences: Sequence[Sentence]) -> tuple[Signal, ...]:
    """Return what each of `RULES` finds, in their order; a rule that finds nothing has no signal.

    Parameters
    ----------
    ledger
        The statements of an article; its own signals are not looked at.
    sentences
        All sentences of the article, in reading order: the number of a statement is its place among them.
    """
    case = case_of(ledger, sentences)
    return tuple(signal for rule in RULES.values() for signal in rule.find(case))
