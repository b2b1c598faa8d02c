"""Who sends text messages, each played after its documents. ``sent`` holds what would reach phones."""

from __future__ import annotations

import base64
from typing import Any

from tests.providers.played.server import Call, Contract, Reply

ACCOUNT, TOKEN, FROM = "AC" + "a1" * 16, "t0ken", "+15005550006"


class TwilioContract(Contract):
    """Messages of one account: POST makes one each time (no idempotency), GET lists them, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.status = "queued"

    def answer(self, call: Call) -> Reply:
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {basic}":
            return _twilio_error(401, 20003, "Authenticate")
        if call.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return _twilio_error(404, 20404, "The requested resource was not found")
        if call.method == "GET":
            found = [one for one in reversed(self.sent) if one["to"] == call.query["To"]]
            return Reply(200, {"messages": found, "page": 0, "page_size": 50})
        asked = call.form
        if asked.get("From") != FROM:
            return _twilio_error(400, 21606, "The From phone number is not a valid, SMS-capable number")
        if not asked["To"].startswith("+880"):
            return _twilio_error(400, 21408, "Permission to send an SMS has not been enabled for the region")
        made = {
            "sid": f"SM{len(self.sent):032x}",
            "to": asked["To"],
            "from": FROM,
            "body": asked["Body"],
            "status": self.status,
            "error_code": None,
        }
        self.sent.append(made)
        return Reply(201, made)


def _twilio_error(status: int, code: int, message: str) -> Reply:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": message, "more_info": more, "status": status})


class SslWireless(Contract):
    """ISMS Plus of SSL Wireless: JSON, always 200; a csms_id works once a day."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.balance = True

    def answer(self, call: Call) -> Reply:
        asked = call.json
        if call.path != "/api/v3/send-sms" or asked["api_token"] != "tok" or asked["sid"] != "TUKRO":
            return _said(4001, "Unauthorized")
        if asked["csms_id"] in [one["csms_id"] for one in self.sent]:
            return _said(4029, "csms_id must be unique")
        if not self.balance:
            return _said(4003, "Insufficient balance")
        self.sent.append(asked)
        info = [{"sms_status": "SUCCESS", "msisdn": asked["msisdn"], "csms_id": asked["csms_id"]}]
        return Reply(200, {"status": "SUCCESS", "status_code": 200, "error_message": "", "smsinfo": info})


def _said(code: int, message: str) -> Reply:
    return Reply(200, {"status": "FAILED", "status_code": code, "error_message": message})
