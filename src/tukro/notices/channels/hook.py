"""Posting to an address that a requester chose, without becoming a way into our own network.

The host's name is looked up once, every address that it leads to must be public, and the connection goes to
one of exactly those addresses (a name cannot lead elsewhere a moment later). TLS is checked against the name.
No redirects, no proxies of the environment, and one time limit for the whole exchange.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from tukro.notices.channels.faults import NotTaken, Unreachable
from tukro.notices.rules.destinations import is_public

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
_PORTS = {"https": 443, "http": 80}


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> None:
    """POST ``body`` and expect a 2xx. ``private``: addresses that are not public are allowed too.

    Raises Unreachable (no connection, no answer in time) and NotTaken (forbidden address, another answer).
    """
    target = urlsplit(url)
    until = monotonic() + TOTAL_SECONDS
    with _connected(target, private=private, until=until) as open_socket:
        answer = _exchange(open_socket, target, body, headers)
    if not 200 <= answer.status < 300:
        raise NotTaken(f"the answer was {answer.status}", status=answer.status)


def _exchange(
    open_socket: socket.socket, target: SplitResult, body: bytes, headers: Mapping[str, str]
) -> HTTPResponse:
    connection = HTTPConnection(target.hostname or "", target.port or _PORTS[target.scheme])
    connection.sock = open_socket
    # A port that is usual is not named in Host, as browsers do: some servers tell their sites apart by it.
    host = target.netloc if target.port else target.hostname or ""
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    try:
        connection.request("POST", path, body, {"Host": host, "Connection": "close", **headers})
        return connection.getresponse()
    except (OSError, HTTPException) as fault:
        raise Unreachable("no answer in time, or not one of a web server") from fault


@contextmanager
def _connected(target: SplitResult, *, private: bool, until: float) -> Iterator[socket.socket]:
    """A connection that is cut when the time is over: a limit per read would let a server drip for ever."""
    with _plain(target, private=private, until=until) as plain:
        cut = threading.Timer(max(until - monotonic(), 0.1), _cut, [plain])
        cut.daemon = True
        cut.start()
        try:
            if target.scheme == "http":
                yield plain
            else:
                with _secured(plain, target.hostname or "") as secured:
                    yield secured
        finally:
            cut.cancel()


def _plain(target: SplitResult, *, private: bool, until: float) -> socket.socket:
    port = target.port or _PORTS[target.scheme]
    for address in _addresses(target.hostname or "", port, private=private):
        try:
            connected = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError:
            continue
        connected.settimeout(max(until - monotonic(), 0.1))
        return connected
    raise Unreachable("nobody listens there")


def _addresses(host: str, port: int, *, private: bool) -> list[str]:
    """Where the name leads. One forbidden address among them forbids all: which is tried first is chance."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable("this name leads nowhere") from fault
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not private and not all(is_public(address) for address in addresses):
        raise NotTaken("this name leads to an address that is not public")
    return addresses


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return _authorities().wrap_socket(plain, server_hostname=host)
    except OSError as fault:
        raise Unreachable("its certificate is not good, or it does not speak TLS") from fault


@cache
def _authorities() -> ssl.SSLContext:
    """Reading the machine's list of authorities takes longer than a post."""
    return ssl.create_default_context()


def _cut(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was closed a moment before
