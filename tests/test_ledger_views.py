"""Ledgers as tables and on pages: threads hold what belongs to them, rows and sentences link to each other, text stays text."""

import io
import re
from dataclasses import replace

import pytest
from chromium import CONTRAST, FITS, OUTSIDE, asked_for, opened
from noted import TEXT, LedgerModel, ledger_of_article, sentences_of
from rich.console import Console
from test_site import EVIL, Page

from pipeline import Document
from pipeline.ledger.statements import Extract, Link, Source, Statement
from pipeline.ledger.threads import loose, threads_of
from pipeline.ledger.views import NO_EVIDENCE, NOT_ANSWERED, NOTHING, SIGNALS, print_ledgers
from pipeline.site.article import article_of
from pipeline.site.ledger import ledger_part, pieces_of
from pipeline.site.pages import Pages

LEDGER = ledger_of_article()
UNLINKED = replace(LEDGER, statements=tuple(replace(s, links=()) for s in LEDGER.statements))


def printed(*ledgers):
    stream = io.StringIO()
    print_ledgers(ledgers, Console(file=stream, width=160))
    return stream.getvalue()


def page_of(ledger, document=None):
    found = document or Document("quay.txt", TEXT)
    model = LedgerModel()
    return Pages(model, explained=False).article(article_of(found, sentences_of(found.text), model.labels), None, ledger)


def test_what_answers_or_supports_a_restatement_is_in_the_thread_of_the_first():
    told = [
        (t.first.sentence, *([s.sentence for s in part] for part in (t.again, t.answers, t.evidence)))
        for t in threads_of(LEDGER)
    ]
    assert told == [(1, [6], [3, 4], [5]), (4, [], [], [])]
    assert loose(LEDGER, threads_of(LEDGER)) == ()
    assert [s.sentence for s in loose(UNLINKED, threads_of(UNLINKED))] == [3, 5]


def test_the_table_tells_each_allegation_then_answers_and_evidence():
    lines = [" ".join(line.split()) for line in printed(LEDGER).splitlines()]
    assert lines[:7] == [
        "quay.txt",
        "role who against, or how what sentence",
        "▲ allegation Ines Calder (named person) The port · hedged The port may have sold berths for cash 2",
        "▲ again critics (collective) The port The port sold its berths 7",
        "✕ denial Ilse Marten (named person) flat rejection A lie 4",
        "▲ counter-accusation Ilse Marten (named person) Ines Calder (carried over) Look at the clerk's own boat 5",
        "◆ evidence-claim Bank records (document) document, record or figure five payments 6",
    ]
    assert lines[8:12] == [NOT_ANSWERED, NO_EVIDENCE, SIGNALS, f"hardening {LEDGER.signals[0].told} 2 and 7"]
    assert "linked to no allegation" in printed(UNLINKED)
    assert NOTHING in printed(replace(LEDGER, statements=(), signals=()))


def test_a_table_commands_no_terminal():
    hostile = replace(LEDGER.statements[0].source, who="\x1b[31mInes\u202e")
    told = printed(replace(LEDGER, document="\x1b]0;x", statements=(replace(LEDGER.statements[0], source=hostile),)))
    assert not re.search("[\x1b\u202e]", told)


PARTS = {
    "apart": ([(0, 4)], (5, 9), [(10, 15)], "source:Ines| |cue:said| |content:cash.| And."),
    "a source in the content": ([(0, 4)], None, [(0, 9)], "source+content:Ines|content: said| cash. And."),
    "a source in another sentence": ([(90, 94)], (5, 9), [], "Ines |cue:said| cash. And."),
    "nothing found": ([], None, [], "Ines said cash. And."),
}


@pytest.mark.parametrize(("source", "cue", "content", "cut"), PARTS.values(), ids=PARTS)
def test_a_sentence_is_cut_where_its_parts_begin_and_end(source, cue, content, cut):
    text = "Ines said cash. And."
    words, said, contents = ([Extract(a, b, text[a:b]) for a, b in part] for part in (source, [cue] if cue else [], content))
    s = Statement(
        0, 0, len(text), text, "denial", 0.7, Source("person", words[0] if words else None, 0, "Ines"), tuple(contents), "none",
        said[0] if said else None,
    )  # fmt: skip
    pieces = list(pieces_of(s))
    assert "".join(piece.text for piece in pieces) == text
    assert "|".join(f"{'+'.join(p.parts)}:{p.text}" if p.parts else p.text for p in pieces) == cut


def test_every_statement_stands_on_the_page_once_and_links_to_its_sentence_and_back():
    html = page_of(LEDGER)
    ids = re.findall(r'id="(\w+)"', html)
    assert len(set(ids)) == len(ids)
    assert {name for name in ids if re.fullmatch(r"l\d+", name)} == {"l2", "l4", "l5", "l6", "l7"}
    links = Page(html).links
    assert all(link[1:] in ids for link in links if link.startswith("#"))
    for number in (2, 4, 5, 6, 7):
        assert {f"#s{number}", f"#l{number}"} <= set(links)
    assert "#l1" not in links
    assert '<a href="#s3">sentence 3</a>' in html, "which names the source of sentence 2"


def test_a_page_says_what_is_not_there():
    html = page_of(UNLINKED)
    assert html.count("No answer in the text.") == html.count("None in the text.") == 3
    assert "Linked to no allegation" in html
    empty = page_of(replace(LEDGER, statements=(), signals=()))
    assert "No allegation in the text." in empty
    assert "No rule found anything." in empty


def test_signals_stand_with_their_rules():
    [signal] = ledger_part(LEDGER).signals
    html = page_of(LEDGER)
    assert signal.numbers == (2, 7)
    assert "Signals, none of them a verdict" in html
    assert all(told in html for told in (signal.name, signal.rule, signal.limit, signal.told))


def test_whatever_a_ledger_holds_stays_text():
    first = LEDGER.statements[0]
    target = replace(first.target, who=EVIL)
    evil = replace(
        first, source=Source("role", None, None, EVIL), target=target, hedges=(Extract(0, 1, EVIL),),
        links=(Link("restates", 3, 1),),
    )  # fmt: skip
    answer = replace(LEDGER.statements[1], kinds=(EVIL,), text=EVIL[: LEDGER.statements[1].end - LEDGER.statements[1].start])
    html = page_of(replace(LEDGER, labelled_by=EVIL, statements=(evil, answer)))
    assert not {"script", "img"} & Page(html).tags
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)


def test_a_page_without_a_ledger_has_no_trace_of_one():
    assert "ledger" not in page_of(None)


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1000, 1200])
def test_the_page_fits_and_asks_for_nothing(browser, tmp_path, width):
    page = tmp_path / "page.html"
    page.write_text(page_of(LEDGER), encoding="utf-8")
    opened(browser, page.as_uri(), width)
    assert browser.execute_script(FITS)
    assert browser.execute_script(OUTSIDE) == []
    assert browser.execute_script(CONTRAST) == []
    assert asked_for(browser) == [page.as_uri()]
    assert browser.get_log("browser") == []
    article, ledger = (browser.find_element("css selector", name) for name in ("main", ".ledger"))
    beside = ledger.rect["x"] >= article.rect["x"] + article.rect["width"]
    assert beside == (width >= 1000)


@pytest.mark.slow
def test_all_of_the_ledger_is_printed(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(page_of(LEDGER), encoding="utf-8")
    opened(browser, page.as_uri(), 1200)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.execute_script(
            "const n = document.querySelector('.ledger'); return n.scrollHeight <= n.clientHeight + 1"
        )
        assert browser.execute_script("return getComputedStyle(document.querySelector('.ledger')).position") == "static"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
