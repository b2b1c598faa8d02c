"""What became of money that a requester paid in, or asked back."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.models import Deposit
from tukro.notices.actions.told import Facts, Teller, Told

_LOOKED_AT = ("wrong_amount", "risky", "held")  # of these staff decide; the payer sees other faults at once


def _deposit(event: Event, template: str) -> Told | None:
    deposit = Deposit.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if deposit is None or deposit.provider == "play":
        return None
    link = reverse("requester:deposit", args=[deposit.public_id])
    facts: Facts = {
        "amount": Money(event.facts.get("amount", deposit.amount.units)),
        "frozen": Money(event.facts.get("frozen", 0)),
        "debt": Money(debt) if (debt := event.facts.get("debt", 0)) else "",
        "link": link,
    }
    return Told(deposit.requester.user, template, facts, kind="account", link=link)


def _settled(event: Event) -> Told | None:
    return _deposit(event, "deposit_settled")


def _failed(event: Event) -> Told | None:
    return _deposit(event, "deposit_kept_apart") if event.facts["why"] in _LOOKED_AT else None


def _disputed(event: Event) -> Told | None:
    return _deposit(event, "deposit_disputed")


def _frozen(event: Event) -> Told | None:
    return _deposit(event, "deposit_frozen")


def _freed(event: Event) -> Told | None:
    return _deposit(event, "deposit_freed") if event.facts["frozen"] else None


def _won(event: Event) -> Told | None:
    return _deposit(event, "dispute_won")


def _refunded(event: Event) -> Told | None:
    return _deposit(event, "refund_done")


def _refund_failed(event: Event) -> Told | None:
    return _deposit(event, "refund_failed")


TELLERS: dict[str, Teller] = {
    "DepositSettled": _settled,
    "DepositFailed": _failed,
    "DepositDisputed": _disputed,
    "DepositFrozen": _frozen,
    "DepositFreed": _freed,
    "DisputeWon": _won,
    "RefundDone": _refunded,
    "RefundFailed": _refund_failed,
}
