"""Pages of scored articles: nothing of the text is lost, nothing of it becomes HTML, and all links lead somewhere."""

import base64
import csv
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored import ROLES, Model, document, scored
from texts import hostile

from pipeline import Document, InputError
from pipeline.passages import printable
from pipeline.rendering import signs_of
from pipeline.site import pages as site_pages
from pipeline.site.article import LANE, article_of
from pipeline.site.names import FileNames
from pipeline.site.pages import Pages, write_site
from pipeline.site.summary import Summary
from pipeline.site.trends import trend_charts

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt; ' javascript:x \u202e\u2066 {{ 7 * 7 }} " + "w" * 200
TEXT = "Harbour chief denies theft\nA clerk accused her. “No,” she said.\n\nRecords show payments. It rained."
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "a", "p", "span", "h1", "h2", "h3", "aside", "dl", "dt",
    "dd", "div", "svg", "path", "main", "article", "details", "summary", "b", "strong", "table", "thead", "tbody", "tr", "th",
    "td", "footer", "section", "ol", "li", "figure", "desc", "text",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "aria-label", "aria-hidden", "href", "rel", "role", "viewbox",
    "preserveaspectratio", "d", "tabindex", "id", "scope", "title", "colspan", "download", "aria-labelledby", "x", "y",
    "text-anchor", "stroke-dasharray", "transform", "aria-current",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of a page: its tags and attributes, its links, and the text of the article's sentences."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.links, self.sentences = set(), set(), [], []
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        self.attributes |= found.keys()
        self.links += [found["href"]] if "href" in found else []
        if tag == "details" and found.get("class", "").startswith("sentence"):
            self.sentences.append("")
        if tag not in ("meta", "path"):
            self._open.append((tag, found.get("class", "")))

    def handle_endtag(self, tag):
        if tag != "path":
            assert self._open.pop()[0] == tag

    def handle_data(self, data):
        inside = [found for tag, found in self._open]
        if "words" in inside and "card" not in inside and "roles" not in inside:
            self.sentences[-1] += chr(int(data[2:], 16)) if inside[-1] == "control" else data


@cache
def pages(labels, explained):
    return Pages(Model(labels), explained=explained)


def page_of(text, labels=ROLES, *, explain=False, doubtful=(), place=None, **known):
    found = article_of(Document("a.txt", text, **known), scored(text, labels, explain=explain, doubtful=doubtful), labels)
    return pages(labels, explain).article(found, place)


@given(text=hostile | st.text(st.sampled_from("<>&'\"/= {}%#\u202e\x1b\x00aB. \n"), max_size=80), explain=st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_text_is_on_the_page_once_and_stays_text(text, explain):
    html = page_of(text, explain=explain)
    page = Page(html)
    assert "".join("".join(page.sentences).split()) == "".join(printable(text).split())
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", html)
    html.encode()


def test_whatever_else_is_known_of_an_article_stays_text_too(tmp_path):
    labels = ("aim", EVIL, "other")
    dates = ("2024-01-05", "2024-02-05", EVIL)
    known = {"title": EVIL, "source": EVIL, "author": EVIL, "extra": {"outlet": EVIL, EVIL: EVIL}}
    articles = [(Document(EVIL, EVIL, date=date, **known), scored(EVIL, labels, explain=True, doubtful={0})) for date in dates]
    write_site(Model(labels, EVIL), articles, tmp_path / "site", outlet_column="outlet", explained=True)
    for path in tmp_path.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        page = Page(html)
        assert page.tags <= TAGS, path
        assert page.attributes <= ATTRIBUTES, path
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html), path
        assert "49" not in html.replace("49,", ""), "a template of the text's was run"
        assert all(re.fullmatch(r"[\w./#-]+", link) for link in page.links)


