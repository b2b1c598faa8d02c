"""What stands in the place of a body that has been received, or has not."""

from __future__ import annotations

import tempfile
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.test import Client, override_settings
from django.urls import get_resolver

from tests import cast
from tests.web.joining import signed_in
from tukro.campaigns.actions import reviewing
from tukro.campaigns.rules.tables import MAX_FILE_BYTES
from tukro.web.doors.resumable import MAX_PIECE_BYTES
from tukro.web.entry.senders import do_take_files
from tukro.web.staff.law import sanctions
from tukro.web.transport import bodies
from tukro.web.transport.addresses import _walk
from tukro.web.transport.bodies import (
    BYTES_A_SECOND,
    LATENESS,
    MOST_BODIES,
    MOST_BODIES_OF_ONE,
    MOST_BYTES,
    MOST_BYTES_OF_FORM,
    MOST_BYTES_OF_PIECE,
    REFUSAL,
    Arrivals,
    BodyLost,
    Refusal,
    TooManyBodies,
)
from tukro.web.transport.lines import Headers, Pieces
from tukro.web.transport.requests import Handler
from tukro.web.uploads import MAX_RECORDING_BYTES

Environ = dict[str, Any]


class Asked:
    """Who sends a body, and what is answered."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def response_bytes(self, status: int, _headers: Headers, _body: bytes, /) -> None:
        self.told.append(status)

    def response_iter(self, _status: int, _headers: Headers, _body: Pieces, /) -> None:
        raise AssertionError("nothing long is asked for")


def receive(environ: Environ) -> Any:
    """As of somebody who may send large ones."""
    return Arrivals(lambda _environ: None).receive(Asked(), environ)


@pytest.mark.parametrize(("length", "in_a_file"), [(1, False), (1024 * 1024, False), (1024 * 1024 + 1, True)])
def test_a_body_is_received_whole_and_no_further(length: int, *, in_a_file: bool) -> None:
    sent = bytes(range(256)) * (length // 256 + 1)
    environ = _environ(sent + b"the next request", length)
    kept = receive(environ)
    assert environ["wsgi.input"].read() == sent[:length]
    assert (kept is not None) == in_a_file
    if kept is not None:
        kept.close()


@pytest.mark.parametrize("length", [5, 50_000, 2_000_000])
def test_a_body_that_ends_early_is_lost_and_leaves_nothing(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def note() -> Any:
        made.append(tempfile.TemporaryFile())  # noqa: SIM115  # the body closes it
        return made[-1]

    monkeypatch.setattr("tukro.web.transport.bodies.TemporaryFile", note)
    with pytest.raises(BodyLost):
        receive(_environ(b"x" * (length - 1), length))
    assert all(file.closed for file in made)
    assert len(made) == (length > 1_000_000)


@pytest.mark.parametrize("said", [None, "", "0", "-5", "five"])
def test_without_a_length_nothing_is_read(said: str | None) -> None:
    source = BytesIO(b"something")
    environ = {"wsgi.input": source, **({} if said is None else {"CONTENT_LENGTH": said})}
    assert receive(environ) is None
    assert environ["wsgi.input"] is source
    assert source.tell() == 0


@pytest.mark.parametrize(
    ("kind", "most"),
    [("application/json", MOST_BYTES_OF_PIECE), ("multipart/form-data; boundary=x", MOST_BYTES_OF_FORM)],
)
def test_what_is_too_large_is_not_received(kind: str, most: int) -> None:
    """Who looks at its length has words of their own."""
    environ = _environ(b"something", most + 1) | {"CONTENT_TYPE": kind}
    assert receive(environ) is None
    assert _is_unread(environ)
    assert REFUSAL not in environ


@pytest.mark.parametrize("no", [Refusal.TOO_LARGE, Refusal.NOT_SIGNED_IN])
def test_what_may_not_come_is_not_received(no: Refusal) -> None:
    environ = _environ(b"something", MOST_BYTES + 1)
    assert Arrivals(lambda _environ: no).receive(Asked(), environ) is None
    assert _is_unread(environ)
    assert environ[REFUSAL] is no


def test_nobody_asks_who_sends_a_form_of_words() -> None:
    def ask(_environ: Environ) -> None:
        raise AssertionError("that would cost each request a question")

    environ = _environ(b"x" * MOST_BYTES, MOST_BYTES)
    kept = Arrivals(ask).receive(Asked(), environ)
    assert kept is not None
    kept.close()
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MOST_BYTES


def test_a_body_in_chunks_is_not_received() -> None:
    for length in ({}, {"CONTENT_LENGTH": "3"}):
        environ = {"wsgi.input": BytesIO(b"a=b"), "HTTP_TRANSFER_ENCODING": "chunked", **length}
        assert receive(environ) is None
        assert _is_unread(environ)
        assert environ[REFUSAL] is Refusal.NO_LENGTH


def test_every_file_that_views_take_is_received() -> None:
    largest = max(MAX_RECORDING_BYTES, MAX_FILE_BYTES, reviewing.MAX_BYTES, sanctions._MOST_BYTES)
    assert largest + 1024 * 1024 < MOST_BYTES_OF_FORM
    assert MAX_PIECE_BYTES < MOST_BYTES_OF_PIECE


class Slow:
    """Sends one part after the other, each after so many seconds of a clock of its own."""

    def __init__(self, *seconds: float) -> None:
        self.now, self._seconds = 0.0, list(seconds)
        self.arrivals = Arrivals(lambda _environ: None, clock=lambda: self.now)
        self.late: list[bool] = []

    def read(self, size: int) -> bytes:
        self.now += self._seconds.pop(0)
        self.late.append(bool(self.arrivals.late()))
        return b"x" * size

    def send(self, length: int) -> list[bool]:
        kept = self.arrivals.receive(Asked(), {"wsgi.input": self, "CONTENT_LENGTH": str(length)})
        assert kept is None
        assert self.arrivals.late() == []  # it is there
        return self.late


class Watched(Slow):
    """Who keeps watch refuses it while it is read."""

    def read(self, size: int) -> bytes:
        part = super().read(size)
        (arrival,) = self.arrivals.late()
        assert arrival.waited() == LATENESS + 1
        arrival.refuse()
        return part


def test_a_body_may_be_late_by_so_much() -> None:
    assert Slow(LATENESS).send(1) == [False]
    assert Slow(LATENESS + 1).send(1) == [True]


def test_what_is_large_has_time_but_not_for_one_part() -> None:
    part, usual = bodies._AT_ONCE, bodies._AT_ONCE / BYTES_A_SECOND
    assert Slow(*[usual] * 10).send(10 * part) == [False] * 10
    assert Slow(usual, usual, usual + LATENESS + 1).send(3 * part) == [False, False, True]
    quick_at_first = Slow(0, 0, 0, LATENESS + 3 * usual, 1)  # it drove into a tunnel
    assert quick_at_first.send(5 * part) == [False] * 5


def test_who_is_late_is_refused() -> None:
    asked = Asked()
    slow = Watched(LATENESS + 1)
    slow.arrivals.receive(asked, {"wsgi.input": slow, "CONTENT_LENGTH": "5"})
    assert asked.told == [408]


def sending_at_once(count: int, address: str, **more: str) -> list[int]:
    """So many bodies while each other is on its way; returns how many were there when one was too many."""
    arrivals = Arrivals(lambda _environ: None)
    full: list[int] = []

    class Endless:
        def __init__(self, no: int) -> None:
            self.no = no

        def read(self, _size: int) -> bytes:
            if self.no < count and not full:
                environ = {"wsgi.input": Endless(self.no + 1), "REMOTE_ADDR": address.format(self.no)}
                try:
                    arrivals.receive(Asked(), environ | more | {"CONTENT_LENGTH": "5"})
                except TooManyBodies:
                    full.append(self.no)
            return b"x" * 5

    first = {"wsgi.input": Endless(1), "CONTENT_LENGTH": "5", "REMOTE_ADDR": address.format(0)}
    arrivals.receive(Asked(), first | more)
    return full


def test_one_network_may_have_so_many_on_their_way_and_all_together_more() -> None:
    assert sending_at_once(200, "10.0.0.{}") == [MOST_BODIES]
    assert sending_at_once(200, "2001:db8:0:{}::1") == [MOST_BODIES]
    assert sending_at_once(200, "10.0.0.1") == [MOST_BODIES_OF_ONE]
    assert sending_at_once(200, "2001:db8::{}") == [MOST_BODIES_OF_ONE]


def test_behind_proxies_the_last_that_is_ours_says_whose_network_it_is() -> None:
    forged = {"HTTP_X_FORWARDED_FOR": "10.9.9.9, 10.0.0.1, 10.0.1.1"}
    for proxies, expected in ((0, MOST_BODIES), (2, MOST_BODIES_OF_ONE), (4, MOST_BODIES)):
        with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
            assert sending_at_once(200, "10.1.1.{}", **forged) == [expected]


@pytest.mark.django_db
def test_a_large_body_is_received_where_files_are_taken_of_who_is_signed_in() -> None:
    handler, cookie = Handler(), _cookie(signed_in(cast.rahima().user))
    for path in ("/uploads/F1", "/projects/G1/tasks/T1/submit", "/requester/projects/P1/file"):
        assert handler.refusal(_sent_to(path, cookie)) is None
        assert handler.refusal(_sent_to(path, "")) is Refusal.NOT_SIGNED_IN
        assert handler.refusal(_sent_to(path, "sessionid=forged")) is Refusal.NOT_SIGNED_IN
    for path in ("/", "/nowhere", "/account/login/", "/projects/G1/tasks/T1/draft"):
        assert handler.refusal(_sent_to(path, cookie)) is Refusal.TOO_LARGE


@pytest.mark.django_db
def test_who_was_shut_out_sends_no_large_body() -> None:
    rahima = cast.rahima().user
    cookie = _cookie(signed_in(rahima))
    rahima.is_active = False
    rahima.save(update_fields=["is_active"])
    assert Handler().refusal(_sent_to("/uploads/F1", cookie)) is Refusal.NOT_SIGNED_IN


def test_every_page_with_a_form_for_files_takes_them() -> None:
    """Where templates post files to, but for the record that anybody may check: it is small."""
    marked = {end.name for _levels, end in _walk(get_resolver()) if do_take_files(end.callback)}
    assert marked == {
        "upload",  # a piece of a proof file
        "submit",
        "appeal",
        "identity",
        "upload_file",
        "results_upload",
        "sanctions_import",
        "reconciling",
        "bank",
    }


def _environ(body: bytes, length: int) -> Environ:
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)}


def _is_unread(environ: Environ) -> bool:
    for read in (environ["wsgi.input"].read, environ["wsgi.input"].readline):
        with pytest.raises(RequestDataTooBig):
            read(10)
    return True


def _cookie(client: Client) -> str:
    return f"sessionid={client.cookies['sessionid'].value}"


def _sent_to(path: str, cookie: str) -> Environ:
    said = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "HTTP_COOKIE": cookie}
    return said | _environ(b"", MOST_BYTES + 1)
