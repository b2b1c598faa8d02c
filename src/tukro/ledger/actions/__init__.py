"""The vault's door for Python: open an account, look under lock, post. Only ``money`` has the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection

from tukro.kernel.errors import Refused


class IdempotencyConflict(Refused):
    """The key was used before for another movement. Facts: ``key``."""


class BelowFloor(Refused):
    """An account would go below its floor."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a transfer. Debit is positive, credit negative, in the smallest unit of the account."""

    account: int
    amount: int


def open_account(
    *, code: str, owner: str, ref: str, currency: str, normal: str, floor: int | None, at: datetime
) -> int:
    """The id of this account, opened when it is new. With a floor or an owner it keeps its balance."""
    cached = floor is not None or owner != ""
    return _call(
        "select ledger_open_account(%s, %s, %s, %s, %s, %s, %s, %s)",
        [code, owner, ref, currency, normal, floor, cached, at],
    )


def locked_balance(account: int) -> int:
    """The balance of a cached account, locked to the end of the transaction.

    A transaction that posts afterwards must not touch accounts with smaller ids than this one.
    """
    return _call("select balance from ledger_lock(array[%s::bigint])", [account])


def locked_balances(accounts: Sequence[int]) -> dict[int, int]:
    """The balances of cached accounts, locked in the house order to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select id, balance from ledger_lock(%s::bigint[])", [list(accounts)])
        return dict(cursor.fetchall())


def post(*, kind: str, key: str, lines: Sequence[Line], subject: str, at: datetime) -> int:
    """Move money: one transfer, all its lines or none. The id of the transfer.

    The same key with the same input gives the earlier id and moves nothing; with other input it refuses
    IdempotencyConflict. Refuses BelowFloor. An account may appear in one line only.
    """
    with refusals():
        return _call(
            "select ledger_post(%s, %s, %s, %s, %s::bigint[], %s::bigint[])",
            [kind, key, subject, at, [line.account for line in lines], [line.amount for line in lines]],
        )


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the vault's SQL refuses into refusals, whichever function it was called through."""
    try:
        yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error):
            if cause.sqlstate == "TK001":
                raise IdempotencyConflict(key=cause.diag.message_detail or "") from error
            if cause.diag.constraint_name == "account_floor":
                raise BelowFloor() from error
        raise


def _call(sql: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[int] = cursor.fetchone()
    return row[0]
