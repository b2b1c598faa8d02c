"""Statements: each line of an available balance, and the sums of a period; for requesters and workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.db import connection
from django.db.models import Sum

from tukro.kernel.money import Money
from tukro.ledger.models import Account, Entry
from tukro.ledger.queries.moments import balance_before, movements
from tukro.money.queries.balances import AVAILABLE

# What the house moves step by step, each step a transfer, though it is one act to its reader: the places of a
# large batch that ended. All steps have the act's own moment, and are about the batch.
IN_STEPS = "give_back"

_A_MOMENT = timedelta(microseconds=1)
_MANY = 1_000
_SUMS = f"""
    select kind, count(*) filter (where not goes_on), -sum(amount)::bigint from (
        select t.kind, t.posted_at, e.amount, t.kind = '{IN_STEPS}' and coalesce(
            lag((t.kind, t.posted_at, t.subject)) over order_read = (t.kind, t.posted_at, t.subject), false
        ) as goes_on
        from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
        where e.account_id = %s and t.posted_at >= %s and t.posted_at < %s
        window order_read as (order by t.posted_at, t.id)
    ) lines group by kind order by min(posted_at), kind
"""  # a constant of ours


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of a statement: what changed a person's available balance, and what it was then.

    Of several steps in a row, ``id`` is the first one's; ``amount`` is their sum.
    """

    id: int  # of the transfer: give the last row's as ``before`` for the next page
    at: datetime
    kind: str
    subject: str
    amount: Money
    balance_after: Money
    steps: int = 1


@dataclass(frozen=True, slots=True)
class KindSum:
    """All lines of one kind together."""

    kind: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """Of the available balance: ``opening`` and the sums make ``closing``."""

    opening: Money
    closing: Money
    sums: list[KindSum]


def statement(owner_public_id: str, before: int | None = None, limit: int = 50) -> list[StatementRow]:
    """The lines of a requester's or worker's statement, newest first, by keyset. No limit tears a line."""
    rows = _newest_first(owner_public_id, before=before, at_once=limit + 1)
    return list(islice((_one_line(steps[::-1]) for steps in _acts(rows)), limit))


def every_movement(owner_public_id: str) -> Iterator[StatementRow]:
    """Each transfer by itself, also the steps of one act; newest first, read as they are asked for."""
    return _newest_first(owner_public_id, before=None, at_once=_MANY)


def period_statement(owner_public_id: str, *, since: datetime, until: datetime) -> PeriodStatement:
    """From ``since`` (included) to ``until`` (not included), in the same few queries whatever moved."""
    account = _available(owner_public_id)
    if account is None:
        return PeriodStatement(Money.zero(), Money.zero(), [])
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [account.pk, since, until])
        sums = [KindSum(kind, count, Money(amount)) for kind, count, amount in cursor.fetchall()]
    opening = Money(balance_before(account, since))
    return PeriodStatement(opening, sum((one.amount for one in sums), opening), sums)


def period_rows(owner_public_id: str, *, since: datetime, until: datetime) -> Iterator[StatementRow]:
    """The lines of the period, oldest first, read as they are asked for."""
    return map(_one_line, _acts(_oldest_first(owner_public_id, since=since, until=until)))


def _acts(rows: Iterable[StatementRow]) -> Iterator[list[StatementRow]]:
    """Rows that follow each other and are steps of one act together, every other row alone.

    Where another movement came in between, the act has two lines: each line's balance is one that there was.
    """
    by_act = groupby(rows, key=lambda row: (row.at, row.subject) if row.kind == IN_STEPS else row.id)
    return (list(steps) for _, steps in by_act)


def _one_line(steps: list[StatementRow]) -> StatementRow:
    """``steps``: oldest first."""
    first, last = steps[0], steps[-1]
    if first is last:
        return first
    amount = sum((one.amount for one in steps), Money.zero())
    return replace(first, amount=amount, balance_after=last.balance_after, steps=len(steps))


def _newest_first(owner_public_id: str, *, before: int | None, at_once: int) -> Iterator[StatementRow]:
    """``at_once``: how many are read first; whoever goes on reads many."""
    account = _available(owner_public_id)
    if account is None:
        return
    entries = Entry.objects.filter(account=account).select_related("transfer").order_by("-transfer_id")
    balance = account.balance
    if before is not None:
        newer = entries.filter(transfer_id__gte=before).aggregate(total=Sum("amount"))["total"] or 0
        balance += newer  # these are liabilities: a credit, negative, made them grow
        entries = entries.filter(transfer_id__lt=before)
    while found := list(entries[:at_once]):
        for entry in found:
            yield _row(entry, balance)
            balance += entry.amount
        if len(found) < at_once:
            return
        entries = entries.filter(transfer_id__lt=found[-1].transfer_id)
        at_once = _MANY


def _row(entry: Entry, balance: int) -> StatementRow:
    transfer = entry.transfer
    return StatementRow(
        id=transfer.id,
        at=transfer.posted_at,
        kind=transfer.kind,
        subject=transfer.subject,
        amount=Money(-entry.amount),
        balance_after=Money(balance),
    )


def _oldest_first(owner_public_id: str, *, since: datetime, until: datetime) -> Iterator[StatementRow]:
    account = _available(owner_public_id)
    if account is None:
        return
    for one in movements(account, since=since, until=until - _A_MOMENT):
        yield StatementRow(
            id=one.transfer,
            at=one.at,
            kind=one.kind,
            subject=one.subject,
            amount=Money(one.amount),
            balance_after=Money(one.balance),
        )


def _available(owner_public_id: str) -> Account | None:
    return Account.objects.filter(code__in=AVAILABLE, owner=owner_public_id, currency="USD").first()
