"""What became of money that a requester paid in, or asked back."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.models import Deposit, UnmatchedMoney
from tukro.notices.actions.told import Facts, Teller, Told

_LOOKED_AT = ("wrong_amount", "risky", "held")  # of these staff decide; the payer sees other faults at once


def _deposit(event: Event, template: str) -> Told | None:
    deposit = Deposit.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if deposit is None or deposit.provider == "play":
        return None
    facts: Facts = {
        "amount": Money(event.facts.get("amount", deposit.amount.units)),
        "frozen": Money(event.facts.get("frozen", 0)),
        "debt": Money(debt) if (debt := event.facts.get("debt", 0)) else "",
    }
    return _about(deposit, template, facts)


def _about(deposit: Deposit, template: str, facts: Facts) -> Told:
    link = reverse("requester:deposit", args=[deposit.public_id])
    return Told(deposit.requester.user, template, {**facts, "link": link}, kind="account", link=link)


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


def _kept_apart(event: Event) -> Told | None:
    """Money that came for a deposit beside what was asked. Of other ways ``DepositFailed`` tells the same."""
    kept = _unmatched(event)
    if kept is None or kept.deposit is None or (kept.provider != "bank" and kept.why != "paid_twice"):
        return None
    return _about(kept.deposit, "deposit_kept_apart", {"amount": kept.amount})


def _assigned(event: Event) -> Told | None:
    kept = _unmatched(event)
    if kept is None or kept.assigned is None:
        return None
    return _about(kept.assigned, "deposit_settled", {"amount": kept.assigned.amount})


def _returned(event: Event) -> Told | None:
    kept = _unmatched(event)
    if kept is None or kept.deposit is None:
        return None
    return _about(kept.deposit, "refund_done", {"amount": kept.amount})


def _unmatched(event: Event) -> UnmatchedMoney | None:
    whose = UnmatchedMoney.objects.select_related("deposit__requester__user", "assigned__requester__user")
    return whose.filter(public_id=event.subject).first()


TELLERS: dict[str, Teller] = {
    "DepositSettled": _settled,
    "DepositFailed": _failed,
    "DepositDisputed": _disputed,
    "DepositFrozen": _frozen,
    "DepositFreed": _freed,
    "DisputeWon": _won,
    "RefundDone": _refunded,
    "RefundFailed": _refund_failed,
    "MoneyUnmatched": _kept_apart,
    "UnmatchedAssigned": _assigned,
    "UnmatchedReturned": _returned,
}
