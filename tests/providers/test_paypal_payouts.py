"""Payouts by PayPal: its documented answers, its silence, and its web hooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.make import NOW
from tests.providers.paying import SHIRIN, approved, ask, balance, earner, go_on, send
from tests.providers.played.paypal_payouts import CLIENT, HOOK, PAYOUTS, SECRET, PayPal
from tests.providers.played.paypal_signing import signer, trusted
from tests.providers.played.proxy import Fault, between
from tests.providers.played.server import Reply, serving
from tukro.journal.queries import history
from tukro.money.actions.paying_out.payouts import PayoutNotMovable
from tukro.money.actions.paying_out.sending import decide_unknown
from tukro.money.models import Payout, PayoutSignal
from tukro.money.providers.payouts import HookForged
from tukro.money.providers.paypal_payouts import PayPalPayouts
from tukro.money.providers.sending import take_hints
from tukro.outside import http

pytestmark = pytest.mark.django_db
RAHIMA = {"email": "rahima@example.org"}


@pytest.fixture
def paypal(settings: Settings, tmp_path: Path) -> Iterator[PayPal]:
    made = PayPal()
    with serving(made) as url:
        settings.PAYPAL_URL = made.url = url
        settings.PAYPAL_ROOTS = trusted(made.signer, tmp_path)
        settings.PAYPAL_CLIENT, settings.PAYPAL_SECRET, settings.PAYPAL_PAYOUT_HOOK = CLIENT, SECRET, HOOK
        yield made


@pytest.fixture
def payout() -> Payout:
    return approved(earner(), "paypal", RAHIMA)


def test_a_payout_is_sent_and_arrives(paypal: PayPal, payout: Payout) -> None:
    assert send(payout) == "sent"
    [call] = paypal.asked("POST", PAYOUTS)
    assert call.json == {
        "sender_batch_header": {"sender_batch_id": payout.public_id},
        "items": [
            {
                "recipient_type": "EMAIL",
                "receiver": "rahima@example.org",
                "amount": {"value": "10.00", "currency": "USD"},
                "sender_item_id": payout.public_id,
            }
        ],
    }
    assert call.headers["paypal-request-id"] == payout.public_id
    assert ask(payout, minutes=2) == "sent"
    paypal.say("SUCCESS")
    assert ask(payout, minutes=10) == "settled"
    assert payout.reference == "TXB1"
    assert [event.name for event in history(payout.public_id)] == [
        "PayoutRequested",
        "PayoutApproved",
        "PayoutSending",
        "PayoutSent",
        "PayoutSettled",
    ]
    assert send(payout, minutes=20) == "settled"
    assert paypal.paid == {payout.public_id: 1}


@pytest.mark.parametrize(
    ("status", "state", "available"),
    [
        ("PENDING", "sent", "15.00"),
        ("UNCLAIMED", "sent", "15.00"),
        ("ONHOLD", "sent", "15.00"),
        ("SUCCESS", "settled", "15.00"),
        ("FAILED", "failed", "25.00"),
        ("RETURNED", "failed", "25.00"),
        ("BLOCKED", "failed", "25.00"),
        ("REFUNDED", "failed", "25.00"),
        ("REVERSED", "failed", "25.00"),
        ("NEW_WORD", "sent", "15.00"),
    ],
)
def test_each_status_of_an_item_has_its_state(
    paypal: PayPal, payout: Payout, status: str, state: str, available: str
) -> None:
    send(payout)
    paypal.say(status)
    assert ask(payout, minutes=2) == state
    assert balance(payout.worker)[0] == available


def test_money_that_comes_back_after_it_arrived_is_the_workers_again_once(
    paypal: PayPal, payout: Payout
) -> None:
    paypal.say("SUCCESS")
    send(payout)
    assert ask(payout, minutes=2) == "settled"
    paypal.say("REVERSED")
    assert ask(payout, minutes=30 * 60) == "returned"
    assert ask(payout, minutes=60 * 60) == "returned"
    assert balance(payout.worker) == ("25.00", "0.00", "0.00")


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.SLOW])
@pytest.mark.parametrize("call", [0, 1])
def test_whatever_breaks_it_is_paid_once(
    paypal: PayPal, payout: Payout, settings: Settings, fault: Fault, call: int
) -> None:
    """The first or the second call of the sending breaks, in every way; in the end one payment arrives."""
    paypal.say("SUCCESS")
    with between(settings.PAYPAL_URL) as proxy:
        settings.PAYPAL_URL = proxy.url
        proxy.faults = [Fault.PASS] * call + [fault]
        first = send(payout)
        assert first in (("sent", "approved") if call == 0 else ("sent", "unknown"))
        assert go_on(payout) == "settled"
    assert paypal.paid == {payout.public_id: 1}
    assert balance(payout.worker) == ("15.00", "0.00", "0.00")


@pytest.mark.parametrize(
    "reply",
    [Reply(429), Reply(403, {"name": "NOT_AUTHORIZED"}), Reply(400, {"name": "RECEIVER_UNREGISTERED"})],
)
def test_what_paypal_declines_to_take_twice_may_have_been_paid_once(
    paypal: PayPal, payout: Payout, settings: Settings, reply: Reply
) -> None:
    straight = settings.PAYPAL_URL
    with between(straight) as proxy:
        settings.PAYPAL_URL = proxy.url
        proxy.faults = [Fault.PASS, Fault.CUT_AFTER]
        assert send(payout) == "unknown"
    settings.PAYPAL_URL = straight
    paypal.next = [Reply(200, {"access_token": "T1", "expires_in": 9}), reply] * 10
    assert go_on(payout) == "unknown"
    assert balance(payout.worker) == ("15.00", "10.00", "0.00")
    paypal.next = []
    paypal.say("SUCCESS")
    assert ask(payout, minutes=24 * 60) == "sent"
    assert ask(payout, minutes=25 * 60) == "settled"
    assert paypal.paid == {payout.public_id: 1}


def test_a_provider_that_is_silent_too_long_is_asked_and_not_paid_again(
    paypal: PayPal, payout: Payout, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    http._client.cache_clear()
    with between(settings.PAYPAL_URL) as proxy:
        settings.PAYPAL_URL = proxy.url
        proxy.faults = [Fault.PASS, Fault.SLOW]
        assert send(payout) == "unknown"
        assert balance(payout.worker) == ("15.00", "10.00", "0.00")
        assert ask(payout, minutes=2) == "sent"
    http._client.cache_clear()
    assert paypal.paid == {payout.public_id: 1}


def test_what_paypal_has_forgotten_people_must_look_up(paypal: PayPal, payout: Payout) -> None:
    paypal.next = [Reply(200, {"access_token": "T1", "expires_in": 9}), Reply(500)]
    assert send(payout) == "unknown"
    for days in (30, 31, 60):
        assert ask(payout, minutes=days * 24 * 60) == "unknown"
    assert paypal.paid == {}
    assert "by hand" in payout.said


def test_what_staff_saw_of_one_sending_says_nothing_of_the_next(paypal: PayPal, payout: Payout) -> None:
    decide = partial(decide_unknown, by=SHIRIN, payout_id=payout.public_id, reason="their page", now=NOW)
    for attempt in (1, 2):
        paypal.next = [Reply(200, {"access_token": "T1", "expires_in": 9}), Reply(500)]
        assert send(payout, minutes=attempt) == "unknown"
        if attempt == 2:
            with pytest.raises(PayoutNotMovable):  # it was seen before the second one went out
                decide(decision="again", attempt=1)
        assert decide(decision="again", attempt=attempt).state == "approved"


def test_want_of_funds_waits_and_is_tried_again(paypal: PayPal, payout: Payout) -> None:
    paypal.funds = False
    assert send(payout) == "approved"
    assert payout.said.startswith("INSUFFICIENT_FUNDS")
    paypal.funds = True
    assert send(payout, minutes=5) == "approved"
    assert send(payout, minutes=40) == "sent"
    assert paypal.paid == {payout.public_id: 1}


def test_what_is_refused_for_its_own_fault_goes_back_with_paypals_words(
    paypal: PayPal, payout: Payout
) -> None:
    paypal.next = [
        Reply(200, {"access_token": "T1", "expires_in": 9}),
        Reply(400, {"name": "VALIDATION_ERROR", "message": "No"}),
    ]
    assert send(payout) == "failed"
    assert (payout.reason, balance(payout.worker)[0]) == ("VALIDATION_ERROR: No", "25.00")


@pytest.mark.parametrize("answer", [Reply(201, b"<html>"), Reply(201, {}), Reply(201, [1])])
def test_an_answer_that_says_nothing_is_no_answer(paypal: PayPal, payout: Payout, answer: Reply) -> None:
    paypal.next = [Reply(200, {"access_token": "T1", "expires_in": 9}), answer]
    assert send(payout) == "unknown"


def test_a_denied_batch_has_failed(paypal: PayPal, payout: Payout) -> None:
    send(payout)
    paypal.batches["B1"]["batch_header"]["batch_status"] = "DENIED"
    paypal.batches["B1"]["items"] = []
    assert ask(payout, minutes=2) == "failed"


def test_without_settings_nothing_is_claimed(payout: Payout) -> None:
    assert send(payout) == "approved"


# --- web hooks ----------------------------------------------------------------------------------


def a_hook(paypal: PayPal, payout: Payout, *, hook_id: str = HOOK) -> tuple[dict[str, str], bytes]:
    event = {
        "event_type": "PAYMENT.PAYOUTS-ITEM.SUCCEEDED",
        "resource": {"payout_batch_id": "B1", "payout_item": {"sender_item_id": payout.public_id}},
    }
    body = json.dumps(event).encode()
    return paypal.signer.stamps(body, hook_id=hook_id, at=paypal.url), body


def test_a_hook_makes_us_ask_and_is_not_believed_itself(paypal: PayPal, payout: Payout) -> None:
    send(payout)
    hints = list(PayPalPayouts().hook(*a_hook(paypal, payout)))
    for _ in range(2):
        assert take_hints(hints, provider="paypal", now=NOW + timedelta(seconds=1)) == 1
    assert ask(payout, minutes=0) == "sent"  # the hook said succeeded; PayPal itself says pending
    paypal.say("SUCCESS")
    take_hints(hints, provider="paypal", now=NOW + timedelta(seconds=2))
    assert ask(payout, minutes=1) == "settled"


def test_a_forged_hook_is_refused(paypal: PayPal, payout: Payout, settings: Settings) -> None:
    headers, body = a_hook(paypal, payout, hook_id="WH-of-another-app")
    with pytest.raises(HookForged):
        PayPalPayouts().hook(headers, body)
    settings.PAYPAL_PAYOUT_HOOK = ""
    with pytest.raises(HookForged):
        PayPalPayouts().hook(*a_hook(paypal, payout, hook_id=""))


def test_hooks_come_in_at_an_address_of_their_own(paypal: PayPal, payout: Payout, client: Client) -> None:
    send(payout)
    for hook_id, status in ((HOOK, 204), ("WH-of-another-app", 400)):
        headers, body = a_hook(paypal, payout, hook_id=hook_id)
        answer = client.post("/hooks/payouts/paypal", body, content_type="application/json", headers=headers)
        assert answer.status_code == status
    payout.refresh_from_db()
    assert payout.ask_after is not None
    paypal.signer, paypal.next = signer(days=-100), [Reply(503)] * 2  # its certificate, then its own word
    cache.clear()
    headers, body = a_hook(paypal, payout)
    answer = client.post("/hooks/payouts/paypal", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert client.post("/hooks/payouts/nobody", b"{}", content_type="application/json").status_code == 404
    assert client.get("/hooks/payouts/paypal").status_code == 405


def test_a_hook_about_nothing_of_ours_is_nothing(paypal: PayPal, payout: Payout) -> None:
    hints = list(PayPalPayouts().hook(*a_hook(paypal, payout)))
    assert take_hints(hints, provider="paypal", now=NOW) == 0  # it has not been sent by PayPal yet


def test_paid_although_it_went_back_is_a_contradiction_for_staff(paypal: PayPal, payout: Payout) -> None:
    send(payout)
    paypal.say("FAILED")
    ask(payout, minutes=2)
    Payout.objects.update(ask_after=NOW)
    paypal.say("SUCCESS")
    assert ask(payout, minutes=5) == "failed"
    Payout.objects.update(ask_after=NOW)
    ask(payout, minutes=50)
    [signal] = PayoutSignal.objects.all()
    assert (signal.kind, signal.payout_id) == ("contradiction", payout.pk)
    assert balance(payout.worker) == ("25.00", "0.00", "0.00")
