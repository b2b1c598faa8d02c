"""Every provider that pays workers, against its documented contract: what goes well, and what breaks."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from pytest_django import Settings

from tests import make
from tests.cast import tanvir as cast_worker
from tests.make import NOW
from tests.providers.paying import SHIRIN, TEN, approved, ask, balance, earner, go_on, send
from tests.providers.played.proxy import Fault, between
from tests.providers.played.rails import (
    Agcod,
    BkashServer,
    PayoneerServer,
    Rail,
    SkrillServer,
    TremendousServer,
    WiseServer,
    skrill_error,
)
from tests.providers.played.server import Reply, serving
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.codes import fetch_code, forget_shown_codes, open_code
from tukro.money.actions.paying_out.payouts import approve_payout
from tukro.money.actions.paying_out.sending import claim_payout
from tukro.money.models import Payout
from tukro.money.providers.payouts import HookForged
from tukro.money.providers.registry import payout_providers, senders
from tukro.money.providers.sending import order_of
from tukro.money.providers.tremendous import Tremendous
from tukro.money.providers.wise import Wise
from tukro.money.rules import PayoutKindName

pytestmark = pytest.mark.django_db
EMAIL = {"email": "rahima@example.org"}


@dataclass(frozen=True)
class Case:
    server: type[Rail]
    kind: PayoutKindName
    url: str  # the setting of its address
    name: str
    details: Mapping[str, str] = field(default_factory=lambda: EMAIL)
    calls: int = 1  # of one sending
    first: str = "settled"  # what a good sending leads to at once


CASES = {
    case.name: case
    for case in (
        Case(Agcod, "amazon", "AGCOD_URL", "agcod"),
        Case(TremendousServer, "amazon", "TREMENDOUS_URL", "tremendous"),
        Case(SkrillServer, "skrill", "SKRILL_URL", "skrill", calls=2),
        Case(
            WiseServer,
            "wise",
            "WISE_URL",
            "wise",
            details=EMAIL | {"account_name": "Rahima Begum"},
            calls=4,
            first="sent",
        ),
        Case(PayoneerServer, "payoneer", "PAYONEER_URL", "payoneer", calls=2, first="sent"),
        Case(BkashServer, "bkash", "BKASH_URL", "bkash", details={"number": "01712345678"}, calls=2),
    )
}


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[cast(str, request.param)]


@pytest.fixture
def rail(case: Case, settings: Settings) -> Iterator[Rail]:
    """The provider, set up; ``settings.<url>`` leads to it."""
    cache.clear()
    made = case.server()
    with serving(made) as url:
        setattr(settings, case.url, url)
        if case.name == "payoneer":
            settings.PAYONEER_LOGIN_URL = url
        for name, value in made.settings.items():
            setattr(settings, name, value)
        yield made


@pytest.fixture
def payout(case: Case, rail: Rail) -> Payout:
    worker = earner()
    if case.kind == "bkash":
        enter_rate(by=SHIRIN, currency="BDT", rate=Decimal("121.50"), source="bank", now=NOW)
        method = make.payout_method(of=worker, details=case.details)
        asked = request_payout(worker=worker, method_id=method.pk, amount=TEN, currency="BDT", now=NOW)
        made = approve_payout(by=SHIRIN, payout_id=asked.public_id, now=NOW)
    else:
        made = approved(worker, case.kind, case.details)
    if isinstance(rail, WiseServer):
        rail.knows(made.public_id)
    return made


def all_of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", names or CASES, indirect=True)


@all_of()
def test_a_payout_is_paid_once_and_arrives(case: Case, rail: Rail, payout: Payout) -> None:
    assert (senders(), list(payout_providers())) == ({case.kind: case.name}, [case.name])
    assert send(payout) == case.first
    assert go_on(payout) == "settled"
    assert rail.paid == {payout.public_id: 1}
    assert payout.reference
    assert balance(payout.worker) == ("15.00", "0.00", "0.00")


# How the line breaks is one file's business (test_http.py); here are the ways that providers can tell apart.
@pytest.mark.parametrize(
    ("case", "fault"),
    [(name, fault) for name in CASES for fault in (Fault.CUT_AFTER, Fault.TWICE)]
    + [("agcod", Fault.CUT_BEFORE), ("bkash", Fault.BAD_GATEWAY_AFTER), ("wise", Fault.CUT_BEFORE)],
    indirect=["case"],
)
def test_whatever_breaks_at_whatever_call_it_is_never_paid_twice(
    case: Case, rail: Rail, payout: Payout, settings: Settings, fault: Fault
) -> None:
    """The last call of the sending, the one that pays, breaks. It ends paid once, or with people."""
    with between(getattr(settings, case.url)) as proxy:
        setattr(settings, case.url, proxy.url)
        if case.name == "payoneer":
            proxy.faults = [fault]  # its token comes from another door
        else:
            proxy.faults = [Fault.PASS] * (case.calls - 1) + [fault]
        send(payout)
        end = go_on(payout)
    if case.name == "bkash" and end == "unknown":
        assert rail.paid.get(payout.public_id, 0) <= 1
        assert "own pages" in payout.said or "2029" in payout.said
        return
    if case.name == "skrill":
        assert end in ("settled", "sent")  # sent: executed, and Skrill says no more than that
    else:
        assert end == "settled"
    assert rail.paid == {payout.public_id: 1}


@pytest.mark.parametrize(
    ("case", "call"),
    [(name, call) for name, case in CASES.items() for call in sorted({0, case.calls // 2, case.calls - 1})],
    indirect=["case"],
)
def test_a_server_in_trouble_at_any_call_costs_nothing(
    case: Case, rail: Rail, payout: Payout, call: int
) -> None:
    good = rail.answer
    seen = [0]

    def answer(asked: object) -> Reply:
        seen[0] += 1
        return Reply(503) if seen[0] == call + 1 else good(asked)  # type: ignore[arg-type]  # each rail has calls of its own

    rail.answer = answer  # type: ignore[assignment]  # another answer for this test
    send(payout)
    end = go_on(payout)
    if case.name == "bkash" and call == 1:
        assert end == "unknown"
        assert rail.paid == {}
    else:
        assert end == "settled"
        assert rail.paid == {payout.public_id: 1}


@all_of()
def test_want_of_funds_waits_until_there_are_some(rail: Rail, payout: Payout) -> None:
    rail.funds = False
    assert send(payout) in ("approved", "sent")  # Wise keeps the transfer and waits for its money
    assert rail.paid == {}
    rail.funds = True
    assert go_on(payout) == "settled"
    assert rail.paid == {payout.public_id: 1}


@pytest.mark.parametrize(
    ("case", "reply"),
    [(name, reply) for name in CASES for reply in (Reply(200, b"<html>"), Reply(429))]
    + [("agcod", Reply(200, [1])), ("wise", Reply(200, {})), ("bkash", Reply(200, {}))],
    indirect=["case"],
)
def test_rubbish_and_too_many_calls_lose_nothing(rail: Rail, payout: Payout, reply: Reply) -> None:
    rail.next = [reply]
    send(payout)
    assert go_on(payout) in ("settled", "sent")
    assert rail.paid == {payout.public_id: 1}


@pytest.mark.parametrize(
    ("case", "reply"),
    [(name, reply) for name in ("agcod", "wise") for reply in (Reply(429), Reply(403, {"message": "No"}))]
    + [
        ("agcod", Reply(400, {"errorCode": "F200", "errorType": "MaxAmountExceeded", "message": "Too much"})),
        ("wise", Reply(422, {"errors": [{"message": "no such address"}]})),
    ],
    indirect=["case"],
)
def test_who_declines_to_be_asked_says_nothing_of_what_was_paid(
    case: Case, rail: Rail, payout: Payout, reply: Reply
) -> None:
    """The sender dies before it writes down that it paid. To ask is to order once more: that is declined."""
    assert claim_payout(providers=senders(), now=NOW) == payout
    payout_providers()[case.name].send(order_of(payout, NOW))
    rail.next = [reply] * 20
    assert go_on(payout) == "unknown"
    assert balance(payout.worker) == ("15.00", "10.00", "0.00")
    rail.next = []
    assert ask(payout, minutes=24 * 60) == "settled"
    assert rail.paid == {payout.public_id: 1}


@all_of("agcod", "tremendous")
def test_a_gift_card_is_kept_sealed_and_told_to_nobody(rail: Rail, payout: Payout) -> None:
    send(payout)
    assert payout.code.startswith(("CODE-", "https://"))
    assert payout.code.encode() not in bytes(payout.sealed_code or b"")
    assert not [event for event in Event.objects.all() if payout.code in str(event.facts)]
    calls = len(rail.calls)
    ask(payout, minutes=40 * 60)
    assert payout.state == "settled"
    assert len(rail.calls) - calls <= 1


@all_of("agcod", "tremendous")
def test_a_code_is_erased_a_day_after_it_was_seen_and_fetched_again_without_paying(
    rail: Rail, payout: Payout
) -> None:
    send(payout)
    worker, code = payout.worker, payout.code
    assert payout.code_ends == ("" if code.startswith("https") else code[-4:])
    hour = timedelta(hours=1)
    assert open_code(worker=worker, payout_id=payout.public_id, now=NOW)[1] == code
    open_code(worker=worker, payout_id=payout.public_id, now=NOW + 20 * hour)
    assert forget_shown_codes(now=NOW + 23 * hour) == 0
    assert [forget_shown_codes(now=NOW + 24 * hour) for _ in range(2)] == [1, 0]
    assert ask(payout, minutes=25 * 60) == "settled"  # watched as ever: no code comes by it
    assert payout.sealed_code is None
    with pytest.raises(NotFound):
        open_code(worker=worker, payout_id=payout.public_id, now=NOW)
    for _ in range(2):
        fetch_code(worker=worker, payout_id=payout.public_id, now=NOW + 26 * hour)
    assert ask(payout, minutes=27 * 60) == "settled"
    again = open_code(worker=worker, payout_id=payout.public_id, now=NOW + 28 * hour)[1]
    assert again == (code if not code.startswith("https") else "https://r.example/anew")
    assert rail.paid == {payout.public_id: 1}
    with pytest.raises(NotFound):
        fetch_code(worker=cast_worker(), payout_id=payout.public_id, now=NOW)


@all_of("agcod")
def test_amazons_words_for_a_sum_that_cannot_be_go_to_the_worker(rail: Rail, payout: Payout) -> None:
    rail.next = [Reply(400, {"errorCode": "F200", "errorType": "MaxAmountExceeded", "message": "Too much"})]
    assert send(payout) == "failed"
    assert payout.reason == "F200 MaxAmountExceeded Too much"


@all_of("agcod")
@pytest.mark.parametrize("code", ["F100", "F400", "F500"])
def test_amazons_own_trouble_is_asked_about(rail: Rail, payout: Payout, code: str) -> None:
    rail.next = [Reply(400, {"errorCode": code, "errorType": "x"})]
    assert send(payout) == "unknown"
    assert ask(payout, minutes=2) == "settled"
    assert rail.paid == {payout.public_id: 1}


@all_of("tremendous")
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("EXECUTED", "settled"),
        ("PENDING APPROVAL", "sent"),
        ("PENDING INTERNAL PAYMENT APPROVAL", "sent"),
        ("OPEN", "sent"),
        ("FAILED", "failed"),
        ("CANCELED", "failed"),
        ("ODD", "unknown"),
    ],
)
def test_each_status_of_tremendous_has_its_state(
    rail: TremendousServer, payout: Payout, status: str, state: str
) -> None:
    rail.status = status
    assert send(payout) == state


@all_of("skrill")
def test_a_receiver_without_an_account_keeps_a_skrill_payment_under_way(
    rail: SkrillServer, payout: Payout
) -> None:
    rail.status = "1"
    assert send(payout) == "sent"
    assert go_on(payout) == "sent"
    assert rail.paid == {payout.public_id: 1}


@all_of("skrill")
@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("INVALID_BNF_EMAIL", "failed"),
        ("MISSING_BNF_EMAIL", "failed"),
        ("ALREADY_EXECUTED", "sent"),
        ("EXECUTION_PENDING", "sent"),
        ("BALANCE_NOT_ENOUGH", "approved"),
        ("LOGIN_INVALID", "approved"),
        ("PAYMENT_DENIED", "approved"),
        ("INVALID_AMOUNT", "approved"),
    ],
)
def test_each_error_of_skrill_has_its_state(
    rail: SkrillServer, payout: Payout, error: str, state: str
) -> None:
    """Preparing pays nothing: what is not the order's own fault is tried again."""
    rail.next = [skrill_error(error)]
    assert send(payout) == state
    assert rail.paid == {}
    assert balance(payout.worker)[0] == ("25.00" if state == "failed" else "15.00")


