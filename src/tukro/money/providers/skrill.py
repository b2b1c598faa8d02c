"""Skrill (once Moneybookers), automated payments: a transfer is prepared, then executed, each a form.

``frn_trn_id`` is our key. Preparing moves nothing, and says ALREADY_EXECUTED when a transfer of this key was
done: so that is how we ask. A prepared one that was not executed lapses after fifteen minutes.
Passwords travel in the body; the operator allows our address there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from django.conf import settings

from tukro.money.providers.payouts import Hint, HookForged, Order
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import Answered, Door

_ORDERS_FAULT = frozenset({"INVALID_BNF_EMAIL", "MISSING_BNF_EMAIL"})
_PROCESSED, _SCHEDULED = "2", "1"  # scheduled: the receiver has yet to open an account


class Skrill:
    name = "skrill"
    kinds: Sequence[str] = ("skrill",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        prepared = _prepare(order)
        if isinstance(prepared, PayoutNews):
            return prepared
        done = _door().ask("POST", "/app/pay.pl", form={"action": "transfer", "sid": prepared})
        if not isinstance(done, Answered):
            # Refused with a status, too: Skrill speaks of payments in its XML alone.
            return PayoutNews("unclear", reason="no answer to the transfer")
        if error := _tag(done.body, "error_msg"):
            return _refused(error)
        handle, status = _tag(done.body, "id"), _tag(done.body, "status")
        if status == _PROCESSED:
            return PayoutNews("settled", handle=handle, reference=handle)
        if status == _SCHEDULED:
            return PayoutNews("accepted", handle=handle, reference=handle)
        return PayoutNews("unclear", handle=handle, reason=f"status {status}")

    def ask(self, order: Order) -> PayoutNews:
        if order.arrived:
            return PayoutNews("settled")
        prepared = _prepare(order)
        if isinstance(prepared, str):
            return PayoutNews("absent")  # it could still be executed, so it was not
        return prepared if prepared.said == "accepted" else PayoutNews("unclear", reason=prepared.reason)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        del headers, body
        raise HookForged("Skrill tells nothing of payments that we make")


def _prepare(order: Order) -> str | PayoutNews:
    """The session in which the transfer can be executed, or what stands against it."""
    asked = {
        "action": "prepare",
        "email": settings.SKRILL_EMAIL,
        "password": hashlib.md5(settings.SKRILL_PASSWORD.encode(), usedforsecurity=False).hexdigest(),
        "amount": order.decimal,
        "currency": order.amount.currency,
        "bnf_email": order.details["email"],
        "subject": "Your earnings",
        "note": f"Tukro {order.key}",
        "frn_trn_id": order.key,
    }
    prepared = _door().ask("POST", "/app/pay.pl", form=asked)
    if not isinstance(prepared, Answered):
        # Whatever became of it, preparing pays nothing.
        return PayoutNews("absent", reason=getattr(prepared, "reason", "") or "not prepared")
    if error := _tag(prepared.body, "error_msg"):
        return _refused(error)
    session = _tag(prepared.body, "sid")
    return session or PayoutNews("absent", reason="an answer without sid")


def _refused(error: str) -> PayoutNews:
    if error in ("ALREADY_EXECUTED", "EXECUTION_PENDING"):
        return PayoutNews("accepted", reason=error)
    return PayoutNews("failed" if error in _ORDERS_FAULT else "absent", reason=f"Skrill: {error}")


def _door() -> Door:
    return Door(settings.SKRILL_URL, key_header="")


def _tag(body: bytes, name: str) -> str:
    found = re.search(rb"<%b>\s*([^<]*?)\s*</%b>" % (name.encode(), name.encode()), body)
    return found[1].decode("utf-8", "replace") if found else ""
