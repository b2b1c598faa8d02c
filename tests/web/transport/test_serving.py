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
from tukro.web.transport.bodies import MOST_BODIES_OF_ONE
from tukro.web.transport.requests import Handler
from tukro.web.transport.serving import STREAMS, Service

_SEATS = 2
_CONNECTIONS = _SEATS + 1  # the porter's
_AT_ONCE = 3.0  # seconds, on a machine that has much else to do; those who are held up wait for ever
_CROWD = WAITING_THREADS + 50  # more than there are threads


class Site:
    """A web process with two seats, and what the database and the system see of it."""

    def __init__(self, folder: Path, settings: str = "tests.web.transport.site") -> None:
        self.port = free_port()
        self.folder = folder
        self.name = f"tukro-slow-visitors-{self.port}"
        database = connection.settings_dict
        user, host = f"{database['USER']}:{database['PASSWORD']}", f"{database['HOST']}:{database['PORT']}"
        self.database = f"postgresql://{user}@{host}/{database['NAME']}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")} | {
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "TMPDIR": str(folder),
            "TUKRO_DATA": str(folder / "var"),
            "TUKRO_DATABASE_URL": f"{self.database}?application_name={self.name}",
            "TUKRO_PORT": str(self.port),
            "TUKRO_WEB_PROCESSES": "1",
            "TUKRO_WEB_THREADS": str(_SEATS),
        }
        (folder / "var").mkdir()
        with (folder / "log").open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tukro.cli", "web", "--prepared"],
                env=environment,
                stdout=said,
                stderr=said,
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
            found = own.execute("select pid from pg_stat_activity where application_name = %s", [self.name])
            return {pid for (pid,) in found}

    def end_connections(self) -> None:
        with psycopg.connect(self.database, autocommit=True) as own:
            own.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s",
                [self.name],
            )

    def said(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def worker(self) -> Path:
        """What the system says of the process that serves."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return Path(f"/proc/{children.split()[-1]}")

    def bodies_kept(self) -> int:
        """Temporary files that the process holds: they have no name, but their folder."""
        places = []
        for handle in (self.worker / "fd").iterdir():
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
    yield from _running(Site(tmp_path_factory.mktemp("site")))


@pytest.fixture(scope="module")
def hasty(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One where bodies may be late by a second, of what comes at 10 KB a second."""
    yield from _running(Site(tmp_path_factory.mktemp("hasty"), "tests.web.transport.hasty"))


def _running(site: Site) -> Iterator[Site]:
    try:
        assert wait_until(site.answers, seconds=60, pause=0.1), site.said()
        yield site
    finally:
        site.process.terminate()
        site.process.wait(10)


def test_bodies_on_their_way_hold_up_nobody(site: Site) -> None:
    with ExitStack() as visitors:
        for number in range(40):
            length = 5000 if number % 2 else 2_000_000  # kept in memory, and in a file
            head = f"POST /test/told HTTP/1.1\r\nContent-Length: {length}"
            visitors.enter_context(site.begun(head, b"photo=b"))
        assert site.get("/healthz")[0] in (200, 503)  # no jobs process runs here
        assert site.get("/how-it-works")[0] == 200
        assert site.post("/test/told", b"a=1", "application/x-www-form-urlencoded")[0] == 200
        assert len(site.connections()) <= _CONNECTIONS
        assert wait_until(lambda: site.bodies_kept() == 20, seconds=5)
    assert wait_until(lambda: site.bodies_kept() == 0, seconds=5)  # they hung up


def test_threads_that_serve_push_nobody_off_the_processor(site: Site) -> None:
    assert site.get("/how-it-works")[0] == 200
    policies = {os.sched_getscheduler(int(thread.name)) for thread in (site.worker / "task").iterdir()}
    assert policies == {os.SCHED_BATCH}


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


@pytest.mark.parametrize("path", ["/test/told", "/nowhere", "/hooks/stripe", "/account/login/", "/healthz"])
@pytest.mark.parametrize("language", ["en", "bn"])
def test_who_sends_too_much_is_told_in_their_language(site: Site, path: str, language: str) -> None:
    said = f"Content-Length: 2621441\r\nAccept-Language: {language}"
    with site.begun(f"POST {path} HTTP/1.1\r\n{said}") as visitor:
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert answer.status == 413
        assert f'<html lang="{language}"' in answer.read().decode()
    with site.begun(f"POST {path}?format=json HTTP/1.1\r\n{said}") as visitor:
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert answer.status == 413
        assert json.loads(answer.read())["error"] == "too_large"


def test_on_the_wire_too_much_is_refused_in_its_own_form(site: Site) -> None:
    target = "X-Amz-Target: MTurkRequesterServiceV20170117.GetAccountBalance"
    for length in ("Content-Length: 2621441", "Transfer-Encoding: chunked"):
        with site.begun(f"POST /mturk HTTP/1.1\r\n{target}\r\n{length}") as visitor:
            answer = http.client.HTTPResponse(visitor)
            answer.begin()
            assert answer.status == 413
            assert json.loads(answer.read())["__type"] == "SerializationException"


@pytest.mark.parametrize(
    "path", ["/uploads/F1", "/projects/G1/tasks/T1/submit", "/requester/projects/P1/file"]
)
def test_a_large_body_is_received_of_nobody_who_is_not_signed_in(site: Site, path: str) -> None:
    """Where files are taken, too; the sender is shown where to sign in."""
    kept = site.bodies_kept()
    head = f"POST {path}?format=json HTTP/1.1\r\nCookie: sessionid=forged\r\nContent-Length: 3000000"
    with site.begun(head, b"x" * 100_000) as visitor:
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["error"]) == (401, "sign_in_required")
        assert site.bodies_kept() == kept


