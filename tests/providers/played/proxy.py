"""A proxy that breaks calls on purpose: it stands before a provider and does to each call what it is told.

``faults`` are used up one per call, first in first out; after the last one calls pass through untouched.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from urllib.parse import urlsplit

from tests.ports import free_port

_PATIENCE = 10.0
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Fault(Enum):
    PASS = "pass"
    CUT_BEFORE = "cut before the provider got it"
    CUT_AFTER = "cut after the provider did it, before its answer"
    CUT_INSIDE = "cut in the middle of the answer"
    SLOW = "the answer comes later than anybody waits"
    TWICE = "the provider gets it twice, the second answer goes back"
    BAD_GATEWAY = "502 and the provider got nothing"
    BAD_GATEWAY_AFTER = "502 although the provider did it"


class Proxy:
    """``url`` is where to connect instead of at the provider."""

    def __init__(self, upstream: str) -> None:
        target = urlsplit(upstream)
        self._upstream = (target.hostname or "", target.port or 80)
        self._listener = socket.create_server(("127.0.0.1", free_port()), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.faults: list[Fault] = []
        self.slow_seconds = 1.0
        self._stopped = threading.Event()

    def serve(self) -> None:
        self._listener.settimeout(0.05)
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            fault = self.faults.pop(0) if self.faults else Fault.PASS
            threading.Thread(target=self._carry, args=(client, fault), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _carry(self, client: socket.socket, fault: Fault) -> None:
        with client:
            client.settimeout(_PATIENCE)
            request = _read_request(client)
            match fault:
                case Fault.CUT_BEFORE:
                    return
                case Fault.BAD_GATEWAY:
                    client.sendall(_BAD_GATEWAY)
                    return
                case Fault.TWICE:
                    self._forward(request)
            answer = self._forward(request)
            match fault:
                case Fault.CUT_AFTER:
                    return
                case Fault.CUT_INSIDE:
                    client.sendall(answer[: len(answer) - 3])
                    return
                case Fault.BAD_GATEWAY_AFTER:
                    client.sendall(_BAD_GATEWAY)
                    return
                case Fault.SLOW:
                    self._stopped.wait(self.slow_seconds)
            try:
                client.sendall(answer)
            except OSError:
                return  # nobody waits any more

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(self._upstream, timeout=_PATIENCE) as provider:
            provider.sendall(request)
            answer = b""
            while part := provider.recv(65_536):
                answer += part
        return answer


def _read_request(client: socket.socket) -> bytes:
    data = b""
    until = time.monotonic() + _PATIENCE
    while b"\r\n\r\n" not in data and time.monotonic() < until:
        part = client.recv(65_536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += client.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def between(upstream: str) -> Iterator[Proxy]:
    """A proxy before ``upstream`` that carries calls inside the block."""
    proxy = Proxy(upstream)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join()
        proxy._listener.close()
