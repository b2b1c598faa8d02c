"""Balances that lie there in silence: their owners are told before and after they are set apart."""

from __future__ import annotations

from datetime import datetime

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.money.queries import requester_available, worker_balance
from tukro.notices.actions.told import Facts, Teller, Told, told_of_balance
from tukro.people.models import Requester, Worker


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
    return told_of_balance(event.subject, "balance_soon_unclaimed", facts)


def _set_apart(event: Event) -> Told | None:
    return told_of_balance(event.subject, "balance_unclaimed", {"amount": Money(event.facts["amount"])})


TELLERS: dict[str, Teller] = {"BalanceSoonUnclaimed": _soon, "BalanceUnclaimed": _set_apart}
