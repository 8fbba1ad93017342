"""What the arguments name, what kind it is, and what becomes of an input that cannot be scored."""

import gzip
import io
import os
from threading import Thread

import pytest
from readable import PAGE, PARAGRAPHS, pdf

from pipeline.documents import Document
from pipeline.errors import InputError
from pipeline.reading import Kind, ReadingOptions, Unread, find_sources, read
from pipeline.reading.kinds import kind_of_bytes
from pipeline.reading.languages import other_language

DEFAULT = ReadingOptions()
FEED = (
    b'<?xml version="1.0"?>\n<rss version="2.0"><channel><item><description>He denied it.</description></item></channel></rss>'
)
GERMAN = (
    "Die Hafenchefin Ilse Marten wies den Vorwurf am Dienstag zurück. Ein Schreiber hatte ihr vorgeworfen, Liegeplätze "
    "verkauft zu haben. Der Rat will die Konten prüfen lassen, wie eine Sprecherin nach der Sitzung am Abend mitteilte."
)


def take(*arguments, **options):
    return list(read([str(argument) for argument in arguments], ReadingOptions(**options)))


BEGINNINGS = {
    "page": (PAGE.encode(), Kind.PAGE),
    "page after a mark and blank lines": (b"\xef\xbb\xbf\n\n<HTML>", Kind.PAGE),
    "page in UTF-16": (PAGE.encode("utf-16"), Kind.PAGE),
    "page after a comment": (b"<!-- saved from url=(0014)about:internet -->\n<html>", Kind.PAGE),
    "XHTML": (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">', Kind.PAGE),
    "feed": (FEED, Kind.FEED),
    "feed of Atom": (b'<feed xmlns="http://www.w3.org/2005/Atom">', Kind.FEED),
    "PDF": (pdf(["He denied it."]), Kind.PDF),
    "Parquet": (b"PAR1\x15\x04", Kind.PARQUET),
    "JSON Lines": (b'{"text": "He denied it."}\n{"te', Kind.JSONL),
    "JSON Lines with a long first line": (b'{"text": "' + b"He denied it. " * 300, Kind.JSONL),
    "text in braces": (b"{He denied it.}\nShe did not.", Kind.TEXT),
    "text with a tag in it": (b"He wrote <html> on the board.", Kind.TEXT),
    "text in an arrow": (b"<- He denied it.", Kind.TEXT),
    "nothing": (b"", Kind.TEXT),
}


@pytest.mark.parametrize(("head", "kind"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_the_kind_is_seen_from_how_an_input_begins(head, kind):
    assert kind_of_bytes(head[:4096]) is kind


def test_a_folder_is_read_to_its_depth_and_what_else_it_holds_is_told_once(tmp_path):
    read = "Quay.html a/deep/c.htm a/table.jsonl b.TXT news.xml old_files/kept.html"
    not_read = "note.md pic.jpg pic2.jpg state.json sitemap.xml .hidden.txt .git/x.txt Quay_files/frame.html"
    for name in f"{read} {not_read}".split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(FEED if name == "news.xml" else b"<urlset/>")
    found = find_sources([str(tmp_path)])
    assert " ".join(os.path.relpath(source.name, tmp_path) for source in found.sources) == read
    assert (
        found.note() == "5 files of other kinds left out (2 .jpg, 1 .md, 1 .xml, 1 .json): name a file itself to have it read"
    )
    assert found.documents is None, "a table holds nobody knows how many"
    assert find_sources([str(tmp_path / "b.TXT")]).documents == 1


MISTAKES = {
    "missing": (["nope.txt"], r"^nope\.txt: no such file or folder$"),
    "standard input twice": (["-", "-"], "^-: standard input can be read only once$"),
    "nothing to read": (["."], r"^\.: the folder holds no \.txt file, and no \.html, .* or \.atom either$"),
    "URL": (
        ["https://thequay.example/"],
        "^https://thequay.example/: is a URL: add --fetch to have it fetched, or save the page",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_what_names_nothing_is_told_at_once(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.md").touch()
    with pytest.raises(InputError, match=message):
        read(arguments, DEFAULT)  # not when the first document is taken: other inputs may take hours


def test_an_input_that_cannot_be_scored_stands_in_its_place(tmp_path):
    (tmp_path / "a.txt").write_text("He denied it.")
    (tmp_path / "b.txt").write_text(" \n")
    (tmp_path / "c.pdf").write_bytes(pdf(["He denied it."])[:200])
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b"text\nHe denied it.\n" * 9000)[:-20])
    (tmp_path / "d.jsonl.gz").write_text("never packed")
    (tmp_path / "e.txt").write_bytes(b"\xff\xfeH\0e\0")
    (tmp_path / "f.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "f.txt")
    (tmp_path / "z.txt").write_text("She did not.")
    items = take(tmp_path)
    told = [item.reason.removeprefix(f"{tmp_path}/") for item in items if isinstance(item, Unread)]
    assert [line[:40] for line in told] == [
        "b.txt: holds no text",
        "c.pdf: cannot be read as a PDF (PdfStrea",
        "d.csv.gz: cannot be read (Compressed fil",
        "d.jsonl.gz: cannot be read (Not a gzippe",
        "e.txt: is a binary, not text: hand over ",
    ]
    texts = [item.text for item in items if isinstance(item, Document)]
    assert (texts[0], texts[-1]) == ("He denied it.", "She did not.")


def test_text_stays_as_it_is(tmp_path):
    text = "\n  “No,”\r\nhe said.\t<p>\n"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert take(tmp_path / "a.txt") == [Document(id=str(tmp_path / "a.txt"), text=text)]


@pytest.mark.parametrize("data", [PAGE.encode(), pdf([PARAGRAPHS[0]])], ids=["page", "PDF"])
def test_standard_input_and_a_pipe_are_read_by_how_they_begin(tmp_path, monkeypatch, data):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    [piped] = take(pipe)
    writer.join()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    [given] = take("-")
    assert given.id == "-"
    assert PARAGRAPHS[0] in given.text == piped.text


def test_a_text_that_is_not_english_is_refused_unless_forced(tmp_path):
    (tmp_path / "a.txt").write_text(GERMAN)
    (tmp_path / "b.txt").write_text(GERMAN[:150])
    refused, short = take(tmp_path)
    assert (
        refused.reason == f"{tmp_path}/a.txt: is not in English but, it seems, in 'de' (ISO 639): --force has it scored anyway"
    )
    assert short.text == GERMAN[:150], "of so short a text the language is misread too often"
    assert take(tmp_path / "a.txt", force=True)[0].text == GERMAN


def test_english_is_taken_for_english():
    lists = "Standings: Haug 3, Lindqvist 2, Okafor 2, Szabó 1, Nguyễn 1, Petrović 0, García 0, Müller 0. " * 4
    quoted = " ".join(PARAGRAPHS) + " “Das ist gelogen”, sagte sie."
    for text in (quoted, quoted.upper(), lists + quoted):
        assert other_language(text) is None
