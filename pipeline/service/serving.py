"""A port that the service listens on, until it is told to end."""

import ipaddress
import math
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from pipeline.errors import InputError
from pipeline.service.limits import Limits
from pipeline.writing import decode

_KEEP_ALIVE = 75  # seconds; longer than clients keep an idle connection, or one is closed as the next request comes in
_ENDING = 5  # seconds beyond the time of a request, for answers to be sent
_BACKLOG = 512  # connections that wait to be accepted
_SHORTEST_TOKEN = 16  # characters


def serve(
    model: Path, host: str, port: int, workers: int, limits: Limits, token: str | None, tell: Callable[[str], None]
) -> None:
    """Serve the model at `model` on `host` and `port` until the process is told to end; then finish what was begun.

    Raises
    ------
    InputError
        If the port cannot be had.
    ModelError
        If the model cannot be used.
    """
    from uvicorn import Config, Server

    from pipeline.service.app import create_app
    from pipeline.service.guard import LOOPBACK_NAMES
    from pipeline.service.workers import WorkerPool

    signal.signal(signal.SIGTERM, _end)
    with suppress(KeyboardInterrupt), listening(host, port) as listener, WorkerPool(model, workers) as pool:
        names = LOOPBACK_NAMES if is_loopback(listener) else None
        app = create_app(pool, limits, count=workers, token=token, names=names)
        config = Config(
            app, http="h11", loop="asyncio", ws="none", lifespan="off", log_level="warning", access_log=False,
            server_header=False, proxy_headers=False, timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=math.ceil(limits.seconds) + _ENDING,
        )  # fmt: skip
        if names is None and token is None:
            tell("note: whoever reaches this address may use it: set a token, see `stance serve --help`")
        tell(f"{pool.described.record.id} at {address_of(listener)} ({workers} worker{'s' * (workers > 1)}); Ctrl+C ends it")
        Server(config).run([listener])


def _end(*_: object) -> NoReturn:
    """End as at the end of the program, so that the workers are ended too: before uvicorn minds the signal, and after."""
    sys.exit()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; of a name, at its first one."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise InputError(f"{host}, port {port}: {reason}: name another --host or --port") from None


def is_loopback(listener: socket.socket) -> bool:
    """Tell whether nobody outside this machine can reach `listener`."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def address_of(listener: socket.socket) -> str:
    """Return the URL of what listens there."""
    name, port, *_ = listener.getsockname()
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def read_token(file: Path) -> str:
    """Return the token in a file: its text without the white space around it.

    Raises
    ------
    InputError
        If it cannot be read, or what it holds is too short to be a secret or cannot stand in a header.
    """
    return check_token(decode(file).strip(), str(file))


def check_token(token: str, source: str) -> str:
    """Return `token` if it will do; `source` says in the InputError where it came from."""
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise InputError(
            f"{source}: a token has {_SHORTEST_TOKEN} or more ASCII characters and no space: make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe())'`"
        )
    return token
