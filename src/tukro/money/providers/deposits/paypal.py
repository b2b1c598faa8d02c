"""PayPal, Orders v2: the payer approves on PayPal's page, then we capture. (developer.paypal.com/docs/api)

Money has come when the capture is COMPLETED with our id on it.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from tukro.money.models import Deposit, Refund
from tukro.money.providers.deposits.contract import (
    CannotVerify,
    Event,
    Forged,
    Hook,
    Missing,
    NotStarted,
    RefundAnswer,
    Started,
)
from tukro.money.providers.paypal import ask as _ask
from tukro.money.providers.paypal_hooks import NobodyCanTell, NotPayPals, check_signed
from tukro.money.rules.deposits import RefundTold, SeenDispute, SeenRefund, Sighting, from_text
from tukro.outside.http import Answered, NotSent, Outcome, Refused, Unknown

_REFUNDS: dict[str, RefundTold] = {"COMPLETED": "done", "FAILED": "failed", "CANCELLED": "failed"}
_ON = ("RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER", "DENIED", "NONE")


class PayPal:
    name = "paypal"
    currency = "USD"

    def is_set_up(self) -> bool:
        return bool(settings.PAYPAL_CLIENT and settings.PAYPAL_SECRET and settings.PAYPAL_HOOK)

    def start(self, deposit: Deposit, *, back: str) -> Started | NotStarted:
        order = {
            "intent": "CAPTURE",
            "purchase_units": [
                {
                    "custom_id": deposit.public_id,
                    "invoice_id": deposit.public_id,  # PayPal itself refuses to take it twice
                    "amount": {"currency_code": deposit.currency, "value": str(deposit.asked)},
                }
            ],
            "payment_source": {
                "paypal": {
                    "experience_context": {
                        "user_action": "PAY_NOW",
                        "shipping_preference": "NO_SHIPPING",
                        "return_url": f"{back}?from=paid",
                        "cancel_url": f"{back}?from=cancelled",
                    }
                }
            },
        }
        match _ask("POST", "/v2/checkout/orders", key=f"deposit-{deposit.public_id}", json=order):
            case Answered(json={"id": str(ref), "links": list(links)}):
                urls = [link["href"] for link in links if link.get("rel") in ("payer-action", "approve")]
                return Started(ref, urls[0]) if urls else NotStarted("declined", final=True)
            case Refused():
                return NotStarted("declined", final=True)
            case _:
                return NotStarted("not_reached", final=False)

    def ask(self, deposit: Deposit) -> Sighting | None:
        path = f"/v2/checkout/orders/{deposit.provider_ref}"
        match _ask("GET", path):
            case Answered(json={"status": "APPROVED"}):
                return self._capture(deposit, path)
            case Answered(json={"status": str()} as order):
                return self._sighting(deposit, order)
            case Refused(status=404):  # PayPal forgets orders that nobody approved
                return Sighting("expired")
            case _:
                return None

    def read_hook(self, hook: Hook) -> Event:
        event = _genuine(hook)
        what = event.get("resource") or {}
        links = (what.get("supplementary_data") or {}).get("related_ids") or {}
        disputed: dict[str, Any] = next(iter(what.get("disputed_transactions") or ()), {})
        about = disputed.get("seller_transaction_id") or links.get("order_id") or what.get("id") or ""
        if str(event["event_type"]).startswith("PAYMENT.CAPTURE."):
            about = links.get("capture_id") or links.get("order_id") or about
        return Event(
            id=str(event["id"]),
            kind=str(event["event_type"]),
            deposit=str(what.get("custom_id") or disputed.get("custom") or _custom_id(what)),
            about=str(about),
        )

    def refund(self, refund: Refund) -> RefundAnswer:
        body = {
            "amount": {"currency_code": refund.pays.currency, "value": str(refund.pays)},
            "custom_id": refund.public_id,
        }
        path = f"/v2/payments/captures/{refund.deposit.payment_ref}/refund"
        return _refund_answer(refund, _ask("POST", path, key=f"refund-{refund.public_id}", json=body))

    def find_refund(self, refund: Refund) -> RefundAnswer:
        match _ask("GET", f"/v2/checkout/orders/{refund.deposit.provider_ref}"):
            case Answered(json=dict() as order):
                made = _payments(order).get("refunds") or ()
                ours = (_seen_refund(row) for row in made if row.get("custom_id") == refund.public_id)
                return next(ours, Missing())
            case _:
                return NotSent("not_reached")

    def _capture(self, deposit: Deposit, path: str) -> Sighting | None:
        match _ask("POST", f"{path}/capture", key=f"capture-{deposit.public_id}", json={}):
            case Answered(json=dict() as order):
                return self._sighting(deposit, order)
            case Refused(json=told) if "INSTRUMENT_DECLINED" in _issues(told):
                return Sighting("open")  # the payer may choose another card
            case Refused(json=told) if "ORDER_ALREADY_CAPTURED" in _issues(told):
                return Sighting("processing")
            case Refused():
                return Sighting("failed", why="declined")
            case NotSent() | Unknown():  # the next look at the order tells
                return Sighting("processing")
            case _:
                return None

    def _sighting(self, deposit: Deposit, order: dict[str, Any]) -> Sighting | None:
        if order["status"] == "VOIDED":
            return Sighting("expired")
        captures = _payments(order).get("captures") or ()
        if order["status"] != "COMPLETED" or not captures:
            return Sighting("open")
        capture = captures[0]
        if capture.get("custom_id") != deposit.public_id:
            return Sighting("failed", why="not_ours")
        match capture.get("status"):
            case "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED":
                paid = from_text(capture["amount"]["value"], capture["amount"]["currency_code"])
                disputes = _disputes(deposit.payment_ref) if deposit.payment_ref else ()
                if paid is None or disputes is None:
                    return None
                refunds = tuple(_seen_refund(row) for row in _payments(order).get("refunds") or ())
                return Sighting(
                    "paid", paid=paid, payment=str(capture["id"]), disputes=disputes, refunds=refunds
                )
            case "DECLINED" | "FAILED":
                return Sighting("failed", why="declined")
            case _:
                return Sighting("processing")


def _genuine(hook: Hook) -> dict[str, Any]:
    """The event, when PayPal signed it."""
    try:
        event: dict[str, Any] = json.loads(hook.body)
        assert {"id", "event_type"} <= event.keys()
    except (ValueError, AttributeError, AssertionError) as fault:
        raise Forged("no event") from fault
    try:
        check_signed(hook.headers, hook.body, hook_id=settings.PAYPAL_HOOK)
    except NotPayPals as fault:
        raise Forged(str(fault)) from fault
    except NobodyCanTell as fault:
        raise CannotVerify from fault
    return event


def _custom_id(order: dict[str, Any]) -> str:
    return next((str(unit.get("custom_id") or "") for unit in order.get("purchase_units") or ()), "")


def _payments(order: dict[str, Any]) -> dict[str, Any]:
    unit: dict[str, Any] = next(iter(order.get("purchase_units") or ()), {})
    payments: dict[str, Any] = unit.get("payments") or {}
    return payments


def _issues(told: object) -> set[str]:
    details = told.get("details") or () if isinstance(told, dict) else ()
    return {str(detail.get("issue")) for detail in details}


def _disputes(capture: str) -> tuple[SeenDispute, ...] | None:
    match _ask("GET", "/v1/customer/disputes", query={"disputed_transaction_id": capture}):
        case Answered(json={"items": list(rows)}):
            found = [_dispute(row) for row in rows]
            return None if None in found else tuple(seen for seen in found if seen)
        case _:
            return None


def _dispute(row: dict[str, Any]) -> SeenDispute | None:
    """An inquiry moves no money; a claim does until it is resolved for us."""
    closed, outcome = row["status"] == "RESOLVED", ""
    if closed:
        match _ask("GET", f"/v1/customer/disputes/{row['dispute_id']}"):
            case Answered(json=dict() as whole):
                outcome = str((whole.get("dispute_outcome") or {}).get("outcome_code") or "NONE")
            case _:
                return None
    amount = from_text(row["dispute_amount"]["value"], row["dispute_amount"]["currency_code"])
    if amount is None:
        return None
    inquiry = row.get("dispute_life_cycle_stage") == "INQUIRY"
    taken = outcome not in _ON if closed else not inquiry
    return SeenDispute(
        ref=str(row["dispute_id"]),
        amount=amount,
        taken=taken,
        closed=closed,
        why=str(row.get("reason") or ""),
    )


def _seen_refund(row: dict[str, Any]) -> SeenRefund:
    state = _REFUNDS.get(str(row.get("status")), "waiting")
    said = row.get("amount") or {}
    amount = from_text(said.get("value"), said.get("currency_code"))
    return SeenRefund(str(row.get("custom_id") or ""), str(row["id"]), state, amount)


def _refund_answer(refund: Refund, outcome: Outcome) -> RefundAnswer:
    match outcome:
        case Answered(json={"id": str(), "status": str()} as row):
            return _seen_refund({**row, "custom_id": refund.public_id})
        case Answered():
            return Unknown("no refund in the answer")
        case Refused(json=told):
            return SeenRefund(key="", ref=",".join(sorted(_issues(told))), state="failed")
        case other:
            return other
