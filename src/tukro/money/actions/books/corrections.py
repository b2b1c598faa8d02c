"""Corrections by staff: new transfers with a reason, between the house's goodwill and somebody's balance.

What was posted is never changed. A wrong correction is reversed by a transfer with its sides swapped.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.models import Transfer
from tukro.money.actions import accounts
from tukro.money.actions.balances.returning import keep_for_inquiries, lock_inquiries
from tukro.money.actions.posting import post_fact
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.actions.two_persons import check_amount
from tukro.people.models import Requester, Worker


class CorrectionNeedsReason(WordsMissing):
    """Nobody's money is corrected without saying why."""


class NothingToCorrect(Refused):
    """A correction of nothing."""


@transaction.atomic
def correct_balance(
    *,
    by: Actor,
    person: Worker | Requester,
    amount: Money,
    reason: str,
    now: datetime,
    correction_id: str = "",
    first: Actor | None = None,
) -> str:
    """Give a person ``amount`` from the house's goodwill, or take it back when it is negative.

    Returns the id of the correction; ``correction_id``, made by the door, makes twice once. Refuses
    CorrectionNeedsReason, NothingToCorrect, InsufficientFunds, SecondPersonNeeded.
    """
    if not reason.strip():
        raise CorrectionNeedsReason
    if not amount:
        raise NothingToCorrect
    correction = correction_id or new_id()
    balance = _balance_of(person, at=now)
    lines = {accounts.goodwill(at=now): amount.units, balance: -amount.units}
    if not _is_new("correction", correction, balance, needed=-amount):
        return correction
    check_amount(Money(abs(amount.units)), by=by, first=first)
    post_fact("correction", correction, lines, at=now)
    facts = {"person": person.public_id, "amount": amount.units, "reason": reason.strip()}
    record(name="BalanceCorrected", actor=by, subject=correction, at=now, facts=facts)
    return correction


@transaction.atomic
def reverse_correction(
    *, by: Actor, correction_id: str, reason: str, now: datetime, first: Actor | None = None
) -> None:
    """Take a correction back, once. What was taken from a requester comes back as everything does.

    Refuses CorrectionNeedsReason, NotFound, InsufficientFunds, SecondPersonNeeded.
    """
    if not reason.strip():
        raise CorrectionNeedsReason
    made = Transfer.objects.filter(key=f"correction:{correction_id}").first()
    if made is None:
        raise NotFound(correction=correction_id)
    entries = {entry.account: entry.amount for entry in made.entries.select_related("account")}
    balance = next(account for account in entries if account.cached)
    lines = {account.id: -amount for account, amount in entries.items()}
    needed = Money(-entries[balance])
    if came_back := balance.code == "requester_available" and needed < Money.zero():
        lock_inquiries(balance.owner)
    if not _is_new("correction_reversed", correction_id, balance.id, needed=needed):
        return
    check_amount(Money(abs(needed.units)), by=by, first=first)
    transfer = post_fact("correction_reversed", correction_id, lines, at=now)
    if came_back:
        keep_for_inquiries(balance.owner, -needed, transfer=transfer, at=now)
    facts = {"person": balance.owner, "amount": entries[balance], "reason": reason.strip()}
    record(name="CorrectionReversed", actor=by, subject=correction_id, at=now, facts=facts)


def _is_new(kind: str, correction: str, balance: int, *, needed: Money) -> bool:
    """Whether it was not made before; looked at under the lock. Refuses InsufficientFunds."""
    available = Money(ledger.locked_balance(balance))
    if Transfer.objects.filter(key=f"{kind}:{correction}").exists():
        return False
    if needed > available:
        raise InsufficientFunds(needed=needed, available=available)
    return True


def _balance_of(person: Worker | Requester, *, at: datetime) -> int:
    if isinstance(person, Worker):
        return accounts.worker_available(person.public_id, at=at)
    return accounts.requester_available(person.public_id, at=at)
