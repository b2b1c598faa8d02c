"""A provider on the loopback: a real HTTP server in a thread, to be filled with a documented contract.

A provider's file derives from ``Contract``: it keeps the provider's state and answers each call as the
provider's documents say, errors and repetitions included.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.ports import free_port


class Call(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Reply(NamedTuple):
    """What goes back; ``body`` is sent as JSON unless it is bytes."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = {}


class Contract:
    """What a provider does. Calls are answered one after another, so state needs no locks."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.next: list[Reply] = []  # answers given before the contract's own, first in first out

    def answer(self, call: Call) -> Reply:
        raise NotImplementedError

    def asked(self, method: str, path: str) -> list[Call]:
        """The calls that came for exactly this path."""
        return [call for call in self.calls if (call.method, call.path) == (method, path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, contract: Contract) -> None:
        super().__init__(("127.0.0.1", free_port()), _Talk)
        self.contract = contract
        self.one_at_a_time = threading.Lock()


class _Talk(BaseHTTPRequestHandler):
    server: _Server

    def _talk(self) -> None:
        target = urlsplit(self.path)
        call = Call(
            method=self.command,
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
        )
        contract = self.server.contract
        with self.server.one_at_a_time:
            contract.calls.append(call)
            reply = contract.next.pop(0) if contract.next else contract.answer(call)
        is_bytes = isinstance(reply.body, bytes)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": "text/plain" if is_bytes else "application/json",
            **reply.headers,
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _talk

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def serving(contract: Contract) -> Iterator[str]:
    """The address at which the provider answers inside the block."""
    server = _Server(contract)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
