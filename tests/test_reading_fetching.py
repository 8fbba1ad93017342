"""Fetching over real sockets: from public addresses alone, and within limits."""

import gzip
import socket
import threading
import tracemalloc
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from readable import PAGE, PARAGRAPHS

from pipeline.errors import InputError
from pipeline.reading import ReadingOptions, read
from pipeline.reading.addresses import is_public
from pipeline.reading.fetching import fetch

LARGEST = 100_000
HTML = "text/html; charset=utf-8"


def only_here(address: str) -> bool:
    """What the tests allow in the place of public addresses."""
    return address == "127.0.0.1"


ADDRESSES = {
    True: "192.0.43.8 2001:4860:4860::8888 64:ff9b::c000:2b08 2002:c000:2b08::",
    False: "127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1 "
    "240.0.0.1 192.0.2.1 198.18.0.1 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1 2001:db8::1 ::ffff:10.1.2.3 "
    "64:ff9b::7f00:1 2002:7f00:1:: 2002:a00:1:: ::127.0.0.1 localhost",
}


@pytest.mark.parametrize(
    ("address", "public"), [(address, public) for public, listed in ADDRESSES.items() for address in listed.split()]
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, body = ANSWERS[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/slow":
            while not self.server.over.wait(0.02):
                self.wfile.write(b"x")
        self.wfile.write(body)


ANSWERS = {
    "/page": (200, {"Content-Type": HTML}, PAGE.encode()),
    "/packed": (200, {"Content-Type": HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "/caf%C3%A9": (200, {}, b"He denied it."),
    "/moved": (302, {"Location": "page?from=moved"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/private": (302, {"Location": "http://127.0.0.2:1/"}, b""),
    "/file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/gone": (404, {}, b""),
    "/large": (200, {}, b"x" * (LARGEST + 1)),
    "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 50_000_000)),
    "/brotli": (200, {"Content-Encoding": "br"}, b"x"),
    "/cut": (200, {"Content-Length": "5000"}, b"<html>"),
    "/slow": (200, {"Content-Length": "5000000"}, b""),
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked, running.over = [], threading.Event()
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield running
        running.over.set()
        running.shutdown()


@pytest.fixture
def get(server):
    """Fetch a path from the server, which loopback is opened for here and nowhere else."""
    return lambda path, **limits: fetch(
        f"http://127.0.0.1:{server.server_port}{path}", **{"allowed": only_here, "largest": LARGEST, **limits}
    )


def test_a_page_comes_with_its_address_and_its_header(get, server):
    found = get("/moved")
    assert (found.data, found.content_type) == (PAGE.encode(), HTML)
    assert found.url == f"http://127.0.0.1:{server.server_port}/page?from=moved"
    assert get("/packed").data == PAGE.encode()
    assert get("/café").data == b"He denied it."


REFUSED = {
    "not there": ("/gone", r"/gone: answers 404 Not Found: open it in a browser, save the page"),
    "round and round": ("/loop", "/loop: redirects more than 5 times"),
    "to a private address": ("/private", r"^http://127\.0\.0\.2:1/: '127\.0\.0\.2' is at 127\.0\.0\.2, no public address"),
    "to a file": ("/file", "^file:///etc/hostname: is no address of a page: http:// or https:// and a host are needed"),
    "large": ("/large", "/large: is larger than 0 MB"),
    "large once unpacked": ("/bomb", "/bomb: is larger than 0 MB"),
    "packed otherwise": ("/brotli", "/brotli: comes packed as 'br'"),
    "cut off": ("/cut", "/cut: breaks off after 6 bytes: try it again"),
}


@pytest.mark.parametrize(("path", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_page_within_the_limits_is_refused(get, path, message):
    with pytest.raises(InputError, match=message):
        get(path)


def test_what_is_too_large_is_never_held(get):
    tracemalloc.start()
    with pytest.raises(InputError, match="is larger than 0 MB"):
        get("/bomb")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(get):
    with pytest.raises(InputError, match=r"/slow: did not answer whole within 0\.3 seconds"):
        get("/slow", longest=0.3)


def test_without_permission_loopback_is_not_even_asked(server):
    asked = len(server.asked)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(InputError, match="no public address: save the page and hand over the file"):
            fetch(f"http://{host}:{server.server_port}/page")
    assert len(server.asked) == asked


def test_a_name_that_changes_its_address_is_no_way_in(server, monkeypatch):
    """DNS rebinding: the address that was asked about is the address that is connected to."""
    answers = [["127.0.0.2", "127.0.0.1"], ["127.0.0.2"]]
    lookups = []

    def resolve(host, port, **_):
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fetch(f"http://quay.example:{server.server_port}/page", allowed=only_here).data == PAGE.encode()
    assert lookups == ["quay.example"]
    with pytest.raises(InputError, match=r"'quay\.example' is at 127\.0\.0\.2, no public address"):
        fetch(f"http://quay.example:{server.server_port}/page", allowed=only_here)


MALFORMED = {
    "no host": ("http://", "is no address of a page: http:// or https:// and a host are needed"),
    "port": ("http://quay.example:port/", "is no address of a page"),
    "bracket": ("http://[::1", "is no address of a page"),
    "password": ("http://me:secret@quay.example/", "holds a user name: only public pages are fetched"),
    "dots": ("http://quay..example/", "is no address of a page"),
}


@pytest.mark.parametrize(("url", "message"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_address_is_one_line(url, message):
    with pytest.raises(InputError, match=message) as raised:
        fetch(url)
    assert "\n" not in str(raised.value)


def test_https_is_spoken_where_it_is_asked_for(server):
    with pytest.raises(InputError, match=r"the connection is not secure \(.*\): open it in a browser"):
        fetch(f"https://127.0.0.1:{server.server_port}/page", allowed=only_here)


def test_a_fetched_page_is_read_like_a_saved_one(server, monkeypatch):
    monkeypatch.setattr("pipeline.reading.fetch", partial(fetch, allowed=only_here))
    url = f"http://127.0.0.1:{server.server_port}"
    page, gone = read([f"{url}/moved", f"{url}/gone"], ReadingOptions(fetch=True))
    assert (page.id, page.title) == (f"{url}/moved", "Harbour chief denies theft")
    assert PARAGRAPHS[0] in page.text
    assert gone.reason.startswith(f"{url}/gone: answers 404")
