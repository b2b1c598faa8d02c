"""Statements of a period: what there was, what moved it, what there was then; for requesters and workers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.ledger.queries.moments import balance_before, movements
from tukro.money.queries.balances import StatementRow

_AVAILABLE = ("requester_available", "worker_available")
_A_MOMENT = timedelta(microseconds=1)
_SUMS = """
    select t.kind, count(*), -sum(e.amount)::bigint from ledger_entry e
    join ledger_transfer t on t.id = e.transfer_id
    where e.account_id = %s and t.posted_at >= %s and t.posted_at < %s
    group by t.kind order by min(t.posted_at), t.kind
"""


@dataclass(frozen=True, slots=True)
class KindSum:
    """All movements of one kind together."""

    kind: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """Of the available balance: ``opening`` and the sums make ``closing``."""

    opening: Money
    closing: Money
    sums: list[KindSum]


def period_statement(owner_public_id: str, *, since: datetime, until: datetime) -> PeriodStatement:
    """From ``since`` (included) to ``until`` (not included). It costs the same however many movements."""
    account = _available(owner_public_id)
    if account is None:
        return PeriodStatement(Money.zero(), Money.zero(), [])
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [account.pk, since, until])
        sums = [KindSum(kind, count, Money(amount)) for kind, count, amount in cursor.fetchall()]
    opening = Money(balance_before(account, since))
    return PeriodStatement(opening, sum((one.amount for one in sums), opening), sums)


def period_rows(owner_public_id: str, *, since: datetime, until: datetime) -> Iterator[StatementRow]:
    """The movements of the period, oldest first, read as they are asked for."""
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
    return Account.objects.filter(code__in=_AVAILABLE, owner=owner_public_id, currency="USD").first()
