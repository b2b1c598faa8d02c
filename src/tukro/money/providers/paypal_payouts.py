"""PayPal Payouts (v1): one batch of one item for each payout, to an e-mail address.

``sender_batch_id`` is our key: PayPal refuses it a second time for 30 days and says where the first batch is.
So asking about a payout whose answer was lost is to order it once more; after the 30 days people must look.
A batch that succeeded does not mean that its item did; an item that nobody claims comes back after 30 days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings

from tukro.money.providers import paypal
from tukro.money.providers.payouts import (
    Hint,
    HookForged,
    HookUnchecked,
    Order,
    hook_document,
    lost,
    ordered_again,
)
from tukro.money.providers.paypal_hooks import NobodyCanTell, NotPayPals, check_signed
from tukro.money.rules.payouts import PayoutNews, Said
from tukro.outside.http import Answered, Refused, document

_REMEMBERED = timedelta(days=29)  # of 30: clocks differ
_ITEM: Mapping[str, Said] = {
    "SUCCESS": "settled",
    "PENDING": "accepted",
    "UNCLAIMED": "accepted",
    "ONHOLD": "accepted",
    "FAILED": "failed",
    "RETURNED": "failed",
    "BLOCKED": "failed",
    "REFUNDED": "failed",
    "REVERSED": "failed",
}
# What PayPal refuses because of the order itself; all else (rights, funds, limits) the operator can mend.
_ORDERS_FAULT = frozenset(
    {"VALIDATION_ERROR", "RECEIVER_UNREGISTERED", "INVALID_EMAIL", "RECEIVER_ACCOUNT_LOCKED"}
)


class PayPalPayouts:
    name = "paypal"
    kinds: Sequence[str] = ("paypal",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        made = paypal.ask("POST", "/v1/payments/payouts", key=order.key, json=_batch(order))
        match made:
            case Answered():
                header = document(made).get("batch_header", {})
                if batch := str(header.get("payout_batch_id", "")):
                    return PayoutNews("accepted", handle=batch)
                return PayoutNews("unclear", reason="an answer without payout_batch_id")
            case Refused():
                return _refused(made)
            case _:
                return lost(made)

    def ask(self, order: Order) -> PayoutNews:
        if not order.handle:
            if order.age > _REMEMBERED:
                return PayoutNews("unclear", reason="PayPal has forgotten our key: look there by hand")
            return ordered_again(self.send(order))
        found = paypal.ask("GET", f"/v1/payments/payouts/{order.handle}")
        if not isinstance(found, Answered):
            return PayoutNews("unclear", reason=_words(document(found)) or "no answer")
        return _news(document(found), order)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        try:
            check_signed(headers, body, hook_id=settings.PAYPAL_PAYOUT_HOOK)
        except NotPayPals as fault:
            raise HookForged(str(fault)) from fault
        except NobodyCanTell as fault:
            raise HookUnchecked from fault
        event = hook_document(body)
        resource: dict[str, Any] = event.get("resource", {})
        item = resource.get("payout_item", {}).get("sender_item_id", "")
        batch = resource.get("batch_header", {}).get("payout_batch_id", "")
        return [Hint(key=str(item), handle=str(batch or resource.get("payout_batch_id", "")))]


def _batch(order: Order) -> dict[str, object]:
    item = {
        "recipient_type": "EMAIL",
        "receiver": order.details["email"],
        "amount": {"value": order.decimal, "currency": order.amount.currency},
        "sender_item_id": order.key,
    }
    return {"sender_batch_header": {"sender_batch_id": order.key}, "items": [item]}


def _refused(made: Refused) -> PayoutNews:
    answer = document(made)
    if batch := _first_batch(answer):
        return PayoutNews("accepted", handle=batch)  # it has it from an earlier time
    words = _words(answer) or f"status {made.status}"
    return PayoutNews("failed" if answer.get("name") in _ORDERS_FAULT else "absent", reason=words)


def _first_batch(answer: dict[str, Any]) -> str:
    """The batch that a repeated key leads to: the error's links and details name its address."""
    links = [
        *answer.get("links", []),
        *(link for one in answer.get("details", []) for link in one.get("link", [])),
    ]
    for link in links:
        _, found, batch = str(link.get("href", "")).partition("/v1/payments/payouts/")
        if found and batch:
            return batch.split("?")[0]
    return ""


def _news(batch: dict[str, Any], order: Order) -> PayoutNews:
    header, items = batch.get("batch_header", {}), batch.get("items", [])
    ours = [one for one in items if one.get("payout_item", {}).get("sender_item_id") == order.key]
    if not ours:
        if header.get("batch_status") in ("DENIED", "CANCELED"):
            return PayoutNews("failed", reason=f"PayPal: {header['batch_status']}")
        return PayoutNews("unclear" if items else "accepted")
    item = ours[0]
    said = _ITEM.get(item.get("transaction_status", ""))
    if said is None:
        return PayoutNews("unclear", reason=str(item.get("transaction_status")))
    reason = _words(item.get("errors", {})) or f"PayPal: {item['transaction_status']}"
    return PayoutNews(
        said, reference=str(item.get("transaction_id", "")), reason=reason if said == "failed" else ""
    )


def _words(answer: dict[str, Any]) -> str:
    return ": ".join(str(answer[name]) for name in ("name", "message") if answer.get(name))
