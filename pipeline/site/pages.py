"""Scored articles written as HTML: one as a page that holds all it needs, many as a site."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import IO, TypeVar

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.ledger.statements import Ledger
from pipeline.rendering import environment, signs_of, style
from pipeline.site.article import LANE, Article, Lane, article_of
from pipeline.site.ledger import ledger_part
from pipeline.site.names import FileNames
from pipeline.site.summary import Summary
from pipeline.site.trends import trend_charts
from pipeline.views import Model, Scored
from pipeline.writing import new_folder

T = TypeVar("T")
Ledgers = Iterable[Ledger]

ARTICLES, SUMMARY = "articles", "summary.csv"
_LISTED = 500  # articles on a page of the index
_ROW = 6  # height of a lane of the small strips in the index
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\b")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a site: the page that lists it, the pages of those before and after it."""

    index: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in the index; of its sentences only what is drawn is kept."""

    page: str
    title: str
    origin: tuple[str, ...]
    sentences: int
    doubtful: int
    lanes: tuple[tuple[str, int, str], ...]  # label, sentences, SVG path

    @classmethod
    def of(cls, page: str, article: Article) -> "Entry":
        """Return the entry of an article whose page is called `page`."""
        lanes = tuple((lane.label, len(lane.places), _path(lane, row)) for row, lane in enumerate(article.lanes))
        return cls(page, article.title, origin(article.document), article.sentences, article.doubtful, lanes)


class Pages:
    """What turns articles scored by one model into HTML."""

    def __init__(self, model: Model, *, explained: bool) -> None:
        self._labels = model.labels
        self._templates = environment(html=True)
        self._common = {"signs": signs_of(model.labels), "model": model.id, "explained": explained, "origin": origin}
        self._style = {name: style("base", name) for name in ("article", "site")}
        self._style["ledger"] = style("base", "article", "ledger")

    def article(self, article: Article, place: Place | None = None, ledger: Ledger | None = None) -> str:
        """Return the page of an article, with its ledger beside it where there is one."""
        template = self._templates.get_template("site/article.html.j2")
        noted = None if ledger is None else ledger_part(ledger)
        sheet = self._style["article" if ledger is None else "ledger"]
        return template.render(self._common, article=article, place=place, ledger=noted, style=sheet)

    def index(self, entries: Sequence[Entry], summary: Summary, number: int) -> str:
        """Return the page `number`, from 0, of the index of a site; the first one tells the summary too."""
        template = self._templates.get_template("site/index.html.j2")
        listed = entries[number * _LISTED : (number + 1) * _LISTED]
        return template.render(
            self._common, entries=listed, summary=summary, charts=trend_charts(summary) if number == 0 else [],
            number=number, pages=[index_name(at) for at in range(0, len(entries), _LISTED)], style=self._style["site"],
            folder=ARTICLES, file=SUMMARY, width=LANE, height=_ROW * len(self._labels),
        )  # fmt: skip


def write_page(
    model: Model, scored: Scored, stream: IO[str], *, explained: bool = False, ledgers: Ledgers | None = None
) -> None:
    """Write the page of the one article in `scored`, with its ledger where there are `ledgers`, one an article.

    Raises
    ------
    InputError
        If there are more.
    """
    found = iter(scored)
    document, sentences = next(found)
    if next(found, None) is not None:
        raise InputError("there is more than one article: name a folder for their pages, say --out site/")
    ledger = None if ledgers is None else next(iter(ledgers))
    pages = Pages(model, explained=explained)
    stream.write(pages.article(article_of(document, sentences, model.labels), ledger=ledger))


def write_site(
    model: Model,
    scored: Scored,
    folder: Path,
    *,
    explained: bool = False,
    outlet_column: str | None = None,
    ledgers: Ledgers | None = None,
) -> None:
    """Write a site to the new folder `folder`: an index with a summary, a page for each article, the summary as CSV.

    The outlet of an article is where it comes from, or what its column `outlet_column` holds. Where there are `ledgers`, one
    an article in the order of `scored`, each stands on its article's page.

    Raises
    ------
    InputError
        If `folder` is there already, or the first article has no such column.
    """
    pages, names, summary = Pages(model, explained=explained), FileNames(), Summary(model.labels)
    entries: list[Entry] = []
    with new_folder(folder) as site:
        (site / ARTICLES).mkdir()
        noted = zip(scored, repeat(None) if ledgers is None else ledgers, strict=False)
        named = ((f"{names(document.id)}.html", document, sentences, ledger) for (document, sentences), ledger in noted)
        before = None
        for (name, document, sentences, ledger), after in _with_next(named):
            summary.add(_outlet(document, outlet_column, first=not entries), _month(document), sentences)
            article = article_of(document, sentences, model.labels)
            place = Place(index_name(len(entries)), before, None if after is None else after[0])
            (site / ARTICLES / name).write_text(pages.article(article, place, ledger), encoding="utf-8")
            entries.append(Entry.of(name, article))
            before = name
        for number, at in enumerate(range(0, len(entries), _LISTED)):
            (site / index_name(at)).write_text(pages.index(entries, summary, number), encoding="utf-8")
        with (site / SUMMARY).open("w", encoding="utf-8", newline="") as stream:
            summary.write_csv(stream)


def index_name(number: int) -> str:
    """Return the name of the page that lists the article `number`, from 0."""
    return "index.html" if number < _LISTED else f"index-{number // _LISTED + 1}.html"


def origin(document: Document) -> tuple[str, ...]:
    """Return what is known of where a document comes from: outlet, day, author."""
    return tuple(filter(None, (document.source, document.date, document.author)))


def _with_next(items: Iterable[T]) -> Iterator[tuple[T, T | None]]:
    """Yield each item with the one after it."""
    waiting: list[T] = []
    for item in items:
        if waiting:
            yield waiting.pop(), item
        waiting.append(item)
    if waiting:
        yield waiting.pop(), None


def _outlet(document: Document, column: str | None, *, first: bool) -> str:
    if column is None:
        return document.source or ""
    if first and column not in document.extra:
        listed = ", ".join(map(repr, document.extra)) or "none"
        raise InputError(f"{document.id}: has no column {column!r} (--outlet-column): beside its text it has {listed}")
    value = document.extra.get(column)
    return "" if value is None else str(value)


def _month(document: Document) -> str:
    found = _MONTH.match(document.date or "")
    return found[0] if found else ""


def _path(lane: Lane, row: int) -> str:
    return "".join(
        f"M{left:.0f} {row * _ROW}h{max(width, 3):.0f}v{_ROW - 1}h-{max(width, 3):.0f}z" for _, left, width in lane.places
    )