def test_a_body_without_a_length_is_refused(site: Site) -> None:
    """One that broke off would look as if it were whole."""
    for also in ("", "\r\nContent-Length: 5"):
        head = f"POST /test/told?format=json HTTP/1.1\r\nTransfer-Encoding: chunked{also}"
        with site.begun(head, b"5\r\na=1&b\r\n0\r\n\r\n") as visitor:
            answer = http.client.HTTPResponse(visitor)
            answer.begin()
            assert answer.status in ((411,) if not also else (400, 411))


def test_a_body_that_trickles_is_refused_and_its_connection_closed(hasty: Site) -> None:
    with ExitStack() as visitors:
        lengths = (5000, 900_000, 2_000_000)
        heads = [f"POST /test/told HTTP/1.1\r\nContent-Length: {length}" for length in lengths]
        silent = [visitors.enter_context(hasty.begun(head, b"a=b")) for head in heads]
        slow = [visitors.enter_context(hasty.begun(head, b"a=" + b"b" * 40_000)) for head in heads[1:]]
        idle = hasty.open(timeout=10)
        idle.request("GET", "/test/backend")
        idle.getresponse().read()
        ended: set[int] = set()

        def trickled() -> bool:
            for no, visitor in enumerate([*silent, *slow]):
                if no not in ended:
                    try:
                        visitor.send(b"c")
                    except OSError:
                        ended.add(no)
            return len(ended) == 5

        assert wait_until(lambda: trickled(), seconds=60, pause=0.2)
        idle.request("GET", "/test/backend")
        assert idle.getresponse().status == 200  # whose connection it was not
        idle.close()
    assert wait_until(lambda: hasty.bodies_kept() == 0, seconds=5)


def test_who_is_late_is_told(hasty: Site) -> None:
    with hasty.begun("POST /test/told HTTP/1.1\r\nContent-Length: 50", b"a=b") as visitor:
        visitor.settimeout(20)
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert (answer.status, answer.headers["Connection"]) == (408, "close")
        assert visitor.recv(10) == b""


def test_a_body_that_is_slow_and_not_too_slow_arrives(hasty: Site) -> None:
    with hasty.begun("POST /test/told HTTP/1.1\r\nContent-Length: 60000", b"a=") as visitor:
        for _ in range(10):
            time.sleep(0.3)
            visitor.sendall(b"b" * 5999)
        visitor.sendall(b"b" * 8)
        assert visitor.recv(12) == b"HTTP/1.1 200"


def test_one_network_holds_not_all_places(site: Site) -> None:
    with ExitStack() as visitors:
        for _ in range(MOST_BODIES_OF_ONE + 5):  # some of the last are turned away
            visitors.enter_context(site.begun("POST /test/told HTTP/1.1\r\nContent-Length: 5000", b"a=b"))
        assert wait_until(
            lambda: site.post("/test/told", b"a=1", "application/x-www-form-urlencoded")[0] == 429, seconds=5
        )
        assert site.get("/test/backend")[0] == 200
    assert wait_until(
        lambda: site.post("/test/told", b"a=1", "application/x-www-form-urlencoded")[0] == 200, seconds=5
    )


def test_who_asks_for_health_waits_for_no_seat(site: Site) -> None:
    with ExitStack() as visitors:
        slow = []
        for _ in range(_SEATS):
            slow.append(visitors.enter_context(site.begun("GET /test/nap?seconds=4 HTTP/1.1")))
            time.sleep(0.1)
        crowd = [visitors.enter_context(site.begun("GET /test/backend HTTP/1.1")) for _ in range(_CROWD)]
        for _ in range(3):
            began = time.monotonic()
            status, body = site.get("/healthz")
            assert time.monotonic() - began < 1
            assert (status, json.loads(body)) == (503, {"web": "up", "database": "up", "jobs": "down"})
        for visitor in (slow[-1], crowd[-1]):
            visitor.setblocking(False)
            with pytest.raises(BlockingIOError):  # who asks for a page does wait
                visitor.recv(1)
        for visitor in (*slow, crowd[-1]):
            visitor.settimeout(10)
            assert visitor.recv(12) == b"HTTP/1.1 200"  # the seats are free for the next test


@pytest.mark.parametrize("said", ["Content-Length: -5", "Content-Length: five"])
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
        assert len(site.connections()) <= _CONNECTIONS + STREAMS
    assert wait_until(lambda: len(site.connections()) <= _CONNECTIONS, seconds=5)
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
    assert len(site.connections()) <= _CONNECTIONS


def test_pages_that_are_broken_give_their_seats_back(site: Site) -> None:
    for _ in range(_SEATS + 1):
        assert site.get("/test/broken")[0] == 500
        assert site.get("/test/rows?count=3&faulty=1")[0] == 500
    assert "AttributeError" not in site.said()  # of a connection that was already given up
    assert site.get("/test/backend")[0] == 200
    assert len(site.connections()) <= _CONNECTIONS


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
