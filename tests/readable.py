"""Inputs made by hand: a page, a PDF, a stream without an end."""

import io
from collections.abc import Iterator

PARAGRAPHS = (
    "A clerk accused harbour chief Ilse Marten of selling berths for cash & favours over many years.",
    "“A lie,” she said. “I have never taken a penny from anyone on this quay, and I’ll say so in court.”",
    "Bank records seen by the council show five payments between 2019 and 2021, according to a report published in May.",
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Harbour chief denies theft | The Quay</title>
<meta property="og:title" content="Harbour chief denies theft"><meta name="author" content="Nadia Holm">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://www.thequay.example/harbour"><script>var hidden = "script";</script></head>
<body><nav><a href="/">Home</a> <a href="/port">Port</a></nav><article><h1>Harbour chief denies theft</h1>
<p>{PARAGRAPHS[0].replace("&", "&amp;")}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p></article>

<section id="comments"><p>First! He denied it to me too, years ago.</p></section>
<aside><a href="/x">Ten best quays</a></aside><footer>© The Quay</footer></body></html>
"""


def pdf(*pages: list[str], title: str = "") -> bytes:
    """A PDF with the given lines on its pages."""
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<</Title({title})/Author(nholm)>>".encode(),
    ]
    for i, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content = f"BT /F 12 Tf 50 750 Td 14 TL {shown} ET".encode("cp1252")
        page = f"/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {6 + 2 * i} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{page}>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    file += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(file),
    )  # fmt: skip
    return bytes(file)


class Endless(io.RawIOBase):
    """A stream that begins with `first` and goes on with what `rest` yields."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._waiting = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while not self._waiting:
            self._waiting = next(self._rest)
        taken = self._waiting[: len(buffer)]
        buffer[: len(taken)] = taken
        self._waiting = self._waiting[len(taken) :]
        return len(taken)
