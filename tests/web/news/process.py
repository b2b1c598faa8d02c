"""The news process as it is run, over TCP, and a listener that reads its stream as a program would."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db import connection

from tests.ports import free_port
from tukro.runtime.place import ROOT
from tukro.runtime.processes import wait_until


@dataclass(frozen=True)
class Event:
    name: str
    data: dict[str, Any]
    id: str


@dataclass
class Listener:
    """Reads one stream. ``status`` and ``headers`` are those of the answer, ``refusal`` its body."""

    status: int
    headers: dict[str, str]
    refusal: dict[str, Any] = field(default_factory=dict)
    _answer: http.client.HTTPResponse | None = None
    _connection: http.client.HTTPConnection | None = None

    def next(self, name: str = "", *, seconds: float = 8) -> Event:
        """The next event, of this name if one is given; others are passed over. Raises TimeoutError."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            event = self._event(limit)
            if not name or event.name == name:
                return event
        raise TimeoutError(name)

    def first(self) -> dict[str, dict[str, Any]]:
        """How things stand: the events with which a new stream begins, by name."""
        events = [self.next() for _ in range(7)]
        return {event.name: event.data for event in events}

    def is_over(self, *, seconds: float = 8) -> bool:
        """Whether the server ends the stream in time."""
        limit = time.monotonic() + seconds
        try:
            while self._line(limit):
                pass
        except TimeoutError:
            return False
        return True

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def _event(self, limit: float) -> Event:
        fields: dict[str, str] = {}
        while True:
            line = self._line(limit)
            if not line:
                raise TimeoutError("the stream has ended")
            text = line.decode().rstrip("\n")
            if not text and "event" in fields:
                return Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
            name, _, value = text.partition(": ")
            fields[name] = value

    def _line(self, limit: float) -> bytes:
        assert self._answer is not None
        self._answer.fp.raw._sock.settimeout(max(0.1, limit - time.monotonic()))  # type: ignore[attr-defined]  # urllib shows no socket
        return self._answer.readline()


@dataclass
class News:
    """A running news process."""

    port: int
    process: subprocess.Popen[bytes]

    def listen(
        self, *, cookie: str = "", token: str = "", path: str = "/news", client: str = "", **headers: str
    ) -> Listener:
        """Ask for a stream. ``headers``: more of them, with ``_`` for ``-``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            sent["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={cookie}"
        if token:
            sent["Authorization"] = f"Bearer {token}"
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request("GET", f"{path}?client={client}" if client else path, headers=sent)
        answer = asked.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        if answer.status != 200 or path != "/news":
            body = json.loads(answer.read())
            asked.close()
            return Listener(answer.status, told, body)
        return Listener(answer.status, told, {}, answer, asked)


@contextmanager
def news_process(every: float = 1.0, **given: str) -> Iterator[News]:
    """Started on the test's own database, looking ``every`` so many seconds, with these settings."""
    port, database = free_port(), connection.settings_dict
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")} | {
        "PYTHONPATH": str(ROOT / "src"),
        "TUKRO_DATABASE_URL": _address(database),
        "TUKRO_SECRET_KEY": settings.SECRET_KEY,
        "TUKRO_DATA": str(settings.DATA),
        "TUKRO_NEWS_PORT": str(port),
        **{f"TUKRO_{name}": value for name, value in given.items()},
    }
    command = [sys.executable, "-m", "tukro.cli", "news", "--every", str(every), "--prepared"]
    process = subprocess.Popen(command, env=environment)
    news = News(port, process)
    try:
        assert wait_until(lambda: _answers(news), seconds=30, pause=0.1), "the news process does not answer"
        yield news
    finally:
        process.terminate()
        process.wait(10)


def _answers(news: News) -> bool:
    try:
        return news.listen(path="/healthz").status == 200
    except OSError:
        return False


def _address(database: dict[str, Any]) -> str:
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        f"/{database['NAME']}"
    )
