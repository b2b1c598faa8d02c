"""Slow visitors hold up nobody. A real server with two seats, over TCP."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast
from urllib.parse import quote

import psycopg
import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker

from tests.ports import free_port
from tests.web.transport.pages import ROW
from tukro.runtime.place import ROOT
from tukro.runtime.processes import wait_until
from tukro.runtime.web import WAITING_THREADS
from tukro.web.transport.requests import Handler
from tukro.web.transport.serving import STREAMS, Service

_SEATS = 2
_AT_ONCE = 3.0  # seconds, on a machine that has much else to do; those who are held up wait for ever
_CROWD = WAITING_THREADS + 50  # more than there are threads
_NAME = "tukro-slow-visitors"


class Site:
    """A web process with two seats, and what the database and the system see of it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        database = connection.settings_dict
        user, host = f"{database['USER']}:{database['PASSWORD']}", f"{database['HOST']}:{database['PORT']}"
        self.database = f"postgresql://{user}@{host}/{database['NAME']}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")} | {
            "DJANGO_SETTINGS_MODULE": "tests.web.transport.site",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "TMPDIR": str(folder),
            "TUKRO_DATA": str(folder / "var"),
            "TUKRO_DATABASE_URL": f"{self.database}?application_name={_NAME}",
            "TUKRO_PORT": str(self.port),
            "TUKRO_WEB_PROCESSES": "1",
            "TUKRO_WEB_THREADS": str(_SEATS),
        }
        (folder / "var").mkdir()
        with (folder / "log").open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tukro.cli", "web"], env=environment, stdout=said, stderr=said
            )

    def open(self, *, timeout: float = _AT_ONCE) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path)

    def post(self, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        return self.ask("POST", path, body=body, headers={"Content-Type": content_type})

    def ask(self, method: str, path: str, **given: Any) -> tuple[int, bytes]:
        asked = self.open()
        try:
            asked.request(method, path, **given)
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    @contextmanager
    def begun(self, head: str, body: bytes = b"") -> Iterator[socket.socket]:
        """A visitor who sends no more than this, and reads nothing."""
        with socket.socket() as visitor:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            visitor.settimeout(_AT_ONCE)
            visitor.connect(("127.0.0.1", self.port))
            visitor.sendall(f"{head}\r\nHost: 127.0.0.1\r\n\r\n".encode() + body)
            yield visitor

    @contextmanager
    def at_work(self, seconds: float) -> Iterator[None]:
        """A page that takes so long, and longer than what is done meanwhile."""
        with self.begun(f"GET /test/nap?seconds={seconds} HTTP/1.1") as slow:
            yield
            slow.setblocking(False)
            with pytest.raises(BlockingIOError):
                slow.recv(1)
            slow.settimeout(_AT_ONCE)
            assert slow.recv(12) == b"HTTP/1.1 200"  # the seat is free for the next test

    def connections(self) -> set[int]:
        with psycopg.connect(self.database, autocommit=True) as own:
            found = own.execute("select pid from pg_stat_activity where application_name = %s", [_NAME])
            return {pid for (pid,) in found}

    def end_connections(self) -> None:
        with psycopg.connect(self.database, autocommit=True) as own:
            own.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", [_NAME]
            )

    def bodies_kept(self) -> int:
        """Temporary files that the process holds: they have no name, but their folder."""
        (worker,) = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[-1:]
        )
        places = []
        for handle in Path(f"/proc/{worker}/fd").iterdir():
            try:
                places.append(str(handle.readlink()))
            except OSError:
                continue
        return sum(place.startswith(str(self.folder)) and place.endswith("(deleted)") for place in places)

    def answers(self) -> bool:
        try:
            return self.get("/test/backend")[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        assert wait_until(site.answers, seconds=60, pause=0.1), (site.folder / "log").read_text()
        yield site
    finally:
        site.process.terminate()
        site.process.wait(10)


def test_bodies_on_their_way_hold_up_nobody(site: Site) -> None:
    with ExitStack() as visitors:
        for number in range(40):
            length = 5000 if number % 2 else 4_000_000  # kept in memory, and in a file
            head = f"POST /test/told HTTP/1.1\r\nContent-Length: {length}"
            visitors.enter_context(site.begun(head, b"photo=b"))
        assert site.get("/healthz")[0] in (200, 503)  # no jobs process runs here
        assert site.get("/how-it-works")[0] == 200
        assert site.post("/test/told", b"a=1", "application/x-www-form-urlencoded")[0] == 200
        assert len(site.connections()) <= _SEATS
        assert wait_until(lambda: site.bodies_kept() == 20, seconds=5)
    assert wait_until(lambda: site.bodies_kept() == 0, seconds=5)  # they hung up


def test_a_slow_page_holds_up_no_crowd(site: Site) -> None:
    with site.at_work(2.5), ExitStack() as visitors:
        crowd = [visitors.enter_context(site.begun("GET /test/backend HTTP/1.1")) for _ in range(_CROWD)]
        for visitor in crowd:
            assert visitor.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("milliseconds", [5, 12, 16, 19, 25])
def test_a_body_that_comes_late_finds_the_other_seat(site: Site, milliseconds: int) -> None:
    with site.at_work(1.5):
        time.sleep(0.1)
        with site.begun("POST /test/told HTTP/1.1\r\nContent-Length: 6", b"a=b") as visitor:
            time.sleep(milliseconds / 1000)
            visitor.sendall(b"ody")
            assert visitor.recv(12) == b"HTTP/1.1 200"


def test_after_a_crowd_bodies_on_their_way_hold_up_nobody(site: Site) -> None:
    with ExitStack() as visitors:
        crowd = [visitors.enter_context(site.begun("GET /test/backend HTTP/1.1")) for _ in range(_CROWD)]
        for visitor in crowd:
            assert visitor.recv(12) == b"HTTP/1.1 200"
        for _ in range(20):
            visitors.enter_context(site.begun("POST /test/told HTTP/1.1\r\nContent-Length: 5000", b"a=b"))
        assert site.get("/test/backend")[0] == 200


def test_a_body_in_two_halves_arrives_unharmed(site: Site) -> None:
    photo = os.urandom(1_500_000)
    parts = (
        b'--border\r\nContent-Disposition: form-data; name="note"\r\n\r\n' + "ছবি তোলা হলো".encode() + b"\r\n"
        b'--border\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n' + photo
    )
    head = "POST /test/told HTTP/1.1\r\nConnection: close\r\n"
    for kind, body, expected in (
        (
            "multipart/form-data; boundary=border",
            parts + b"\r\n--border--\r\n",
            {"fields": {"note": "ছবি তোলা হলো"}, "files": {"photo": ["a.png", sha256(photo).hexdigest()]}},
        ),
        (
            "application/x-www-form-urlencoded",
            f"name={quote('রহিমা বেগম')}&city=".encode() + b"x" * 900_000,
            {"fields": {"name": "রহিমা বেগম", "city": "x" * 900_000}, "files": {}},
        ),
    ):
        described = f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}"
        with site.begun(described, body[: len(body) // 2]) as visitor:
            time.sleep(0.1)
            visitor.sendall(body[len(body) // 2 :])
            answer = http.client.HTTPResponse(visitor)
            answer.begin()
            got = answer.read()
            assert answer.status == 200
            assert json.loads(got) == expected


@pytest.mark.parametrize(
    ("kind", "length"),
    [("multipart/form-data; boundary=x", 200_000_000), ("application/x-www-form-urlencoded", 6_000_000)],
)
def test_what_is_too_large_is_refused_unread(site: Site, kind: str, length: int) -> None:
    head = f"POST /test/told HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {length}"
    with site.begun(head) as visitor:
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert answer.status == 413
        assert "too large" in answer.read().decode()


@pytest.mark.parametrize("said", ["Content-Length: -5", "Content-Length: five", "Transfer-Encoding: chunked"])
def test_a_length_that_is_none_holds_up_nobody(site: Site, said: str) -> None:
    with site.begun(f"POST /test/told HTTP/1.1\r\n{said}") as visitor:
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert answer.status in (200, 400)


def test_slow_readers_of_streams_hold_up_nobody(site: Site) -> None:
    with ExitStack() as visitors:
        for _ in range(STREAMS + 2):
            visitors.enter_context(site.begun("GET /test/rows?count=80 HTTP/1.1"))
        for _ in range(3):
            visitors.enter_context(site.begun("GET /test/file?count=80 HTTP/1.1"))
        assert wait_until(lambda: site.bodies_kept() == 2 + 3, seconds=5)  # two streams wait in files
        assert site.get("/how-it-works")[0] == 200
        assert site.get("/test/backend")[0] == 200
        assert len(site.connections()) <= _SEATS + STREAMS
    assert wait_until(lambda: len(site.connections()) <= _SEATS, seconds=5)
    assert wait_until(lambda: site.bodies_kept() == 0, seconds=5)
    assert site.get("/test/rows?count=80") == (200, ROW * 80)
    assert site.get("/test/file?count=80") == (200, ROW * 80)


def test_what_is_short_is_sent_whole(site: Site) -> None:
    for path in ("/test/rows?count=3", "/test/file?count=3", "/static/css/tokens.css"):
        asked = site.open()
        asked.request("GET", path)
        answer = asked.getresponse()
        whole = answer.read()
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(whole)))
        asked.request("HEAD", path)
        assert asked.getresponse().read() == b""
        if changed := answer.headers["Last-Modified"]:
            asked.request("GET", path, headers={"If-Modified-Since": changed})
            assert asked.getresponse().status == 304
        asked.close()
    assert site.get("/test/rows?count=0") == (200, b"")
    assert len(site.connections()) <= _SEATS


def test_pages_that_are_broken_give_their_seats_back(site: Site) -> None:
    for _ in range(_SEATS + 1):
        assert site.get("/test/broken")[0] == 500
        assert site.get("/test/rows?count=3&faulty=1")[0] == 500
    assert "AttributeError" not in (site.folder / "log").read_text()  # of a connection already given up
    assert site.get("/test/backend")[0] == 200
    assert len(site.connections()) <= _SEATS


def test_a_database_that_comes_back_is_found_by_the_next_request(site: Site) -> None:
    for path in (
        "/test/backend",
        "/test/rows?count=3",
        "/test/rows?count=9",
        "/test/file?count=9",
        "/healthz",
    ):
        assert site.get(path)[0] != 500
        site.end_connections()
        assert site.get("/test/backend")[0] == 200


class Asked:
    """One request at a door of the test's own, and its way to who asked."""

    def __init__(self) -> None:
        self.answered = 0

    def response_bytes(self, status: int, _headers: object, _body: bytes, /) -> None:
        self.answered = status

    def response_iter(self, _status: int, _headers: object, _body: object, /) -> None:
        raise AssertionError("nothing long is asked for")


class SlowPages(Handler):
    """Each takes as long as a few questions to a database that is far. Keeps how many were worked on."""

    def __init__(self) -> None:
        self.seconds, self.at_work, self.seen = 0.012, 0, list[int]()

    def answer(self, environ: dict[str, Any]) -> HttpResponse:
        assert not environ, "the test's door asks for nothing in particular"
        self.at_work += 1
        self.seen.append(self.at_work)
        time.sleep(self.seconds)
        self.at_work -= 1
        return HttpResponse()


@pytest.fixture
def service() -> Iterator[Service]:
    yield Service(SlowPages(), seats=3)
    request_finished.connect(close_old_connections)


def test_when_pages_wait_long_for_the_database_all_seats_are_taken(service: Service) -> None:
    door: SimpleQueue[Asked | None] = SimpleQueue()
    everybody = [Asked() for _ in range(400)]

    def bring() -> None:
        while asked := door.get():
            service(asked, {})

    for asked in everybody:
        door.put(asked)
    threads = [Thread(target=bring) for _ in range(8)]
    for _ in threads:
        door.put(None)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {asked.answered for asked in everybody} == {200}
    pages = cast("SlowPages", service._handler)
    assert max(pages.seen) == 3
    assert sum(one > 1 for one in pages.seen) > 200, pages.seen
