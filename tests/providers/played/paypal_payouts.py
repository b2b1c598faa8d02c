"""PayPal Payouts v1, played after PayPal's OpenAPI description (payments_payouts_batch_v1)."""

from __future__ import annotations

import base64
from typing import Any

from tests.providers.played.paypal_signing import CERTIFICATE, Signer, signer
from tests.providers.played.server import Call, Contract, Reply

CLIENT, SECRET, HOOK = "client-1", "secret-1", "WH-1"
PAYOUTS = "/v1/payments/payouts"


class PayPal(Contract):
    """``paid`` counts how often money left for each of our keys."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: dict[str, dict[str, Any]] = {}  # by PayPal's own id
        self.paid: dict[str, int] = {}
        self.status = "PENDING"  # of items, from the moment that they are made
        self.funds = True
        self.url = ""  # where it is played
        self.signer: Signer = signer()

    def say(self, status: str) -> None:
        """All items are in this status from now on."""
        self.status = status
        for batch in self.batches.values():
            batch["items"][0]["transaction_status"] = status

    def answer(self, call: Call) -> Reply:
        if call.path == CERTIFICATE:
            return Reply(200, self.signer.chain)
        if call.path == "/v1/oauth2/token":
            return self._token(call)
        if call.headers.get("authorization") != "Bearer T1":
            return Reply(401, {"name": "AUTHENTICATION_FAILURE", "message": "Authentication failed"})
        if call.path == "/v1/notifications/verify-webhook-signature":
            return Reply(200, {"verification_status": "FAILURE"})
        if call.method == "POST" and call.path == PAYOUTS:
            return self._create(call)
        batch = self.batches.get(call.path.removeprefix(f"{PAYOUTS}/"))
        if call.method == "GET" and batch:
            return Reply(200, batch)
        return Reply(404, {"name": "INVALID_RESOURCE_ID", "message": "Requested resource ID was not found."})

    def _token(self, call: Call) -> Reply:
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if call.headers.get("authorization") != expected or call.form != {"grant_type": "client_credentials"}:
            return Reply(401, {"error": "invalid_client"})
        return Reply(200, {"access_token": "T1", "token_type": "Bearer", "expires_in": 32_400})

    def _create(self, call: Call) -> Reply:
        key = call.json["sender_batch_header"]["sender_batch_id"]
        [item] = call.json["items"]
        first = next((name for name, one in self.batches.items() if _key(one) == key), "")
        if first:
            link = {"href": f"https://api-m.paypal.com{PAYOUTS}/{first}", "rel": "self", "method": "GET"}
            return Reply(
                400,
                {
                    "name": "USER_BUSINESS_ERROR",
                    "message": "User business error.",
                    "details": [{"field": "SENDER_BATCH_ID", "issue": "duplicate", "link": [link]}],
                },
            )
        if "@" not in item["receiver"] or len(item["sender_item_id"]) > 63:
            return Reply(400, {"name": "VALIDATION_ERROR", "message": "Invalid request - see details."})
        if not self.funds:
            return Reply(422, {"name": "INSUFFICIENT_FUNDS", "message": "Not sufficient funds."})
        made = f"B{len(self.batches) + 1}"
        header = {
            "payout_batch_id": made,
            "batch_status": "PENDING",
            "sender_batch_header": {"sender_batch_id": key},
        }
        self.batches[made] = {
            "batch_header": header,
            "items": [
                {
                    "payout_item_id": f"I{made}",
                    "transaction_id": f"TX{made}",
                    "transaction_status": self.status,
                    "payout_item": item,
                }
            ],
        }
        self.paid[key] = self.paid.get(key, 0) + 1
        return Reply(201, {"batch_header": header})


def _key(batch: dict[str, Any]) -> str:
    key: str = batch["batch_header"]["sender_batch_header"]["sender_batch_id"]
    return key
