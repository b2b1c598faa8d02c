"""Payoneer mass payouts (v4): to workers whose Payoneer accounts were joined to our program under their ids.

``client_reference_id`` is our key: Payoneer refuses it a second time and answers what became of it. Its whole
contract is given to partners only; what is public of it is what this file follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from tukro.money.providers.payouts import Hint, HookForged, Order, lost
from tukro.money.rules.payouts import PayoutNews, Said
from tukro.outside.http import Answered, Door, Refused, document

_STATES: Mapping[str, Said] = {
    "pending": "accepted",
    "pending_payee_account_connection": "accepted",
    "processing": "accepted",
    "transferred": "settled",
    "cancelled": "failed",
    "returned": "failed",
}


class Payoneer:
    name = "payoneer"
    kinds: Sequence[str] = ("payoneer",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        door = _door()
        if isinstance(door, PayoutNews):
            return door
        payment = {
            "client_reference_id": order.key,
            "payee_id": order.worker_id,
            "description": "Earnings",
            "currency": order.amount.currency,
            "amount": order.decimal,
        }
        made = door.ask("POST", f"{_program()}/masspayouts", json={"Payments": [payment]})
        match made:
            case Answered():
                return PayoutNews("accepted", reference=order.key)
            case Refused():
                answer = document(made)
                if "duplicate" in _words(answer).lower():
                    return PayoutNews("accepted", reference=order.key)
                return PayoutNews("absent", reason=f"Payoneer: {_words(answer) or made.status}")
            case _:
                return lost(made)

    def ask(self, order: Order) -> PayoutNews:
        door = _door()
        if isinstance(door, PayoutNews):
            return PayoutNews("unclear", reason=door.reason)
        found = door.ask("GET", f"{_program()}/payouts/{order.key}/status")
        if isinstance(found, Refused) and found.status == 404:
            return PayoutNews("absent")
        if not isinstance(found, Answered):
            return PayoutNews("unclear", reason=_words(document(found)))
        result = document(found).get("result", {})
        status = str(result.get("status", "")).lower().replace(" ", "_")
        said = _STATES.get(status)
        handle = str(result.get("payout_id", ""))
        if said is None:
            return PayoutNews("unclear", handle=handle, reason=f"Payoneer: {status}")
        reason = str(result.get("reason_description") or f"Payoneer: {status}") if said == "failed" else ""
        return PayoutNews(said, handle=handle, reference=handle, reason=reason)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        del headers, body
        raise HookForged("Payoneer's notices are not signed: its answers are asked for instead")


def _program() -> str:
    return f"/v4/programs/{settings.PAYONEER_PROGRAM}"


def _door() -> Door | PayoutNews:
    way_in = Door(settings.PAYONEER_LOGIN_URL, basic=(settings.PAYONEER_CLIENT, settings.PAYONEER_SECRET))
    asked = {"grant_type": "client_credentials", "scope": "read write"}
    granted = way_in.ask("POST", "/api/v2/oauth2/token", form=asked)
    token = document(granted).get("access_token") if isinstance(granted, Answered) else None
    if not token:
        return PayoutNews("absent", reason="no token from Payoneer")
    return Door(settings.PAYONEER_URL, headers={"Authorization": f"Bearer {token}"}, key_header="")


def _words(answer: dict[str, Any]) -> str:
    return str(answer.get("error_description") or answer.get("error") or "")
