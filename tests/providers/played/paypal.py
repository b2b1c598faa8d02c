"""PayPal as its documents describe it: tokens, orders and captures, refunds, disputes, verified web hooks."""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.providers.played.paypal_signing import CERTIFICATE, Signer, signer
from tests.providers.played.server import Call, Contract, Reply

CLIENT, SECRET, HOOK = "client", "secret", "WH-1"


class PayPalContract(Contract):
    """``approve`` and its sisters are what happens on PayPal's pages and at banks."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.capture_status = "COMPLETED"
        self.refund_status = "COMPLETED"
        self.declines: str = ""  # an issue with which the next captures are declined
        self.url = ""  # where it is played
        self.signer: Signer = signer()
        self.has_certificate = True
        self.genuine: set[bytes] = set()
        self.token = "A21.token"
        self._kept: dict[str, Reply] = {}
        self._numbers = itertools.count(1)

    def answer(self, call: Call) -> Reply:
        if call.path == CERTIFICATE:
            return Reply(200, self.signer.chain) if self.has_certificate else Reply(503)
        if call.path == "/v1/oauth2/token":
            basic = call.headers.get("authorization", "")
            good = basic == "Basic Y2xpZW50OnNlY3JldA=="
            return Reply(200, {"access_token": self.token, "expires_in": 32400}) if good else Reply(401)
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"error": "invalid_token"})
        key = call.headers.get("paypal-request-id", "")
        if key and key in self._kept:
            return self._kept[key]
        reply = self._do(call)
        if key and reply.status < 400:
            self._kept[key] = reply
        return reply

    def approve(self, ref: str) -> None:
        self.orders[ref]["status"] = "APPROVED"

    def capture_of(self, ref: str) -> dict[str, Any]:
        capture: dict[str, Any] = self._unit(ref)["payments"]["captures"][0]
        return capture

    def dispute(self, ref: str, *, stage: str = "CHARGEBACK", status: str = "OPEN", outcome: str = "") -> str:
        capture = self.capture_of(ref)
        name = f"PP-D-{capture['id']}"
        self.disputes[name] = {
            "dispute_id": name,
            "capture": capture["id"],
            "status": status,
            "reason": "UNAUTHORISED",
            "dispute_amount": capture["amount"],
            "dispute_life_cycle_stage": stage,
            "dispute_outcome": {"outcome_code": outcome},
        }
        return name

    def refund_by_hand(self, ref: str, value: str) -> dict[str, Any]:
        """Somebody refunds a part on PayPal's own pages; no key of ours is on it."""
        self._refund(self.capture_of(ref)["id"], {"amount": {"currency_code": "USD", "value": value}})
        made: dict[str, Any] = self._unit(ref)["payments"]["refunds"][-1]
        return made

    def hook(self, kind: str, resource: dict[str, Any], *, event: str = "") -> tuple[bytes, dict[str, str]]:
        """A genuine web hook: signed, and PayPal will say so when it is asked."""
        name = event or f"WH-{next(self._numbers)}"
        # Spaces as PayPal writes them: verification is over bytes.
        body = json.dumps({"id": name, "event_type": kind, "resource": resource}, indent=1).encode()
        self.genuine.add(body)
        return body, self.signer.stamps(body, hook_id=HOOK, at=self.url)

    def _do(self, call: Call) -> Reply:
        match call.method, call.path.split("/")[1:]:
            case "POST", ["v2", "checkout", "orders"]:
                return self._open(call.json)
            case "GET", ["v2", "checkout", "orders", ref] if ref in self.orders:
                return Reply(200, self.orders[ref])
            case "POST", ["v2", "checkout", "orders", ref, "capture"] if ref in self.orders:
                return self._capture(ref)
            case "POST", ["v2", "payments", "captures", capture, "refund"]:
                return self._refund(capture, call.json)
            case "GET", ["v1", "customer", "disputes"]:
                wanted = call.query["disputed_transaction_id"]
                rows = [row for row in self.disputes.values() if row["capture"] == wanted]
                return Reply(200, {"items": [_in_list(row) for row in rows]})
            case "GET", ["v1", "customer", "disputes", name] if name in self.disputes:
                return Reply(200, self.disputes[name])
            case "POST", ["v1", "notifications", "verify-webhook-signature"]:
                _, _, event = call.body.partition(b'"webhook_event": ')
                good = event[:-1] in self.genuine and call.json["webhook_id"] == HOOK
                return Reply(200, {"verification_status": "SUCCESS" if good else "FAILURE"})
            case _:
                return Reply(404, {"name": "RESOURCE_NOT_FOUND"})

    def _open(self, asked: dict[str, Any]) -> Reply:
        unit = asked["purchase_units"][0]
        ref = f"ORDER{next(self._numbers)}"
        self.orders[ref] = {
            "id": ref,
            "status": "PAYER_ACTION_REQUIRED",
            "purchase_units": [{**unit, "payments": {"captures": [], "refunds": []}}],
            "links": [
                {"rel": "self", "href": f"https://paypal.example/{ref}"},
                {"rel": "payer-action", "href": f"https://paypal.example/pay/{ref}"},
            ],
        }
        return Reply(201, self.orders[ref])

    def _capture(self, ref: str) -> Reply:
        order, unit = self.orders[ref], self._unit(ref)
        if order["status"] == "COMPLETED":
            return Reply(422, {"details": [{"issue": "ORDER_ALREADY_CAPTURED"}]})
        if order["status"] != "APPROVED":
            return Reply(422, {"details": [{"issue": "ORDER_NOT_APPROVED"}]})
        if self.declines:
            return Reply(422, {"details": [{"issue": self.declines}]})
        order["status"] = "COMPLETED"
        capture = {
            "id": f"CAP{next(self._numbers)}",
            "status": self.capture_status,
            "amount": unit["amount"],
            "custom_id": unit["custom_id"],
        }
        unit["payments"]["captures"].append(capture)
        return Reply(201, order)

    def _refund(self, capture: str, asked: dict[str, Any]) -> Reply:
        for ref in self.orders:
            payments = self._unit(ref)["payments"]
            if payments["captures"] and payments["captures"][0]["id"] == capture:
                made = {"id": f"REF{next(self._numbers)}", "status": self.refund_status, **asked}
                payments["refunds"].append(made)
                return Reply(201, {"id": made["id"], "status": made["status"]})
        return Reply(404, {"name": "RESOURCE_NOT_FOUND"})

    def _unit(self, ref: str) -> dict[str, Any]:
        unit: dict[str, Any] = self.orders[ref]["purchase_units"][0]
        return unit


def _in_list(row: dict[str, Any]) -> dict[str, Any]:
    """Lists of disputes do not say how one ended."""
    return {name: value for name, value in row.items() if name != "dispute_outcome"}
