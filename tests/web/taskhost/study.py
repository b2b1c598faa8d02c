"""A requester's own server: other pages on another web origin, as real as they come on one machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Study:
    """What the server shows by path, and which requests it saw: (path, cookies, referrer)."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, path: str, page: str) -> str:
        """Show ``page`` at ``path``; returns its address."""
        self.pages[path] = f"<!doctype html><meta charset=utf-8><title>study</title>{page}"
        return f"{self.origin}{path}"


@contextmanager
def study(name: str = "study.localhost") -> Iterator[Study]:
    """A server on this machine, known to browsers under ``name``."""
    shown = Study("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shown))
    shown.origin = f"http://{name}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(shown: Study) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            self._note(path)
            page = shown.pages.get(path)
            kind = "image/svg+xml" if path.endswith(".svg") else "text/html; charset=utf-8"
            self._answer(200 if page is not None else 404, page or "", kind)

        def do_POST(self) -> None:
            self._note(urlsplit(self.path).path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer(200, "{}", "application/json")

        def _note(self, path: str) -> None:
            shown.seen.append((path, self.headers.get("Cookie", ""), self.headers.get("Referer", "")))

        def _answer(self, status: int, page: str, kind: str) -> None:
            body = page.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
