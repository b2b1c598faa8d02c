"""Providers that pay workers, each played after its documents.

``paid`` counts how often money left for each of our keys.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Any

from tests.providers.played.server import Call, Contract, Reply

_KEYS = uuid.UUID("6f4a3d5e-6a4b-5c1e-9a55-7b1e9d0c2f31")


class Rail(Contract):
    settings: dict[str, str] = {}

    def __init__(self) -> None:
        super().__init__()
        self.paid: dict[str, int] = {}
        self.funds = True

    def pay(self, key: str) -> None:
        self.paid[key] = self.paid.get(key, 0) + 1


class Agcod(Rail):
    """POST /CreateGiftCard, signed (SigV4). The same creationRequestId gives the same card."""

    settings = {"AGCOD_PARTNER": "Tukro", "AGCOD_KEY": "AKIA1", "AGCOD_SECRET": "s3cret"}

    def answer(self, call: Call) -> Reply:
        if not self._signed(call):
            return Reply(403, {"errorCode": "F300", "errorType": "InvalidSignature", "message": "No"})
        asked, wanted = call.json, call.headers["x-amz-target"]
        if call.path != "/CreateGiftCard" or wanted != "com.amazonaws.agcod.AGCODService.CreateGiftCard":
            return Reply(400, {"errorCode": "F200", "errorType": "UnknownOperation"})
        request = asked["creationRequestId"]
        if not request.startswith(asked["partnerId"]) or len(request) > 40:
            return Reply(400, {"errorCode": "F200", "errorType": "InvalidRequestId"})
        if asked["value"]["amount"] > 2000:
            return Reply(400, {"errorCode": "F200", "errorType": "MaxAmountExceeded", "message": "Too much"})
        key = request.removeprefix("Tukro")
        if key not in self.paid:
            if not self.funds:
                return Reply(400, {"errorCode": "F300", "errorType": "InsufficientFunds", "message": "Empty"})
            self.pay(key)
        card = {"gcId": f"GC{key[:6]}", "gcClaimCode": f"CODE-{key[:4]}", "creationRequestId": request}
        return Reply(200, {**card, "status": "SUCCESS", "cardInfo": {"cardStatus": "Fulfilled"}})

    def _signed(self, call: Call) -> bool:
        """AWS Signature Version 4 made anew from what came."""
        said = call.headers.get("authorization", "")
        day = call.headers.get("x-amz-date", "")[:8]
        scope = f"{day}/us-east-1/AGCODService/aws4_request"
        if f"Credential=AKIA1/{scope}" not in said:
            return False
        names = said.split("SignedHeaders=")[1].split(",")[0].split(";")
        if not {"host", "x-amz-date", "x-amz-target"} <= set(names):
            return False
        lines = "".join(f"{name}:{call.headers[name].strip()}\n" for name in names)
        body = hashlib.sha256(call.body).hexdigest()
        canonical = f"POST\n{call.path}\n\n{lines}\n{';'.join(names)}\n{body}"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{call.headers['x-amz-date']}\n{scope}\n{hashed}"
        key = b"AWS4s3cret"
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return said.endswith("Signature=" + hmac.digest(key, to_sign.encode(), "sha256").hex())


class TremendousServer(Rail):
    """POST and GET /orders. A repeated external_id answers 201 with the first order."""

    settings = {"TREMENDOUS_KEY": "TEST_k", "TREMENDOUS_FUNDING": "BALANCE", "TREMENDOUS_HOOK_SECRET": "h"}

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, dict[str, Any]] = {}
        self.status = "EXECUTED"

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer TEST_k":
            return Reply(401, {"errors": {"message": "Unauthorized"}})
        if call.method == "GET" and call.path == "/orders":
            found = [self._shown(one, with_link=False) for one in self.orders.values()]
            return Reply(
                200, {"orders": [one for one in found if one["external_id"] == call.query["external_id"]]}
            )
        if call.method == "POST" and call.path == "/rewards/R/generate_link":
            return Reply(200, {"reward": {"id": "R", "link": "https://r.example/anew"}})
        if call.method != "POST" or call.path != "/orders":
            return Reply(404, {"errors": {"message": "Not found"}})
        asked = call.json
        key, [reward] = asked["external_id"], asked["rewards"]
        if key in self.orders:
            return Reply(201, {"order": self._shown(self.orders[key])})
        if reward["value"]["denomination"] <= 0 or reward["delivery"]["method"] not in ("LINK", "EMAIL"):
            return Reply(422, {"errors": {"message": "Invalid"}})
        if not self.funds:
            return Reply(402, {"errors": {"message": "Insufficient funds"}})
        self.orders[key] = {"id": f"O{len(self.orders)}", "external_id": key}
        self.pay(key)
        return Reply(200, {"order": self._shown(self.orders[key])})

    def _shown(self, order: dict[str, Any], *, with_link: bool = True) -> dict[str, Any]:
        """Links are in answers to orders only; looking an order up shows none."""
        delivery = {"method": "LINK", "status": "SUCCEEDED"}
        if with_link:
            delivery["link"] = f"https://r.example/{order['id']}"
        return {**order, "status": self.status, "rewards": [{"id": "R", "delivery": delivery}]}


class SkrillServer(Rail):
    """/app/pay.pl: prepare gives a session, transfer executes it; a key that was executed is refused."""

    settings = {"SKRILL_EMAIL": "house@example.org", "SKRILL_PASSWORD": "api-pass"}

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, str] = {}
        self.status = "2"

    def answer(self, call: Call) -> Reply:
        asked = call.form
        if call.path != "/app/pay.pl":
            return Reply(404)
        if asked["action"] == "transfer":
            key = self.sessions.pop(asked["sid"], "")
            if not key:
                return skrill_error("SESSION_EXPIRED")
            if key in self.paid:
                return skrill_error("ALREADY_EXECUTED")
            self.pay(key)
            words = {"2": "processed", "1": "scheduled"}[self.status]
            inner = f"<id>4711</id><status>{self.status}</status><status_msg>{words}</status_msg>"
            return _xml(f"<transaction><amount>1</amount>{inner}</transaction>")
        hashed = hashlib.md5(b"api-pass", usedforsecurity=False).hexdigest()
        if (asked["email"], asked["password"]) != ("house@example.org", hashed):
            return skrill_error("CANNOT_LOGIN")
        if "@" not in asked["bnf_email"]:
            return skrill_error("INVALID_BNF_EMAIL")
        if asked["frn_trn_id"] in self.paid:
            return skrill_error("ALREADY_EXECUTED")
        if not self.funds:
            return skrill_error("BALANCE_NOT_ENOUGH")
        session = f"s{len(self.calls)}"
        self.sessions[session] = asked["frn_trn_id"]
        return _xml(f"<sid>{session}</sid>")


def _xml(inner: str) -> Reply:
    return Reply(200, f'<?xml version="1.0" encoding="UTF-8"?><response>{inner}</response>'.encode())


def skrill_error(message: str) -> Reply:
    return _xml(f"<error><error_msg>{message}</error_msg></error>")


class WiseServer(Rail):
    """Quotes, accounts, transfers, payments; one transfer for a customerTransactionId, funded once."""

    settings = {"WISE_TOKEN": "tok", "WISE_PROFILE": "77"}

    def __init__(self) -> None:
        super().__init__()
        self.transfers: dict[str, dict[str, Any]] = {}
        self.after_funding = "outgoing_payment_sent"
        self.by_hand = False
        self.keys: dict[str, str] = {}  # our key by Wise's UUID of it

    def knows(self, key: str) -> None:
        self.keys[str(uuid.uuid5(_KEYS, key))] = key

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer tok":
            return Reply(401, {"message": "unauthorized"})
        if call.method == "GET":
            found = [one for one in self.transfers.values() if call.path == f"/v1/transfers/{one['id']}"]
            return Reply(200, found[0]) if found else Reply(404, {"message": "not found"})
        match call.path:
            case "/v3/profiles/77/quotes":
                return Reply(200, {"id": "Q1", "targetAmount": call.json["targetAmount"]})
            case "/v1/accounts":
                if "@" not in call.json["details"]["email"]:
                    return Reply(422, {"errors": [{"message": "no such address"}]})
                return Reply(200, {"id": 5})
            case "/v1/transfers":
                return self._transfer(call.json)
        return self._fund(call.path.split("/")[5])

    def _transfer(self, asked: dict[str, Any]) -> Reply:
        made = self.transfers.setdefault(
            asked["customerTransactionId"],
            {"id": 900 + len(self.transfers), "status": "incoming_payment_waiting"},
        )
        return Reply(200, made)

    def _fund(self, number: str) -> Reply:
        name, transfer = next((n, t) for n, t in self.transfers.items() if str(t["id"]) == number)
        if self.by_hand:
            return Reply(403, {"message": "sca"}, {"x-2fa-approval": "one-time-token"})
        if transfer["status"] != "incoming_payment_waiting":
            return Reply(400, {"errors": [{"message": "already funded"}]})
        if not self.funds:
            return Reply(201, {"type": "BALANCE", "status": "REJECTED", "errorCode": "balance.low"})
        transfer["status"] = self.after_funding
        self.pay(self.keys[name])
        return Reply(201, {"type": "BALANCE", "status": "COMPLETED", "errorCode": None})


class PayoneerServer(Rail):
    """Tokens, mass payouts, status by our reference; a reference is taken once."""

    settings = {"PAYONEER_PROGRAM": "100", "PAYONEER_CLIENT": "c", "PAYONEER_SECRET": "s"}

    def __init__(self) -> None:
        super().__init__()
        self.status = "Transferred"

    def answer(self, call: Call) -> Reply:
        if call.path == "/api/v2/oauth2/token":
            return Reply(200, {"access_token": "P1", "expires_in": 2_592_000})
        if call.headers.get("authorization") != "Bearer P1":
            return Reply(401, {"error": "Unauthorized"})
        if call.path == "/v4/programs/100/masspayouts":
            [payment] = call.json["Payments"]
            key = payment["client_reference_id"]
            if key in self.paid:
                return Reply(400, {"error": "Bad Request", "error_description": "Duplicate reference"})
            if not self.funds:
                return Reply(400, {"error": "Bad Request", "error_description": "Insufficient balance"})
            self.pay(key)
            return Reply(200, {"result": "Payments Created"})
        key = call.path.removeprefix("/v4/programs/100/payouts/").removesuffix("/status")
        if key not in self.paid:
            return Reply(404, {"error": "Not Found"})
        return Reply(200, {"result": {"payout_id": f"P{key[:4]}", "status": self.status}})


class BkashServer(Rail):
    """Token (two an hour), B2C payment, search by trxID; an invoice number is taken once."""

    settings = {
        "BKASH_APP_KEY": "app",
        "BKASH_APP_SECRET": "sec",
        "BKASH_USER": "u",
        "BKASH_PASSWORD": "p",
    }

    def __init__(self) -> None:
        super().__init__()
        self.tokens = 0

    def answer(self, call: Call) -> Reply:
        if call.path == "/checkout/token/grant":
            self.tokens += 1
            if (call.headers["username"], call.headers["password"]) != ("u", "p") or self.tokens > 2:
                return Reply(403, {"message": "Forbidden"})
            return Reply(200, {"id_token": "B1", "token_type": "Bearer", "expires_in": 3600})
        if (call.headers.get("authorization"), call.headers.get("x-app-key")) != ("B1", "app"):
            return Reply(401, {"message": "Unauthorized"})
        if call.path != "/checkout/payment/b2cPayment":
            return Reply(200, {"trxID": call.path.split("/")[-1], "transactionStatus": "Completed"})
        key = call.json["merchantInvoiceNumber"]
        if key in self.paid:
            return Reply(200, {"errorCode": "2029", "errorMessage": "Duplicate for all transactions"})
        if not self.funds:
            return Reply(200, {"errorCode": "2023", "errorMessage": "Insufficient Balance"})
        self.pay(key)
        return Reply(200, {"trxID": f"8K{key[:8]}", "transactionStatus": "Completed", "currency": "BDT"})
