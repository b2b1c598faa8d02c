"""Requesters' money around tasks: set aside when they are published, given back, paid as bonus.

It is spread over tasks and paid as rewards by SQL, inside work's own functions: money_spread_batch,
money_pay_reward and money_pay_rewards (migrations/0002_functions.py). These verbs join the transaction of
the caller and do not write journal events: the verb that caused the movement does.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.actions.balances.spending import lack_of_funds, pay_from_balance
from tukro.money.actions.refusals import money_refusals
from tukro.money.queries import requester_can_spend
from tukro.people.models import Requester

_MOST_UNITS = 2**63 - 1


@transaction.atomic
def set_aside_batch(*, requester: Requester, batch_id: str, amount: Money, at: datetime) -> None:
    """Move the whole price of a batch from the available balance into the batch's hold. Once per batch.

    Refuses RequesterInDebt and InsufficientFunds and then has written nothing.
    """
    key = f"set_aside:{batch_id}"
    refuse_beyond_money(requester=requester, amount=amount)
    pay_from_balance(
        "select money_set_aside(%s, %s, %s, %s, %s)",
        [requester.public_id, batch_id, amount.units, key, at],
        requester_id=requester.public_id,
        needed=amount,
    )


@transaction.atomic
def give_back(*, hold: int, amount: Money, key: str, subject: str, at: datetime) -> None:
    """Move money from a hold back to its requester's available balance. Refuses HoldExhausted."""
    with money_refusals(), connection.cursor() as cursor:
        cursor.execute("select money_give_back(%s, %s, %s, %s, %s)", [hold, amount.units, key, subject, at])


@transaction.atomic
def give_back_rest_of_batch(*, batch_id: str, at: datetime) -> Money:
    """Give back what a batch's own hold still has (publishing was stopped); returns how much."""
    hold = Account.objects.select_for_update(no_key=True).get(code="batch_hold", ref=batch_id)
    rest = Money(hold.balance)
    give_back(hold=hold.id, amount=rest, key=f"give_back:rest:{batch_id}", subject=batch_id, at=at)
    return rest


@transaction.atomic
def pay_bonus(
    *, requester_id: str, worker_id: str, amount: Money, fee: Money, key: str, subject: str, at: datetime
) -> None:
    """Pay a worker from the requester's available balance, and the house its fee. Ids are public ones.

    The same key again pays nothing. Refuses RequesterInDebt, InsufficientFunds and IdempotencyConflict.
    """
    assert amount.units > 0, "a bonus is positive"
    pay_from_balance(
        "select money_pay_bonus(%s, %s, %s, %s, %s, %s, %s)",
        [requester_id, worker_id, amount.units, fee.units, key, subject, at],
        requester_id=requester_id,
        needed=amount + fee,
    )


def refuse_beyond_money(*, requester: Requester, amount: Money) -> None:
    """Refuses InsufficientFunds for a price that no balance could hold: it would not even fit a column."""
    if amount.units > _MOST_UNITS:
        raise lack_of_funds(requester.public_id, needed=amount, available=requester_can_spend(requester))
