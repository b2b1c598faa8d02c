"""A light driver of HTTP: one thread, a few kept connections, requests written out beforehand.

It shares the machine with what it measures, so it does as little as it can.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.parts.figures import Run
from bench.parts.server import Server, Web

_LENGTH = re.compile(rb"\ncontent-length: *([0-9]+)", re.IGNORECASE)
_PLACE = re.compile(rb"\nlocation: *([^\r]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answers:
    run: Run
    bodies: list[bytes]  # in the order of the requests
    places: list[str]  # where each answer leads to, when it does


class _Line:
    """One connection and the request that is on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number, self.began, self.got = -1, 0.0, b""

    def send(self, number: int, request: bytes) -> None:
        self.number, self.began, self.got = number, time.perf_counter(), b""
        self.socket.sendall(request)

    def receive(self, wanted: bytes) -> tuple[bytes, str] | None:
        """Body and Location when the answer is whole."""
        part = self.socket.recv(262_144)
        if not part:
            raise RuntimeError("the connection was closed")
        got = self.got = self.got + part if self.got else part
        end = got.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = _LENGTH.search(got, 0, end)
        body = got[end + 4 :]
        if length and len(body) < int(length[1]):
            return None
        if not got.startswith(wanted):
            raise RuntimeError(f"{got[:60]!r} {body[:300]!r}")
        place = _PLACE.search(got, 0, end) if wanted[9:10] == b"3" else None
        return body, place[1].decode() if place else ""


def drive(server: Server, web: Web, requests: Sequence[bytes], *, clients: int, wanted: int = 200) -> Answers:
    """Send every request once, ``clients`` at a time. Every answer must be 200, or what is ``wanted``."""
    bodies, places = [b""] * len(requests), [""] * len(requests)
    times: list[float] = []
    upcoming: Iterator[tuple[int, bytes]] = iter(enumerate(requests))
    ready = select.epoll()
    lines = {line.socket.fileno(): line for line in (_Line(web.port) for _ in range(clients))}
    beginning = b"HTTP/1.1 %d" % wanted
    database, application = server.cpu_seconds(), web.cpu_seconds()
    began = time.perf_counter()
    for number, line in lines.items():
        ready.register(number, select.EPOLLIN)
        line.send(*next(upcoming))
    waiting = clients
    while waiting:
        for number, _ in ready.poll():
            line = lines[number]
            answer = line.receive(beginning)
            if answer is None:
                continue
            times.append(1000 * (time.perf_counter() - line.began))
            bodies[line.number], places[line.number] = answer
            following = next(upcoming, None)
            if following is None:
                ready.unregister(number)
                line.socket.close()
                waiting -= 1
            else:
                line.send(*following)
    seconds = time.perf_counter() - began
    count = len(requests)
    run = Run(
        count,
        count / seconds,
        database_us=1e6 * (server.cpu_seconds() - database) / count,
        application_us=1e6 * (web.cpu_seconds() - application) / count,
        milliseconds=sorted(times),
    )
    return Answers(run, bodies, places)


def get(path: str, *, port: int, session: str = "", accept: str = "application/json") -> bytes:
    return _request("GET", path, port, session, b"", "", accept)


def post(
    path: str,
    body: bytes = b"",
    *,
    port: int,
    session: str,
    kind: str = "json",
    accept: str = "application/json",
) -> bytes:
    """With the token against forged posts, as a page's script would send it."""
    media_type = "application/json" if kind == "json" else "application/x-www-form-urlencoded"
    return _request("POST", path, port, session, body, media_type, accept)


_TOKEN = "b" * 32


def _request(
    method: str, path: str, port: int, session: str, body: bytes, media_type: str, accept: str
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Accept: {accept}",
        *(["Accept-Encoding: gzip"] if accept == "text/html" else []),
        "Accept-Language: bn",
        f"Cookie: sessionid={session}; csrftoken={_TOKEN}" if session else "X-No-Session: 1",
    ]
    if method == "POST":
        lines += [f"X-CSRFToken: {_TOKEN}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