def test_the_policy_lets_nothing_run_and_admits_no_style_but_its_own():
    html = page_of(TEXT)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1]
    style = re.search("<style>(.*)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {"style", "onclick"} & Page(html).attributes
    assert "url(" not in style


TITLES = {
    "a headline in the text": (None, TEXT, True, False, "Harbour chief denies theft"),
    "the same one given too": ("Harbour  Chief Denies Theft", TEXT, True, False, "Harbour Chief Denies Theft"),
    "another one given": ("Theft at the quay?", TEXT, False, True, "Theft at the quay?"),
    "none": (None, "It rained. It snowed.", False, False, "a.txt"),
    "no text": ("Lost", "", False, True, "Lost"),
}


@pytest.mark.parametrize(("title", "text", "titled", "headed", "shown"), TITLES.values(), ids=TITLES)
def test_the_title_is_seen_once(title, text, titled, headed, shown):
    found = article_of(Document("a.txt", text, title), scored(text), ROLES)
    assert (found.titled, found.headed, found.title) == (titled, headed, shown)
    html = page_of(text, title=title)
    assert ('<h1 class="unseen">' in html) == (not headed)
    assert ('class="paragraph title"' in html) == titled
    assert f"<title>{shown}</title>" in html


def test_paragraphs_and_the_space_between_sentences_are_as_in_the_text():
    html = page_of("One said so. Two did.\nReuters\nHe denied it.\n\nIt rained.").split("<article>")[1].split("</article>")[0]
    paragraphs = html.split('<div class="paragraph')[1:]
    assert [Page(f'<div class="paragraph{part}').sentences for part in paragraphs] == [
        ["One said so.", "Two did."], ["Reuters"], ["He denied it."], ["It rained."],
    ]  # fmt: skip
    assert "</details> <details" in paragraphs[0]
    glued = page_of("It rained.“So what?” she said.")
    assert len(Page(glued).sentences) == 2
    assert "</details><details" in glued


def test_a_sentence_shows_its_role_by_mark_line_and_word_and_tells_more_when_opened():
    html = page_of(TEXT, doubtful={1}, explain=True)
    second = html.split('id="s2"')[1].split("</details>")[0]
    assert html.split('id="s2"')[0].endswith('<details class="sentence line-1 tint-blue" ')
    shown, card = second.split("</summary>")
    assert '<span class="unseen">denial, needs review: </span><span class="shape" aria-hidden="true">✕</span>' in shown
    assert '<b class="for">A</b> <b class="against">clerk</b> accused <b class="for">her</b>' in shown
    assert "or <span" in card
    assert "needs review" in card
    assert re.findall(r'<td class="n">([\d.]+)</td>', card) == ["0.10", "0.70", "0.10", "0.10"]
    assert re.findall(r'<b class="(\w+)">(\w+)</b>&nbsp;([^<]+)<', card)[:2] == [("for", "A", "+1.5"), ("for", "her", "+1.5")]
    assert "Sentence 2 of 5, characters 27 to 47" in card
    context = html.split('id="s4"')[1].split("</details>")[0]
    assert "shape" not in context.split("</summary>")[0], "the commonest role is left unmarked"
    assert "Words for it" not in page_of(TEXT)


def test_lanes_say_where_the_roles_stand():
    text = "It rained. It snowed! It was hot. Who knew?"
    lanes = article_of(Document("a", text), scored(text, turn=("denial", "context", "denial", "denial")), ROLES).lanes
    assert [(lane.label, len(lane.places), lane.share, lane.told) for lane in lanes] == [
        ("allegation", 0, 0, ""), ("denial", 3, 0.75, "1, 3 and 4"), ("evidence-claim", 0, 0, ""), ("context", 1, 0.25, "2"),
    ]  # fmt: skip
    number, left, width = lanes[1].places[1]
    assert (number, left, width) == (3, LANE * 22 / len(text), LANE * 11 / len(text))
    html = page_of(text)
    assert 'aria-label="allegation: sentence 1"' in html
    assert {link for link in Page(html).links if link.startswith("#")} == {"#s1", "#s2", "#s3", "#s4"}


def test_other_labels_have_marks_tints_and_lines_of_their_own():
    labels = tuple(f"label {n}" for n in range(7))
    signs = signs_of(labels)
    assert len({sign.mark for sign in signs.values()}) == 7
    assert len({(sign.tint, sign.line) for sign in signs.values()}) == 7
    assert all(sign.tint and sign.line for sign in signs.values()), "none is left unmarked"
    assert {label: (sign.mark, sign.line) for label, sign in signs_of(ROLES).items()} == {
        "allegation": ("▲", "0"), "denial": ("✕", "1"), "evidence-claim": ("◆", "2"), "context": ("·", ""),
    }  # fmt: skip


@given(ids=st.lists(st.text(max_size=300) | st.sampled_from(["con", "a.txt", "A.TXT", "..", "a/b", "a\\b", ""]), max_size=40))
def test_file_names_are_safe_and_differ_whatever_the_ids(ids):
    names = FileNames()
    given_names = [names(identity) for identity in ids]
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", name) and len(name) < 100 for name in given_names)
    assert len(set(given_names)) == len(ids)
    again = FileNames()
    assert [again(identity) for identity in ids] == given_names


def articles(count, **known):
    return [document(f"a{n}.txt", f"A clerk accused her of theft {n}. She denied it.", **known) for n in range(count)]


def test_a_site_links_all_its_pages_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(site_pages, "_LISTED", 2)
    write_site(Model(), iter(articles(5)), tmp_path / "site")
    files = {path.relative_to(tmp_path / "site").as_posix() for path in tmp_path.rglob("site/**/*") if path.is_file()}
    linked = {"index.html"}
    for name in sorted(name for name in files if name.endswith(".html")):
        page = Page((tmp_path / "site" / name).read_text(encoding="utf-8"))
        linked |= {urljoin(name, link) for link in page.links if not link.startswith("#")}
    assert linked == files
    assert {name for name in files if "/" not in name} == {"index.html", "index-2.html", "index-3.html", "summary.csv"}
    third = Page(next((tmp_path / "site" / "articles").glob("a2-*")).read_text(encoding="utf-8")).links[:3]
    assert [link[:5] for link in third] == ["a1-tx", "../in", "a3-tx"]
    assert third[1] == "../index-2.html"


def test_a_site_is_written_whole_or_not_at_all(tmp_path):
    def broken():
        yield from articles(3)
        raise InputError("the third is broken")

    with pytest.raises(InputError, match="the third is broken"):
        write_site(Model(), broken(), tmp_path / "site")
    assert not list(tmp_path.iterdir())
    write_site(Model(), articles(1), tmp_path / "site")
    with pytest.raises(InputError, match="site: is there already: name a new folder"):
        write_site(Model(), articles(1), tmp_path / "site")


def month_by_month(tmp_path, **options):
    found = [
        *articles(1, source="quay.example", date="2024-01-05", extra={"outlet": "Quay"}),
        *articles(2, source="quay.example", date="2024-03-01", extra={"outlet": "Quay"}),
        *articles(1, source="gate.example", date="2024-03-31", extra={"outlet": "Gate"}),
        *articles(1, extra={"outlet": None}),
    ]
    found[1] = found[1][0], scored(found[1][0].text, turn=["denial"])
    write_site(Model(), found, tmp_path / "site", **options)
    with (tmp_path / "site" / "summary.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream)), (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_the_summary_counts_by_outlet_and_month(tmp_path):
    rows, html = month_by_month(tmp_path)
    assert [(row["outlet"], row["month"], row["articles"], row["sentences"], row["n_denial"]) for row in rows] == [
        ("", "", "1", "2", "1"), ("gate.example", "2024-03", "1", "2", "1"),
        ("quay.example", "2024-01", "1", "2", "1"), ("quay.example", "2024-03", "2", "4", "3"),
    ]  # fmt: skip
    last = rows[-1]
    assert {name: last[f"{name}_denial"] for name in ("share", "expected", "change")} == {
        "share": "0.75", "expected": "0.55", "change": "0.25",
    }  # fmt: skip
    assert rows[2]["change_denial"] == "", "there is no month before"
    assert '<section id="trend">' in html
    assert "quay.example, month by month" in html
    assert '<td class="n change">+25.0</td>' in html


def test_a_column_can_name_the_outlets(tmp_path):
    rows, _ = month_by_month(tmp_path, outlet_column="outlet")
    assert [row["outlet"] for row in rows] == ["", "Gate", "Quay", "Quay"]
    with pytest.raises(
        InputError, match=r"a0\.txt: has no column 'paper' \(--outlet-column\): beside its text it has 'outlet'"
    ):
        write_site(Model(), articles(1, extra={"outlet": "x"}), tmp_path / "other", outlet_column="paper")


def test_without_dates_and_outlets_there_is_no_trend_and_no_table_of_outlets(tmp_path):
    write_site(Model(), articles(2), tmp_path / "site")
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="(\w+)">', html) == ["roles", "articles"]
    assert html.count("<li>") == 2


def test_a_trend_has_a_place_for_every_month_and_an_axis_that_holds_it():
    summary = Summary(ROLES)
    for month in ("2023-11", "2024-02", ""):
        summary.add("quay", month, scored("It rained. " * 10, turn=["denial", *["context"] * 9]))
    charts = dict(trend_charts(summary))
    assert list(charts) == list(ROLES)
    ticks = [words.text for words in charts["denial"].words if words.kind == "tick"]
    assert ticks == ["2023-11", "2023-12", "2024-01", "2024-02", "0 %", "5 %", "10 %"]
    assert charts["denial"].description == "all: 2023-11 10 %, 2024-02 10 %"
    one = Summary(ROLES)
    one.add("quay", "2024-02", scored("It rained."))
    assert trend_charts(one) == []
