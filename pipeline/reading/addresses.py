"""Connections to public addresses only, and none that outlasts its deadline."""

import io
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic

from pipeline.errors import InputError

_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 behind NAT64
_UNICAST = IPv6Network("2000::/3")  # all that is handed out so far
_ATTEMPT = 10.0  # seconds for one of a host's addresses


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to one host of the public internet: it is not private, local, reserved or multicast.

    IPv6 addresses that stand for an IPv4 address are as public as that.

    >>> is_public("192.0.43.8"), is_public("192.168.1.1"), is_public("::ffff:127.0.0.1"), is_public("fe80::1")
    (True, False, False, False)
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast and (one.version == 4 or one in _UNICAST) for one in _meant(ip))


def _meant(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return the addresses that traffic to `ip` may reach."""
    if isinstance(ip, IPv4Address):
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    if ip in _TRANSLATED:
        return [IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip, *(inner for inner in (ip.sixtofour, *(ip.teredo or ())) if inner is not None)]


def connect(url: str, host: str, port: int, allowed: Callable[[str], bool], deadline: float) -> socket.socket:
    """Return a connection to the first address of `host` that is allowed and answers.

    The name is looked up once, and what is connected to is an address that was asked about: another answer to the same
    question, as in DNS rebinding, changes nothing.

    Raises
    ------
    InputError
        If the name is not known or none of its addresses is allowed.
    OSError
        If none of them answers.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{url}: the host {host!r} is not known ({getattr(error, 'strerror', None) or error})") from None
    public = [(family, place) for family, _, _, _, place in found if allowed(str(place[0]))]
    if not public:
        raise InputError(f"{url}: {host!r} is at {found[0][4][0]}, no public address: save the page and hand over the file")
    failure: OSError = TimeoutError()
    for family, place in public:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(_ATTEMPT, _remaining(deadline)))
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
        else:
            connection.settimeout(_remaining(deadline))
            return connection
    raise failure


class TimedSocket:
    """As much of a socket as an HTTPConnection needs; each read and write ends at the deadline with TimeoutError.

    A server that sends a byte now and then cannot hold it up, as it can where every read has a timeout of its own. Closing
    is left to whoever opened the connection.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send all of `data`."""
        self._connection.settimeout(_remaining(self._deadline))
        self._connection.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what comes in as a stream; `mode` is always rb."""
        return io.BufferedReader(_Incoming(self._connection, self._deadline))

    def close(self) -> None:
        """Do nothing: what was answered may yet have to be read."""


class _Incoming(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connection.settimeout(_remaining(self._deadline))
        return self._connection.recv_into(buffer)


def _remaining(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
