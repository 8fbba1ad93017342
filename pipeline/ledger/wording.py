"""The words of a sentence that leave a statement open, those that judge, and those that point at others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.ledger.statements import Extract
from pipeline.lexicon import cue_forms, group_names
from pipeline.sentences import Span
from pipeline.tokens import token_spans

Forms = Mapping[str, tuple[tuple[str, ...], ...]]  # by their first word, longest first

HEDGE = "hedge"  # the group of the lexicon
_MODAL_NEXT = frozenset(["be", "have", "not"])  # after a "May" that is no month and no name
_COURT = frozenset(["before", "in", "on", "at", "for", "alongside", "as"])  # after an "appeared" that was in person

# Forms that judge or stir rather than tell; phrases are joined by underscores. A word that also names an act ("attack",
# "murder", "fraud") is none: it says what is alleged.
_LOADED = """
    shameful shamefully shameless shamelessly disgrace disgraceful disgracefully disgraced disgusting appalling
    outrage outrageous outrageously outraged scandalous scandalously monstrous heinous vile despicable contemptible
    abhorrent repugnant sickening revolting horrific horrifying horrendous atrocious ghastly gruesome
    brazen brazenly blatant blatantly flagrant flagrantly barefaced bare-faced naked_aggression audacious
    absurd absurdity absurdly ridiculous ridiculously laughable preposterous ludicrous outlandish farcical farce
    nonsense nonsensical rubbish drivel hysteria hysterical hysterically insane insanity lunatic deranged madness
    notorious notoriously infamous infamously so-called self-styled self-proclaimed
    crony cronies lackey lackeys stooge stooges henchman henchmen thug thugs goons mobsters gangsters crooks crook
    puppet puppets mouthpiece mouthpieces apologist apologists traitor traitors treacherous treachery
    regime junta cabal clique warmonger warmongers warmongering tyrant tyrants tyrannical despot despotic
    bloodthirsty barbaric barbarian barbarians savage savagely ruthless ruthlessly merciless vicious viciously cruel
    cynical cynically hypocrite hypocrites hypocritical hypocrisy sinister shady murky sordid sleazy
    rotten cowardly coward cowards pathetic pitiful feeble spineless incompetent clueless bungling bungled
    catastrophic disastrous disastrously devastating shocking shockingly stunning staggering damning
    bombshell slammed slams lambasted lambasts eviscerated gloated sneered
    witch_hunt smear_campaign propaganda_machine pack_of_lies tissue_of_lies beyond_belief beneath_contempt
    slap_in_the_face reign_of_terror blood_on_their_hands blood_on_his_hands blood_on_her_hands
    heroic heroically brave bravely noble nobly saintly evil wicked
"""

# Turns to what others do.
_TURNS = """
    what_about how_about_the look_at_what look_at_how look_at_your_own look_at_their_own look_in_the_mirror
    double_standard double_standards others_do_the_same others_did_the_same others_do_it everyone_does_it everybody_does_it
    they_do_the_same they_did_the_same you_do_the_same no_better_than who_are_they_to who_are_you_to who_is_he_to who_is_she_to
    in_no_position_to_lecture no_right_to_lecture lecture_us lecturing_us glass_houses pot_calling_the_kettle
    clean_up_their_own clean_up_your_own put_their_own_house_in_order put_its_own_house_in_order should_look_at_themselves
    should_look_at_itself nobody_asks_about no_one_asks_about nobody_talks_about no_one_talks_about
"""


class _Word(NamedTuple):
    span: Span
    text: str
    lower: str


def hedges_of(text: str, start: int = 0) -> tuple[Extract, ...]:
    """Return the words of a sentence that leave open what it says; `start` is where it begins in the article.

    They are the group "hedge" of the lexicon, less what only looks like one: the month and the name May, "could not", and
    who "appeared in court".

    >>> [hedge.text for hedge in hedges_of("In May 2010 he may have paid, and reportedly could not sleep.", 40)]
    ['may', 'reportedly']
    """
    words = _words(text)
    found = _found(words, _hedge_forms())
    return tuple(_extract(text, start, words[at : at + length]) for at, length in found if _leaves_open(words, at))


def loaded_of(text: str, start: int = 0) -> tuple[Extract, ...]:
    """Return the words of a sentence that judge what it tells of, whoever says them; `start` is where it begins.

    >>> loaded_of("The brazen claim is a pack of lies, he said.", 40)
    (Extract(start=44, end=50, text='brazen'), Extract(start=62, end=74, text='pack of lies'))
    """
    words = _words(text)
    return tuple(_extract(text, start, words[at : at + length]) for at, length in _found(words, _loaded_forms()))


def turns_of(text: str, start: int = 0) -> tuple[Extract, ...]:
    """Return the turns of a sentence to what others do; `start` is where it begins in the article.

    >>> [turn.text for turn in turns_of("What about your own double standards?")]
    ['What about', 'double standards']
    """
    words = _words(text)
    return tuple(_extract(text, start, words[at : at + length]) for at, length in _found(words, _turn_forms()))


@cache
def _hedge_forms() -> Forms:
    group = group_names().index(HEDGE)
    return _by_first_word(words for forms in cue_forms().values() for words, of in forms if of == group)


@cache
def _loaded_forms() -> Forms:
    return _by_first_word(tuple(form.split("_")) for form in _LOADED.split())


@cache
def _turn_forms() -> Forms:
    return _by_first_word(tuple(form.split("_")) for form in _TURNS.split())


def _by_first_word(forms: Iterable[tuple[str, ...]]) -> Forms:
    table: dict[str, set[tuple[str, ...]]] = {}
    for form in forms:
        table.setdefault(form[0], set()).add(form)
    return {word: tuple(sorted(found, key=lambda form: (-len(form), form))) for word, found in table.items()}


def _words(text: str) -> list[_Word]:
    words = [(span, text[span.start : span.end]) for span in token_spans(text)]
    return [_Word(span, word, word.lower().replace("\u2019", "'")) for span, word in words]


def _found(words: Sequence[_Word], forms: Forms) -> Iterator[tuple[int, int]]:
    """Yield the number of the first word and the length of each form, none inside another."""
    lower = tuple(word.lower for word in words)
    at = 0
    while at < len(lower):
        length = next((len(form) for form in forms.get(lower[at], ()) if lower[at : at + len(form)] == form), 0)
        if length:
            yield at, length
        at += length or 1


def _leaves_open(words: Sequence[_Word], at: int) -> bool:
    word = words[at]
    before = words[at - 1].lower if at else ""
    after = words[at + 1].lower if at + 1 < len(words) else ""
    if word.lower == "may":
        dated = before[:1].isdigit() or after[:1].isdigit()
        return not dated and (word.text == "may" or after in _MODAL_NEXT)
    if word.lower == "could":
        return after != "not"
    return not (word.lower.startswith("appear") and after in _COURT)


def _extract(text: str, start: int, words: Sequence[_Word]) -> Extract:
    first, last = words[0].span.start, words[-1].span.end
    return Extract(start + first, start + last, text[first:last])
