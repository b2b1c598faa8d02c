"""bKash, instant payout (B2C): taka to a wallet by its number, at once.

``merchantInvoiceNumber`` is our key; bKash refuses it a second time, but cannot be asked about it: only about
its own ``trxID``. So a payout whose answer was lost is for people to look up in bKash's own pages.
Tokens may be had twice an hour; one lasts an hour, and is kept sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache

from tukro.kernel.sealing import SealBroken, seal, unseal
from tukro.money.providers.payouts import Hint, HookForged, Order, lost
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import Answered, Door, NotSent, Refused, Unknown, document

_TOKEN, _TOKEN_SECONDS = "payouts:bkash:token", 3300
_NO_FUNDS = "2023"


class BkashPayouts:
    name = "bkash"
    kinds: Sequence[str] = ("bkash",)
    repeatable = False

    def send(self, order: Order) -> PayoutNews:
        if order.amount.currency != "BDT":
            return PayoutNews("absent", reason="bKash pays taka: enter an exchange rate, or send it by hand")
        door = _door()
        if isinstance(door, PayoutNews):
            return door
        asked = {
            "amount": order.decimal,
            "currency": "BDT",
            "merchantInvoiceNumber": order.key,
            "receiverMSISDN": order.details["number"],
        }
        done = door.ask("POST", "/checkout/payment/b2cPayment", json=asked)
        if isinstance(done, NotSent | Unknown):
            return lost(done)
        return _news(document(done), refused=isinstance(done, Refused))

    def ask(self, order: Order) -> PayoutNews:
        if not order.handle:
            return PayoutNews("unclear", reason="bKash cannot be asked about it: look in its own pages")
        door = _door()
        if isinstance(door, PayoutNews):
            return PayoutNews("unclear", reason=door.reason)
        found = door.ask("GET", f"/checkout/payment/search/{order.handle}")
        if not isinstance(found, Answered):
            return PayoutNews("unclear", reason=_words(document(found)))
        return _news(document(found), refused=False)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        del headers, body
        raise HookForged("bKash tells of payments that come in, not of those that go out")


def _door() -> Door | PayoutNews:
    token = _kept_token() or _new_token()
    if not token:
        return PayoutNews("absent", reason="no token from bKash")
    headers = {"Authorization": token, "X-App-Key": settings.BKASH_APP_KEY}
    return Door(settings.BKASH_URL, headers=headers, key_header="")


def _kept_token() -> str:
    kept = cache.get(_TOKEN)
    try:
        return (
            unseal(kept, secret=settings.SECRET_KEY, purpose="bkash token", bound_to=_TOKEN) if kept else ""
        )
    except SealBroken:
        return ""


def _new_token() -> str:
    door = Door(
        settings.BKASH_URL,
        headers={"username": settings.BKASH_USER, "password": settings.BKASH_PASSWORD},
        key_header="",
    )
    asked = {"app_key": settings.BKASH_APP_KEY, "app_secret": settings.BKASH_APP_SECRET}
    granted = door.ask("POST", "/checkout/token/grant", json=asked)
    token = str(document(granted).get("id_token", "")) if isinstance(granted, Answered) else ""
    if token:
        sealed = seal(token, secret=settings.SECRET_KEY, purpose="bkash token", bound_to=_TOKEN)
        cache.set(_TOKEN, sealed, _TOKEN_SECONDS)
    return token


def _news(answer: dict[str, Any], *, refused: bool) -> PayoutNews:
    """An error that bKash names may come after the money left (2029: paid before): people look that up."""
    trx, status = str(answer.get("trxID", "")), answer.get("transactionStatus")
    if status == "Completed" and trx:
        return PayoutNews("settled", handle=trx, reference=trx)
    code = str(answer.get("errorCode") or answer.get("statusCode") or "")
    nothing_done = code == _NO_FUNDS or (refused and not code)
    return PayoutNews(
        "absent" if nothing_done else "unclear", handle=trx, reason=f"bKash: {code} {_words(answer)}"
    )


def _words(answer: dict[str, Any]) -> str:
    said = answer.get("errorMessage") or answer.get("statusMessage") or answer.get("errorCode")
    return str(said or "no answer")
