"""Where nupunkt is overruled: stops behind abbreviations, single letters and quotations, in the English of the news."""

import re
from collections.abc import Iterator

from pipeline.abbreviations import (
    ABBREVIATIONS,
    CLOCK,
    COMPANIES,
    INSIDE,
    LETTERED,
    LISTS,
    NAME_ENDS,
    NATIONAL,
    NUMBERS,
    PLACES,
    STARTERS,
    STREETS,
    SUBJECTS,
    TIMES,
    TITLES,
    VERBS,
    WORDS,
)

_STOP = re.compile(r"\.[\"”’')\]]*[ \t\xa0\r\n]+(?=[\"“‘'(\[]*[A-ZÀ-ÖØ-Þ0-9])")
_NEW_LINE = re.compile(r"[\n\r\v\f\x85\u2028\u2029]\s*$")
_ROMAN = re.compile(r"[IVX]{2,5}")
_NOTED = re.compile(r"[.!?][\"”’')]*\[\d{1,3}\][ \t\xa0]+(?=[\"“‘(]?[A-ZÀ-ÖØ-Þ])")
_BEFORE = re.compile(r"([.!?])[\"”’')\]]*[ \t\xa0\r\n]+$")
_DOTS = re.compile(r"(?<=[\w,;’\"”]) (?:\.\.\.|…|\. \. \.)[ \t\xa0]+(?=([A-Z][\w’']*))")
_SAID_MR = re.compile(r".*(?:[a-z]{2}|\d)[.!?][\"”’]?(?=[A-Z])")
_CLAUSE = re.compile(
    r"(?:^|[.!?\n”\"]\s*)(?:At|By|Around|Until|Before|After|Shortly|Just|Between|From|About|On|Since|Then)\b[^.!?\n]{0,30}$"
)
_LEFT_OUT = re.compile(r"\[(?:\.\.\.|…)\][ \t\xa0]+(?=\S)")
_STOPS = frozenset(".!?…")
_TOKEN = re.compile(r"[^\s(\[\"“‘'—–/]+$")
_WORD = re.compile(r"[\"“‘'(\[]*([^\W\d_]+(?:['’][^\W\d_]+)?|\d)[^\s]*[ \t\xa0\r\n]*([\"“(]?[^\W_]?)")
_ACRONYM = re.compile(r"(?:[A-Z]\.)+[A-Z]|[A-Z]\.[A-Z][a-z]")
_REACH = 24  # characters before a stop in which its word begins
_ASKED = re.compile(r"[?!…][\"”’]+[ \t\xa0]+(?=[A-Z])")
_SAYS = (
    r"(?:said|says|asked|asks|replied|replies|shouted|cried|added|adds|told|wrote|writes|tweeted|yelled|wondered|exclaimed|"
    r"demanded|joked|responded|answered|insisted|recalled|chanted|read|reads|quipped|retorted|screamed|called|begins|began|"
    r"continued|snapped|laughed|declared|urged|warned|posted|pleaded|inquired|sang|echoed|muttered|whispered|roared)"
)
_ATTRIBUTION = re.compile(
    rf"(?!(?:The|It|He|She|They|We|I|This|That|But|And|In|On|At|So|When|After|Then)\s+(?!.{{0,40}}\b{_SAYS}\b))"
    rf"(?:[A-Z][\w.’'-]*,?\s+){{1,4}}(?:then\s+|later\s+|also\s+|had\s+|once\s+)?{_SAYS}\b"
)
_GOES_ON = re.compile(r"[,;]|[—–-]+\s+[a-z]")


