"""What of a scraped page is not prose: credits, bylines, captions, stamps, links; and where a credit is glued to a word."""

import re
from collections.abc import Iterator

SOURCES = (
    "Reuters", "Associated Press", "AP Photo", "AP", "AFP", "EPA", "ANSA", "Getty Images", "Getty", "PA Media", "PA Wire", "PA",
    "BBC", "CNN", "NPR", "ABC News", "CBS News", "NBC News", "Fox News", "Sky News", "Bloomberg", "Shutterstock", "iStock",
    "Alamy", "Rex Features", "TASS", "Xinhua", "Kyodo", "Anadolu Agency", "Yonhap", "Handout",
)  # fmt: skip
_UNMISTAKABLE = frozenset(("Reuters", "Associated Press", "Getty Images", "Shutterstock", "Reuters/File"))
_TAIL = re.compile(r"(?:/(?:File|Pool|Handout|AFP|Getty Images|Shutterstock|[A-Z][a-z]+ [A-Z][a-z]+))?\)?")
# What the next sentence begins with where no space stands before it; names that a source's name goes on to are left alone.
_BEGINS = re.compile(r"[\"“]?(?:[A-Z][a-z’']|[AI] )")
_BEGINS_OR_SHOUTS = re.compile(r"[\"“]?(?:[A-Z][a-z’']|[AI] |[A-Z]{4,}\b)")
_NAME_GOES_ON = re.compile(
    r"Images|(?:Is|Plus|Money|Sports?|News|World|Media|Player|Health|Live|Breakfast|Radio|One|Two|Three|Scotland|Wales|Photo|Wire|"
    r"Watch|Connect)\b"
)
_LABEL = re.compile(r"Image caption(?=[A-Z\"“])")
_CLOSERS = frozenset(".!?…”\"'’)")
_AT_BOUNDARY = re.compile(
    r"(?:^|[\n\r.!?…”\"’')\]/])\s*$"
    r"|(?:[Cc]opyright|[Pp]hoto(?:graph)?(?: by)?:?|[Ii]mage:|[Cc]redit:?|[Ss]ource:|[Vv]ia|©)\s*$"
)
_HANDLE = r"\(@\w{1,20}\)"
_SIGNED = re.compile(
    rf"[ \t\xa0](?=[—–-] ?[^\n(]{{2,50}}{_HANDLE})|(?<=\))[ \t\xa0][A-Z][a-z]{{2,8}}\.? \d{{1,2}}, \d{{4}}[ \t\xa0]+(?=\S)"
)


def glued_credits(text: str) -> Iterator[int]:
    """Yield where sentences begin because a source's name is glued to them, or begins there itself."""
    for source in SOURCES:
        end = 0
        while (start := text.find(source, end)) >= 0:
            tail = _TAIL.match(text, start + len(source))
            end = tail.end() if tail else start + len(source)
            begins = _BEGINS if source.isupper() else _BEGINS_OR_SHOUTS
            if begins.match(text, end) and not _NAME_GOES_ON.match(text, end):
                yield from _credit(text, start, end)
    for label in _LABEL.finditer(text):
        yield from label.span()


def _credit(text: str, start: int, end: int) -> Iterator[int]:
    before = text[max(0, start - 24) : start]
    if not before or _AT_BOUNDARY.search(before) or (before[-1].isspace() and text[start:end] in _UNMISTAKABLE):
        yield end
        if before.rstrip()[-1:] in _CLOSERS:
            yield start


def signatures(text: str) -> Iterator[int]:
    """Yield where the signature of a quoted tweet begins (a dash, a name and a handle), and what follows its date."""
    if "(@" not in text:
        return iter(())
    return (signed.end() for signed in _SIGNED.finditer(text))


