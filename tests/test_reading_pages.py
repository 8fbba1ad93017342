"""Web pages, saved pages, PDFs and feeds: the article's text, and what they tell of it."""

import io
import plistlib
import quopri
import re

import pytest
from pypdf import PdfWriter
from readable import PAGE, PARAGRAPHS, pdf

from pipeline.reading import ReadingOptions, Unread, read
from pipeline.reading.pages import decode_page, extract

URL = "https://www.thequay.example/harbour"
ARTICLE = "\n".join(["Harbour chief denies theft", *PARAGRAPHS])


def take(path, data, **options):
    path.write_bytes(data)
    return list(read([str(path)], ReadingOptions(**options)))


def mhtml(page: bytes) -> bytes:
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: " + URL.encode() + b"\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----B"\r\n\r\n------B\r\n'
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(page)
        + b"\r\n------B\r\nContent-Type: text/css\r\n\r\nbody {}\r\n------B--\r\n"
    )  # fmt: skip


def webarchive(page: bytes, form: plistlib.PlistFormat) -> bytes:
    main = {"WebResourceData": page, "WebResourceURL": URL, "WebResourceTextEncodingName": "UTF-8"}
    return plistlib.dumps({"WebMainResource": main}, fmt=form)


NAMELESS = re.sub("<link .*?>", "", PAGE).encode()  # where it is from says what was saved with it
SAVED = {
    "page.html": PAGE.encode(),
    "page.mhtml": mhtml(NAMELESS),
    "binary.webarchive": webarchive(NAMELESS, plistlib.FMT_BINARY),
    "xml.webarchive": webarchive(NAMELESS, plistlib.FMT_XML),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_page_gives_its_article_and_what_it_tells_of_it(tmp_path, name):
    [found] = take(tmp_path / name, SAVED[name])
    assert found.text == ARTICLE
    assert (found.title, found.date, found.author) == ("Harbour chief denies theft", "2024-03-05", "Nadia Holm")
    assert found.source == "thequay.example"
    visible = len("".join(ARTICLE.split())) + len("HomePortFirst!Hedeniedittometoo,yearsago.Tenbestquays©TheQuay")
    assert found.kept == pytest.approx(len("".join(ARTICLE.split())) / visible)


def test_the_address_is_read_from_what_the_browser_wrote_into_the_page():
    saved = f"<!DOCTYPE html>\n<!-- saved from url=(0035){URL} -->\n<html><body><p>{PARAGRAPHS[0]}</p></body></html>"
    assert extract(saved, "x").site == "thequay.example"


def test_no_date_is_guessed_from_the_text():
    article = f"<article><p>{PARAGRAPHS[2]}</p><p>Updated on 3 May 2021.</p></article>"
    page = f"<html><body>{article}<footer>© 2019</footer></body></html>"
    assert extract(page, "x").date is None


def declared(charset: str, encoding: str) -> bytes:
    return f'<html><head><meta charset="{charset}"></head><body><p>“Café”, she said</p></body></html>'.encode(encoding)


BYTES = {
    "UTF-8": (declared("utf-8", "utf-8"), None),
    "UTF-8 with a mark": (declared("utf-8", "utf-8-sig"), None),
    "UTF-8 that calls itself latin": (declared("iso-8859-1", "utf-8"), None),
    "UTF-8 with an end cut off": (declared("utf-8", "utf-8") + b"\xe2\x80", None),
    "UTF-16 with a mark": (declared("utf-16", "utf-16"), None),
    "UTF-16 without": (declared("utf-16", "utf-16-le"), None),
    "UTF-16, big end first": (declared("utf-16", "utf-16-be"), None),
    "windows-1252 that calls itself latin": (declared("ISO-8859-1", "cp1252"), None),
    "windows-1252 that says nothing": (declared("", "cp1252"), None),
    "windows-1252 that says nonsense": (declared("zlib_codec", "cp1252"), None),
    "windows-1252 in an old declaration": (
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">' + declared("", "cp1252"), None,
    ),
    "Mac, said by the header": (declared("", "mac-roman"), "text/html; charset=macintosh"),
    "NUL between": (declared("utf-8", "utf-8").replace(b"said", b"s\0aid"), None),
}  # fmt: skip


@pytest.mark.parametrize(("data", "header"), BYTES.values(), ids=BYTES)
def test_characters_are_what_the_writer_meant(data, header):
    assert extract(decode_page(data, header), "x").text.rstrip("\ufffd") == "“Café”, she said"


def test_a_page_without_an_article_says_what_to_do(tmp_path):
    drawn = b"<html><body><div id=app></div><script>draw()</script></body></html>"
    for data in (b"", b"<html></html>", drawn):
        [unread] = take(tmp_path / "a.html", data)
        assert unread.reason.startswith(
            f"{tmp_path}/a.html: no article was found in the page: if scripts draw it, save the page"
        )


def test_a_page_that_is_too_large_is_not_read(tmp_path):
    [unread] = take(tmp_path / "a.html", b"<p>" + b"He denied it. " * 800_000)
    assert unread.reason == f"{tmp_path}/a.html: is larger than 10 MB: hand over the article alone, as text"


def test_a_page_of_very_many_texts_gets_no_second_opinion(monkeypatch):
    """One takes time quadratic in their number."""
    asked = []

    def compared(_tree, _copy, body, text, _options):
        asked.append(text)
        return body, text

    monkeypatch.setattr("trafilatura.core.compare_extraction", compared)
    html = "".join(f"<p>{number} mayors denied it." for number in range(2_100))
    behind = "".join(f"<script></script>{number} mayors denied it." for number in range(2_100))
    for page in (html, behind):
        assert "2 mayors denied it." in extract(page, "a").text
    assert not asked
    monkeypatch.setattr("pipeline.reading.pages._MANY_TEXTS", 10_000)
    extract(html, "a")
    assert asked


def test_a_page_nested_a_hundred_thousand_deep_is_survived(tmp_path):
    [item] = take(tmp_path / "a.html", b"<div><p>He denied it." + b"<div>" * 100_000)
    assert isinstance(item, Unread) or "He denied it." in item.text


def test_a_pdf_is_one_text_without_what_repeats_on_its_pages(tmp_path):
    pages = [
        ["The Quay 1", "Harbour chief denies theft", "A clerk accused her of em-", "bezzlement.", "She said"],
        ["The Quay 2", "“No.” The well-", "The council met."],
        ["The Quay 3", "The Quay is a paper.", "It rained."],
    ]
    [found] = take(tmp_path / "a.pdf", pdf(*pages, title="Harbour chief denies theft"))
    assert found.text.split("\n") == [
        "Harbour chief denies theft", "A clerk accused her of embezzlement.", "She said", "“No.” The well-", "The council met.",
        "The Quay is a paper.", "It rained.",
    ]  # fmt: skip
    assert (found.title, found.author, found.date) == ("Harbour chief denies theft", "nholm", None)
    [found] = take(tmp_path / "a.pdf", pdf(*pages, title="Microsoft Word - final2.docx"))
    assert found.title is None, "the title is no headline, and would be read as one"


def encrypted(password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(["He denied it."])))
    writer.encrypt(password, "owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_is_locked_against_changes_alone_is_read(tmp_path, algorithm):
    [found] = take(tmp_path / "a.pdf", encrypted("", algorithm))
    assert found.text == "He denied it."


NO_PDFS = {
    "password": (encrypted("secret", "AES-256"), "needs a password: take it off, for example with `qpdf --decrypt`"),
    "scan": (pdf([]), "holds no text: it seems to be a scan. Run text recognition on it first, for example `ocrmypdf"),
    "cut off": (pdf(["He denied it."])[:300], "cannot be read as a PDF (PdfStreamError): print it to a new PDF"),
    "no PDF": (b"<html>", "cannot be read as a PDF (PdfStreamError): print it to a new PDF"),
}


@pytest.mark.parametrize(("data", "message"), NO_PDFS.values(), ids=NO_PDFS)
def test_a_pdf_without_text_says_what_to_do(tmp_path, data, message):
    [unread] = take(tmp_path / "a.pdf", data)
    assert unread.reason.startswith(f"{tmp_path}/a.pdf: {message}")


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Quay</title><link>https://thequay.example/</link>
<item><title>Chief &amp; clerk</title><link>https://www.thequay.example/a</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>
<author>n@thequay.example (Nadia Holm)</author><description>In short.</description>
<content:encoded><![CDATA[<p>A clerk accused him.</p><script>x()</script><p>He denied it &amp; left.</p>]]></content:encoded>
</item>
<item><link>https://www.thequay.example/a</link><description>&lt;p&gt;It rained, she said.&lt;/p&gt;</description></item>
<item><title>Nothing to read</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Quay</title><entry><title>Chief and clerk</title>
<link href="https://thequay.example/a"/><updated>2024-03-05T10:00:00Z</updated><author><name>Nadia Holm</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A clerk accused him.</p></div></content></entry></feed>"""


def test_each_entry_of_a_feed_is_a_document(tmp_path):
    first, second, third = take(tmp_path / "news.rss", RSS.encode())
    assert (first.id, first.text) == ("https://www.thequay.example/a", "A clerk accused him.\nHe denied it & left.")
    assert (first.title, first.source, first.date, first.author) == (
        "Chief & clerk",
        "thequay.example",
        "2024-03-05",
        "Nadia Holm",
    )
    assert first.extra == {"link": "https://www.thequay.example/a"}
    assert (second.id, second.text) == (f"{tmp_path}/news.rss:2", "It rained, she said."), "no id stands twice"
    assert third.reason == f"{tmp_path}/news.rss, entry 3: holds neither content nor a summary"
    [entry] = take(tmp_path / "news.xml", ATOM.encode())
    assert (entry.text, entry.date, entry.author) == ("A clerk accused him.", "2024-03-05", "Nadia Holm")


def test_only_a_long_entry_is_taken_apart_as_a_page(tmp_path, monkeypatch):
    entry = "<item><link>http://[www.quay.example/</link><description><![CDATA[{}]]></description></item>"
    short = "<ul><li>A&#8217;s <b>claim</b></li><li>It\nfell &lt;fast</li></ul><!-- x --><style>p</style>So it<br>ended. R&D."
    long = f"<p>{'The clerk accused the chief of taking berth money. ' * 30}</p>"
    feed = f"<rss version='2.0'><channel>{entry.format(short) * 500}{entry.format(long)}</channel></rss>"
    asked = []
    monkeypatch.setattr("pipeline.reading.feeds.extract", lambda html, *rest: asked.append(html) or extract(html, *rest))
    *first, last = take(tmp_path / "news.rss", feed.encode())
    assert {document.text for document in first} == {"A\u2019s claim\nIt fell <fast\nSo it\nended. R&D."}
    assert len(first) == 500
    assert last.text.count("berth money") == 30
    assert len(asked) == 1


BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
NO_FEEDS = {
    "page": (PAGE, "is no RSS or Atom feed"),
    "empty": ('<rss version="2.0"><channel/></rss>', "the feed holds no entry"),
}


@pytest.mark.parametrize(("text", "message"), NO_FEEDS.values(), ids=NO_FEEDS)
def test_what_is_no_feed_says_so(tmp_path, text, message):
    [unread] = take(tmp_path / "news.rss", text.encode())
    assert unread.reason == f"{tmp_path}/news.rss: {message}"


def test_entities_of_a_feed_are_neither_multiplied_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret")
    entities = f'<!ENTITY e0 "ha">{BOMB}<!ENTITY file SYSTEM "file://{tmp_path}/secret">'
    entry = "<item><description>It is &e9; &file;</description></item>"
    text = f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]><rss version='2.0'><channel>{entry}</channel></rss>"
    [item] = take(tmp_path / "news.rss", text.encode())
    shown = item.reason if isinstance(item, Unread) else item.text
    assert len(shown) < 200
    assert "secret" not in shown.replace(str(tmp_path), "")
