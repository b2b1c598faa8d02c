"""What an account was at any moment: its movements up to then, and the balance after each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tukro.ledger.models import Account

_CHUNK = 2_000

_BALANCE = """
    select coalesce(sum(e.amount), 0)::bigint from ledger_entry e
    join ledger_transfer t on t.id = e.transfer_id
    where e.account_id = %s and t.posted_at <= %s
"""
_BEFORE = _BALANCE.replace("<=", "<")
_MOVEMENTS = """
    select t.id, t.posted_at, t.kind, t.subject, e.amount from ledger_entry e
    join ledger_transfer t on t.id = e.transfer_id
    where e.account_id = %s and t.posted_at >= %s and t.posted_at <= %s order by t.posted_at, t.id
"""
_LONG_AGO = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account: ``amount`` and ``balance`` (after it) grow in the account's own direction."""

    transfer: int
    at: datetime
    kind: str
    subject: str
    amount: int
    balance: int


def balance_at(account: Account, moment: datetime) -> int:
    """The balance after everything that was posted up to and in ``moment``, in the account's direction."""
    return _direction(account) * _sum(_BALANCE, account, moment)


def balance_before(account: Account, moment: datetime) -> int:
    """The same without what was posted at the moment itself."""
    return _direction(account) * _sum(_BEFORE, account, moment)


def movements(account: Account, *, since: datetime | None, until: datetime) -> Iterator[Movement]:
    """The movements of the account in order, read as they are asked for."""
    direction = _direction(account)
    with snapshot():
        balance = balance_before(account, since) if since else 0
        for transfer, at, kind, subject, amount in stream(
            _MOVEMENTS, [account.pk, since or _LONG_AGO, until]
        ):
            balance += direction * amount
            yield Movement(transfer, at, kind, subject, direction * amount, balance)


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, all reads see one and the same moment of the database (unless a transaction runs already)."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def stream(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a few at a time: memory stays flat. Inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def _sum(sql: str, account: Account, moment: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [account.pk, moment])
        row: tuple[int] = cursor.fetchone()
    return row[0]


def _direction(account: Account) -> int:
    return 1 if account.normal == "D" else -1
