"""The abbreviations of English news, by what may stand behind their stop. All in lower case, without the last stop."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a name or a number: the stop never ends a sentence.
TITLES = _words(
    """
    mr mrs ms mx dr drs prof profs messrs mme mmes mlle gen gens col cols lt lts lieut cmdr cdr sgt sgts cpl pvt pfc spc
    capt capts maj adm adms brig gov govs rep reps sen sens rev revs fr msgr hon supt insp det dets atty attys asst
    assoc amb ald cllr cmsr comdr dep pres sec treas lt-gen maj-gen brig-gen vice-adm rear-adm st ste mt ft rt rt-hon
    aux ens sub-lt ofc sr-sgt wpc e.g i.e eg ie cf viz approx v vs p.s adv avv const tech coun cde barr engr th lt.-col
    lt.-gen maj.-gen brig.-gen sr.-sgt
    """
)
# Before what they belong to; the stop ends a sentence only where the next word is one that begins sentences.
INSIDE = _words(
    """
    ca c fig figs vol vols pp p ch art sec para paras ed eds trans al est incl excl tel ext op lat min max avg jan feb
    mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri dept depts div dist univ assn bros mfg
    govt intl natl fed cent ariz ark calif colo conn del fla ga ill ind kan kans ky md mass mich minn miss mo mont neb
    nev okla ore pa penn tenn tex va vt wash wis wisc wyo ia ala ont que alta sask man n.b n.s nfld ida att chap cl sq
    mi lb lbs oz hr hrs yd yds ft a.k.a aka d.b.a w.va
    """
)
# Words too: in lower case they end a sentence.
WORDS = _words(
    """
    art sec mar jan jun mon wed sun sat fri ill ind del man ore mass miss wash min max est fed cent trans para kan pa ga
    mo md va ca ch p c al dec col gen con mt fig vol op ed ext tel pop lat dist div penn rep hon det gov ont fr pres dep
    ens ald amb st ft que
    """
)
# After the name of a company, and inside longer ones.
COMPANIES = _words("inc corp co cos ltd llc plc bros pty gmbh s.a n.v b.v s.p.a l.p l.l.c p.l.c")
# After a name.
NAME_ENDS = _words("jr sr esq ph.d phd m.d d.d.s m.p m.b.a b.a m.a ll.b m.sc b.sc r.n c.p.a ret")
# After the name of a street.
STREETS = _words("st ave blvd rd ln hwy pkwy sq dr ct pl")
CLOCK = _words("a.m p.m")
# Countries and towns: the stop ends a sentence where the next word begins one.
PLACES = _words(
    """
    u.s u.k u.n d.c e.u n.s.w u.a.e u.s.s.r n.y n.j n.h n.m n.c n.d s.c s.d r.i l.a b.c u.s.a p.e.i n.w.t p.n.g n.z
    g.o.p
    """
)
LISTS = frozenset(("etc", "ibid"))
NUMBERS = _words("no nos rs")
# Words that begin a sentence rather than go on with a name.
STARTERS = _words(
    """
    the a an this that these those he she it they we i you his her its their our my your who what when where why how
    which there here in on at by for from with without within after before since until while as if although though
    because despite during under over between among against amid about into through throughout upon once both neither
    either each every all some many most several few any no none one two three four five six seven eight nine ten
    hundreds thousands dozens and but or nor so yet then thus also still now later earlier however moreover meanwhile
    instead indeed perhaps maybe only even just another other others today yesterday tomorrow last not never nobody
    nothing everyone everything anyone someone such according asked is are was were do does did has have had would could
    should can must let to
    """
)
# Nouns that open sentences in the news, and are written small inside them.
SUBJECTS = _words(
    """
    officials police prosecutors investigators detectives officers authorities lawmakers senators ministers critics
    supporters opponents activists protesters residents neighbours neighbors witnesses relatives families friends
    lawyers attorneys analysts investors shares stocks economists experts researchers scientists doctors nurses teachers
    students parents workers unions employees executives managers customers voters farmers fishermen firefighters
    rescuers crews soldiers troops rebels diplomats journalists reporters editors people men women children players fans
    coaches donations tickets prices sales profits members leaders delegates observers judges jurors shopkeepers growers
    """
)
# What tells that the word before it is a subject.
VERBS = _words(
    """
    is are was were has have had will would could can may might must did do does said say says told expect expects blame
    hope want came went got began rose fell gave took made found saw left
    """
)
# Capitalized words that go on with "U.S." and its like.
NATIONAL = _words(
    """
    army navy marines marine forces force senate senators senator house congress treasury embassy department district
    supreme attorney president secretary government states state steel airlines airways republicans democrats bank open
    postal coast air capitol court courts circuit central consulate ambassador mission security general
    """
)
# What goes on with an hour.
TIMES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december eastern pacific central mountain et est edt pt pst pdt ct cst cdt mt mst gmt utc bst cet
    cest local jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat sun
    """
)
# What stands before a single letter that is no initial.
LETTERED = _words(
    """
    vitamin hepatitis group class plan type grade section appendix exhibit model route gate block team division unit
    option phase influenza schedule category level part pool series ward zone terminal platform than version item table
    figure size cup bra street avenue room cell wing formation proposition prop measure strain clade company camp
    """
)
ABBREVIATIONS = TITLES | INSIDE | COMPANIES | NAME_ENDS | STREETS | CLOCK | PLACES | LISTS | NUMBERS
