"""Words that report what somebody says, thinks, finds or shows: verbs in the forms that reports use, and nouns."""

from functools import cache

from pipeline.lexicon import forms

# Verbs, written as the blocks of the cue lexicon are.
_VERBS = """
    say: - s ing
    said
    tell: - s ing
    told
    add: - s ed ing
    stat: e es ed ing
    not: e es ed ing
    explain: - s ed ing
    announc: e es ed ing
    comment: - s ed ing
    remark: - s ed ing
    observ: e es ed ing
    declar: e es ed ing
    repl: y ies ied ying
    respond: - s ed ing
    answer: - s ed ing
    retort: - s ed ing
    counter: - s ed ing
    argu: e es ed ing
    contend: - s ed ing
    insist: - s ed ing
    maintain: - s ed ing
    assert: - s ed ing
    stress: - es ed ing
    emphasi: ze zes zed zing se ses sed sing
    underlin: e es ed ing
    underscor: e es ed ing
    reiterat: e es ed ing
    repeat: - s ed ing
    claim: - s ed ing
    alleg: e es ed ing
    accus: e es ed ing
    blam: e es ed ing
    charg: e es ed ing
    suspect: - s ed ing
    fault: - s ed ing
    critici: ze zes zed zing se ses sed sing
    condemn: - s ed ing
    denounc: e es ed ing
    attack: - s ed ing
    reproach: - es ed ing
    chid: e es ed ing
    complain: - s ed ing
    protest: - s ed ing
    object: - s ed ing
    warn: - s ed ing
    caution: - s ed ing
    threaten: - s ed ing
    den: y ies ied ying
    reject: - s ed ing
    dismiss: - es ed ing
    disput: e es ed ing
    refut: e es ed ing
    rebut: - s ted ting
    contradict: - s ed ing
    contest: - s ed ing
    challeng: e es ed ing
    question: - s ed ing
    doubt: - s ed ing
    disavow: - s ed ing
    deplor: e es ed ing
    mock: - s ed ing
    admit: - s ted ting
    acknowledg: e es ed ing
    conced: e es ed ing
    confess: - es ed ing
    confirm: - s ed ing
    concur: - s red ring
    agree: - s d ing
    accept: - s ed ing
    allow: - s ed ing
    grant: - s ed ing
    testif: y ies ied ying
    swear: - s ing
    swore
    vow: - s ed ing
    depos: e es ed ing
    attest: - s ed ing
    certif: y ies ied ying
    recall: - s ed ing
    remember: - s ed ing
    recount: - s ed ing
    relat: e es ed ing
    describ: e es ed ing
    narrat: e es ed ing
    report: - s ed ing
    writ: e es ing
    wrote
    written
    read: - s ing
    quot: e es ed ing
    cit: e es ed ing
    mention: - s ed ing
    point: - s ed ing
    put: - s ting
    list: - s ed ing
    name: - s d
    naming
    identif: y ies ied ying
    call: - s ed ing
    term: - s ed ing
    label: - s ed ing led ling
    characteri: ze zes zed zing se ses sed sing
    portray: - s ed ing
    show: - s ed n ing
    reveal: - s ed ing
    indicat: e es ed ing
    suggest: - s ed ing
    impl: y ies ied ying
    hint: - s ed ing
    insinuat: e es ed ing
    signal: - s ed led ing ling
    disclos: e es ed ing
    document: - s ed ing
    record: - s ed ing
    log: - s ged ging
    find: - s ing
    found
    conclud: e es ed ing
    determin: e es ed ing
    establish: - es ed ing
    rul: e es ed ing
    hold: - s ing
    held
    judg: e es ed ing
    decid: e es ed ing
    discover: - s ed ing
    detect: - s ed ing
    measur: e es ed ing
    estimat: e es ed ing
    calculat: e es ed ing
    count: - s ed ing
    trac: e es ed ing
    verif: y ies ied ying
    believ: e es ed ing
    think: - s ing
    thought
    consider: - s ed ing
    feel: - s ing
    felt
    regard: - s ed ing
    view: - s ed ing
    see: - s ing n
    saw
    hear: - s ing
    heard
    deem: - s ed ing
    assum: e es ed ing
    suppos: e es ed ing
    reckon: - s ed ing
    speculat: e es ed ing
    wonder: - s ed ing
    fear: - s ed ing
    hope: - s d
    predict: - s ed ing
    ask: - s ed ing
    demand: - s ed ing
    urg: e es ed ing
    request: - s ed ing
    order: - s ed ing
    propos: e es ed ing
    recommend: - s ed ing
    advis: e es ed ing
    promis: e es ed ing
    pledg: e es ed ing
    assur: e es ed ing
    inform: - s ed ing
    notif: y ies ied ying
    remind: - s ed ing
    advert: - s ed ing
    tweet: - s ed ing
    post: - s ed ing
    publish: - es ed ing
    releas: e es ed ing
    issu: e es ed ing
    speak: - s ing
    spoke
    spoken
    shout: - s ed ing
    whisper: - s ed ing
    joke: - s d
    joking
    quip: - s ped ping
    laugh: - s ed ing
    scoff: - s ed ing
    shrug: - s ged ging
    brush: - es ed ing
    wav: e es ed ing
    plead: - s ed ing
    pled
    su: e es ed ing
    indict: - s ed ing
    prosecut: e es ed ing
    arrest: - s ed ing
    convict: - s ed ing
    acquit: - s ted ting
    clear: - s ed ing
    retract: - s ed ing
    withdraw: - s ing
    withdrew
    correct: - s ed ing
    back: - s ed ing
    support: - s ed ing
    defend: - s ed ing
    justif: y ies ied ying
    prais: e es ed ing
    reason: - s ed ing
    continu: e es ed ing
    go: es ing
    went
    begin: - s ning
    began
    lament: - s ed ing
    regret: - s ted ting
    apologi: ze zes zed zing se ses sed sing
    disagree: - s d ing
    interject: - s ed ing
    interrupt: - s ed ing
    elaborat: e es ed ing
    clarif: y ies ied ying
    specif: y ies ied ying
    purport: - s ed ing
    profess: - es ed ing
    intimat: e es ed ing
    volunteer: - s ed ing
    offer: - s ed ing
    submit: - s ted ting
    file: - s d
    filing
    lodg: e es ed ing
    understand: - s ing
    understood
    know: - s ing n
    knew
    learn: - s ed t ing
    recogni: ze zes zed zing se ses sed sing
    attribut: e es ed ing
    ascrib: e es ed ing
    link: - s ed ing
    tie: - s d
    liken: - s ed ing
    compar: e es ed ing
    interpret: - s ed ing
    take: - s n
    took
    make: - s
    made
    com: e es ing
    came
    give: - s n
    gave
    set: - s ting
    lay: - s ing
    laid
    rais: e es ed ing
    voic: e es ed ing
    express: - es ed ing
    levell: ed ing
    level: - s ed ing
    bring: - s ing
    brought
"""