@all_of("skrill")
def test_a_wrong_skrill_password_pays_nobody_and_fails_nobody(
    rail: SkrillServer, payout: Payout, settings: Settings
) -> None:
    settings.SKRILL_PASSWORD = "wrong"
    assert send(payout) == "approved"
    assert payout.said == "Skrill: CANNOT_LOGIN"
    assert rail.paid == {}


@all_of("wise")
def test_where_wise_wants_a_person_the_transfer_waits_for_one(rail: WiseServer, payout: Payout) -> None:
    rail.by_hand = True
    assert send(payout) == "sent"
    assert payout.said == "fund it on Wise's pages"
    [transfer] = rail.transfers.values()
    transfer["status"] = "outgoing_payment_sent"
    assert ask(payout, minutes=5) == "settled"


@all_of("wise")
@pytest.mark.parametrize(
    ("status", "state"),
    [
        *((each, "sent") for each in ("incoming_payment_waiting", "incoming_payment_initiated")),
        *((each, "sent") for each in ("processing", "funds_converted", "bounced_back", "a_new_word")),
        ("outgoing_payment_sent", "settled"),
        *((each, "failed") for each in ("cancelled", "funds_refunded", "charged_back")),
    ],
)
def test_each_state_of_wise_has_its_state(rail: WiseServer, payout: Payout, status: str, state: str) -> None:
    rail.after_funding = "processing"
    send(payout)
    [transfer] = rail.transfers.values()
    transfer["status"] = status
    assert ask(payout, minutes=5) == state
    assert balance(payout.worker)[0] == ("25.00" if state == "failed" else "15.00")