def reviewed(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where the stops of `text` need a second opinion: where the next sentence would begin, and whether it does."""
    for stop in _STOP.finditer(text):
        token = _TOKEN.search(text, max(0, stop.start() - _REACH), stop.start())
        if token is None:
            continue
        glued = _SAID_MR.match(token[0])
        start = token.start() + (glued.end() if glued else 0)
        if (ends := _ends_behind(text[start : stop.start()], text, start, stop.end())) is not None:
            yield stop.end(), ends
    for dots in _DOTS.finditer(text):
        if dots[1].lower() not in STARTERS:
            yield dots.end(), False
    for note in _NOTED.finditer(text):
        yield note.end(), True
    for gap in _LEFT_OUT.finditer(text):
        if text[max(0, gap.start() - 3) : gap.start()].rstrip()[-1:] not in _STOPS:
            yield gap.end(), False
    for stop in _ASKED.finditer(text):
        if _ATTRIBUTION.match(text, stop.end(), stop.end() + 80):
            yield stop.end(), False


def _ends_behind(token: str, text: str, start: int, after: int) -> bool | None:
    """Tell whether the stop behind `token` ends a sentence; None where nupunkt may decide."""
    if len(token) == 1 and token.isupper():
        return _letter_ends(token, text, start, after)
    name = token.lower()
    if token.isdigit() and _numbers_item(text, start):
        return False
    following = _WORD.match(text, after, after + 60)
    word, then = (following[1].lower(), following[2]) if following else ("", "")
    if word.isdigit() and name in INSIDE:
        return False
    if name in WORDS and token.islower() and name not in NUMBERS:
        return True
    starts = word in STARTERS or (word in SUBJECTS and then[-1:].islower())
    if name in NUMBERS:
        return not word.isdigit()
    if word.isdigit():
        return False if name in TITLES else None
    if name in STREETS and _behind_name(text, start):
        return not (word in TIMES or (name in TITLES and not starts and then[-1:].isupper()))
    if name in TITLES:
        return False
    if name in CLOCK:
        zone = following is not None and len(word) in (2, 3, 4) and following[1].isupper()
        return not (word in TIMES or zone or _CLAUSE.search(text, max(0, start - 40), start))
    if name in LISTS:
        return True
    if name in COMPANIES or name in NAME_ENDS:
        return starts or (word.endswith("s") and then[-1:].islower() and _verb_follows(text, after))
    if name in PLACES:
        return starts or (word not in NATIONAL and then[-1:].islower() and _verb_follows(text, after))
    if name in INSIDE or _ACRONYM.fullmatch(token):
        return starts
    return None


def _numbers_item(text: str, start: int) -> bool:
    """Tell whether the figure at `start` stands where a sentence would begin, and so numbers a list item."""
    before = text[max(0, start - _REACH) : start].rstrip("(")
    if _NEW_LINE.search(before) or not before.strip():
        return True
    before = before.rstrip()
    word = before.split()[-1].rstrip(".").lower()
    return before[-1] in '.!?:;”"' and not (word in ABBREVIATIONS or "." in word)


def _is_abbreviated(token: str) -> bool:
    return (
        len(token) == 1
        or "." in token
        or _ROMAN.fullmatch(token) is not None
        or (token.lower() in ABBREVIATIONS and token.lower() not in WORDS)
    )


def _letter_ends(token: str, text: str, start: int, after: int) -> bool | None:
    before = text[max(0, start - 16) : start].split()
    following = _WORD.match(text, after, after + 40)
    word = following[1].lower() if following else ""
    if before and before[-1].lower() in LETTERED and len(word) > 1:
        return True
    if token == "I":
        return None
    return len(word) > 1 and word in STARTERS


def _behind_name(text: str, start: int) -> bool:
    """Tell whether a capitalized word or a figure stands before `start`."""
    before = text[max(0, start - 30) : start].split()
    return bool(before) and (before[-1][0].isupper() or before[-1][0].isdigit()) and before[-1][-1].isalnum()


def _verb_follows(text: str, after: int) -> bool:
    words = text[after : after + 60].split()
    return len(words) > 1 and words[1].lower() in VERBS


def goes_on(text: str, start: int) -> bool:
    """Tell whether what begins at `start` can only go on with a sentence.

    That is a comma; a dash and a small letter; a small letter behind an abbreviation, or behind a name that ends in "!" or "?".
    """
    if text[start] in ",;—–-":
        return _GOES_ON.match(text, start) is not None
    if not text[start].islower():
        return False
    stop = _BEFORE.search(text, max(0, start - _REACH), start)
    token = _TOKEN.search(text, max(0, stop.start() - _REACH), stop.start()) if stop else None
    if stop is None or token is None:
        return False
    return _is_abbreviated(token[0]) if stop[1] == "." else token[0][0].isupper() or token[0][0] == "#"


_TOUCHING = re.compile(r"[.!?…]([\"”’')\]]{0,3})([\"“‘(\[]?)(?=[A-ZÀ-ÖØ-Þ])")
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘—–]*$")
_BEGINS = re.compile(r"([A-ZÀ-ÖØ-Þ][a-zß-ÿ’']+|[AI](?=\s)|[QA](?=:))|([A-Z]{2,6})(?=[\s’'])")
_ENDED = re.compile(r"(?:[^\W\d_]{2}|\d|[)%\]”’\"'])$")
_EXTENSIONS = re.compile(
    r"(?:pdf|docx?|jpe?g|png|gif|html|csv|txt|zip|exe|xlsx?|mp\d?|gov|com|org|net|edu|co|io|js)", re.IGNORECASE
)
_CHAIN = re.compile(r"\w*@|\.\w")  # an address or a file name goes on
_DOTTED = CLOCK | PLACES
_VERSION = re.compile(r"v\d|\d+\.\d+\.\d")
_ADDRESS = re.compile(r"[/@]|[A-Za-z]\.|\.[A-Za-z]")
_LONGEST_PARAGRAPH = 4000  # characters looked back on for an open quotation mark


def touching(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where sentences begin behind a stop with no space between, and where they do not: `said.The`, `.”The`, `?"She`."""
    for stop in _TOUCHING.finditer(text):
        begins = _BEGINS.match(text, stop.end())
        if begins is None or _CHAIN.match(text, begins.end()) or not _may_end(text, stop.start(), begins):
            continue
        start = stop.start(2)
        if text[start - 1] == '"' and not stop[2] and _opens(text, start - 1):
            start -= 1
        elif stop[2] == '"' and not _opens(text, start):
            yield start, False
            start += 1
        yield start, True


def _may_end(text: str, stop: int, begins: re.Match[str]) -> bool:
    before = text[max(0, stop - _REACH) : stop]
    if not _ENDED.search(before):
        token = _WORD_BEFORE.search(before)
        return token is not None and token[0].lower() in _DOTTED and len(begins[0]) > 1 and begins[0].lower() in STARTERS
    if text[stop] != ".":
        return True
    if _EXTENSIONS.fullmatch(begins[0]):
        return False
    found = _WORD_BEFORE.search(before)
    word = found[0] if found else ""
    name = word.lower()
    if _ADDRESS.search(word) or _VERSION.match(word) or len(word) == _REACH:
        return begins[0].lower() in STARTERS and name not in PLACES
    if name in TITLES or name in NUMBERS or name.startswith(("@", "#")):
        return False
    if name in INSIDE or name in COMPANIES or name in NAME_ENDS:
        return begins[0].lower() in STARTERS or (name in WORDS and word.islower())
    return begins[1] is not None or word[-3:].islower()


def _opens(text: str, mark: int) -> bool:
    """Tell whether the straight quotation mark at `mark` opens a quotation: whether none is open before it in its paragraph."""
    start = max(text.rfind("\n", max(0, mark - _LONGEST_PARAGRAPH), mark) + 1, mark - _LONGEST_PARAGRAPH, 0)
    return text.count('"', start, mark) % 2 == 0
