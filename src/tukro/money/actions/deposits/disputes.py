"""Disputes and chargebacks: a payer's bank takes a deposit back, for a while or for good.

While a payer only asks, what is unspent is frozen, and what comes back meanwhile, whatever way it comes
(``actions/balances/returning.py``): it can be neither spent nor refunded. When the money is taken, what the
requester still has pays; the rest becomes a debt (``debts.py``). Workers who were paid stay paid.
Keys: ``dispute_frozen:{id}``, ``dispute_frozen:{id}:{transfer}``, ``dispute_freed:{id}``,
``dispute_taken:{id}``, ``dispute_won:{id}``.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NumberMissing, Refused
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.money.actions import accounts
from tukro.money.actions.balances.returning import keep_for_inquiries, lock_inquiries
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.deposits.moves import DepositNotMovable, locked_deposit
from tukro.money.actions.deposits.paying_in import AmountNotPositive, AmountTooLarge, outside_lines
from tukro.money.actions.deposits.write_offs import reinstate_for
from tukro.money.actions.posting import post_fact
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Deposit, DepositState, Dispute, DisputeState
from tukro.money.rules.deposits import SeenDispute


class DisputeNeedsReference(NumberMissing):
    """A dispute is not written down without the provider's or bank's own number of it."""


class NoSuchDispute(Refused):
    """Nothing was taken under this number, so nothing was won. Facts: ``reference``."""


class DisputeDecided(Refused):
    """It was won, or lost, and stays so. Facts: ``reference``, ``state``."""


@transaction.atomic
def note_dispute(*, deposit_id: str, seen: SeenDispute, now: datetime, by: Actor = HOUSE) -> Dispute | None:
    """Bring a dispute to where its provider says that it is. The same said again changes nothing.

    None when it was over before we heard of it and nothing was taken. A dispute that was won is over.
    """
    deposit = _locked(deposit_id)
    if deposit.state != DepositState.SETTLED:
        return None  # it is told again when the deposit is settled
    dispute = Dispute.objects.filter(deposit=deposit, provider_ref=seen.ref).first()
    if dispute is None:
        if seen.closed and not seen.taken:
            return None
        dispute = _open(deposit, seen, at=now)
        if not seen.taken:
            _freeze(dispute, deposit, by=by, at=now)
    if dispute.state == DisputeState.FROZEN and seen.taken:
        _take(dispute, deposit, seen, by=by, at=now)
    elif dispute.state == DisputeState.FROZEN and seen.closed:
        _end_inquiry(dispute, deposit, by=by, at=now)
    if dispute.state == DisputeState.TAKEN:
        if not seen.taken:
            _close(dispute, deposit, DisputeState.WON, by=by, at=now)
        elif seen.closed:
            _close(dispute, deposit, DisputeState.LOST, by=by, at=now)
    return dispute


def record_dispute_by_hand(
    *,
    by: Actor,
    deposit_id: str,
    reference: str,
    amount: Money,
    reason: str,
    won: bool,
    now: datetime,
    lost: bool = False,
    first: Actor | None = None,
) -> Dispute | None:
    """Staff read of a dispute that no program tells us of: it is taken, given back (``won``) or ``lost``.

    ``amount`` is of one that is new; one that was written down before keeps its own. Refuses NotFound,
    DisputeNeedsReference, DepositNotMovable, NoSuchDispute, DisputeDecided, AmountNotPositive,
    AmountTooLarge, SecondPersonNeeded.
    """
    if not reference.strip():
        raise DisputeNeedsReference()
    with transaction.atomic():
        deposit = _locked(deposit_id)
        if deposit.state != DepositState.SETTLED:
            raise DepositNotMovable(state=deposit.state, verb="dispute")
        ref = reference.strip()[:120]
        earlier = Dispute.objects.filter(deposit=deposit, provider_ref=ref).first()
        if earlier is None:
            _check_new(deposit, ref, amount, won=won)
        elif _is_told(earlier, won=won, lost=lost):
            return earlier  # no second person is asked for what two have done
        else:
            amount = earlier.amount
        if won or earlier is None or earlier.state == DisputeState.FROZEN:  # else it is taken, and lost
            check_amount(amount, by=by, first=first)
        seen = SeenDispute(ref=ref, amount=amount, taken=not won, closed=won or lost, why=reason.strip())
        return note_dispute(deposit_id=deposit_id, seen=seen, now=now, by=by)


def _locked(deposit_id: str) -> Deposit:
    """The deposit, locked after what else its requester's payers ask about. Refuses NotFound."""
    found = Deposit.objects.filter(public_id=deposit_id).values_list("requester__public_id", flat=True)
    if owner := found.first():
        lock_inquiries(owner)
    return locked_deposit(deposit_id)


