"""Stripe as its documents describe it: sessions, idempotency keys, refunds, disputes, signed web hooks."""

from __future__ import annotations

import hmac
import itertools
import json
import time
from typing import Any

from tests.providers.played.server import Call, Contract, Reply

SECRET = "sk_test_tukro"
HOOK_SECRET = "whsec_tukro"


class StripeContract(Contract):
    """``pay`` and its sisters are what happens on Stripe's pages and at banks."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.refund_status = "succeeded"
        self._kept: dict[str, tuple[bytes, Reply]] = {}  # by idempotency key
        self._numbers = itertools.count(1)

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {SECRET}":
            return Reply(401, {"error": {"type": "invalid_request_error"}})
        key = call.headers.get("idempotency-key", "")
        if key in self._kept:
            body, reply = self._kept[key]
            return reply if body == call.body else Reply(400, {"error": {"type": "idempotency_error"}})
        reply = self._do(call)
        if key and reply.status < 400:
            self._kept[key] = (call.body, reply)
        return reply

    def pay(self, ref: str, *, cents: int | None = None, status: str = "paid") -> None:
        session = self.sessions[ref]
        session |= {"status": "complete", "payment_status": status}
        if cents is not None:
            session["amount_total"] = cents
        session["payment_intent"] |= {"status": "succeeded" if status == "paid" else "processing"}

    def fail_later(self, ref: str) -> None:
        """A payment by bank debit that did not come in after all."""
        self.sessions[ref]["payment_intent"]["status"] = "requires_payment_method"

    def dispute(self, ref: str, *, status: str = "needs_response", cents: int | None = None) -> str:
        session = self.sessions[ref]
        intent = session["payment_intent"]
        intent["latest_charge"]["disputed"] = True
        name = f"dp_{intent['id']}"
        amount = session["amount_total"] if cents is None else cents
        self.disputes[name] = {
            "id": name,
            "payment_intent": intent["id"],
            "amount": amount,
            "currency": "usd",
            "status": status,
            "reason": "fraudulent",
        }
        return name

    def hook(
        self, kind: str, what: dict[str, Any], *, event: str = "", secret: str = HOOK_SECRET, age: int = 0
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a web hook, as Stripe signs it."""
        name = event or f"evt_{next(self._numbers)}"
        body = json.dumps({"id": name, "type": kind, "data": {"object": what}}).encode()
        moment = int(time.time()) - age
        signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
        return body, {"stripe-signature": f"t={moment},v1={signature}"}

    def _do(self, call: Call) -> Reply:
        match call.method, call.path.split("/")[2:]:
            case "POST", ["checkout", "sessions"]:
                return self._open(call.form)
            case "GET", ["checkout", "sessions", ref] if ref in self.sessions:
                return Reply(200, self.sessions[ref])
            case "POST", ["refunds"]:
                return self._refund(call.form)
            case "GET", ["refunds"]:
                return Reply(200, {"data": _of(self.refunds, call)})
            case "GET", ["disputes"]:
                return Reply(200, {"data": _of(self.disputes, call)})
            case _:
                return Reply(404, {"error": {"code": "resource_missing"}})

    def _open(self, form: dict[str, str]) -> Reply:
        cents = int(form["line_items[0][price_data][unit_amount]"])
        if cents < 50:
            return Reply(400, {"error": {"code": "amount_too_small"}})
        number = next(self._numbers)
        ref = f"cs_test_{number}"
        self.sessions[ref] = {
            "id": ref,
            "url": f"https://checkout.stripe.example/{ref}",
            "client_reference_id": form["client_reference_id"],
            "amount_total": cents,
            "currency": form["line_items[0][price_data][currency]"],
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": {"id": f"pi_{number}", "latest_charge": {"disputed": False}},
        }
        return Reply(200, self.sessions[ref])

    def _refund(self, form: dict[str, str]) -> Reply:
        intent, cents = form["payment_intent"], int(form["amount"])
        paid = sum(s["amount_total"] for s in self.sessions.values() if s["payment_intent"]["id"] == intent)
        back = sum(r["amount"] for r in self.refunds.values() if r["payment_intent"] == intent)
        if back + cents > paid:
            return Reply(400, {"error": {"code": "charge_already_refunded"}})
        ref = f"re_{next(self._numbers)}"
        self.refunds[ref] = {
            "id": ref,
            "payment_intent": intent,
            "amount": cents,
            "status": self.refund_status,
            "currency": "usd",
            "metadata": {"refund": form["metadata[refund]"]} if "metadata[refund]" in form else {},
        }
        self._charge(intent)["amount_refunded"] = back + cents
        return Reply(200, self.refunds[ref])

    def refund_by_hand(self, ref: str, cents: int) -> str:
        """Somebody refunds a part on Stripe's own pages; no key of ours is on it."""
        intent = self.sessions[ref]["payment_intent"]["id"]
        self._refund({"payment_intent": intent, "amount": str(cents)})
        return list(self.refunds)[-1]

    def _charge(self, intent: str) -> dict[str, Any]:
        [session] = [one for one in self.sessions.values() if one["payment_intent"]["id"] == intent]
        charge: dict[str, Any] = session["payment_intent"]["latest_charge"]
        return charge


def _of(rows: dict[str, dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    return [row for row in rows.values() if row["payment_intent"] == call.query["payment_intent"]]
