"""What became of a withdrawal."""

from __future__ import annotations

from tukro.journal.models import Event
from tukro.money.models import Payout
from tukro.notices.actions.told import Facts, Teller, Told


def _payout(event: Event, template: str, link: str) -> Told | None:
    payout = Payout.objects.select_related("worker__user").filter(public_id=event.subject).first()
    if payout is None:
        return None
    facts: Facts = {
        "amount": payout.amount,
        "paid_out": payout.paid_out,
        "reference": event.facts.get("reference", ""),
        "reason": event.facts.get("reason", ""),
    }
    return Told(payout.worker.user, template, facts, kind="payout", link=link)


def _sent(event: Event) -> Told | None:
    return _payout(event, "payout_sent", "/earnings")


def _returned(event: Event) -> Told | None:
    return _payout(event, "payout_returned", "/earnings/withdraw")


TELLERS: dict[str, Teller] = {"PayoutSent": _sent, "PayoutReturned": _returned}
