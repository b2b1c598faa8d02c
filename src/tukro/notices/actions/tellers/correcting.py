"""Staff gave somebody money, or took it back: the person hears how much and why."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.people.models import Requester, Worker


def _corrected(event: Event) -> Told | None:
    amount, person = Money(event.facts["amount"]), event.facts["person"]
    facts: Facts = {
        "amount": Money(abs(amount.units)),
        "gets": amount > Money.zero(),
        "reason": event.facts["reason"],
    }
    if worker := Worker.objects.select_related("user").filter(public_id=person).first():
        user, link = worker.user, reverse("worker:earnings")
    elif requester := Requester.objects.select_related("user").filter(public_id=person).first():
        user, link = requester.user, reverse("requester:balance")
    else:
        return None
    return Told(user, "balance_corrected", {**facts, "link": link}, kind="account", link=link)


TELLERS: dict[str, Teller] = {"BalanceCorrected": _corrected, "CorrectionReversed": _corrected}
