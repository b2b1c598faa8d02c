"""Wise: a quote, a recipient, a transfer, and its funding from our balance there.

``customerTransactionId`` is a UUID made of our key: Wise makes one transfer for it, however often it is asked
for. Only funding pays, and a transfer is funded once. Where Wise wants a person to fund (403: strong customer
authentication), the transfer stays a draft until somebody does that on Wise's own pages.
"Sent" is not the end: a bank may send money back weeks later, and Wise refunds it.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings

from tukro.money.providers.payouts import (
    SUM,
    Hint,
    HookForged,
    Order,
    hook_document,
    lost,
    ordered_again,
    with_sum,
)
from tukro.money.rules.payouts import PayoutNews, Said
from tukro.outside.http import Answered, Door, NotSent, Refused, Unknown, document

_KEYS = uuid.UUID("6f4a3d5e-6a4b-5c1e-9a55-7b1e9d0c2f31")  # the space of our keys' UUIDs
_STATES: Mapping[str, Said] = {
    "incoming_payment_waiting": "accepted",
    "incoming_payment_initiated": "accepted",
    "processing": "accepted",
    "funds_converted": "accepted",
    "bounced_back": "accepted",  # it is tried again, or refunded
    "outgoing_payment_sent": "settled",
    "cancelled": "failed",
    "funds_refunded": "failed",
    "charged_back": "failed",
}


class Wise:
    name = "wise"
    kinds: Sequence[str] = ("wise",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        door, profile = _door(), settings.WISE_PROFILE
        json = {"Content-Type": "application/json"}
        quoted = door.ask(
            "POST", f"/v3/profiles/{profile}/quotes", body=with_sum(_quote(order), order), headers=json
        )
        if not isinstance(quoted, Answered):
            return _nothing_yet(quoted)
        recipient = door.ask("POST", "/v1/accounts", json=_recipient(order))
        if not isinstance(recipient, Answered):
            return _nothing_yet(recipient)
        asked = {
            "targetAccount": document(recipient).get("id"),
            "quoteUuid": document(quoted).get("id"),
            "customerTransactionId": str(uuid.uuid5(_KEYS, order.key)),
            "details": {"reference": order.key[:10]},
        }
        made = door.ask("POST", "/v1/transfers", json=asked)
        if not isinstance(made, Answered):
            return _nothing_yet(made)
        return _follow(document(made))

    def ask(self, order: Order) -> PayoutNews:
        if not order.handle:
            return ordered_again(self.send(order))
        found = _door().ask("GET", f"/v1/transfers/{order.handle}")
        if not isinstance(found, Answered):
            return PayoutNews("unclear", reason=_words(document(found)))
        return _follow(document(found))

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        try:
            key = load_der_public_key(base64.b64decode(settings.WISE_HOOK_KEY))
            signature = base64.b64decode(headers.get("x-signature-sha256", ""))
            if not isinstance(key, RSAPublicKey):
                raise HookForged("the key in the settings is no RSA key")
            key.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as fault:
            raise HookForged("Wise did not sign it") from fault
        about = hook_document(body).get("data", {})
        transfer = about.get("resource", {}).get("id") or about.get("transfer_id", "")
        return [Hint(handle=str(transfer))]


def _quote(order: Order) -> dict[str, object]:
    return {
        "sourceCurrency": "USD",
        "targetCurrency": order.amount.currency,
        "targetAmount": SUM,
        "payOut": "BANK_TRANSFER",
    }


def _recipient(order: Order) -> dict[str, object]:
    """Wise finds the account behind an address itself, or asks its owner where the money shall go."""
    return {
        "profile": settings.WISE_PROFILE,
        "accountHolderName": order.details["account_name"],
        "currency": order.amount.currency,
        "type": "email",
        "details": {"email": order.details["email"]},
    }


def _nothing_yet(outcome: Refused | NotSent | Unknown) -> PayoutNews:
    """So far this sending paid nothing, whatever became of the call: the key keeps a second transfer away."""
    if isinstance(outcome, Refused) and outcome.status in (400, 422):
        return PayoutNews("failed", reason=_words(document(outcome)) or f"Wise: {outcome.status}")
    if isinstance(outcome, Unknown):
        return lost(outcome)
    reason = _words(document(outcome)) if isinstance(outcome, Refused) else outcome.reason
    return PayoutNews("absent", reason=reason or "refused")


def _follow(transfer: dict[str, Any]) -> PayoutNews:
    """Where the transfer is; one that waits for its money gets it."""
    handle, status = str(transfer.get("id", "")), str(transfer.get("status", ""))
    said = _STATES.get(status)
    if not handle or said is None:
        return PayoutNews("unclear", handle=handle, reason=f"status {status}")
    reason = f"Wise: {status}" if said == "failed" else ""
    if status == "incoming_payment_waiting":
        reason = _fund(handle)
    return PayoutNews(said, handle=handle, reference=handle, reason=reason)


def _fund(handle: str) -> str:
    """Pay the transfer from our balance; what stands against it, in words. A lost answer shows later."""
    path = f"/v3/profiles/{settings.WISE_PROFILE}/transfers/{handle}/payments"
    paid = _door().ask("POST", path, json={"type": "BALANCE"})
    if isinstance(paid, Refused):
        if paid.status == 403 and "x-2fa-approval" in paid.headers:
            return "fund it on Wise's pages"
        return _words(document(paid)) or f"Wise: {paid.status}"
    if isinstance(paid, Answered) and document(paid).get("status") == "REJECTED":
        return f"Wise: {document(paid).get('errorCode')}"
    return ""


def _door() -> Door:
    return Door(settings.WISE_URL, headers={"Authorization": f"Bearer {settings.WISE_TOKEN}"}, key_header="")


def _words(answer: dict[str, Any]) -> str:
    errors = answer.get("errors")
    if isinstance(errors, list) and errors:
        return str(errors[0].get("message", ""))
    return str(answer.get("message", ""))
