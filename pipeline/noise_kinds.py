"""What scrapers and page templates do to the text of an article, one function a kind of noise."""

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.noise_texts import CAPTIONS, CREDITS, DESKS, FIRST, FURNITURE, LAST, LEADS, MONTHS, TOWNS, WIRES

_OPENS = re.compile(r"[\"“]?[A-Z]")
_CLOSED = re.compile(r"[.!?…][\"”’')\]]*$")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_ENTITIES = {"&": "&amp;", '"': "&quot;", "“": "&ldquo;", "”": "&rdquo;", "'": "&#39;", "’": "&#8217;", "—": "&mdash;"}


@dataclass(slots=True)
class Page:
    """An article taken apart, to be changed in place.

    `gaps[i]` is the white space before sentence i, and the last gap that behind the last sentence; `origins[i]` is the
    index of the sentence in the article, None for one that was put in. `titles` are headlines that links may lead to.
    """

    gaps: list[str]
    texts: list[str]
    titles: Sequence[str] = ()
    draw: random.Random = field(default_factory=random.Random)
    origins: list[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.origins = list(range(len(self.texts)))

    def insert(self, position: int, text: str, before: str, behind: str) -> None:
        """Put a sentence in at `position`, with the gaps before and behind it."""
        self.gaps[position : position + 1] = [before, behind]
        self.texts.insert(position, text)
        self.origins.insert(position, None)

    def paragraphs(self) -> list[int]:
        """Return the positions at which a paragraph begins, but for the first."""
        return [i for i in range(1, len(self.texts)) if "\n" in self.gaps[i]]

    def rewrite(self, change: Callable[[str], str], first: int = 0) -> bool:
        """Rewrite every sentence from `first` on; tell whether anything is different now."""
        changed = [text if i < first else change(text) for i, text in enumerate(self.texts)]
        different = changed != self.texts
        self.texts = changed
        return different


def _glued_credit(page: Page) -> bool:
    places = [i for i in page.paragraphs() if page.texts[i][:1].isupper()]
    if not places:
        return False
    place = page.draw.choice(places[:3])
    credit = page.draw.choice(CREDITS)
    page.insert(place, credit, page.gaps[place], "")
    if page.draw.random() < 0.3:
        page.insert(place, page.draw.choice(CAPTIONS), page.gaps[place], page.draw.choice((" ", "\n")))
    return True


def _missing_space(page: Page) -> bool:
    places = [i for i in range(1, len(page.texts)) if page.gaps[i] == " " and _may_touch(page, i)]
    share = page.draw.choice((0.15, 0.4, 1.0))
    chosen = [i for i in places if page.draw.random() < share]
    for i in chosen:
        page.gaps[i] = ""
    return bool(chosen)


def _may_touch(page: Page, i: int) -> bool:
    """Tell whether it can be seen that sentence i begins, with no space before it."""
    return bool(_CLOSED.search(page.texts[i - 1]) and _OPENS.match(page.texts[i]))


def _missing_break(page: Page) -> bool:
    places = [i for i in page.paragraphs() if page.gaps[i] == "\n\n" and _CLOSED.search(page.texts[i - 1])]
    joint = page.draw.choice((" ", " ", ""))
    for i in places:
        page.gaps[i] = joint if _may_touch(page, i) else " "
    return bool(places)


def _hard_wrap(page: Page) -> bool:
    before = [*page.gaps, *page.texts]
    width = page.draw.randrange(58, 84)
    column = 0
    for i, text in enumerate(page.texts):
        if "\n" in page.gaps[i]:
            page.gaps[i], column = "\n\n", 0
        words = text.split(" ")
        if page.gaps[i] == " ":
            page.gaps[i], column = _space(column, words[0], width)
        column += len(words[0])
        wrapped = words[0]
        for word in words[1:]:
            space, column = _space(column, word, width)
            wrapped += space + word
            column += len(word)
        page.texts[i] = wrapped
    return [*page.gaps, *page.texts] != before


def _space(column: int, word: str, width: int) -> tuple[str, int]:
    """Return what stands before `word` in a text wrapped at `width`, and the column behind it."""
    return (" ", column + 1) if column + 1 + len(word) <= width else ("\n", 0)


def _byline(page: Page) -> bool:
    line = f"By {page.draw.choice(FIRST)} {page.draw.choice(LAST)}{page.draw.choice(DESKS)}"
    place = page.paragraphs()[0] if page.paragraphs() and not _CLOSED.search(page.texts[0]) else 0
    page.insert(place, line, page.gaps[place], "\n")
    if page.draw.random() < 0.5:
        page.insert(place + 1, f"{page.draw.choice(('Published', 'Updated'))} {_stamp(page.draw)}", "\n", "\n")
    return True


def _stamp(draw: random.Random) -> str:
    return f"{draw.randrange(1, 13)}:{draw.randrange(60):02d} {draw.choice(('a.m.', 'p.m.', 'PM ET', 'GMT'))}"


def _dateline(page: Page) -> bool:
    place = next((i for i, text in enumerate(page.texts) if _CLOSED.search(text)), None)
    if place is None or re.search(" [—–-]+ ", page.texts[place][:80]) or not _OPENS.match(page.texts[place]):
        return False
    day = f", {page.draw.choice(MONTHS)} {page.draw.randrange(1, 29)}" if page.draw.random() < 0.3 else ""
    page.texts[place] = page.draw.choice(TOWNS) + day + page.draw.choice(WIRES) + page.texts[place]
    return True


def _read_more(page: Page) -> bool:
    if not page.titles or not page.paragraphs():
        return False
    for place in sorted(page.draw.sample(page.paragraphs(), min(2, len(page.paragraphs()))), reverse=True):
        page.insert(place, page.draw.choice(LEADS) + _drawn(page), page.gaps[place], "\n\n")
    return True


def _drawn(page: Page) -> str:
    """Return one of the titles; a title more in the list changes nothing, but where it is the one that is drawn."""
    salt = page.draw.random()
    return min(page.titles, key=lambda title: hashlib.sha256(f"{salt} {title}".encode("utf-8", "replace")).digest())


def _furniture(page: Page) -> bool:
    place = page.draw.choice([*page.paragraphs(), len(page.texts)])
    end = place == len(page.texts)
    page.insert(place, page.draw.choice(FURNITURE), "\n\n" if end else page.gaps[place], "" if end else "\n\n")
    return True


def _mixed_quotes(page: Page) -> bool:
    """From some sentence on the page has the other kind of quotation marks."""
    turn = page.draw.randrange(len(page.texts))
    curly = any(mark in text for text in page.texts for mark in "“”’")
    return page.rewrite(straight if curly else curled, turn)


def straight(text: str) -> str:
    """Return `text` with straight quotation marks and apostrophes, as long as before."""
    return text.translate(_STRAIGHT)


def curled(text: str) -> str:
    """Return `text` with curly quotation marks and apostrophes, as long as before."""
    text = re.sub(r"(?<![^\s(\[—–-])\"", "“", text).replace('"', "”")
    return re.sub(r"(?<![^\s(\[—–“-])'(?!\d)", "‘", text).replace("'", "’")


def _doubled_quotes(page: Page) -> bool:
    mark = page.draw.choice(('""', "''"))
    return page.rewrite(lambda text: re.sub(r'["“”]', mark, text))


def _unclosed_quote(page: Page) -> bool:
    places = [i for i, text in enumerate(page.texts) if re.search(r"[\"”]$", text) and len(text) > 1]
    if not places:
        return False
    place = page.draw.choice(places)
    page.texts[place] = page.texts[place][:-1]
    return True


def _html_entity(page: Page) -> bool:
    kinds = {mark: entity for mark, entity in _ENTITIES.items() if page.draw.random() < 0.6}
    return page.rewrite(lambda text: "".join(kinds.get(mark, mark) for mark in text))


def _tweet(page: Page) -> bool:
    places = [i for i, text in enumerate(page.texts) if re.search(r"[\"”]$", text)]
    if not places:
        return False
    place = page.draw.choice(places)
    code = "".join(page.draw.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=10))
    first, last = page.draw.choice(FIRST), page.draw.choice(LAST)
    date = f"{page.draw.choice(MONTHS)} {page.draw.randrange(1, 29)}, {page.draw.randrange(2012, 2023)}"
    page.texts[place] += f" pic.twitter.com/{code}"
    page.insert(place + 1, f"— {first} {last} (@{first.lower()}{last[:4].lower()}) {date}", " ", page.gaps[place + 1] or "\n\n")
    return True


