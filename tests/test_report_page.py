"""The page of the evaluation: what it holds, and what a real browser makes of it."""

import base64
import io
import json
import re
from html import unescape

import pandas as pd
import pytest
from chromium import CONTRAST, FITS, OUTSIDE, asked_for, opened
from evaluation_files import NEEDED, ROLES, write_evaluation

from pipeline.errors import InputError
from pipeline.report_page import SECTIONS, write_report

HOSTILE = '<script>alert("1")</script>&lt;b&gt; \u202e ' + "w" * 300
LABELS = ["aim", "None", "<i>result</i>", 'a "quote"', "other"]


def page_of(reports, benchmarks):
    write_report(reports, benchmarks)
    return (reports / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def folders(tmp_path):
    folders = (tmp_path / "reports", tmp_path / "benchmarks")
    write_evaluation(*folders)
    return folders


def sections_of(page):
    return re.findall(r'<section id="([^"]+)">', page)


def test_every_section_is_there_and_linked(folders):
    page = page_of(*folders)
    assert sections_of(page) == [name for name, _, _ in SECTIONS]
    assert re.findall(r'<a href="#([^"]+)">', page) == sections_of(page)


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("precision_recall.csv", "precision-recall"), ("coverage.csv", "coverage"), ("slices.csv", "slices"),
        ("behaviour_shares.csv", "behaviour"), ("ledger.json", "ledger"), ("demonstration.csv", "demonstration"),
        ("../benchmarks/learning_curve.csv", "learning-curve"), ("../benchmarks/ablation.csv", "ablation"),
    ],
)  # fmt: skip
def test_a_missing_file_leaves_its_section_out(folders, name, section):
    (folders[0] / name).unlink()
    expected = [found for found, _, _ in SECTIONS if found != section]
    assert sections_of(page_of(*folders)) == expected


@pytest.mark.parametrize("name", NEEDED)
def test_without_a_needed_file_there_is_no_page(folders, name):
    page_of(*folders)
    before = (folders[0] / "index.html").read_bytes()
    (folders[0] / name).unlink()
    with pytest.raises(InputError, match=rf"{name} is missing: run `dvc repro`$"):
        write_report(*folders)
    assert (folders[0] / "index.html").read_bytes() == before
    assert not list(folders[0].glob(".index*"))


def test_a_table_of_another_form_is_refused(folders):
    (folders[0] / "slices.csv").write_text("slice,value\ndomain,courts\n")
    with pytest.raises(InputError, match=r"slices.csv: lacks the column 'articles': run `dvc repro`$"):
        write_report(*folders)
    (folders[0] / "slices.csv").write_text("slice,value,articles,sentences,macro_f1,accuracy\ndomain,courts,3,many,1,1\n")
    with pytest.raises(InputError, match=r"slices.csv: column 'sentences' holds something else than numbers"):
        write_report(*folders)


def test_hostile_text_stays_text(tmp_path):
    write_evaluation(tmp_path / "reports", tmp_path / "benchmarks", LABELS, HOSTILE)
    page = page_of(tmp_path / "reports", tmp_path / "benchmarks")
    assert "<script" not in page
    assert "<i>" not in page
    assert "\u202e" not in page, "it would turn the direction of what follows"
    shown = HOSTILE.replace("\u202e", "\ufffd")
    for section in ("behaviour", "neutrality", "errors", "demonstration", "slices"):
        inside = page.split(f'<section id="{section}">')[1].split("</section>")[0]
        assert shown in unescape(inside), section


def test_other_labels_have_marks_of_their_own(tmp_path):
    labels = [f"label {n}" for n in range(14)]
    write_evaluation(tmp_path / "reports", tmp_path / "benchmarks", labels)
    metrics = json.loads((tmp_path / "reports" / "metrics.json").read_text())
    metrics |= {
        "behaviour": {},
        "neutrality": {"written": {"flip_rate": None, "mean_change": None, "sentences": 0}, "limit": 0.02},
    }
    (tmp_path / "reports" / "metrics.json").write_text(json.dumps(metrics))
    (tmp_path / "reports" / "behaviour_shares.csv").write_text("kind,cases,passed,share\n")
    page = page_of(tmp_path / "reports", tmp_path / "benchmarks")
    assert not {"behaviour", "neutrality"} & set(sections_of(page))
    marks = dict(re.findall(r'aria-hidden="true">([^<]+)</span>&nbsp;(label \d+)<', page)[::-1])
    assert len(marks) == len(labels), "two labels share a mark"


def test_errors_are_the_surest_and_stand_in_their_context(folders):
    page = page_of(*folders)
    errors = page.split('<section id="errors">')[1].split("</section>")[0]
    predictions = pd.read_csv(folders[0] / "predictions.csv")
    wrong = predictions[predictions["label"] != predictions["model"]].sort_values("probability", ascending=False)
    assert re.findall(r"<strong>([^<]*)</strong>", errors) == wrong["text"].head(50).tolist()
    third = errors.split("<li>")[3]  # sentence 6 of the first article
    assert re.findall(r'<span class="around">([^<]*)</span>', third) == ["The mayor denied it. 5", "The mayor denied it. 7"]
    first = errors.split("<li>")[1]  # the first sentence of an article has none before
    assert re.findall(r'<span class="around">([^<]*)</span>', first) == ["The mayor denied it. 1"]


@pytest.fixture(scope="module", params=["roles", "other labels"])
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    if request.param == "roles":
        write_evaluation(folder / "reports", folder / "benchmarks", ROLES, "The mayor denied it, and said that it was not so.")
    else:
        write_evaluation(folder / "reports", folder / "benchmarks", LABELS, HOSTILE)
    write_report(folder / "reports", folder / "benchmarks")
    return (folder / "reports" / "index.html").as_uri()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_and_shows_every_section(browser, page, width):
    from PIL import Image

    opened(browser, page, width)
    assert browser.execute_script(FITS)
    assert browser.execute_script(OUTSIDE) == []
    for name, title, _ in SECTIONS:
        section = browser.find_element("id", name)
        assert section.is_displayed()
        assert section.find_element("tag name", "h2").text == title
        box = browser.execute_script(
            "const b = arguments[0].getBoundingClientRect(); return [b.x, b.y + scrollY, b.width, b.height]", section
        )
        clip = dict(zip(("x", "y", "width", "height"), box, strict=True)) | {"scale": 1}
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
        picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("L")
        background = picture.getpixel((2, picture.height - 2))
        ink = sum(picture.histogram()[: background - 60])
        assert ink > 0.005 * picture.width * picture.height, f"{name} is blank"


@pytest.mark.slow
def test_nothing_is_fetched_and_nothing_complains(browser, page):
    opened(browser, page, 1200)
    assert asked_for(browser) == [page]
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_it_prints(browser, page):
    from selenium.webdriver.common.print_page_options import PrintOptions

    opened(browser, page, 1200)
    pdf = base64.b64decode(browser.print_page(PrintOptions()))
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 5


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_paper(browser, page, scheme):
    opened(browser, page, 1200, scheme)
    assert (
        browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        == {
            "light": "rgb(255, 255, 255)",
            "dark": "rgb(20, 23, 26)",
        }[scheme]
    ), "the scheme is not followed"
    assert browser.execute_script(CONTRAST) == []