_SOURCE = "|".join(SOURCES)
_NAME = r"[A-Z][\w.’'-]*(?: (?:de|van|von|der|bin|al|el|la|di|[A-Z][\w.’'-]*)){0,4}"
_ZONE = r"(?:GMT|BST|ET|EST|EDT|PT|PST|PDT|CET|CEST|UTC|AEST|IST)"
_TIME = rf"\d{{1,2}}[:.]\d\d(?: ?[aApP]\.?[mM]\.?)?(?: ?\(?{_ZONE}\)?)?"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:{_MONTH} {_NTH},?(?: \d{{4}})?|{_NTH} {_MONTH},?(?: \d{{4}})?"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)"
)
_MOMENT = rf"(?:{_DATE}|{_TIME})"
_NETWORK = r"(?:Facebook|Twitter|WhatsApp|LinkedIn|Reddit|Pinterest|Email)"
_BYLINES = (
    rf"(?:Words |Story |Photographs? |Written |Posted )?[Bb][Yy] {_NAME}(?:(?:,| \|| and| for| in| -| –| •|/).{{0,80}})?",
    r"(?:Reporting|Writing|Editing|Additional reporting) by .{0,200}",
)
_STAMPS = (
    rf"{_MOMENT}(?:[ ,|/·•-]+(?:at )?(?>{_MOMENT}))*+\.?",
    r"(?:[Pp]ublished|[Uu]pdated|[Ll]ast updated|UPDATED|PUBLISHED|[Pp]osted|[Ff]irst published)\b"
    r".{0,12}(?:\d|ago|today|yesterday).{0,60}",
    r"\d+ ?(?:h|hrs?|hours?|m|mins?|minutes?|s|d|days?) ago|LIVE|Live|BREAKING|Breaking|JUST IN",
)
_LINKS = (
    r"(?:[Rr]ead more|READ MORE|[Ss]ee also|SEE ALSO|[Aa]lso read|[Rr]ead also|[Mm]ore on this)\b.*",
    r"(?:[Rr]elated|RELATED)(?: (?:stories|articles|content|coverage|topics|news|links|video))?(?::.*|)",
    r"(?:[Mm]ore|MORE|[Ww]atch|WATCH|[Ll]isten|LISTEN):.*",
    r"(?:[Ss]ubscribe|SUBSCRIBE|[Ss]ign up|SIGN UP|[Ff]ollow us|[Cc]lick here|CLICK HERE|[Jj]oin our|[Ll]og in)\b.{0,140}",
    r"(?:[Dd]ownload (?:the|our)|[Gg]et (?:our|the latest|breaking)|[Rr]egister (?:now|for free))\b.{0,140}",
    r"[Ss]hare (?:this|on|via)\b.{0,60}|Share|Tweet|Print|Email|Comments?|\d+ [Cc]omments?|Copy link|Save|Close|Menu",
    rf"{_NETWORK}(?: {_NETWORK})*",
    r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S+|@\w{1,20}",
    rf"[—–-] ?[^\n(]{{2,50}}{_HANDLE}.{{0,40}}",
)
_PAGE = (
    r"[Aa]dvertisement|ADVERTISEMENT|[Ss]ponsored(?: content)?|[Pp]romoted|(?:[Ss]tory|[Aa]rticle) continues.{0,40}",
    r"[Ss]croll (?:down|to)\b.{0,60}|[Ss]kip (?:ad|to)\b.{0,40}|[*•·=_~#—–-]{3,}",
    r"(?:Video|Photos?|Graphic|Slideshow|Gallery|Poll|Quiz|Topics|Tags|Sections?|Most (?:read|popular)|Trending)\s*:?",
    r"(?:©|\(c\)|[Cc]opyright\b).{0,140}|All rights reserved.{0,60}",
    r"This (?:is a developing|story (?:has been|is being)|article (?:was|has been|is) (?:first|originally|updated|amended))"
    r".{0,140}",
)
_CREDITS = (
    r"(?:Image|Media|Video|Photo|Picture) ?(?:[Cc]opyright|[Cc]aption|[Ss]ource|[Cc]redit)s?\b.{0,80}",
    r"\(?(?:[Ff]ile (?:[Pp]hoto|[Pp]icture|[Ii]mage)|FILE(?: PHOTO| -)?|[Pp]hotos?|PHOTO|[Ii]mages?|[Cc]redits?|[Pp]ictures?)\b"
    r"(?: by| courtesy| credit)?\s?[:/|—–-]?.{0,80}",
    rf"[(\[]?(?:{_SOURCE})(?:\s?[/|,-]\s?(?>{_SOURCE}|{_NAME}))*+[)\]]?",
)
_FURNITURE = re.compile("|".join((*_BYLINES, *_STAMPS, *_LINKS, *_PAGE, *_CREDITS)))
# Lines that begin like furniture and tell something.
_PROSE = re.compile(r".*\b(?:is|are|was|were|had|has|have|said|says|will|told|asked|shows?)\b.*[.!?][\"”]?$")
_FURNITURE_ANYHOW = re.compile("|".join((*_LINKS, *_PAGE)))
_LONGEST = 220  # characters


def is_furniture(line: str) -> bool:
    """Tell whether a sentence that is a line of its own is page furniture: a byline, credit, caption label, stamp or link.

    >>> is_furniture("By Nadia Haddad, Staff Writer"), is_furniture("By noon the square was full.")
    (True, False)
    """
    if len(line) > _LONGEST:
        return False
    line = " ".join(line.split())  # a line may be wrapped
    if _FURNITURE.fullmatch(line) is None:
        return False
    return _PROSE.match(line) is None or _FURNITURE_ANYHOW.fullmatch(line) is not None
