"""Lines of the bank's list: each is matched with a deposit by its reference and amount, or kept for staff."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from tukro.kernel.actors import Actor
from tukro.money.actions.deposits.moves import locked_deposit
from tukro.money.actions.deposits.paying_in import settle
from tukro.money.actions.deposits.unmatched import keep
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Deposit, DepositState, UnmatchedMoney
from tukro.money.rules.bank_lines import BankLine
from tukro.money.rules.deposits import references_in
from tukro.vetting.queries.sanctions import stands_against

Matched = Literal["settled", "unmatched", "known"]


@transaction.atomic
def take_in_line(*, by: Actor, line: BankLine, now: datetime, first: Actor | None = None) -> Matched:
    """Settle the deposit that the line names, when the amount is the one that was asked for.

    Everything else is kept as unmatched money. A line that was read before changes nothing. Refuses
    SecondPersonNeeded to settle: the list is typed, or brought in, by a person.
    """
    if _is_known(line):
        return "known"
    named = Deposit.objects.filter(provider="bank", reference__in=references_in(line.memo))
    ids = list(named.order_by("id").values_list("public_id", flat=True)[:2])
    deposit = locked_deposit(ids[0]) if len(ids) == 1 else None
    if _is_known(line):  # another import had it first, while this one waited
        return "known"
    if deposit is None:
        why = "no_reference"
    elif deposit.state == DepositState.SETTLED:
        why = "paid_twice"
    elif deposit.asked != line.amount:
        why = "wrong_amount"
    elif stands_against(deposit.requester):
        why = "held"
    else:
        check_amount(deposit.amount, by=by, first=first)
        settle(deposit, by=by, payment_ref=line.ref, at=now)
        return "settled"
    keep(
        provider="bank",
        payment_ref=line.ref,
        paid=line.amount,
        why=why,
        deposit=deposit,
        payer=line.payer,
        memo=line.memo,
        at=now,
    )
    return "unmatched"


def _is_known(line: BankLine) -> bool:
    return (
        Deposit.objects.filter(provider="bank", payment_ref=line.ref).exists()
        or UnmatchedMoney.objects.filter(provider="bank", payment_ref=line.ref).exists()
    )
