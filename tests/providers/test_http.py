"""What may have happened at a provider, told by how a call ended: a real server behind a breaking proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ports import free_port
from tests.providers.played.proxy import Fault, Proxy, between
from tests.providers.played.server import Call, Contract, Reply, serving
from tukro.outside import http
from tukro.outside.http import Answered, Door, NotSent, Refused, Unknown


class Till(Contract):
    """Counts what it is asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.done = 0

    def answer(self, call: Call) -> Reply:
        if call.method == "POST":
            self.done += 1
        return Reply(200, {"done": self.done})


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def url(till: Till) -> Iterator[str]:
    with serving(till) as address:
        yield address


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with between(url) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    http._client.cache_clear()
    yield
    http._client.cache_clear()


def test_a_call_carries_its_key_its_credentials_and_its_body(till: Till, url: str) -> None:
    door = Door(url, headers={"Authorization": "Bearer x"}, key_header="PayPal-Request-Id")
    outcome = door.ask("POST", "/orders", key="k1", query={"a": "1"}, json={"total": "5.00"})
    assert isinstance(outcome, Answered)
    assert outcome.json == {"done": 1}
    [call] = till.calls
    assert (call.method, call.path, call.query, call.json) == (
        "POST",
        "/orders",
        {"a": "1"},
        {"total": "5.00"},
    )
    assert (call.headers["paypal-request-id"], call.headers["authorization"]) == ("k1", "Bearer x")


def test_a_form_and_a_password_are_sent_as_such(till: Till, url: str) -> None:
    Door(url, basic=("sk_test", "")).ask("POST", "/v1/x", form={"a": "b c", "n[0]": "টাকা"})
    [call] = till.calls
    assert call.form == {"a": "b c", "n[0]": "টাকা"}
    assert call.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (201, Answered),
        (400, Refused),
        (404, Refused),
        (422, Refused),
        (429, NotSent),
        (302, Unknown),
        (408, Unknown),
        (409, Unknown),
        (500, Unknown),
        (503, Unknown),
    ],
)
def test_the_status_tells_what_happened(till: Till, url: str, status: int, kind: type) -> None:
    till.next = [Reply(status, {"message": "x"}, {"Location": "/elsewhere"})]
    assert type(Door(url).ask("POST", "/pay")) is kind
    assert len(till.calls) == 1  # no redirect is followed, nothing is tried again


def test_where_nobody_listens_nothing_was_sent() -> None:
    assert Door(f"http://127.0.0.1:{free_port()}").ask("POST", "/pay") == NotSent("ConnectError")


@pytest.mark.parametrize(
    ("fault", "kind", "done"),
    [
        (Fault.PASS, Answered, 1),
        (Fault.CUT_BEFORE, Unknown, 0),
        (Fault.CUT_AFTER, Unknown, 1),
        (Fault.CUT_INSIDE, Unknown, 1),
        (Fault.SLOW, Unknown, 1),
        (Fault.TWICE, Answered, 2),
        (Fault.BAD_GATEWAY, Unknown, 0),
        (Fault.BAD_GATEWAY_AFTER, Unknown, 1),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_whatever_breaks_is_not_mistaken(
    till: Till, proxy: Proxy, fault: Fault, kind: type, done: int
) -> None:
    proxy.faults = [fault]
    assert type(Door(proxy.url).ask("POST", "/pay", key="k")) is kind
    assert till.done == done


def test_an_endless_answer_is_given_up(till: Till, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 1000)
    till.next = [Reply(200, b"x" * 5000)]
    assert Door(url).ask("GET", "/report") == Unknown("TooLong", 200)


def test_what_is_no_json_reads_as_nothing(till: Till, url: str) -> None:
    till.next = [Reply(200, b"<html>")]
    outcome = Door(url).ask("GET", "/x")
    assert isinstance(outcome, Answered)
    assert outcome.json is None


def test_the_proxies_of_the_environment_are_not_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    http._client.cache_clear()
    assert isinstance(Door(url).ask("GET", "/x"), Answered)