# What is said of a verb before its subject is reached: helpers and adverbs.
_HELPERS = frozenset([
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "having", "do", "does", "did", "will", "would",
    "can", "could", "may", "might", "must", "should", "shall", "to", "not", "never", "n't", "also", "again", "then", "later",
    "earlier", "now", "still", "further", "once", "always", "often", "already", "since", "long", "even", "just", "only", "too",
    "both", "all", "each", "ever", "however", "instead", "simply", "today", "yesterday", "meanwhile", "first", "himself",
    "herself", "itself", "themselves", "repeatedly",
])  # fmt: skip

# Nouns that name a statement; with "in", "of" and the like they show whose it is.
_NOUNS = """
    statement statements claim claims allegation allegations accusation accusations charge charges complaint complaints
    testimony affidavit deposition letter letters interview interviews email emails e-mail post posts tweet tweets speech
    remarks comments reply response answer denial denials opinion view views finding findings conclusion conclusions report
    reports ruling verdict judgment judgement indictment lawsuit suit petition filing filings memo memorandum article
    account accounts version words contention suspicion suspicions criticism
"""


@cache
def reporting_verbs() -> frozenset[str]:
    """Return the forms of verbs that report."""
    return frozenset(forms(_VERBS))


@cache
def reporting_nouns() -> frozenset[str]:
    """Return the nouns that name a statement."""
    return frozenset(_NOUNS.split())


def is_helper(word: str) -> bool:
    """Tell whether `word`, in lower case, can stand between a subject and its verb."""
    return word in _HELPERS or (word.endswith("ly") and len(word) > 4)
