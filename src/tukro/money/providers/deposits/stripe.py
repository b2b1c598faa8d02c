"""Stripe Checkout: the payer pays on Stripe's page. (docs.stripe.com/api: checkout, refunds, disputes)

Credit is given for ``payment_status=paid`` only; disputes follow ``charge.dispute.*``.
"""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

from django.conf import settings

from tukro.money.models import Deposit, Refund
from tukro.money.providers.deposits.contract import (
    Event,
    Forged,
    Hook,
    Missing,
    NotStarted,
    RefundAnswer,
    Started,
)
from tukro.money.rules.deposits import (
    RefundTold,
    SeenDispute,
    SeenRefund,
    Sighting,
    from_smallest_units,
    smallest_units,
)
from tukro.outside.http import Answered, Door, NotSent, Outcome, Refused, Unknown

TOLERANCE_SECONDS = 300  # as in Stripe's own libraries
_REFUNDS: dict[str, RefundTold] = {"succeeded": "done", "failed": "failed", "canceled": "failed"}
_TAKEN = ("needs_response", "under_review", "lost")  # inquiries ("warning_…") move no money
_CLOSED = ("won", "lost", "warning_closed")


class Stripe:
    name = "stripe"
    currency = "USD"

    def is_set_up(self) -> bool:
        return is_set_up()

    def start(self, deposit: Deposit, *, back: str) -> Started | NotStarted:
        form = {
            "mode": "payment",
            "success_url": f"{back}?from=paid",
            "cancel_url": f"{back}?from=cancelled",
            "client_reference_id": deposit.public_id,
            "metadata[deposit]": deposit.public_id,
            "payment_intent_data[metadata][deposit]": deposit.public_id,
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": deposit.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(smallest_units(deposit.asked)),
            "line_items[0][price_data][product_data][name]": f"Balance {deposit.amount} USD",
            **({"expires_at": str(int(deposit.expires_at.timestamp()) - 60)} if deposit.expires_at else {}),
        }
        outcome = door().ask("POST", "/v1/checkout/sessions", key=f"deposit-{deposit.public_id}", form=form)
        match outcome:
            case Answered(json={"id": str(ref), "url": str(url)}):
                return Started(ref, url)
            case Refused():
                return NotStarted(why="declined", final=True)
            case _:
                return NotStarted(why="not_reached", final=False)

    def ask(self, deposit: Deposit) -> Sighting | None:
        path = f"/v1/checkout/sessions/{deposit.provider_ref}"
        match door().ask("GET", path, query={"expand[0]": "payment_intent.latest_charge"}):
            case Answered(json=dict() as session):
                return self._sighting(deposit, session)
            case _:
                return None

    def read_hook(self, hook: Hook) -> Event:
        if not is_signed(hook):
            raise Forged("signature")
        try:
            event = json.loads(hook.body)
            what, about = event["data"]["object"], ""
            if event["type"].startswith("checkout.session."):
                about = what["id"]
            else:
                about = what.get("payment_intent") or ""
            return Event(
                id=str(event["id"]),
                kind=str(event["type"]),
                deposit=str(what.get("client_reference_id") or ""),
                about=str(about),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise Forged("no event") from fault

    def refund(self, refund: Refund) -> RefundAnswer:
        form = {
            "payment_intent": refund.deposit.payment_ref,
            "amount": str(smallest_units(refund.pays)),
            "metadata[refund]": refund.public_id,
        }
        return _refund_answer(door().ask("POST", "/v1/refunds", key=f"refund-{refund.public_id}", form=form))

    def find_refund(self, refund: Refund) -> RefundAnswer:
        match self._refunds({"id": refund.deposit.payment_ref}):
            case None:
                return NotSent("not_reached")
            case refunds:
                return next((each for each in refunds if each.key == refund.public_id), Missing())

    def _sighting(self, deposit: Deposit, session: dict[str, Any]) -> Sighting | None:
        if session.get("client_reference_id") != deposit.public_id:
            return Sighting("failed", why="not_ours")
        intent = session.get("payment_intent") or {}
        match session.get("status"), session.get("payment_status"):
            case "complete", "paid":
                paid = from_smallest_units(int(session["amount_total"]), str(session["currency"]))
                disputes = self._disputes(intent) if _is_disputed(intent) else ()
                refunds = self._refunds(intent) if deposit.refunded or _is_refunded(intent) else ()
                if paid is None or disputes is None or refunds is None:
                    return None
                return Sighting(
                    "paid", paid=paid, payment=str(intent["id"]), disputes=disputes, refunds=refunds
                )
            case "complete", _:
                declined = intent.get("status") in ("requires_payment_method", "canceled")
                return Sighting("failed", why="declined") if declined else Sighting("processing")
            case "expired", _:
                return Sighting("expired")
            case _:
                return Sighting("open")

    def _disputes(self, intent: dict[str, Any]) -> tuple[SeenDispute, ...] | None:
        match door().ask("GET", "/v1/disputes", query={"payment_intent": intent["id"], "limit": "100"}):
            case Answered(json={"data": list(rows)}):
                return tuple(seen for row in rows if (seen := _dispute(row)))
            case _:
                return None

    def _refunds(self, intent: dict[str, Any]) -> tuple[SeenRefund, ...] | None:
        query = {"payment_intent": str(intent["id"]), "limit": "100"}
        match door().ask("GET", "/v1/refunds", query=query):
            case Answered(json={"data": list(rows)}):
                return tuple(_seen_refund(row) for row in rows)
            case _:
                return None


def is_set_up() -> bool:
    return bool(settings.STRIPE_SECRET and settings.STRIPE_HOOK_SECRET)


def door() -> Door:
    return Door(settings.STRIPE_URL, headers={"Authorization": f"Bearer {settings.STRIPE_SECRET}"})


def _is_disputed(intent: dict[str, Any]) -> bool:
    charge = intent.get("latest_charge")
    return isinstance(charge, dict) and bool(charge.get("disputed") or charge.get("dispute"))


def _is_refunded(intent: dict[str, Any]) -> bool:
    """By us, or by somebody on Stripe's own pages."""
    charge = intent.get("latest_charge")
    return isinstance(charge, dict) and bool(charge.get("amount_refunded"))


def _dispute(row: dict[str, Any]) -> SeenDispute | None:
    amount, status = from_smallest_units(int(row["amount"]), str(row["currency"])), str(row["status"])
    if amount is None:
        return None
    return SeenDispute(
        ref=str(row["id"]),
        amount=amount,
        taken=status in _TAKEN,
        closed=status in _CLOSED,
        why=str(row.get("reason") or ""),
    )


def _seen_refund(row: dict[str, Any]) -> SeenRefund:
    key = str((row.get("metadata") or {}).get("refund", ""))
    state = _REFUNDS.get(str(row.get("status")), "waiting")
    amount = from_smallest_units(int(row.get("amount", 0)), str(row.get("currency", "")))
    return SeenRefund(key, str(row["id"]), state, amount)


def _refund_answer(outcome: Outcome) -> RefundAnswer:
    match outcome:
        case Answered(json={"id": str(), "status": str()} as row):
            return _seen_refund(row)
        case Answered():
            return Unknown("no refund in the answer")
        case Refused(json=told):
            why = (told or {}).get("error", {}).get("code", "") if isinstance(told, dict) else ""
            return SeenRefund(key="", ref=str(why), state="failed")
        case other:
            return other


def is_signed(hook: Hook) -> bool:
    """``t=…,v1=…``: HMAC-SHA256 over ``{t}.{body}``, of these minutes. Two secrets may be valid."""
    parts = [part.partition("=") for part in hook.headers.get("stripe-signature", "").split(",")]
    moments = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(moments) != 1 or not moments[0].isascii() or not moments[0].isdigit():
        return False
    if abs(time.time() - int(moments[0])) > TOLERANCE_SECONDS:
        return False
    signed = moments[0].encode() + b"." + hook.body
    secrets = filter(None, (secret.strip() for secret in settings.STRIPE_HOOK_SECRET.split(",")))
    expected = [hmac.new(secret.encode(), signed, "sha256").hexdigest() for secret in secrets]
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected)
