"""Money that fits nothing that was asked for: kept apart until staff know whose it is, or send it back.

Two movements at most: ``unmatched:{id}`` when it comes, ``unmatched_assigned:{id}`` or
``unmatched_returned:{id}`` when it is decided.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import current_rate
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.deposits.moves import give_up, locked_deposit
from tukro.money.actions.law.screening_requesters import refuse_held
from tukro.money.actions.posting import post_fact
from tukro.money.actions.two_persons import check_amount, check_any
from tukro.money.models import Deposit, DepositState, ExchangeRate, UnmatchedMoney, UnmatchedState
from tukro.money.rules.deposits import worth
from tukro.people.models import Requester


class AlreadyDecided(Refused):
    """Somebody has decided about this money. Facts: ``state``."""


class DecisionNeedsReason(WordsMissing):
    """Money is not given away or sent back without saying why."""


def keep_unmatched(
    deposit: Deposit, *, paid: Money, payment_ref: str, why: str, at: datetime
) -> UnmatchedMoney:
    """Keep money that came for a deposit and does not fit it, within the caller's transaction."""
    return keep(
        provider=deposit.provider, payment_ref=payment_ref, paid=paid, why=why, deposit=deposit, at=at
    )


@transaction.atomic
def keep(
    *,
    provider: str,
    payment_ref: str,
    paid: Money,
    why: str,
    at: datetime,
    deposit: Deposit | None = None,
    payer: str = "",
    memo: str = "",
) -> UnmatchedMoney:
    """Keep money apart. The same payment again is kept once."""
    kept, is_new = UnmatchedMoney.objects.get_or_create(
        provider=provider,
        payment_ref=payment_ref,
        defaults={
            "public_id": new_id(),
            "currency": paid.currency,
            "units": paid.units,
            "why": why,
            "payer": payer[:200],
            "memo": memo[:300],
            "deposit": deposit,
            "arrived_at": at,
        },
    )
    if is_new:
        outside = accounts.outside(provider, at=at, currency=paid.currency)
        post_fact(
            "unmatched", kept.public_id, {outside: kept.units, _account(kept, at=at): -kept.units}, at=at
        )
        record(
            name="MoneyUnmatched",
            actor=HOUSE,
            subject=kept.public_id,
            at=at,
            facts={"provider": provider, "amount": paid.units, "currency": paid.currency, "why": why},
        )
    return kept


@transaction.atomic
def assign_unmatched(
    *,
    by: Actor,
    unmatched_id: str,
    requester: Requester,
    reason: str,
    now: datetime,
    first: Actor | None = None,
) -> Deposit:
    """It is this requester's: they get a settled deposit of what came, in dollars at today's rate.

    A deposit of theirs for which it came is not waited for any more.
    Refuses NotFound, AlreadyDecided, DecisionNeedsReason, NoRate, PaymentsHeld, SecondPersonNeeded.
    """
    kept = _locked(unmatched_id, reason)
    refuse_held(requester)
    rate = None if kept.currency == "USD" else current_rate(kept.currency, now=now)
    amount = _worth(kept, rate)
    check_amount(amount, by=by, first=first)
    deposit = Deposit.objects.create(
        public_id=new_id(),
        requester=requester,
        amount=amount,
        currency=kept.currency,
        asked_units=kept.units,
        rate=rate,
        provider=kept.provider,
        payment_ref=kept.payment_ref,
        state=DepositState.SETTLED,
        created_at=kept.arrived_at,
        settled_at=now,
    )
    _decide(kept, UnmatchedState.ASSIGNED, by=by, reason=reason, at=now, assigned=deposit)
    _close_what_was_asked(kept, requester, by=by, at=now)  # its row is locked before accounts are
    lines = {accounts.requester_available(requester.public_id, at=now): -amount.units}
    if rate is None:
        lines |= {_account(kept, at=now): amount.units}
    else:
        lines |= {_account(kept, at=now): kept.units, accounts.exchange(kept.currency, at=now): -kept.units}
        lines |= {accounts.exchange("USD", at=now): amount.units}
    post_fact("unmatched_assigned", kept.public_id, lines, at=now, subject=deposit.public_id)
    collect_debt(requester=requester, now=now)
    return deposit


@transaction.atomic
def return_unmatched(
    *, by: Actor, unmatched_id: str, reason: str, now: datetime, first: Actor | None = None
) -> UnmatchedMoney:
    """Staff sent it back to where it came from.

    Refuses NotFound, AlreadyDecided, DecisionNeedsReason, PaymentsHeld, SecondPersonNeeded.
    """
    kept = _locked(unmatched_id, reason)
    if kept.deposit is not None:
        refuse_held(kept.deposit.requester)
    check_any(kept.amount, by=by, first=first, now=now)
    _decide(kept, UnmatchedState.RETURNED, by=by, reason=reason, at=now)
    outside = accounts.outside(kept.provider, at=now, currency=kept.currency)
    lines = {_account(kept, at=now): kept.units, outside: -kept.units}
    post_fact("unmatched_returned", kept.public_id, lines, at=now)
    return kept


def _locked(unmatched_id: str, reason: str) -> UnmatchedMoney:
    kept = UnmatchedMoney.objects.select_for_update().filter(public_id=unmatched_id).first()
    if kept is None:
        raise NotFound(unmatched=unmatched_id)
    if kept.state != UnmatchedState.OPEN:
        raise AlreadyDecided(state=kept.state)
    if not reason.strip():
        raise DecisionNeedsReason()
    return kept


def _worth(kept: UnmatchedMoney, rate: ExchangeRate | None) -> Money:
    if rate is None:
        return kept.amount
    return worth(kept.amount, rate=rate.rate, spread_basis_points=rate.spread_basis_points)


def _decide(
    kept: UnmatchedMoney,
    state: UnmatchedState,
    *,
    by: Actor,
    reason: str,
    at: datetime,
    assigned: Deposit | None = None,
) -> None:
    kept.state, kept.assigned, kept.decided_by, kept.decided_at = state, assigned, str(by), at
    kept.reason = reason.strip()[:300]
    kept.save(update_fields=["state", "assigned", "decided_by", "decided_at", "reason"])
    record(
        name="UnmatchedAssigned" if assigned else "UnmatchedReturned",
        actor=by,
        subject=kept.public_id,
        at=at,
        facts={"reason": kept.reason, "deposit": assigned.public_id if assigned else ""},
    )


def _close_what_was_asked(kept: UnmatchedMoney, requester: Requester, *, by: Actor, at: datetime) -> None:
    if kept.deposit is None or kept.deposit.requester_id != requester.pk:
        return
    asked = locked_deposit(kept.deposit.public_id)
    if asked.is_open:
        give_up(asked, "expire", why="came_otherwise", by=by, at=at)


def _account(kept: UnmatchedMoney, *, at: datetime) -> int:
    return accounts.unmatched(kept.public_id, kept.currency, at=at)
