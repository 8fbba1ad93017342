"""The role pack: the one module that knows the four roles by name. Everything generic takes its labels from params.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.cues import find_cues
from pipeline.lexicon import group_names
from pipeline.tokens import Tokens

ALLEGATION, DENIAL, EVIDENCE, CONTEXT = "allegation", "denial", "evidence-claim", "context"


@dataclass(frozen=True, slots=True)
class Role:
    """A role and how it is shown: `mark` tells it without colour, `style` is a rich style."""

    name: str
    mark: str
    style: str


ROLES = (
    Role(ALLEGATION, "▲", "red"),
    Role(DENIAL, "✕", "blue"),
    Role(EVIDENCE, "◆", "green"),
    Role(CONTEXT, "·", ""),
)
_BY_NAME = {role.name: role for role in ROLES}


def mark_of(label: str) -> str:
    """Return the mark of a role; a bullet for a label that is none of the four."""
    return _BY_NAME[label].mark if label in _BY_NAME else "•"


def style_of(label: str) -> str:
    """Return the rich style of a role; none for a label that is none of the four."""
    return _BY_NAME[label].style if label in _BY_NAME else ""


def has_rules_for(labels: Sequence[str]) -> bool:
    """Tell whether `cue_rule_labels` speaks of these labels: whether they are the four roles."""
    return set(labels) == set(_BY_NAME)


def cue_rule_labels(document: Sequence[Tokens]) -> list[str]:
    """Return the role of each sentence of a document by keyword rules alone: the baseline that a model has to beat."""
    return [_rule(tokens) for tokens in document]


def _rule(tokens: Tokens) -> str:
    names = group_names()
    cues = find_cues(tokens)
    found = {names[group] for _, group in cues}
    negated = {names[group] for at, group in cues if tokens.negated[at]}
    if "no_comment" in found:
        return CONTEXT
    if "denying" in found or "falsity" in found or negated & {"wrongdoing", "showing"}:
        return DENIAL
    if (found & {"record", "examination", "witnessing"} and "showing" in found) or "admitting" in found:
        return EVIDENCE
    if "accusing" in found or {"wrongdoing", "hedge"} <= found:
        return ALLEGATION
    return CONTEXT
