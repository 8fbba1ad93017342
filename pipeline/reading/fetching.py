"""One page from the public web over HTTP: from public addresses only, within limits of size, time and redirects."""

import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib import metadata
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from pipeline.errors import InputError
from pipeline.reading.addresses import TimedSocket, connect, is_public
from pipeline.reading.streams import MEGABYTE

LARGEST = 20 * MEGABYTE  # after unpacking
LONGEST = 30.0  # seconds, with all redirects
MOST_REDIRECTS = 5
_CHUNK = 65536
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:@!$&'()*+,;=~?"  # characters of a path or query that stand for themselves
_SAVE = "open it in a browser, save the page and hand over the file"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with: `url` is the last one of a chain of redirects."""

    url: str
    data: bytes
    content_type: str | None


def fetch(url: str, *, allowed: Callable[[str], bool] = is_public, largest: int = LARGEST, longest: float = LONGEST) -> Fetched:
    """Return what stands at an http or https address.

    No proxy is used, no cookie kept, no script run.

    Parameters
    ----------
    url : where to begin
    allowed : tells of an IP address whether it may be connected to; asked of the very address, at every redirect anew
    largest : bytes that the answer may have
    longest : seconds that it may take altogether

    Raises
    ------
    InputError
        If the address is no public one, does not answer with a page, or a limit is passed.
    """
    deadline = monotonic() + longest
    here = url
    for _ in range(MOST_REDIRECTS + 1):
        try:
            answer = _get(here, allowed, largest, deadline)
        except TimeoutError:
            raise InputError(f"{here}: did not answer whole within {longest:g} seconds: {_SAVE}") from None
        except ssl.SSLError as error:
            raise InputError(f"{here}: the connection is not secure ({error.reason or error}): {_SAVE}") from None
        except (OSError, HTTPException, zlib.error) as error:
            raise InputError(f"{here}: cannot be fetched ({str(error) or type(error).__name__}): {_SAVE}") from None
        if isinstance(answer, Fetched):
            return answer
        here = answer
    raise InputError(f"{url}: redirects more than {MOST_REDIRECTS} times: {_SAVE}")


def _get(url: str, allowed: Callable[[str], bool], largest: int, deadline: float) -> Fetched | str:
    """Return what stands at `url`, or the address to which it redirects."""
    parts, host, port = _parts(url)
    with connect(url, host, port, allowed, deadline) as plain:
        connection = HTTPConnection(host, port)
        secure = parts.scheme == "https"
        wire = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        with wire:
            connection.sock = TimedSocket(wire, deadline)
            connection.request("GET", _target(parts), headers=_headers())
            with connection.getresponse() as response:
                location = response.getheader("Location")
                if response.status in _REDIRECTS and location:
                    return urljoin(url, location)
                if response.status != 200:
                    raise InputError(f"{url}: answers {response.status} {response.reason}: {_SAVE}")
                return Fetched(url, _body(response, url, largest), response.getheader("Content-Type"))


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """Return an address taken apart, with its host and port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError as error:
        raise InputError(f"{url}: is no address of a page ({error})") from None
    if parts.scheme not in _PORTS or not host:
        raise InputError(f"{url}: is no address of a page: http:// or https:// and a host are needed")
    if parts.username is not None:
        raise InputError(f"{url}: holds a user name: only public pages are fetched")
    return parts, host, port or _PORTS[parts.scheme]


def _target(parts: SplitResult) -> str:
    return (quote(parts.path, safe=_SAFE) or "/") + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"stance-signals/{metadata.version('stance-signals')}",
        "Accept": "text/html,application/xhtml+xml,application/pdf,application/rss+xml,application/atom+xml;q=0.9,*/*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _body(response: HTTPResponse, url: str, largest: int) -> bytes:
    """Return the body, unpacked; no more than `largest` bytes of it are ever held, packed or unpacked."""
    encoding = (response.getheader("Content-Encoding") or "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise InputError(f"{url}: comes packed as {encoding!r}: {_SAVE}")
    unpack = None if encoding == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 32)
    received, body = 0, bytearray()
    while chunk := response.read(_CHUNK):
        received += len(chunk)
        body += chunk if unpack is None else unpack.decompress(chunk, largest + 1 - len(body))
        if max(received, len(body)) > largest:
            raise InputError(f"{url}: is larger than {largest // MEGABYTE} MB: {_SAVE}")
    if response.length or (unpack is not None and not unpack.eof):
        raise InputError(f"{url}: breaks off after {received} bytes: try it again")
    return bytes(body)