@all_of("tremendous", "payoneer")
def test_what_a_provider_takes_back_later_restores_the_balance_once(
    rail: TremendousServer | PayoneerServer, payout: Payout
) -> None:
    send(payout)
    assert go_on(payout) == "settled"
    rail.status = "CANCELED" if isinstance(rail, TremendousServer) else "Returned"
    for hours in (40, 90):
        assert ask(payout, minutes=hours * 60) == "returned"
    assert balance(payout.worker) == ("25.00", "0.00", "0.00")


@all_of("wise")
def test_money_that_a_bank_sends_back_through_wise_is_the_workers_again(
    rail: WiseServer, payout: Payout
) -> None:
    send(payout)
    assert go_on(payout) == "settled"
    [transfer] = rail.transfers.values()
    transfer["status"] = "bounced_back"
    assert ask(payout, minutes=40 * 60) == "settled"  # Wise tries again first
    transfer["status"] = "funds_refunded"
    assert ask(payout, minutes=90 * 60) == "returned"
    assert balance(payout.worker) == ("25.00", "0.00", "0.00")


@all_of("payoneer")
@pytest.mark.parametrize(("status", "state"), [("Pending", "sent"), ("Cancelled", "failed"), ("Odd", "sent")])
def test_each_status_of_payoneer_has_its_state(
    rail: PayoneerServer, payout: Payout, status: str, state: str
) -> None:
    rail.status = status
    send(payout)
    assert ask(payout, minutes=5) == state


