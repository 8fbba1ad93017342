"""The pages of scored articles in a real browser: they fit, ask for nothing, can be read by keyboard and on paper."""

import base64
import re

import pytest
from chromium import CONTRAST, FITS, OUTSIDE, asked_for, opened
from scored import ROLES, Model, scored
from test_site import EVIL

from pipeline import Document
from pipeline.site.pages import write_site

pytestmark = pytest.mark.slow

LABELS = ("aim", 'a "quoted" <i>label</i> of some length', "result", "None", "e", "f", "g")
PARAGRAPHS = (
    "Harbour chief denies theft",
    "A clerk accused her of it. “No,” she said. Records show five payments. It rained.",
    "The chief, who has led the harbour since 2011, was said to have sold berths for cash. She called that a lie. A report of "
    "the auditors lists the sums. The harbour has two hundred berths. Two skippers said that they had paid. She denied it.",
)


@pytest.fixture(scope="module", params=["roles", "other labels"])
def site(request, tmp_path_factory):
    """A site of some articles, and the page of its first."""
    folder = tmp_path_factory.mktemp("pages") / "site"
    labels, text = (ROLES, "\n".join(PARAGRAPHS)) if request.param == "roles" else (LABELS, f"{PARAGRAPHS[1]}\n{EVIL} {EVIL}")
    outlets = ("quay.example", "a.very.long.name.of.an.outlet.example" if labels == ROLES else EVIL, None)
    articles = [
        Document(
            f"{outlet}-{month}", text, None if labels == ROLES else EVIL, outlet, f"2024-0{month}-05", "Ines Calder", kept=0.6
        )
        for outlet in outlets
        for month in (1, 2, 4)
    ]
    model = Model(labels)
    rows = [(article, scored(text, labels, doubtful={1, 3}, explain=True)) for article in articles]
    write_site(model, rows, folder, explained=True)
    return folder


@pytest.fixture
def article(site):
    return min((site / "articles").glob("quay-example-1-*")).as_uri()


@pytest.fixture(params=["article", "index"])
def page(request, site, article):
    return article if request.param == "article" else (site / "index.html").as_uri()


OPEN_ALL = "for (const found of document.querySelectorAll('details')) found.open = true"


@pytest.mark.parametrize("width", [360, 1200])
def test_it_fits(browser, page, width):
    opened(browser, page, width)
    assert browser.execute_script(FITS)
    browser.execute_script(OPEN_ALL)
    assert browser.execute_script(FITS)
    assert browser.execute_script(OUTSIDE) == []


def test_nothing_is_fetched_and_nothing_complains(browser, page):
    opened(browser, page, 1200)
    browser.execute_script(OPEN_ALL)
    assert asked_for(browser) == [page]
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_paper(browser, page, scheme):
    opened(browser, page, 1200, scheme)
    browser.execute_script(OPEN_ALL)
    assert browser.execute_script(CONTRAST) == []


def test_sentences_follow_each_other_on_the_line(browser, article):
    opened(browser, article, 1200)
    lines = browser.execute_script(
        "return [...document.querySelectorAll('.paragraph:not(.title)')[0].querySelectorAll('.words')].map(node => "
        "{ const boxes = [...node.getClientRects()]; return [boxes[0].top, boxes.at(-1).top]; })"
    )
    assert len(lines) > 2
    assert abs(lines[0][1] - lines[1][0]) < 3, "the second one begins on a line of its own"


def test_roles_differ_without_colour(browser, article):
    opened(browser, article, 1200)
    found = browser.execute_script(
        "return [...document.querySelectorAll('.sentence')].map(node => "
        "{ const style = getComputedStyle(node.querySelector('.words'));"
        "return [node.className.match(/line-\\w+/)[0], style.textDecorationLine, style.textDecorationStyle] })"
    )
    styles = {name: (line, style if line != "none" else "") for name, line, style in found}
    assert len(set(styles.values())) == len(styles) >= 4


def test_every_sentence_is_reached_by_tab_and_opened_by_enter_and_space(browser, article):
    from selenium.webdriver.common.keys import Keys

    opened(browser, article, 1200)
    sentences = browser.find_elements("css selector", ".sentence")
    reached = []
    for _ in range(len(sentences) + 10):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        name = browser.execute_script("return arguments[0].closest('.sentence')?.id ?? arguments[0].textContent", focused)
        if name in reached or focused.tag_name == "body":
            break
        reached.append(name)
        assert browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", focused) == "solid"
    assert reached == ["All articles", "Next →", *(sentence.get_attribute("id") for sentence in sentences)]
    second = sentences[1]
    summary, card = second.find_element("tag name", "summary"), second.find_element("class name", "card")
    assert not card.is_displayed()
    summary.send_keys(Keys.ENTER)
    assert card.is_displayed()
    assert "needs review" in card.text
    assert "Words for it" in card.text
    summary.send_keys(Keys.SPACE)
    assert not card.is_displayed()


def test_it_is_read_aloud_with_the_roles(browser, article):
    opened(browser, article, 1200)
    first, second = (found.accessible_name for found in browser.find_elements("css selector", ".sentence > summary")[:2])
    label = browser.find_element("css selector", ".sentence .card .sign").get_attribute("textContent").split("\xa0")[1]
    assert first.startswith(f"{label}: ")
    assert ", needs review: " in second
    lane = browser.find_element("css selector", ".lane")
    assert lane.aria_role in ("img", "image")
    assert re.fullmatch(rf"{re.escape(label)}: sentences? 1\b.*", lane.accessible_name)


def test_a_click_on_the_strip_leads_to_the_sentence(browser, article):
    opened(browser, article, 360)
    browser.find_elements("css selector", ".lane a")[-1].click()
    target = browser.find_element("css selector", ".sentence:target")
    assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", target) <= 900


def test_it_prints_with_probabilities_and_without_what_is_for_the_screen(browser, article):
    from selenium.webdriver.common.print_page_options import PrintOptions

    opened(browser, article, 800)
    shown = "return [...document.querySelectorAll(arguments[0])].filter(node => node.checkVisibility()).length"
    assert browser.execute_script(shown, ".paper") == 0
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.execute_script(shown, "nav, .card, .screen") == 0
        assert browser.execute_script(shown, ".sentence:not(.line-none) .paper") == browser.execute_script(
            "return document.querySelectorAll('.sentence:not(.line-none)').length"
        )
        assert browser.execute_script(shown, ".lane") >= 4
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    pdf = base64.b64decode(browser.print_page(PrintOptions()))
    assert pdf.startswith(b"%PDF")
    assert 1 <= pdf.count(b"/Type /Page\n") <= 3


def test_the_index_prints(browser, site):
    from selenium.webdriver.common.print_page_options import PrintOptions

    opened(browser, (site / "index.html").as_uri(), 700)  # about the width of what is printed on A4
    assert browser.find_element("id", "trend").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.execute_script(FITS)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert base64.b64decode(browser.print_page(PrintOptions())).count(b"/Type /Page\n") >= 2
