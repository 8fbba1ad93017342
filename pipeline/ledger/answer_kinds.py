"""What tells how a denial denies, and what kind of evidence is offered.

No word of a statement tells anything by itself, only the group of which it is one: a few hundred statements are too few to
learn words from.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pipeline.ledger.statements import Statement
from pipeline.lexicon import cue_forms, group_names
from pipeline.roles import DENIAL, EVIDENCE
from pipeline.tokens import terms, tokenize

Forms = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]  # by their first word: the words of each form, and its group

_MOST = 3  # forms of one group that count
_EVIDENCE = frozenset(["evidence", "proof"])
_NONE = frozenset(["no", "without"])  # before it, or before one word before it
_ANY = frozenset(["by any", "is any", "was any", "not any", "have any", "has any", "had any", "without any"])

# Forms that often go with a kind of denial; phrases are joined by underscores.
_DENYING = {
    "flat": """
        deny denies denied denying denial denials false falsely untrue not_true not_so is_wrong was_wrong incorrect
        inaccurate never_happened did_not didn't wasn't weren't isn't aren't doesn't don't has_not have_not had_not
        hasn't haven't hadn't never rejects rejected reject rejecting refuted refutes refute disputes disputed dispute
        disputing contrary not_guilty innocent innocence lie lies lying invented invention fabricated fabrication
        fiction fake no_such nothing_to_do no_part untruth falsehood wrong mistaken not_contrary accurate correct
    """,
    "no-evidence": """
        no_evidence evidence proof prove proves proved proven proving unproven unsubstantiated unfounded baseless
        groundless without_foundation no_basis no_foundation not_one not_a_single nothing_new nothing_in show_me
        show_us produce substantiate substantiated speculation speculative hearsay guesswork assumption assumptions
        conjecture where_is nobody_has no_one_has has_not_been_shown empty hollow not_a_shred shred nothing_found
        found_nothing nothing suspicion suspicions rumour rumours rumor rumors
    """,
    "dismissal": """
        absurd absurdity ridiculous laughable laughed laugh laughs laughing nonsense rubbish farce farcical circus
        theatre theater comedy joke show charade masquerade sham play-acting spectacle pantomime puppet_show hysteria
        fantasy fantasies fairy_tale fairy_tales preposterous ludicrous shrugged waved brushed scoffed mocked mocking
        dismissed dismisses dismiss dismissing silly trifle trivial beneath dignify waste_of_time so-called storm
        much_ado tale tales gossip pathetic bored yawn trial hearing
    """,
    "innocent-account": """
        because merely only simply just meant intended intention purpose in_order explained explains explain
        explanation mistake misunderstanding error mix-up accident accidental unaware did_not_know didn't_know
        ordinary normal routine usual standard lawful legal permitted authorised authorized consent wanted_to was_for
        thought believed supposed joke humour satire protest courtesy kindness favour help helped private gift loan
        accompaniment in_fact actually rather instead
    """,
    "attack": """
        politically motivated motive motives witch_hunt witch-hunt hunt smear smears campaign vendetta revenge spite
        hate hatred hates enemies enemy agenda conspiracy plot plotted hypocrisy hypocrites distraction distract
        accusers accuser opponents opponent rivals rival jealous envy grudge set_up put-up fishing they_want wants_to
        they_are they_have desperate blackmail silence intimidate interests ambition ambitions paid timing election
        elections sore trying_to attempt want
    """,
    "partial": """
        admit admits admitted admitting acknowledge acknowledged acknowledges concede conceded concedes granted regret
        regrets regretted regrettable sorry apologised apologized apology mistakes although though but while in_part
        partly half some_of most_of on_the_whole by_and_large mostly as_a_rule never_meant did_not_intend didn't_mean
        could_have should_have
    """,
    "verdict": """
        acquitted acquittal acquit cleared clear clears dropped drop drops dismissed_the thrown_out closed close
        closes ruled ruling rules verdict court judge judges jury panel tribunal found_no finding findings conclusion
        concluded concludes discontinued withdrawn withdrew retracted retraction overturned quashed exonerated upheld
        uphold stands stand by_its decision review reviewed commission inquiry investigation committee regulator
        authority prosecutors no_charges no_grounds no_cause no_reason insufficient remains remain valid report rated
    """,
}

# Forms that often go with a kind of evidence.
_SHOWING = {
    "record": """
        document documents record records register registry log logs email emails e-mail message messages text texts
        letter letters memo note notes contract contracts invoice invoices receipt receipts ledger account accounts
        bank statement data figures percent per_cent number numbers minutes list file files filing certificate paper
        papers published measured database gps radar meter schedule budget page pages wrote table books archive
        signature signed dated
    """,
    "image": """
        photo photos photograph photographs photographed picture pictures image images footage video videos film
        filmed clip camera cameras cctv recording recordings recorded audio tape satellite screenshot screenshots
        drone livestream broadcast shows_him shows_her seen_on
    """,
    "testimony": """
        i we me my us our saw heard watched told testified testimony witness witnesses said_he_had said_she_had
        remember remembers recalled recalls described recounted eyewitness stood looked felt asked_me told_me knew
        victim neighbour resident survivor former interview swore oath
    """,
    "expert": """
        expert experts professor researcher researchers scientist scientists laboratory lab test tests tested sample
        samples analysis analysts study studies forensic autopsy dna engineer engineers institute university
        examination examined specialist specialists geologist physicist biologist linguist comparison compared
        concluded survey
    """,
    "finding": """
        court courts tribunal judge judges jury ruled ruling verdict convicted conviction sentenced fined found_guilty
        inquiry commission committee audit auditor auditors regulator inspectorate inspector inspectors inspection
        investigation investigators ombudsman panel report finding findings found concluded established suspended
        banned authority
    """,
    "admission": """
        admitted admits admit admitting confessed confess confession pleaded plead pled guilty acknowledged
        acknowledges acknowledge conceded concedes accepts accepted owned_up apologised apologized apology sorry
        claimed_responsibility took_responsibility confirmed regret plea entered recognises he_accepts she_accepts
    """,
}


def answer_row(statement: Statement, common: Collection[str]) -> dict[str, float]:
    """Return what tells the kinds of a denial or of evidence, by name.

    `common` are the words of which a capital makes no name (see `pipeline.names`).
    """
    found = {f"quotation {statement.quotation}": 1.0, f"source {statement.source.kind}": 1.0}
    words = tokenize(statement.text, common=common).words
    found |= {f"group {name}": 1.0 for name in _groups(words, _cues())}
    found |= {f"sign {name}": float(min(n, _MOST)) for name, n in Counter(_groups(words, _signs(statement.label))).items()}
    if statement.cue:
        found |= {f"cue {term}": 1.0 for term in terms(tokenize(statement.cue.text, common=common))}
    return found


def says_no_evidence(statement: Statement, common: Collection[str]) -> bool:
    """Whether a statement says in plain words that there is no evidence, or proof: "without any proof", "no real evidence".

    That somebody did nothing to evidence is another matter.
    """
    words, _, negated, *_ = tokenize(statement.text, common=common)
    for at in (at for at, word in enumerate(words) if word in _EVIDENCE and negated[at]):
        before = words[max(0, at - 2) : at]
        if " ".join(before) in _ANY or (not _NONE.isdisjoint(before) and before[-1] != "any"):
            return True
    return False


def _groups(words: Sequence[str], forms: Forms) -> Iterator[str]:
    for at, word in enumerate(words):
        for form, name in forms.get(word, ()):
            if tuple(words[at : at + len(form)]) == form:
                yield name


@cache
def _cues() -> Forms:
    names = group_names()
    return {word: tuple((form, names[group]) for form, group in forms) for word, forms in cue_forms().items()}


@cache
def _signs(label: str) -> Forms:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, block in {DENIAL: _DENYING, EVIDENCE: _SHOWING}.get(label, {}).items():
        for form in block.split():
            words = tuple(form.split("_"))
            table.setdefault(words[0], []).append((words, name))
    return {word: tuple(forms) for word, forms in table.items()}
