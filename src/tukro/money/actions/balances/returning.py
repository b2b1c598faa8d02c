"""What comes back to a requester while a payer asks about a deposit is frozen, whatever way it comes.

The rule stands in migrations/returning.sql. A verb that brings money back calls ``lock_inquiries`` before it
locks deposits or accounts, posts, and then calls ``keep_for_inquiries``. Money that is paid in anew is free.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tukro.kernel.money import Money


def lock_inquiries(requester_id: str) -> None:
    """Until the end of the transaction no inquiry of this requester's payers begins or ends.

    The deposits that are asked about are locked too, in the house order. ``requester_id`` is the public one.
    """
    with connection.cursor() as cursor:
        cursor.execute("select money_lock_inquiries(%s)", [requester_id])


def keep_for_inquiries(requester_id: str, amount: Money, *, transfer: int, at: datetime) -> Money:
    """Freeze of ``amount`` what open inquiries lack, the oldest first; returns how much.

    ``transfer`` is the new ledger transfer with which it came back to the available balance.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select money_keep_for_inquiries(%s, %s, %s, %s)", [requester_id, amount.units, transfer, at]
        )
        row: tuple[int] = cursor.fetchone()
    return Money(row[0])
