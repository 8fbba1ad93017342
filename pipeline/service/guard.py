"""Who is let in: asked under our own name, by our own page or a program, with the token, one of not too many, in time."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.service.limits import Limits
from pipeline.service.pages import PATH, Form, form_page
from pipeline.service.problems import Refusal, told

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN = "/health"  # the path that needs no token
_OURS = ("same-origin", "none")  # sites of Sec-Fetch-Site: our page, or a person who typed the address
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """An ASGI application that passes to `app` what may come in, its body read, and answers the rest itself.

    Parameters
    ----------
    app : what does the work
    limits : what a request may ask for
    places : requests with a body that may be inside at once
    token : what has to be shown, if anything
    names : the host names that are asked for; None for any. On loopback these are its own, or a page of another site could
        give its own name our address, and read our answers (DNS rebinding)
    """

    def __init__(
        self, app: ASGIApp, limits: Limits, places: int, token: str | None = None, names: frozenset[str] | None = None
    ) -> None:
        self.app = app
        self.limits = limits
        self.places = places
        self.token = token
        self.names = names
        self.inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _hardened(send)
        try:
            self._check(scope["path"], headers)
            if scope["method"] == "POST":
                refuse_other_sites(headers)
                with self._place():
                    await self._post(scope, receive, answer, headers)
                return
        except Refusal as refusal:
            response = form_page(Form(), refusal) if scope["path"] == PATH else told(refusal)
            await response(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    async def _post(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Pass on a request with a body, read as a whole; a client that goes away while it sends gets no answer."""
        deadline = asyncio.get_running_loop().time() + self.limits.seconds
        scope.setdefault("state", {})["deadline"] = deadline
        try:
            async with asyncio.timeout_at(deadline):
                body = await read_body(receive, headers, self.limits.body)
        except TimeoutError:
            detail = f"the body did not arrive within {self.limits.seconds:g} seconds"
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, detail) from None
        if body is not None:
            await self.app(scope, _replayed(body, receive), send)

    def _check(self, path: str, headers: Headers) -> None:
        if self.names is not None and host_name(headers.get("host", "")) not in self.names:
            asked, known = headers.get("host", ""), ", ".join(sorted(self.names))
            raise Refusal(HTTPStatus.MISDIRECTED_REQUEST, f"ask for one of {known}. Got {asked!r:.100}")
        if self.token is not None and path != OPEN and not is_shown(self.token, headers.get("authorization", "")):
            challenge = {"WWW-Authenticate": 'Bearer realm="stance", Basic realm="stance", charset="UTF-8"'}
            detail = "send the token, as `Authorization: Bearer …` or in a browser as the password"
            raise Refusal(HTTPStatus.UNAUTHORIZED, detail, headers=challenge)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self.inside >= self.places:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many requests at once: try again", headers={"Retry-After": "1"})
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1


def host_name(host: str) -> str:
    """Return the name in a Host header, without the port.

    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000"), host_name("example.org")
    ('localhost', '[::1]', 'example.org')
    """
    name, bracket, _ = host.lower().partition("]")
    return name + bracket if bracket else name.partition(":")[0]


def is_shown(token: str, authorization: str) -> bool:
    """Tell whether an Authorization header holds the token: as Bearer, or as the password of Basic, which browsers ask for."""
    scheme, _, given = authorization.partition(" ")
    shown = given.strip().encode("utf-8", "replace")
    if scheme.lower() == "basic":
        try:
            shown = base64.b64decode(shown, validate=True).partition(b":")[2]
        except binascii.Error:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(shown, token.encode())


def refuse_other_sites(headers: Headers) -> None:
    """Raise a Refusal where a browser says that another site's page sent this; programs say nothing and pass."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = [f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")]
    # browsers tell the site on loopback and by HTTPS alone, old ones never
    if not (site in _OURS if site is not None else origin is None or origin in own):
        raise Refusal(HTTPStatus.FORBIDDEN, "another site's page may not send this here")


async def read_body(receive: Receive, headers: Headers, most: int) -> bytes | None:
    """Return the body of a request; None where the client went away.

    Raises
    ------
    Refusal
        If it is longer than `most` bytes, before it is read where its length is told, else as soon as it is.
    """
    too_long = Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body may have {most:,} bytes")
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > len(str(most)) or int(length) > most):
        raise too_long
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise too_long
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that hands over `body` at once, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _hardened(send: Send) -> Send:
    """Return a `send` that adds to an answer the headers that it does not have itself."""

    async def harden(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return harden
