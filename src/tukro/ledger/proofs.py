"""What must be true of the vault at every moment, each as a query that must return no row.

The numbers are those of docs/money.md. Proofs that need to know what a transfer is for stand in ``money``,
those that need tasks and assignments in ``work``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Fault:
    """A proof that failed, and the rows that broke it."""

    name: str
    rows: list[dict[str, Any]]


PROOFS: Mapping[str, str] = {
    "I1 every transfer sums to zero in every currency": """
        select e.transfer_id, a.currency, sum(e.amount) as off_by
        from ledger_entry e join ledger_account a on a.id = e.account_id
        group by e.transfer_id, a.currency having sum(e.amount) <> 0
    """,
    "I2 every transfer has at least two entries": """
        select t.id as transfer_id, t.kind, count(e.amount) as entries
        from ledger_transfer t left join ledger_entry e on e.transfer_id = t.id
        group by t.id, t.kind having count(e.amount) < 2
    """,
    "I3 every kept balance is the sum of its entries": """
        select a.id as account_id, a.code, a.owner, a.ref, a.balance, coalesce(s.balance, 0) as sum_of_entries
        from ledger_account a
        left join (
            select e.account_id, sum(case b.normal when 'D' then e.amount else -e.amount end) as balance
            from ledger_entry e join ledger_account b on b.id = e.account_id group by e.account_id
        ) s on s.account_id = a.id
        where a.balance <> case when a.cached then coalesce(s.balance, 0) else 0 end
    """,
    "I4 no account is below its floor": """
        select id as account_id, code, owner, ref, balance, floor from ledger_account where balance < floor
    """,
    "I8 what the house has is what it owes and earned": """
        with balance as (
            select a.id, a.currency, a.normal, case when a.cached then a.balance else coalesce(
                (select sum(case a.normal when 'D' then e.amount else -e.amount end)
                 from ledger_entry e where e.account_id = a.id), 0) end as amount
            from ledger_account a
        )
        select currency, sum(case normal when 'D' then amount else -amount end) as off_by
        from balance group by currency having sum(case normal when 'D' then amount else -amount end) <> 0
    """,
    "every entry has its transfer and its account": """
        select e.transfer_id, e.account_id from ledger_entry e
        where not exists (select from ledger_transfer t where t.id = e.transfer_id)
           or not exists (select from ledger_account a where a.id = e.account_id)
    """,
}

# Tests and demonstrations post at moments of their own choosing, so this one is for real markets only.
CLOCK_PROOFS: Mapping[str, str] = {
    "I14 no transfer is dated in the future": """
        select id as transfer_id, kind, posted_at from ledger_transfer
        where posted_at > now() + interval '5 seconds'
    """,
}


def faults(proofs: Mapping[str, str]) -> list[Fault]:
    """Run the proofs; what they find, or nothing."""
    found = ((name, _rows(sql)) for name, sql in proofs.items())
    return [Fault(name, rows) for name, rows in found if rows]


def _rows(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({sql}) fault limit 100")
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