def _check_new(deposit: Deposit, ref: str, amount: Money, *, won: bool) -> None:
    """All disputes of a deposit together take no more than was paid."""
    if won:
        raise NoSuchDispute(reference=ref)
    if amount.units <= 0:
        raise AmountNotPositive(amount=amount)
    left = deposit.price - deposit.disputed
    if amount > left:
        raise AmountTooLarge(amount=amount, limit=left)


def _is_told(dispute: Dispute, *, won: bool, lost: bool) -> bool:
    """Whether it stands so already. Refuses DisputeDecided when it ended the other way."""
    if dispute.state in (DisputeState.WON, DisputeState.LOST):
        if won != (dispute.state == DisputeState.WON):
            raise DisputeDecided(reference=dispute.provider_ref, state=dispute.state)
        return True
    return dispute.state == DisputeState.TAKEN and not (won or lost)


def _open(deposit: Deposit, seen: SeenDispute, *, at: datetime) -> Dispute:
    amount = _in_dollars(deposit, seen)
    deposit.disputed += amount
    deposit.save(update_fields=["disputed"])
    return Dispute.objects.create(
        deposit=deposit,
        provider_ref=seen.ref,
        amount=amount,
        state=DisputeState.FROZEN,
        why=seen.why[:200],
        opened_at=at,
    )


