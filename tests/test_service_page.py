"""The page of the service: the form, the article marked up, and what a real browser and its keyboard make of it."""

import re
from html import unescape
from urllib.parse import urlencode

import noted
import pytest
from chromium import CONTRAST, FITS, OUTSIDE, asked_for, opened
from conftest import ROOT
from served import served
from test_service import GERMAN, LIMITS, TEXT, Here, sent

from pipeline.service.app import create_app
from pipeline.service.guard import LOOPBACK_NAMES
from pipeline.service.pages import marked_up

HOSTILE = '</textarea><script>alert(1)</script><b onclick="alert(2)">He denied it.</b> \u202e It rained.'


@pytest.fixture(scope="module")
def app(toy):
    return create_app(Here(toy), LIMITS, names=LOOPBACK_NAMES)


def pasted(app, **fields):
    return sent(app, "POST", "/", data=fields)


def test_a_pasted_article_comes_back_marked_up(app, toy):
    response = pasted(app, text=TEXT, title="Theft at the harbour")
    assert response.status_code == 200
    page = response.text
    assert re.findall(r"<title>([^<]*)", page) == ["Theft at the harbour"]
    labels = [s.label for s in Here(toy).scorer.score(TEXT, "Theft at the harbour")]
    assert re.findall(r'<details class="sentence[^>]*><summary><span class="unseen">([^,:]*)', page) == labels


def test_a_pasted_article_has_its_ledger_beside_it():
    form = urlencode({"text": noted.TEXT}).encode()
    page = marked_up(noted.LedgerModel(), body=form, content_type="application/x-www-form-urlencoded", limits=LIMITS)
    assert all(f'id="{part}"' in page for part in ("s2", "ledger", "l2"))


def test_line_ends_are_those_that_were_pasted(app):
    page = pasted(app, text="One line\r\n\r\nHe denied it.").text
    assert "characters 10 to 23" in page


def test_words_come_where_they_are_asked_for(app):
    assert '<p class="moved">' not in pasted(app, text=TEXT).text
    assert '<p class="moved">' in pasted(app, text=TEXT, explain="on").text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": " \n"}, "Paste the article's text first."),
        ({}, "Paste the article's text first."),
        (
            {"text": GERMAN},
            "The article is not in English but, it seems, in 'de' (ISO 639): tick the last box to have it read anyway.",
        ),
        ({"text": "x " * 2000}, "The article may have 2,000 characters. Got 4,000."),
    ],
)
def test_the_form_comes_back_as_it_was_with_the_reason(app, fields, reason):
    response = pasted(app, **fields, title="A headline", explain="on")
    assert response.status_code == 422
    assert re.findall(r'role="alert">([^<]*)', unescape(response.text)) == [reason]
    assert fields.get("text", "") in response.text
    assert 'value="A headline"' in response.text
    assert response.text.count(" checked") == 1


def test_other_bodies_than_a_forms_are_refused_on_the_page(app):
    response = sent(app, "POST", "/", json={"text": TEXT})
    assert response.status_code == 415
    assert "send the form as application/x-www-form-urlencoded, or JSON to /score" in response.text
    response = pasted(app, **{f"field {n}": "x" for n in range(9)})
    assert response.status_code == 400
    response = sent(app, "POST", "/", data={"text": "x" * 30_000})
    assert response.status_code == 413
    assert '<form method="post"' in response.text


def test_hostile_text_stays_text(app):
    for response in (pasted(app, text=HOSTILE, title=HOSTILE), pasted(app, text=HOSTILE * 40, title=HOSTILE)):
        assert "<script" not in response.text
        assert "<b onclick" not in response.text
        assert response.text.count("</textarea>") == (response.status_code == 422)


def test_the_page_has_no_script_and_lets_none_in(app):
    for response in (sent(app, "GET", "/"), pasted(app, text=TEXT)):
        assert "<script" not in response.text
        assert not re.findall(r"\son\w+=|style=", response.text)
        policy = response.headers["content-security-policy"]
        assert re.fullmatch(
            r"default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            policy,
        )


@pytest.fixture(scope="module")
def served_model(model, project):
    with served(project.root / "models" / "scorer") as (_, url):
        yield url, model


def paste(browser, text):
    """Fill the form by keyboard alone: the first stop is the field for the text, the last the button."""
    from selenium.webdriver.common.keys import Keys

    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("name") == "text"
    browser.execute_cdp_cmd("Input.insertText", {"text": text})
    stops = []
    while browser.switch_to.active_element.tag_name != "button":
        browser.switch_to.active_element.send_keys(Keys.TAB)
        stops.append(browser.switch_to.active_element.get_attribute("name"))
        assert len(stops) < 10, f"the button is not reached: {stops}"
    assert stops[:-1] == ["title", "explain", "force"]
    browser.switch_to.active_element.send_keys(Keys.ENTER)


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1200])
def test_the_seed_article_is_pasted_read_and_followed_by_keyboard(browser, served_model, width):
    from selenium.webdriver.common.keys import Keys

    url, model = served_model
    seed = next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    scored = model.score(seed)
    opened(browser, f"{url}/", width)
    assert browser.execute_script(FITS)
    assert browser.execute_script(OUTSIDE) == []
    paste(browser, seed)
    assert browser.execute_script(FITS)
    assert browser.execute_script(OUTSIDE) == []
    marks = browser.find_elements("css selector", "details.sentence")
    assert [mark.get_attribute("textContent").partition(":")[0].partition(",")[0] for mark in marks] == [
        s.label for s in scored
    ]
    words = browser.find_elements("css selector", "details.sentence .words")
    assert [" ".join(w.text.split()) for w in words] == [" ".join(s.text.split()) for s in scored]
    browser.execute_script("document.activeElement.blur()")
    for mark in marks[:3]:
        while browser.switch_to.active_element.tag_name != "summary":
            browser.switch_to.active_element.send_keys(Keys.TAB)
        summary = browser.switch_to.active_element
        assert summary == mark.find_element("tag name", "summary")
        card = mark.find_element("css selector", ".card")
        assert not card.is_displayed()
        summary.send_keys(Keys.ENTER)
        assert card.is_displayed()
        assert browser.execute_script(FITS)
        summary.send_keys(Keys.TAB)
    assert {address.startswith(url) for address in asked_for(browser)} == {True}
    assert browser.get_log("browser") == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_paper(browser, served_model, scheme):
    url, _ = served_model
    opened(browser, f"{url}/", 1200, scheme)
    assert browser.execute_script(CONTRAST) == []
    paste(browser, GERMAN)
    assert browser.find_element("css selector", "[role=alert]").is_displayed()
    assert browser.find_element("id", "text").get_attribute("value") == GERMAN
    assert browser.execute_script(CONTRAST) == []
