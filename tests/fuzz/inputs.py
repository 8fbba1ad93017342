"""Bytes to inputs that are likely to hurt: grown from fragments, repeated, or a good file with some bytes changed."""

import io
import json
import plistlib
from collections.abc import Sequence

LARGEST, LARGE = 100_000, 1_000  # bytes
RARELY = 224  # the first byte from which repeated fragments are as long as LARGEST

TEXT = [
    *"aAbZ09.,;:!?…\"'“”‘’()[]{}-–—*•|@#&$%~<>\n\r\t\v\f \u00a0\u2028\x85\u200b\u202e\u0301\0é中א😀\ufeff", "\ud800", ". ",
    "A. ", "a.", "Mr. ", "U.S.", "No. ", "St. ", "Inc.", "p.m. ", "Jan. ", "v1.2.3", "said ", "he ", "The ", "Reuters",
    "AP", "PA", "Getty Images", "By ", "An ", "an ", "(@a)", "— ", "May 3, ", "12:30 ", "GMT", "http://", "www.", "[1]",
    "[…]", "...", ". . .", "&quot;", "&rdquo;", "\n\n", "\r\n", "not ", "I ", '"I', "and ", "Image caption", "Photo", "© ",
    "Read more ", "2020-01-01", "a-b", "O'", "denied ", "accused ", "bribes ", "according to ", "she ", "her ", "Orlo ",
    "New ", "http", "Twitter ", "1st ", "ago", "٣", "x" * 300, " " * 300,
]  # fmt: skip
PAGE = [
    "<p>", "</p>", "<div>", "</div>", "<article>", "</article>", "<h1>", "<table>", "<td>", "<tr>", "<ul>", "<li>",
    "<a href='", "'>", "<script>", "</script>", "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE html>", "<html>",
    "<body>", "<head>", "<title>", "</title>", "<meta charset='", "utf-16", "<meta property='og:title' content='",
    "<time datetime='2020-", "<svg>", "<math>", "<template>", "<noscript>", "<iframe>", "<base href='", "&amp;",
    "&#x110000;", "&#0;", "&nosuch;", "<?xml ", "<b", "<blockquote>", "<pre>", "<br>", "<img src='data:", "<form>",
    "<input>", "<select>", "<span class='author'>", "javascript:", "The mayor denied the charge. ",
    "A clerk accused the mayor of taking money from the fund. ", "\n", " ", "=", "\"", "\ud800",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle", "headline": ', '[{"@graph": [', "}", "]", "中", "é",
    "\0",
]  # fmt: skip
ROWS = [
    '{"text": "', '"}', "\n", "text", "id", ",", ";", "\t", "|", '"', '""', "\r\n", "\r", "{", "}", "[", "]", "null",
    "true", "1e999", "-0", "NaN", "\\u0000", "\\ud800", "\\", ":", '"text"', '"date": "2020-01-01"', "2020-13-45",
    "The mayor denied it.", " ", "\0", "9" * 400, "\ufeff", "é", "中", '{"a":' * 50, "[" * 200,
]  # fmt: skip
FEED = [
    "<?xml version='1.0'?>", "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>",
    "<description>", "</description>", "<content:encoded>", "<![CDATA[", "]]>", "<link>", "</link>", "http://", "<pubDate>",
    "</pubDate>", "Mon, 06 Sep 2021 00:01:00 +0000", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>",
    "<summary type='html'>", "<author>", "a@b.c (N)", "<!DOCTYPE r [", "<!ENTITY a 'aaaa'>", "&a;&a;&a;", "&lt;p&gt;",
    "&#1;", "</rss>", "</channel>", "The mayor denied it. ", "<media:x>", "<", ">", "\0", "é",
]  # fmt: skip
PRINT = [
    "%PDF-1.7\n", "1 0 obj\n", "2 0 obj\n", "endobj\n", "<<", ">>", "/Type", "/Page", "/Pages", "/Kids", "[", "]", "1 0 R",
    "2 0 R", "3 0 R", "/Count", "-1", "999999999", "/Contents", "stream\n", "endstream\n", "/Length", "/Filter",
    "/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/RunLengthDecode", "xref\n", "trailer\n", "startxref\n", "%%EOF",
    "/Root", "/Prev", "/Encrypt", "/Font", "/ToUnicode", "BT ", "ET ", "Tj ", "(He denied it.) ", "<FEFF00>", "q ", "Q ",
    "cm ", "Do ", "/XObject", "/Parent", "0 ", "\n", "/Info", "/Title", "\\", "(", ")", "((", "/ObjStm", "/XRef", "/W",
    "/Index",
]  # fmt: skip
MAIL = [
    "From: a\n", "MIME-Version: 1.0\n", "Content-Type: multipart/related; boundary=b\n",
    "Content-Type: text/html; charset=", "utf-8\n", "utf-7\n", "idna\n", "rot13\n", "\n", "--b\n", "--b--\n",
    "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "PGh0bWw+", "=3D", "=\n",
    "Content-Location: http://a.b/\n", "<html>", "<p>", "The mayor denied it. ", "Subject: =?utf-8?q?", "?=", "\0", "é",
    "boundary=", '"',
]  # fmt: skip


