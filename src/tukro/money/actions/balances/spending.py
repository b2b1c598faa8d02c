"""Why a requester's balance did not pay for something: too little is there, or what is there is owed.

The rule itself stands in SQL, at the one door through which a balance is spent (migrations/spending.sql).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tukro.kernel.money import Money
from tukro.ledger.actions import Line
from tukro.money.actions.refusals import InsufficientFunds, money_refusals
from tukro.money.queries import owed_by


class RequesterInDebt(InsufficientFunds):
    """Whoever owes the house publishes nothing, pays no bonus, and takes nothing home until it is paid.

    Facts: ``debt``, and those of InsufficientFunds.
    """


def spend(
    *,
    requester_id: str,
    kind: str,
    key: str,
    lines: Sequence[Line],
    subject: str,
    needed: Money,
    at: datetime,
) -> None:
    """Post what a requester's balance pays for; the first line is the balance's.

    The same key again pays nothing. Refuses InsufficientFunds, RequesterInDebt and IdempotencyConflict,
    and then has written nothing.
    """
    pay_from_balance(
        "select money_post_from_balance(%s, %s, %s, %s, %s, %s::bigint[], %s::bigint[])",
        [lines[0].account, kind, key, subject, at, [a.account for a in lines], [a.amount for a in lines]],
        requester_id=requester_id,
        needed=needed,
    )


def pay_from_balance(sql: str, params: list[Any], *, requester_id: str, needed: Money) -> None:
    """Call a function of money's SQL that answers null when it has paid, else what could be spent.

    Refuses InsufficientFunds, RequesterInDebt and what ``money_refusals`` knows.
    """
    with money_refusals(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[int | None] = cursor.fetchone()
    if row[0] is not None:
        raise lack_of_funds(requester_id, needed=needed, available=Money(row[0]))


def lack_of_funds(requester_id: str, *, needed: Money, available: Money) -> InsufficientFunds:
    """The refusal that says why ``needed`` was not paid: a debt, or a balance that is too small."""
    if debt := owed_by(requester_id):
        return RequesterInDebt(debt=debt, needed=needed, available=Money.zero())
    return InsufficientFunds(needed=needed, available=available)
