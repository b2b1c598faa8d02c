"""A debt that will not be paid is given up, and taken up again when there is reason to.

Keys: ``debt_written_off:{write-off}``, ``debt_reinstated:{write-off}:{cause}``. A dispute that is won after
its debt was given up pays the house first (``reinstate_for``).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.money.actions import accounts
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.posting import post_fact
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import DebtWriteOff
from tukro.people.models import Requester


class WriteOffNeedsReason(WordsMissing):
    """A debt is not given up, or taken up again, without saying why."""


class MoreThanOwed(Refused):
    """So much is not owed, or nothing is. Facts: ``amount``, ``debt``."""


@transaction.atomic
def write_off_debt(
    *,
    by: Actor,
    requester: Requester,
    amount: Money,
    reason: str,
    write_off_id: str = "",
    first: Actor | None = None,
    now: datetime,
) -> DebtWriteOff:
    """Give up ``amount`` of what the requester owes: it is the house's loss. They may publish again.

    ``write_off_id``, made by the door, makes twice once.
    Refuses WriteOffNeedsReason, MoreThanOwed, SecondPersonNeeded, NotFound (an id of somebody else's).
    """
    if not reason.strip():
        raise WriteOffNeedsReason()
    debt_id = accounts.requester_debt(requester.public_id, at=now)
    debt = Money(ledger.locked_balance(debt_id))
    if earlier := DebtWriteOff.objects.filter(public_id=write_off_id).first():
        if earlier.requester_id != requester.pk:
            raise NotFound(write_off=write_off_id)
        return earlier
    if not 0 < amount.units <= debt.units:
        raise MoreThanOwed(amount=amount, debt=debt)
    check_amount(amount, by=by, first=first)
    made = DebtWriteOff.objects.create(
        public_id=write_off_id or new_id(),
        requester=requester,
        amount=amount,
        reason=reason.strip()[:300],
        written_at=now,
        written_by=str(by),
    )
    lines = {accounts.debt_losses(at=now): amount.units, debt_id: -amount.units}
    post_fact("debt_written_off", made.public_id, lines, at=now)
    facts = {"requester": requester.public_id, "amount": amount.units, "reason": made.reason}
    record(name="DebtWrittenOff", actor=by, subject=made.public_id, at=now, facts=facts)
    return made


@transaction.atomic
def reinstate_debt(*, by: Actor, write_off_id: str, reason: str, now: datetime) -> DebtWriteOff:
    """The debt is owed again, as far as it was given up. Twice is once.

    Refuses WriteOffNeedsReason, NotFound.
    """
    if not reason.strip():
        raise WriteOffNeedsReason()
    found = DebtWriteOff.objects.filter(public_id=write_off_id).select_related("requester").first()
    if found is None:
        raise NotFound(write_off=write_off_id)
    owner = found.requester.public_id
    ids = [accounts.requester_available(owner, at=now), accounts.requester_debt(owner, at=now)]
    ledger.locked_balances(ids)  # both, since what is there pays the debt at once
    found.refresh_from_db(fields=["reinstated"])
    if found.open:
        _reinstate(found, found.open, cause="staff", by=by, reason=reason.strip(), at=now)
        collect_debt(requester=found.requester, now=now)
    return found


def reinstate_for(requester: Requester, *, most: Money, cause: str, at: datetime) -> None:
    """Money of a debt comes back after all: as much of what was given up is owed again, at most ``most``.

    Within the caller's transaction, which pays the debt afterwards.
    """
    given_up = DebtWriteOff.objects.filter(requester=requester, reinstated__lt=F("amount")).order_by("pk")
    ledger.locked_balance(accounts.requester_debt(requester.public_id, at=at))
    for one in given_up:
        if part := min(one.open, most):
            _reinstate(one, part, cause=cause, by=HOUSE, reason="", at=at)
            most -= part


def _reinstate(one: DebtWriteOff, amount: Money, *, cause: str, by: Actor, reason: str, at: datetime) -> None:
    debt = accounts.requester_debt(one.requester.public_id, at=at)
    ledger.post(
        kind="debt_reinstated",
        key=f"debt_reinstated:{one.public_id}:{cause}",
        lines=[Line(debt, amount.units), Line(accounts.debt_losses(at=at), -amount.units)],
        subject=one.public_id,
        at=at,
    )
    one.reinstated += amount
    one.save(update_fields=["reinstated"])
    facts = {"requester": one.requester.public_id, "amount": amount.units, "reason": reason}
    record(name="DebtReinstated", actor=by, subject=one.public_id, at=at, facts=facts)