def _in_dollars(deposit: Deposit, seen: SeenDispute) -> Money:
    """Never more than was paid: what the bank charges on top is the house's."""
    if seen.amount.currency == deposit.price.currency:
        return min(seen.amount, deposit.price)  # not there and back, which loses the last digits
    return Money(min(deposit.price.units * seen.amount.units // deposit.asked_units, deposit.price.units))


def _freeze(dispute: Dispute, deposit: Deposit, *, by: Actor, at: datetime) -> None:
    owner = deposit.requester.public_id
    available = accounts.requester_available(owner, at=at)
    part = Money(min(ledger.locked_balance(available), dispute.amount.units))
    if part:
        apart = accounts.requester_disputed(owner, deposit.public_id, at=at)
        post_fact(
            "dispute_frozen",
            dispute.pk,
            {available: part.units, apart: -part.units},
            at=at,
            subject=deposit.public_id,
        )
    _note_frozen(dispute, deposit, part)
    _record("DepositFrozen", dispute, deposit, by=by, at=at, frozen=part.units)


def _free(dispute: Dispute, deposit: Deposit, *, at: datetime) -> int:
    """What was frozen is available again, with the transfer that is answered; 0 when nothing was."""
    if not (part := dispute.frozen.units):
        return 0
    owner = deposit.requester.public_id
    available = accounts.requester_available(owner, at=at)
    apart = accounts.requester_disputed(owner, deposit.public_id, at=at)
    _note_frozen(dispute, deposit, Money.zero())
    return post_fact(
        "dispute_freed", dispute.pk, {apart: part, available: -part}, at=at, subject=deposit.public_id
    )


def _note_frozen(dispute: Dispute, deposit: Deposit, part: Money) -> None:
    deposit.frozen += part - dispute.frozen
    deposit.save(update_fields=["frozen"])
    dispute.frozen = part
    dispute.save(update_fields=["frozen"])


def _end_inquiry(dispute: Dispute, deposit: Deposit, *, by: Actor, at: datetime) -> None:
    """It came to nothing: what was frozen is kept for other inquiries, pays what is owed, or can be spent."""
    was_frozen = dispute.frozen
    freed = _free(dispute, deposit, at=at)
    dispute.state, dispute.closed_at = DisputeState.WON, at
    dispute.save(update_fields=["state", "closed_at"])
    deposit.disputed -= dispute.amount
    deposit.save(update_fields=["disputed"])
    kept = keep_for_inquiries(deposit.requester.public_id, was_frozen, transfer=freed, at=at)
    collect_debt(requester=deposit.requester, now=at)
    _record("DepositFreed", dispute, deposit, by=by, at=at, frozen=(was_frozen - kept).units)


def _take(dispute: Dispute, deposit: Deposit, seen: SeenDispute, *, by: Actor, at: datetime) -> None:
    owner = deposit.requester.public_id
    amount = _in_dollars(deposit, seen)  # perhaps not what was asked about at first
    available = accounts.requester_available(owner, at=at)
    debt = accounts.requester_debt(owner, at=at)
    apart = [accounts.requester_disputed(owner, deposit.public_id, at=at)] if dispute.frozen else []
    ledger.locked_balances([available, debt, *apart])  # all at once, in the house order
    was_frozen = dispute.frozen
    freed = _free(dispute, deposit, at=at)
    balances = ledger.locked_balances([available, debt])
    deposit.disputed += amount - dispute.amount
    deposit.save(update_fields=["disputed"])
    dispute.amount = amount
    dispute.from_balance = Money(min(balances[available], amount.units))
    dispute.as_debt = amount - dispute.from_balance
    dispute.state, dispute.taken_at = DisputeState.TAKEN, at
    dispute.save(update_fields=["amount", "from_balance", "as_debt", "state", "taken_at"])
    lines = {available: dispute.from_balance.units, debt: dispute.as_debt.units}
    lines |= {account: -units for account, units in outside_lines(deposit, amount, at=at).items()}
    post_fact("dispute_taken", dispute.pk, lines, at=at, subject=deposit.public_id)
    if was_frozen > amount:
        keep_for_inquiries(owner, was_frozen - amount, transfer=freed, at=at)
    _record("DepositDisputed", dispute, deposit, by=by, at=at)


def _close(dispute: Dispute, deposit: Deposit, state: DisputeState, *, by: Actor, at: datetime) -> None:
    dispute.state, dispute.closed_at = state, at
    dispute.save(update_fields=["state", "closed_at"])
    if state == DisputeState.WON:
        owner = deposit.requester.public_id
        lines = outside_lines(deposit, dispute.amount, at=at)
        lines[accounts.requester_available(owner, at=at)] = -dispute.amount.units
        came_back = post_fact("dispute_won", dispute.pk, lines, at=at, subject=deposit.public_id)
        deposit.disputed -= dispute.amount
        deposit.save(update_fields=["disputed"])
        keep_for_inquiries(owner, dispute.amount, transfer=came_back, at=at)
        reinstate_for(deposit.requester, most=dispute.as_debt, cause=f"dispute {dispute.pk}", at=at)
        collect_debt(requester=deposit.requester, now=at)
    _record(f"Dispute{state.label}", dispute, deposit, by=by, at=at)


def _record(name: str, dispute: Dispute, deposit: Deposit, *, by: Actor, at: datetime, **facts: int) -> None:
    record(
        name=name,
        actor=by,
        subject=deposit.public_id,
        at=at,
        facts={
            "requester": deposit.requester.public_id,
            "dispute": dispute.provider_ref,
            "amount": dispute.amount.units,
            "debt": dispute.as_debt.units,
            **facts,
        },
    )
