"""Withdrawals that wait, and those that go on. All of a person's are told once, not one by one."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.money.models import PayoutHold
from tukro.notices.actions.told import Facts, Teller, Told, told_to_worker


def _told(hold_id: str, template: str) -> Told | None:
    hold = PayoutHold.objects.select_related("worker__user", "payout").filter(public_id=hold_id).first()
    if hold is None:
        return None
    facts: Facts = {
        "code": hold.code,
        "told": hold.told,
        "amount": hold.payout.amount if hold.payout else None,
    }
    return Told(hold.worker.user, template, facts, kind="payout", link=reverse("worker:withdraw"))


def _person_held(event: Event) -> Told | None:
    return _told(event.subject, "withdrawals_held")


def _person_released(event: Event) -> Told | None:
    return _told(event.subject, "withdrawals_released")


def _payout_held(event: Event) -> Told | None:
    """Only of a hold that is the payout's own."""
    own = PayoutHold.objects.filter(public_id=event.facts.get("hold", ""), payout__isnull=False)
    return _told(event.facts["hold"], "withdrawals_held") if own.exists() else None


def _form_asked(event: Event) -> Told | None:
    return told_to_worker(event.subject, "tax_form_asked", {}, kind="account", link=reverse("worker:tax"))


def _identity_decided(event: Event) -> Told | None:
    facts: Facts = {"why": event.facts.get("reason", "")}
    return told_to_worker(
        event.subject, "identity_decided", facts, kind="account", link=reverse("worker:identity")
    )


TELLERS: dict[str, Teller] = {
    "WithdrawalsHeld": _person_held,
    "WithdrawalsReleased": _person_released,
    "PayoutHeld": _payout_held,
    "TaxFormAsked": _form_asked,
    "IdentityVerified": _identity_decided,
    "IdentityRefused": _identity_decided,
}
