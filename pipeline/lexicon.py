"""The cue lexicon: English word forms and phrases, grouped by what they signal in a disputed story.

Each group is written as one block of text: words, phrases joined by underscores (``according_to``), and on lines of their
own word families, ``stem: ending ending``, where ``-`` stands for the bare stem. Groups are named by what the words do,
never by a label: which group speaks for which label is learned by the classifier, or stated in the rules of the role pack.
"""

from collections.abc import Iterator
from functools import cache

_GROUPS: dict[str, str] = {
    "reporting": """
        said says say saying told tell tells telling
        add: s ed ing
        stat: es ed ing ement ements
        explain: s ed ing
        not: ed es
        announc: e es ed ing ement
        comment: s ed ing
        remark: s ed
        wrote writes write writing
        repl: y ies ied ying
        respond: s ed ing
        respons: e es
        argu: e es ed ing
        spoke speaks speaking
        interview: s ed
        quot: ed ing es
        cit: ed ing es
        tweet: s ed
        insist: s ed ing
        maintain: s ed ing
        stress: es ed
        spokesman spokeswoman spokesperson spokespeople
        according_to
        news_conference
        press_conference
    """,
    "accusing": """
        accus: e es ed ing ation ations er ers
        alleg: e es ed ing ation ations
        blam: e es ed ing
        claim: - s ed ing
        charg: e es ed ing
        suspect: - s ed ing
        suspicion suspicions suspicious
        indict: s ed ment ments
        sue sues sued suing lawsuit lawsuits
        complain: - s ed ing t ts
        condemn: s ed ing ation
        denounc: e es ed ing
        lambast: ed es
        critici: se ses sed sing ze zes zed zing sm
        prosecut: e ed ing ion
        arrest: s ed
        investigat: ed ing
        probe probed probes
        implicat: e es ed ing
        contend: s ed
        charge_sheet
        pointed_the_finger
        under_investigation
    """,
    "wrongdoing": """
        fraud frauds fraudulent fraudulently
        brib: e es ed ery ing
        corrupt corruption corruptly
        embezzl: e ed ing ement
        abus: e es ed ing ive er ers
        harass harassed harassing harassment
        murder: - s ed er
        kill: ed ing ings
        assault: - s ed ing
        rape raped rapes
        theft thefts steal steals stole stolen stealing
        launder: ed ing
        collu: de ded sion ding
        conspir: acy e ed ing ators
        hack: ed ing ers
        violat: e es ed ing ion ions
        misconduct negligence negligent malpractice wrongdoing
        rig rigged rigging
        forg: ed ing ery eries
        tamper: ed ing
        mislead misleading misled deceive deceived deception deceptive
        manipulat: e ed ing ion
        conceal: s ed ing ment
        cover-up cover-ups covered_up covering_up
        hid hide hiding hidden
        plot: s ted ting
        illegal illegally unlawful unlawfully illicit
        tortur: e ed ing
        discriminat: e ed ing ion ory
        attack: - s ed ing ers
        poison: ed ing
        extort: ed ing ion
        smuggl: e ed ing ers
        meddl: e ed ing
        interfer: e ed ing ence
        betray: ed al
        exploit: ed ing ation
        loot: ed ing
        blackmail blackmailed
        traffick: ing ed ers
        nepotism cronyism kickback kickbacks
        guilty_of
        responsible_for
        failed_to
    """,
    "denying": """
        den: y ies ied ying ial ials
        reject: s ed ing ion
        refut: e es ed ing
        dismiss: es ed ing ive al
        rebut: s ted ting tal
        rebuff: s ed
        repudiat: e es ed ing
        disput: e es ed ing
        contradict: s ed ing
        contest: s ed ing
        disavow: s ed
        disown: s ed
        counter: s ed ing
        hit_back
        hits_back
        fired_back
        pushed_back
        shot_back
        swat: s ted
        brush: es ed
        laugh: s ed ing
        scoff: s ed ing
        rubbish: - es ed
        debunk: s ed ing
        retract: s ed ion
        acquit: s ted tal
        exonerat: e es ed ing
        clear: s ed
        not_guilty
        innocen: t ce
        defend: s ed ing
        no_wrongdoing
        nothing_wrong
        nothing_to_do_with
        never_happened
        no_such
        no_truth
        not_true
        no_evidence
        no_basis
        no_merit
        no_link
        no_connection
        far_from
        on_the_contrary
    """,
    "falsity": """
        false falsely falsehood falsehoods untrue
        baseless groundless unfounded unsubstantiated unproven
        fabricat: e ed ion ions
        invent: ed ion ions
        hoax hoaxes fake fakes faked
        absurd absurdity ridiculous laughable preposterous ludicrous outlandish
        nonsense rubbish
        lie lies lied lying liar liars
        slander slanderous libel libellous defamation defamatory smear smears smeared
        myth myths rumor rumors rumour rumours
        misinformation disinformation propaganda
        inaccura: te cy cies
        incorrect wrong wrongly mistaken
        exaggerat: e ed ion ions
        fiction fictional fictitious
        out_of_context
        witch_hunt
        conspiracy_theory
        conspiracy_theories
        politically_motivated
        smear_campaign
    """,
    "hedge": """
        may might could perhaps possibly probably likely unlikely maybe
        apparent apparently allegedly reportedly purported purportedly supposed supposedly ostensibly
        seem: s ed ing ingly
        appear: s ed ing
        suggest: s ed ing ion ions
        believ: e es ed ing
        thought think thinks
        rumor rumored rumoured
        unconfirmed unverified
        potential potentially
        suspected
        fear: s ed
        raise_questions
        raised_questions
        raises_questions
        it_is_understood
        is_understood_to
    """,
    "record": """
        document: - s ed ation
        record: s
        recording recordings recorded
        report reports
        email emails e-mail e-mails message messages text texts
        letter letters memo memos memorandum
        footage video videos clip clips cctv camera cameras
        photo photos photograph photographs image images picture pictures screenshot screenshots
        transcript transcripts tape tapes
        invoice invoices receipt receipts ledger ledgers spreadsheet spreadsheets account accounts
        bank_statement bank_statements
        audit audits auditor auditors
        data database figures statistics
        log logs logbook register registry
        filing filings affidavit affidavits deposition testimony
        file files minutes contract contracts certificate certificates
        radar satellite gps metadata
    """,
    "examination": """
        test tests tested testing sample samples
        dna fingerprint fingerprints forensic forensics
        autopsy post-mortem pathologist toxicology
        laboratory lab analysis analysed analyzed analysts
        expert experts researcher researchers scientist scientists
        study studies survey surveys
        inspection inspections inspector inspectors
        finding findings inquiry investigators investigator
        measured measurements review reviewed examined examination
    """,
    "showing": """
        show: - s ed n ing
        reveal: - s ed ing
        confirm: - s ed ing ation
        found finds find
        indicat: e es ed ing
        prove: - s d n
        proof
        evidence
        demonstrat: e es ed ing
        conclud: e es ed ing
        conclusion conclusions
        establish: ed es
        verif: y ied ies
        match: ed es
        ruled ruling rulings verdict
        detail: ed ing
        seen_by
        obtained_by
        reviewed_by
    """,
    "witnessing": """
        saw see seen heard hear watched noticed
        witness: - es ed
        recall: - s ed ing
        rememb: er ers ered ering
        testif: y ied ies ying
        describ: e es ed ing
        recount: s ed ing
        showed_me
        told_me
        told_us
        i_saw
        i_heard
        i_was
        i_had
        we_were
        eyewitness eyewitnesses
        victim victims survivor survivors
        whistleblower whistle-blower
        former_employee
    """,
    "admitting": """
        admit: - s ted ting
        admission admissions
        acknowledg: e es ed ing
        conced: e es ed ing
        confess: - es ed ing ion ions
        apolog: y ise ised ize ized ies
        pleaded_guilty
        plead_guilty
        pled_guilty
        convict: ed ion ions
        found_guilty
        fined sentenced
        claimed_responsibility
        took_responsibility
    """,
    "court": """
        court courts judge judges trial jury juror tribunal
        prosecutor prosecutors attorney attorneys lawyer lawyers barrister counsel
        hearing hearings bail appeal appeals plea pleaded
        count counts charges convicted defendant defendants plaintiff plaintiffs
        police detective detectives officer officers sheriff
    """,
    "no_comment": """
        declined_to
        declines_to
        declining_to
        refused_to_comment
        no_comment
        did_not_respond
        did_not_immediately
        did_not_reply
        did_not_return
        did_not_answer
        has_not_responded
        have_not_responded
        not_been_reached
        could_not_be_reached
        not_immediately_available
        unavailable_for_comment
        request_for_comment
        requests_for_comment
        could_not_be_verified
        not_independently
        independently_verify
        neither_confirm
    """,
    "brush_off": """
        dignify
        does_not_merit
        not_worth
        not_deserve
        beneath
        laughed_off
        brushed_off
        brushed_aside
        shrugged_off
        waved_away
        none_of_it
        desperate
        distraction
        hysteria
        scapegoat scapegoats
        to_justify
        in_a_bid_to
        attempt_to
        trying_to
        cheap
        political_stunt
    """,
    "unnamed": """
        source sources insider insiders anonymous anonymity unnamed unidentified
        officials critics opponents residents neighbours neighbors relatives activists
        people_familiar
        condition_of_anonymity
        not_authorised
        not_authorized
        some_people
        rumour_has_it
        social_media
    """,
    "first_person": """
        i me my mine myself we us our ours ourselves i'm i've we're we've i'd we'd
    """,
    "opinion": """
        hope hopes hoped hoping want wants wanted wish
        should must need needs ought
        proud happy sad sorry glad pleased disappointed disappointing concerned concern worried
        important great good better best bad
        believe urge urged urges call calls called calling demand demands demanded
        welcome welcomed support supported
    """,
    "plan": """
        will would plan plans planned expected scheduled due
        next_week
        next_month
        next_year
        later_this
    """,
    "negation": """
        not no never none nothing nobody neither nor without cannot can't don't doesn't didn't isn't wasn't aren't
        weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't ain't hardly
    """,
    "contrast": """
        but however although though while whereas despite nevertheless nonetheless instead rather yet
    """,
    "boilerplate": """
        getty reuters photograph photo image caption file_photo
        read_more
        sign_up
        subscribe newsletter
        click_here
        follow_us
        advertisement
        editing_by
        reporting_by
        all_rights_reserved
        originally_published
    """,
}


@cache
def cue_forms() -> dict[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """Return the lexicon by first word: ``word -> ((words of the form, index of its group), ...)``, longest form first."""
    table: dict[str, set[tuple[tuple[str, ...], int]]] = {}
    for index, block in enumerate(_GROUPS.values()):
        for form in forms(block):
            words = tuple(form.split("_"))
            table.setdefault(words[0], set()).add((words, index))
    return {word: tuple(sorted(forms, key=lambda f: (-len(f[0]), f))) for word, forms in table.items()}


def group_names() -> tuple[str, ...]:
    """Return the names of the cue groups, in the fixed order that feature columns follow."""
    return tuple(_GROUPS)


def forms(block: str) -> Iterator[str]:
    """Yield the word forms and phrases of a block, families spelled out; see above for how it is written."""
    for line in filter(None, map(str.strip, block.splitlines())):
        stem, colon, endings = line.partition(":")
        if colon:
            yield from (stem if ending == "-" else stem + ending for ending in endings.split())
        else:
            yield from line.split()
