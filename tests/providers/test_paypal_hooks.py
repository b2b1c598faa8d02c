"""PayPal's signature on web hooks: checked by its certificate, or by its own word without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.make import NOW
from tests.providers.deposits import begun, looked
from tests.providers.played.paypal import PayPalContract
from tests.providers.played.paypal_signing import CERTIFICATE, signer, trusted
from tests.providers.played.server import Reply
from tukro.money.models import Deposit, ProviderNotice
from tukro.money.providers.deposits import desk
from tukro.money.providers.deposits.contract import CannotVerify, Forged, Hook
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db
VERIFY = "/v1/notifications/verify-webhook-signature"


@pytest.fixture(autouse=True)
def no_certificate_is_kept() -> None:
    cache.clear()


def approved_hook(paypal: PayPalContract, deposit: Deposit) -> tuple[bytes, dict[str, str]]:
    return paypal.hook("CHECKOUT.ORDER.APPROVED", paypal.orders[deposit.provider_ref])


def test_a_signed_hook_needs_one_certificate_and_no_question(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    body, headers = approved_hook(paypal_contract, begun(karim, "paypal"))
    for _ in range(3):
        desk.receive("paypal", Hook(headers, body), now=NOW)
    assert ProviderNotice.objects.get().times == 3
    assert len(paypal_contract.asked("GET", CERTIFICATE)) == 1
    assert paypal_contract.asked("POST", VERIFY) == []


@pytest.mark.parametrize(
    "change",
    [
        *("body", "space", "id", "time", "signature", "no_base64", "wrong_hook"),
        *("other_host", "look_alike", "plain_http", "no_stamps", "not_json"),
    ],
)
def test_a_forged_hook_is_refused_without_a_question(
    paypal_contract: PayPalContract, karim: Requester, settings: Settings, change: str
) -> None:
    deposit = begun(karim, "paypal")
    body, headers = approved_hook(paypal_contract, deposit)
    match change:
        case "body":
            body = body.replace(b"APPROVED", b"VOIDED")
        case "space":
            body += b" "
        case "id" | "time":
            headers[f"paypal-transmission-{change}"] += "0"
        case "signature":
            other = signer("somebody.example").stamps(body, hook_id="WH-1", at="")
            headers["paypal-transmission-sig"] = other["paypal-transmission-sig"]
        case "no_base64":
            headers["paypal-transmission-sig"] = "!"
        case "other_host":
            headers["paypal-cert-url"] = f"https://evil.example{CERTIFICATE}"
        case "look_alike":
            headers["paypal-cert-url"] = f"https://api.paypal.com.evil.example{CERTIFICATE}"
        case "plain_http":
            headers["paypal-cert-url"] = f"http://api.paypal.com{CERTIFICATE}"
        case "no_stamps":
            headers = {}
        case "not_json":
            body = body[:-1] + b', "x": 1'
        case "wrong_hook":
            settings.PAYPAL_HOOK = "WH-2"
    with pytest.raises(Forged):
        desk.receive("paypal", Hook(headers, body), now=NOW)
    assert not ProviderNotice.objects.exists()
    assert paypal_contract.asked("POST", VERIFY) == []
    paypal_contract.approve(deposit.provider_ref)
    assert looked(deposit).state == "settled"  # a forger can neither make nor stop a deposit


@pytest.mark.parametrize(
    "why", ["expired", "other_name", "other_root", "no_chain", "away", "odd_path", "algorithm"]
)
def test_where_the_certificate_does_not_convince_paypal_is_asked(
    paypal_contract: PayPalContract, karim: Requester, settings: Settings, tmp_path: Path, why: str
) -> None:
    match why:
        case "expired":
            paypal_contract.signer = signer(days=-100)
            settings.PAYPAL_ROOTS = trusted(paypal_contract.signer, tmp_path)
        case "other_name":
            paypal_contract.signer = signer("somebody.example")
            settings.PAYPAL_ROOTS = trusted(paypal_contract.signer, tmp_path)
        case "other_root":
            settings.PAYPAL_ROOTS = ""  # the authorities of the web know nothing of ours
        case "no_chain":
            good = paypal_contract.signer
            paypal_contract.signer = good._replace(chain=good.chain[: len(good.chain) // 3])
        case "away":
            paypal_contract.has_certificate = False
    body, headers = approved_hook(paypal_contract, begun(karim, "paypal"))
    if why == "odd_path":
        headers["paypal-cert-url"] = paypal_contract.url + "/v1/anything"
    if why == "algorithm":
        headers["paypal-auth-algo"] = "SHA512withRSA"
    desk.receive("paypal", Hook(headers, body), now=NOW)
    with pytest.raises(Forged):
        desk.receive("paypal", Hook(headers, body + b" "), now=NOW)
    assert ProviderNotice.objects.get().times == 1
    assert len(paypal_contract.asked("POST", VERIFY)) == 2
    assert len(paypal_contract.asked("GET", CERTIFICATE)) <= 1


def test_what_nobody_can_tell_now_is_neither_taken_nor_refused(
    paypal_contract: PayPalContract, karim: Requester
) -> None:
    body, headers = approved_hook(paypal_contract, begun(karim, "paypal"))
    paypal_contract.next = [Reply(503), Reply(503)]  # the certificate, then PayPal's own word
    with pytest.raises(CannotVerify):
        desk.receive("paypal", Hook(headers, body), now=NOW)
    assert not ProviderNotice.objects.exists()
    desk.receive("paypal", Hook(headers, body), now=NOW)
    assert ProviderNotice.objects.count() == 1
