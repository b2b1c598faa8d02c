"""A web hook of a few lines on the loopback: keeps what is posted, answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Post(NamedTuple):
    path: str
    headers: dict[str, str]  # names in lower case
    body: str

    @property
    def envelope(self) -> dict[str, str]:
        read: dict[str, str] = json.loads(self.body)
        return read

    @property
    def document(self) -> dict[str, Any]:
        """What a Notification carries."""
        read: dict[str, Any] = json.loads(self.envelope["Message"])
        return read

    @property
    def event(self) -> dict[str, str]:
        [one] = self.document["Events"]
        event: dict[str, str] = one
        return event


class HookSink(ThreadingHTTPServer):
    """``posts`` are all that came, whatever ``answer`` said to each; it may take its time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.posts: list[Post] = []
        self.answer: Callable[[Post], int] = lambda _post: 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/mturk-sns-listener?study=7"

    @property
    def told(self) -> list[Post]:
        """The notifications among the posts."""
        return [post for post in self.posts if post.envelope["Type"] == "Notification"]


class _Talk(BaseHTTPRequestHandler):
    server: HookSink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.posts.append(post)
        status = self.server.answer(post)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def hook_sink() -> Iterator[HookSink]:
    """A hook that listens inside the block."""
    with HookSink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