def made(data: bytes, fragments: Sequence[str], good: bytes = b"") -> bytes:
    """Return an input that `data` describes: its first byte says how, the rest what.

    It is `data` itself, fragments in a row, fragments of which the last are repeated to LARGE bytes and rarely to LARGEST, or
    `good` changed.
    """
    how, rest = data[:1], data[1:]
    kind = how[0] % 4 if how else 0
    if kind == 0:
        return rest[:LARGEST]
    if kind == 3 and good:
        return changed(good, rest)
    parts = [fragments[byte % len(fragments)].encode("utf-8", "surrogatepass") for byte in rest]
    if kind == 1:
        return b"".join(parts)[:LARGEST]
    size = LARGEST if how[0] >= RARELY else LARGE
    repeated = b"".join(parts[how[0] // 4 % 8 :]) or b"a"
    return (b"".join(parts[: how[0] // 4 % 8]) + repeated * (size // len(repeated)))[:size]


def changed(good: bytes, edits: bytes) -> bytes:
    """Return `good` with some of its bytes put in, left out, or replaced."""
    content = bytearray(good)
    for i in range(0, len(edits) - 4, 5):
        high, low, count, kind, byte = edits[i : i + 5]
        at = (high * 256 + low) * max(1, len(content)) // 65536
        if kind % 3 == 0:
            content[at : at + 1 + count % 8] = bytes([byte])
        elif kind % 3 == 1:
            content[at : at + count] = b""
        else:
            content[at:at] = bytes([byte]) * (1 + count % 8)
    return bytes(content)


SAID = "A clerk accused the mayor of taking money from the harbour fund. The mayor denied the charge and called it a lie. " * 4
GOOD_PAGE = (
    "<!DOCTYPE html><html><head><title>Mayor denies charge</title><meta charset='utf-8'>"
    "<meta property='article:published_time' content='2021-03-05T10:00:00Z'></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>Mayor denies charge</h1><p>{SAID}</p><p>{SAID}</p></article><footer>About us</footer></body></html>"
).encode()
GOOD_FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title><item><title>Mayor</title>"
    "<link>http://a.example/1</link><pubDate>Mon, 06 Sep 2021 00:01:00 +0000</pubDate>"
    f"<description>&lt;p&gt;{SAID}&lt;/p&gt;</description></item></channel></rss>"
).encode()
GOOD_JSONL = json.dumps({"text": SAID, "date": "2021-03-05", "n": [1, {"a": None}]}).encode() + b"\n"
GOOD_CSV = f'id,text,date\r\n1,"{SAID}",2021-03-05\r\n'.encode()
GOOD_MHTML = (
    b"From: <Saved>\nSnapshot-Content-Location: http://a.example/1\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n'
    b"Content-Transfer-Encoding: 8bit\nContent-Location: http://a.example/1\n\n" + GOOD_PAGE + b"\n--b--\n"
)
_RESOURCE = {"WebResourceData": GOOD_PAGE, "WebResourceURL": "http://a.example/1", "WebResourceTextEncodingName": "UTF-8"}
GOOD_WEBARCHIVE = plistlib.dumps({"WebMainResource": _RESOURCE}, fmt=plistlib.FMT_BINARY)


def good_parquet() -> bytes:
    """Return a small Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table({"text": [SAID, None], "n": [1, 2], "tags": [["a"], []]}), out)
    return out.getvalue()


def good_pdf() -> bytes:
    """Return a PDF of one page."""
    drawn = b"BT /F1 12 Tf 72 720 Td (" + SAID.encode() + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + end
