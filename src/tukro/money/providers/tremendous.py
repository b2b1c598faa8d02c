"""Tremendous, the other door to gift cards: an order of one reward, handed to its worker as a link.

``external_id`` is our key: a repeated order answers with the first (201 instead of 200) and makes nothing; it
can also be looked up by it, without its link, which is then made anew. The link is as good as money: it is
kept sealed, as a gift card's code.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from tukro.money.providers.payouts import SUM, Hint, HookForged, Order, hook_document, lost, with_sum
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import Answered, Door, Refused, document

_UNDER_WAY = frozenset(
    {"OPEN", "CART", "PENDING APPROVAL", "PENDING INTERNAL PAYMENT APPROVAL", "PENDING SETTLEMENT"}
)


class Tremendous:
    name = "tremendous"
    kinds: Sequence[str] = ("amazon",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        reward: dict[str, object] = {
            "value": {"denomination": SUM, "currency_code": order.amount.currency},
            "delivery": {"method": "LINK"},
            "recipient": {"email": order.details["email"]},
        }
        if settings.TREMENDOUS_CAMPAIGN:
            reward["campaign_id"] = settings.TREMENDOUS_CAMPAIGN
        asked = {
            "external_id": order.key,
            "payment": {"funding_source_id": settings.TREMENDOUS_FUNDING},
            "rewards": [reward],
        }
        json = {"Content-Type": "application/json"}
        made = _door().ask("POST", "/orders", body=with_sum(asked, order), headers=json)
        match made:
            case Answered():
                return _news(document(made).get("order", {}), order)
            case Refused():
                # 422 names fields that cannot be right; all else is between the operator and Tremendous.
                return PayoutNews("failed" if made.status == 422 else "absent", reason=_words(document(made)))
            case _:
                return lost(made)

    def ask(self, order: Order) -> PayoutNews:
        found = _door().ask("GET", "/orders", query={"external_id": order.key})
        if not isinstance(found, Answered):
            return PayoutNews("unclear", reason=_words(document(found)))
        orders = document(found).get("orders")
        if not isinstance(orders, list):
            return PayoutNews("unclear", reason="no list of orders")
        ours = [one for one in orders if one.get("external_id") == order.key]
        return _news(ours[0], order) if ours else PayoutNews("absent")

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        secret = settings.TREMENDOUS_HOOK_SECRET
        signed = "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()
        if not secret or not hmac.compare_digest(signed, headers.get("tremendous-webhook-signature", "")):
            raise HookForged("Tremendous did not sign it")
        about = hook_document(body).get("payload", {}).get("resource", {})
        return [Hint(handle=str(about.get("id", "")))]


def _door() -> Door:
    return Door(
        settings.TREMENDOUS_URL,
        headers={"Authorization": f"Bearer {settings.TREMENDOUS_KEY}"},
        key_header="",
    )


def _news(made: dict[str, Any], order: Order) -> PayoutNews:
    if made.get("external_id") != order.key:
        return PayoutNews("unclear", reason="the answer is about another order")
    handle, status = str(made.get("id", "")), made.get("status")
    if status == "EXECUTED":
        rewards = made.get("rewards") or [{}]
        if order.arrived:
            return PayoutNews("settled", handle=handle)
        link = str(rewards[0].get("delivery", {}).get("link", "")) or _new_link(str(rewards[0].get("id", "")))
        return PayoutNews("settled" if link else "accepted", handle=handle, reference=handle, code=link)
    if status in ("FAILED", "CANCELED"):
        return PayoutNews("failed", handle=handle, reason=f"Tremendous: {status}")
    if status in _UNDER_WAY:
        return PayoutNews("accepted", handle=handle, reference=handle)
    return PayoutNews("unclear", handle=handle, reason=f"status {status}")


def _new_link(reward: str) -> str:
    """A link to a reward that was made: only the answer to its order carries one by itself."""
    made = _door().ask("POST", f"/rewards/{reward}/generate_link") if reward else None
    found = document(made).get("reward") if isinstance(made, Answered) else None
    return str(found.get("link", "")) if isinstance(found, dict) else ""


def _words(answer: dict[str, Any]) -> str:
    errors = answer.get("errors")
    return str(errors.get("message", "")) if isinstance(errors, dict) else ""
