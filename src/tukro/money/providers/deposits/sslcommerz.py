"""SSLCommerz: cards, bKash, Nagad and bank accounts of Bangladesh, in taka. (developer.sslcommerz.com/doc/v4)

Its message (IPN) names the fields that its hash covers itself, so a good hash proves little. A payment counts
when the validation service says VALID or VALIDATED for it, with our number and the very amount.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from tukro.money.models import Deposit, Refund
from tukro.money.providers.deposits.contract import (
    Event,
    Forged,
    Hook,
    NotStarted,
    RefundAnswer,
    Started,
)
from tukro.money.rules.deposits import RefundTold, SeenRefund, Sighting, from_text
from tukro.outside.http import Answered, Door, NotSent, Outcome, Refused, Unknown

_QUERIES = "/validator/api/merchantTransIDvalidationAPI.php"
_VALIDATION = "/validator/api/validationserverAPI.php"
_PAID = ("VALID", "VALIDATED")
_COVERED = {"tran_id", "val_id", "amount", "status"}  # a hash over less is no proof of anything
_REFUNDS: dict[str, RefundTold] = {
    "refunded": "done",
    "success": "waiting",
    "processing": "waiting",
    "cancelled": "failed",
}


class SslCommerz:
    name = "sslcommerz"
    currency = "BDT"

    def is_set_up(self) -> bool:
        return bool(settings.SSLCOMMERZ_STORE and settings.SSLCOMMERZ_PASSWORD)

    def start(self, deposit: Deposit, *, back: str) -> Started | NotStarted:  # noqa: ARG002  # the contract's arguments
        # It sends payers back by a form of another site, without their session: to an address of its own.
        returns = f"{settings.SITE_URL}/hooks/sslcommerz/back/{deposit.public_id}"
        form = {
            **_store(),
            "tran_id": deposit.public_id,
            "total_amount": str(deposit.asked),
            "currency": deposit.currency,
            "success_url": f"{returns}/paid",
            "fail_url": f"{returns}/failed",
            "cancel_url": f"{returns}/cancelled",
            "ipn_url": f"{settings.SITE_URL}/hooks/sslcommerz",
            "product_name": "Balance",
            "product_category": "service",
            "product_profile": "non-physical-goods",
            "shipping_method": "NO",
            # What it insists on and has no need to know about a person.
            "cus_name": deposit.requester.name[:50] or "Requester",
            "cus_email": "no-reply@" + settings.SITE_HOST,
            "cus_add1": "-",
            "cus_city": "-",
            "cus_country": "Bangladesh",
            "cus_phone": "-",
        }
        match _door().ask("POST", "/gwprocess/v4/api.php", form=form):
            case Answered(json={"status": "SUCCESS", "sessionkey": str(ref), "GatewayPageURL": str(url)}):
                return Started(ref, url)
            case Answered() | Refused():
                return NotStarted("declined", final=True)
            case _:
                return NotStarted("not_reached", final=False)

    def ask(self, deposit: Deposit) -> Sighting | None:
        match _get(_QUERIES, {"tran_id": deposit.public_id}):
            case Answered(json={"APIConnect": "DONE"} as told):
                return self._sighting(deposit, list(told.get("element") or ()))
            case _:
                return None

    def read_hook(self, hook: Hook) -> Event:
        try:
            told = dict(parse_qsl(hook.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError as fault:
            raise Forged("no form") from fault
        if not _is_signed(told):
            raise Forged("hash")
        return Event(
            id=":".join(told.get(name, "") for name in ("tran_id", "val_id", "status"))[:200],
            kind=told.get("status", "")[:80],
            deposit=told["tran_id"],
            about=told.get("val_id", ""),
        )

    def refund(self, refund: Refund) -> RefundAnswer:
        query = {
            "bank_tran_id": refund.deposit.payment_ref,
            "refund_amount": str(refund.pays),
            "refund_remarks": "Unused balance",
            "refe_id": refund.public_id,
            "refund_trans_id": refund.public_id,
        }
        match _get(_QUERIES, query):
            case Answered(json={"APIConnect": "DONE", "status": str(status)} as told):
                if status not in _REFUNDS:
                    why = str(told.get("errorReason") or status)
                    return SeenRefund(key=refund.public_id, ref=why, state="failed")
                return _seen_refund(refund, told)
            case Answered() | Refused():
                return Unknown("no refund in the answer")
            case other:
                return other

    def find_refund(self, refund: Refund) -> RefundAnswer:
        """It can be looked up by SSLCommerz's own number only; without it, staff find out."""
        if not refund.provider_ref:
            return Unknown("no number to look it up by")
        match _get(_QUERIES, {"refund_ref_id": refund.provider_ref}):
            case Answered(json={"APIConnect": "DONE", "status": str(status)} as told) if status in _REFUNDS:
                return _seen_refund(refund, told)
            case _:
                return NotSent("not_reached")

    def _sighting(self, deposit: Deposit, tries: list[dict[str, Any]]) -> Sighting | None:
        """A payer may try several cards; each try is an element."""
        states = {str(each.get("status")) for each in tries}
        for each in tries:
            if each.get("status") in _PAID:
                return self._validated(deposit, each)
        if "PENDING" in states:
            return Sighting("processing")
        return Sighting("open")

    def _validated(self, deposit: Deposit, found: dict[str, Any]) -> Sighting | None:
        match _get(_VALIDATION, {"val_id": str(found.get("val_id", ""))}):
            case Answered(json=dict() as told) if told.get("status") in _PAID:
                if told.get("tran_id") != deposit.public_id:
                    return Sighting("failed", why="not_ours")
                paid = from_text(
                    told.get("currency_amount") or told.get("amount"),
                    told.get("currency_type") or told.get("currency"),
                )
                if paid is None:
                    return None
                return Sighting(
                    "paid",
                    paid=paid,
                    payment=str(told.get("bank_tran_id") or told.get("val_id")),
                    risky=str(told.get("risk_level", "0")) == "1",
                )
            case Answered(json=dict() as told) if told.get("status") == "INVALID_TRANSACTION":
                return Sighting("failed", why="not_valid")
            case _:
                return None


def _door() -> Door:
    return Door(settings.SSLCOMMERZ_URL, key_header="")


def _get(path: str, query: dict[str, str]) -> Outcome:
    return _door().ask("GET", path, query={**query, **_store(), "format": "json", "v": "1"})


def _store() -> dict[str, str]:
    return {"store_id": settings.SSLCOMMERZ_STORE, "store_passwd": settings.SSLCOMMERZ_PASSWORD}


def _seen_refund(refund: Refund, told: dict[str, Any]) -> SeenRefund:
    state = _REFUNDS[str(told["status"])]
    ref = str(told.get("refund_ref_id") or refund.provider_ref)
    return SeenRefund(key=refund.public_id, ref=ref, state=state)


def _is_signed(told: dict[str, str]) -> bool:
    """MD5 over the fields that ``verify_key`` names and the MD5 of our password, sorted by name."""
    named = told.get("verify_key", "").split(",")
    if not set(named) >= _COVERED or not all(name in told for name in named):
        return False
    password = hashlib.md5(settings.SSLCOMMERZ_PASSWORD.encode(), usedforsecurity=False).hexdigest()
    covered = {**{name: told[name] for name in named}, "store_passwd": password}
    text = "&".join(f"{name}={covered[name]}" for name in sorted(covered))
    expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(expected.encode(), told.get("verify_sign", "").encode())
