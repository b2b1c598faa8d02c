"""Debts of requesters: a deposit was taken back after it had been spent. New money pays them first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.ledger.models import Account, Entry
from tukro.money.actions import accounts
from tukro.people.models import Requester


@transaction.atomic
def collect_debt(*, requester: Requester, now: datetime) -> Money:
    """Pay what the requester owes from what is available, as far as it goes; returns how much."""
    owner = requester.public_id
    debt_id = Account.objects.filter(code="requester_debt", owner=owner).values_list("id", flat=True).first()
    if debt_id is None:
        return Money.zero()
    available_id = accounts.requester_available(owner, at=now)
    balances = ledger.locked_balances([available_id, debt_id])
    paid = Money(min(balances[available_id], balances[debt_id]))
    if not paid:
        return Money.zero()
    # Under the lock of the debt, the last movement of it names this one.
    last = Entry.objects.filter(account_id=debt_id).order_by("-transfer_id").first()
    ledger.post(
        kind="debt_paid",
        key=f"debt_paid:{owner}:{last.transfer_id if last else 0}",
        lines=[Line(available_id, paid.units), Line(debt_id, -paid.units)],
        subject=owner,
        at=now,
    )
    record(name="DebtPaid", actor=HOUSE, subject=owner, at=now, facts={"amount": paid.units})
    return paid
