"""Balances that lie there in silence: their owners are told before and after they are set apart."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.queries import requester_available, worker_balance
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.people.models import Requester, Worker


def _told(event: Event, template: str, facts: Facts) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.subject).first()
    if worker is not None:
        page = reverse("worker:earnings")
        return Told(worker.user, template, facts | {"page": page}, kind="account", link=page)
    requester = Requester.objects.select_related("user").filter(public_id=event.subject).first()
    if requester is None:
        return None
    page = reverse("requester:balance")
    return Told(requester.user, template, facts | {"page": page}, kind="account", link=page)


def _soon(event: Event) -> Told | None:
    worker = Worker.objects.filter(public_id=event.subject).first()
    requester = Requester.objects.filter(public_id=event.subject).first()
    amount = Money.zero()
    if worker is not None:
        amount = worker_balance(worker)[0]
    elif requester is not None:
        amount = requester_available(requester)
    if not amount:
        return None
    facts: Facts = {
        "amount": amount,
        "until": datetime.fromisoformat(event.facts["until"]),
        "months": event.facts["months"],
    }
    return _told(event, "balance_soon_unclaimed", facts)


def _set_apart(event: Event) -> Told | None:
    return _told(event, "balance_unclaimed", {"amount": Money(event.facts["amount"])})


TELLERS: dict[str, Teller] = {"BalanceSoonUnclaimed": _soon, "BalanceUnclaimed": _set_apart}