def _list(page: Page) -> bool:
    """Make list items of the sentences of one paragraph."""
    starts = [*page.paragraphs(), len(page.texts)]
    blocks = [range(a, b) for a, b in pairwise(starts) if b - a >= 3]
    if not blocks:
        return False
    block = page.draw.choice(blocks)
    marks = page.draw.choice((["• "], ["- "], ["* "], [f"{i}. " for i in range(1, 40)]))
    for number, i in enumerate(block):
        page.texts[i] = marks[number % len(marks)] + page.texts[i]
        page.gaps[i] = "\n" if number else page.gaps[i]
    return True


def _live_stamps(page: Page) -> bool:
    places = page.paragraphs()
    if len(places) < 3:
        return False
    hour, minute = page.draw.randrange(6, 20), page.draw.randrange(60)
    zone = page.draw.choice(("", " GMT", " BST", " ET"))
    for place in reversed(places):
        page.insert(place, f"{hour:02d}:{minute:02d}{zone}", page.gaps[place], "\n")
        minute += page.draw.randrange(3, 40)
        hour, minute = (hour + minute // 60) % 24, minute % 60
    return True


NOISES: dict[str, Callable[[Page], bool]] = {
    "dateline": _dateline,
    "list": _list,
    "tweet": _tweet,
    "byline": _byline,
    "glued credit": _glued_credit,
    "read more": _read_more,
    "furniture": _furniture,
    "live stamps": _live_stamps,
    "mixed quotes": _mixed_quotes,
    "doubled quotes": _doubled_quotes,
    "unclosed quote": _unclosed_quote,
    "html entity": _html_entity,
    "missing break": _missing_break,
    "missing space": _missing_space,
    "hard wrap": _hard_wrap,
}
