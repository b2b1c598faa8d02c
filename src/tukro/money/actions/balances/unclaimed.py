"""Unclaimed balances: after long silence the owner is told, then the balance is set apart and waits for them.

Keys: ``unclaimed:{silence}``, ``unclaimed_back:{silence}``. The months are the operator's; 0: nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.money.actions import accounts
from tukro.money.actions.balances.returning import keep_for_inquiries, lock_inquiries
from tukro.money.actions.posting import post_fact
from tukro.money.models import UnclaimedBalance
from tukro.money.queries import policy
from tukro.money.queries.unclaimed import last_sign_of, silent_since
from tukro.people.models import Requester, Worker

NOTICE = timedelta(days=60)  # from the letter until the balance is set apart
_MONTH = timedelta(days=30)
_AT_ONCE = 200


class NothingUnclaimed(Refused):
    """Nothing is set apart for this person."""


def tell_silent(*, now: datetime) -> int:
    """Tell those who have been silent for so many months that their balance will be set apart."""
    months = policy().unclaimed_after_months
    if not months:
        return 0
    told = 0
    for person in silent_since(now - months * _MONTH, _AT_ONCE):
        with transaction.atomic():
            _, is_new = UnclaimedBalance.objects.get_or_create(
                **_of(person),
                moved_at=None,
                ended_at=None,
                defaults={"public_id": new_id(), "told_at": now},
            )
            if is_new:
                facts = {"until": (now + NOTICE).isoformat(), "months": months}
                record(
                    name="BalanceSoonUnclaimed", actor=HOUSE, subject=person.public_id, at=now, facts=facts
                )
            told += is_new
    return told


def set_apart_unclaimed(*, now: datetime) -> int:
    """Set the balances apart whose owners were told long enough ago and gave no sign since."""
    due = UnclaimedBalance.objects.filter(moved_at=None, ended_at=None, told_at__lte=now - NOTICE)
    return sum(
        _set_apart(one, now) for one in list(due.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    )


@transaction.atomic
def _set_apart(silence_id: int, now: datetime) -> bool:
    one = UnclaimedBalance.objects.select_for_update(of=("self",)).get(pk=silence_id)
    if one.moved_at is not None or one.ended_at is not None:
        return False
    available, apart = _accounts(one.owner, at=now)
    balance = Money(ledger.locked_balance(available))
    if not balance or not policy().unclaimed_after_months or last_sign_of(one.owner) > one.told_at:
        one.ended_at = now
        one.save(update_fields=["ended_at"])
        return False
    one.amount, one.moved_at = balance, now
    one.save(update_fields=["amount", "moved_at"])
    post_fact("unclaimed", one.public_id, {available: balance.units, apart: -balance.units}, at=now)
    facts = {"amount": balance.units}
    record(name="BalanceUnclaimed", actor=HOUSE, subject=one.owner.public_id, at=now, facts=facts)
    return True


@transaction.atomic
def claim_balance(*, person: Worker | Requester, now: datetime) -> Money:
    """Give everything back that is set apart for this person, however long ago. Refuses NothingUnclaimed.

    Of a requester's, what payers ask about and the balance lacked is frozen at once.
    """
    if isinstance(person, Requester):
        lock_inquiries(person.public_id)
    available, apart = _accounts(person, at=now)
    ledger.locked_balances([available, apart])
    found = UnclaimedBalance.objects.filter(moved_at__isnull=False, claimed_at=None, **_of(person))
    silences = list(found.order_by("pk"))
    if not silences:
        raise NothingUnclaimed()
    for one in silences:
        one.claimed_at = now
        one.save(update_fields=["claimed_at"])
        lines = {apart: one.amount.units, available: -one.amount.units}
        came_back = post_fact("unclaimed_back", one.public_id, lines, at=now)
        if isinstance(person, Requester):
            keep_for_inquiries(person.public_id, one.amount, transfer=came_back, at=now)
    total = sum((one.amount for one in silences), Money.zero())
    facts = {"amount": total.units}
    record(name="BalanceClaimed", actor=person.actor, subject=person.public_id, at=now, facts=facts)
    return total


def _of(person: Worker | Requester) -> dict[str, Worker | Requester]:
    return {"worker" if isinstance(person, Worker) else "requester": person}


def _accounts(person: Worker | Requester, *, at: datetime) -> tuple[int, int]:
    """What is available, and what is set apart; opened in this order, which is that of locks."""
    owner = person.public_id
    if isinstance(person, Worker):
        return accounts.worker_available(owner, at=at), accounts.worker_unclaimed(owner, at=at)
    return accounts.requester_available(owner, at=at), accounts.requester_unclaimed(owner, at=at)
