"""How often a key may call, over all processes; and that nobody sends another's act once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.db import connection
from django.test import override_settings

from tests import cast
from tests.api.conftest import Plant, Wire
from tests.api.signing import Call, send
from tukro.api.mturk.errors import WireError
from tukro.api.mturk.throttle import SPAN_SECONDS, Throttle
from tukro.people.actions.keys import NewKey, make_access_key
from tukro.people.actions.wire import REPEATS_WITHIN, Act, note_call
from tukro.people.jobs import purge_wire_calls

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def admitted(throttle: Throttle, key_id: str, now: datetime, calls: int) -> int:
    """How many of these calls a process lets in; each looks its key up as the door does."""
    let_in = 0
    for _ in range(calls):
        try:
            use = throttle.admit(key_id, now)
        except WireError:
            continue
        let_in += 1
        call = note_call(key_id=key_id, act=None, use=use, now=now)
        if call is not None and call.elsewhere is not None:
            throttle.learn(key_id, call.elsewhere)
    return let_in


@pytest.fixture
def key(db: None) -> NewKey:
    return make_access_key(requester=cast.karim(), now=NOW)


@override_settings(WIRE_RATE=2)
def test_a_key_has_its_rate_over_ten_seconds_and_then_again(key: NewKey) -> None:
    throttle = Throttle()
    assert admitted(throttle, key.key_id, NOW, 50) == 20
    assert admitted(throttle, key.key_id, NOW + timedelta(seconds=SPAN_SECONDS - 1), 5) == 0
    assert admitted(throttle, key.key_id, NOW + timedelta(seconds=SPAN_SECONDS), 50) == 20


@override_settings(WIRE_RATE=2)
def test_one_keys_calls_do_not_count_for_another(key: NewKey) -> None:
    throttle = Throttle()
    admitted(throttle, key.key_id, NOW, 20)
    assert admitted(throttle, "AKIAQQQQQQQQQQQQQQQQ", NOW, 1) == 1


@override_settings(WIRE_RATE=2)
def test_processes_keep_one_limit_together(key: NewKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tukro.api.mturk.throttle._TELL_EVERY", 0.0)  # as if half a second lay between calls
    one, other = Throttle(), Throttle()
    assert admitted(one, key.key_id, NOW, 15) == 15
    assert admitted(other, key.key_id, NOW, 50) == 5  # it learns of the fifteen with its first call
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_wire_use where key_id = %s", [key.key_id])
        assert cursor.fetchone() == (2,)  # a row for each process, none that they share


def test_boto3_waits_and_tries_again_when_it_is_throttled(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    with override_settings(WIRE_RATE=0):
        answer = wire.call(key, "GetAccountBalance")
        assert (answer.status, answer.members) == (
            400,
            {"__type": "ThrottlingException", "message": "Rate exceeded"},
        )
        with pytest.raises(ClientError) as caught:
            wire.client_with(key, retries={"total_max_attempts": 2, "mode": "standard"}).get_account_balance()
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 1


# --- replays ---


def first(key: NewKey, signature: bytes, attempt: bytes, seconds: float) -> bool:
    """Whether this call, so many seconds later, is taken."""
    now = NOW + timedelta(seconds=seconds)
    call = note_call(key_id=key.key_id, act=Act(signature, attempt), use=None, now=now)
    assert call is not None
    return not call.repeated


def test_equal_calls_of_one_second_are_all_taken(key: NewKey) -> None:
    """Ten equal HITs made in a loop carry one signature; only the SDK's number of the call differs."""
    assert all(first(key, b"s" * 32, b"call %d" % no, no / 10) for no in range(10))
    assert all(first(key, b"t" * 32, b"", no / 10) for no in range(10))


def test_the_very_same_bytes_are_taken_once(key: NewKey) -> None:
    assert first(key, b"s" * 32, b"call 1", 0)
    assert not first(key, b"s" * 32, b"call 1", 0.1)
    assert first(key, b"s" * 32, b"call 1 attempt 2", 0.2)  # the SDK's own second try of the same second


def test_a_signature_that_comes_back_later_is_refused_whatever_is_changed_beside_it(key: NewKey) -> None:
    late = REPEATS_WITHIN.total_seconds() + 1
    assert first(key, b"s" * 32, b"", 0)
    assert not first(key, b"s" * 32, b"", late)
    assert not first(key, b"s" * 32, b"another number", late)
    assert first(key, b"u" * 32, b"another number", late)


def test_signatures_are_forgotten_when_they_are_too_old_to_be_good(key: NewKey) -> None:
    first(key, b"s" * 32, b"", 0)
    assert purge_wire_calls(NOW + timedelta(minutes=14)) == 0
    assert not first(key, b"s" * 32, b"", 14 * 60)
    assert purge_wire_calls(NOW + timedelta(minutes=16)) == 1


def test_an_act_sent_again_byte_by_byte_is_refused_and_a_read_is_not(wire: Wire, plant: Plant) -> None:
    plant("UpdateHITReviewStatus", lambda _: {})
    key = wire.key_of(cast.karim())
    number = {"amz-sdk-invocation-id": "8f1e0c3e-9f3c-4b62-8f35-2b1a7c0c0001", "amz-sdk-request": "attempt=1"}
    moment = datetime.now(UTC)
    act = Call(*key, "UpdateHITReviewStatus", b'{"HITId":"3AAAAAAA"}', moment=moment, headers=number)
    assert send(wire.url, act).status == 200
    again = send(wire.url, act)
    assert (again.kind, again.members["message"]) == (
        "InvalidSignatureException",
        "This signature was used before. Sign each request anew.",
    )
    read = Call(*key, moment=moment, headers=number)
    assert [send(wire.url, read).status for _ in range(2)] == [200, 200]


def test_one_process_serves_many_clients_at_once_with_botocore(wire: Wire) -> None:
    """Keep-alive connections of one client stay usable after errors."""
    client = wire.client_of(cast.karim())
    assert isinstance(client.meta.config, Config)
    for _ in range(3):
        with pytest.raises(ClientError):
            client.get_hit(HITId="bad id")
        assert client.get_account_balance()["AvailableBalance"] == "1000.00"