@all_of("bkash")
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(200, {"errorCode": "2023", "errorMessage": "Insufficient Balance"}), "approved"),
        (Reply(200, {"errorCode": "2029", "errorMessage": "Duplicate"}), "unknown"),
        (Reply(200, {"errorCode": "2071", "errorMessage": "Another"}), "unknown"),
        (Reply(200, {"transactionStatus": "Initiated", "trxID": "8K1"}), "unknown"),
        (Reply(400, {"errorCode": "2006", "errorMessage": "Invalid amount"}), "unknown"),
        (Reply(403, {"message": "Forbidden"}), "approved"),
        (Reply(504), "unknown"),
    ],
)
def test_each_error_of_bkash_has_its_state(
    rail: BkashServer, payout: Payout, reply: Reply, state: str
) -> None:
    """What may come after the money left is for people, who look into bKash's own pages."""
    rail.next = [Reply(200, {"id_token": "B1", "token_type": "Bearer", "expires_in": 3600}), reply]
    assert send(payout) == state
    assert balance(payout.worker) == ("15.00", "10.00", "0.00")


@all_of("bkash")
def test_bkash_pays_taka_and_its_token_is_had_once_an_hour(rail: BkashServer, payout: Payout) -> None:
    assert send(payout) == "settled"
    [paid] = rail.asked("POST", "/checkout/payment/b2cPayment")
    assert (paid.json["amount"], paid.json["receiverMSISDN"]) == ("1215.00", "01712345678")
    again = approved(payout.worker, "bkash", {"number": "01712345678"})
    assert send(again) == "approved"  # in dollars: not by bKash
    assert "exchange rate" in again.said
    assert rail.tokens == 1


# --- web hooks ------------------------------------------------------------------------------------------


def test_tremendous_hooks_are_signed(settings: Settings) -> None:
    settings.TREMENDOUS_HOOK_SECRET = "h"
    body = json.dumps({"payload": {"resource": {"id": "O0", "type": "orders"}}}).encode()
    signature = "sha256=" + hmac.digest(b"h", body, "sha256").hex()
    [hint] = Tremendous().hook({"tremendous-webhook-signature": signature}, body)
    assert hint.handle == "O0"
    for headers, what in (({}, body), ({"tremendous-webhook-signature": signature}, body + b" ")):
        with pytest.raises(HookForged):
            Tremendous().hook(headers, what)
    settings.TREMENDOUS_HOOK_SECRET = ""
    with pytest.raises(HookForged):
        Tremendous().hook({"tremendous-webhook-signature": signature}, body)


def test_wise_hooks_are_signed(settings: Settings) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings.WISE_HOOK_KEY = base64.b64encode(der).decode()
    body = json.dumps({"data": {"resource": {"id": 901, "type": "transfer"}}}).encode()
    signed = base64.b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA256())).decode()
    [hint] = Wise().hook({"x-signature-sha256": signed}, body)
    assert hint.handle == "901"
    for headers, what in (
        ({}, body),
        ({"x-signature-sha256": signed}, b"{}"),
        ({"x-signature-sha256": "!"}, body),
    ):
        with pytest.raises(HookForged):
            Wise().hook(headers, what)
