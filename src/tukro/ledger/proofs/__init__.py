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


# The per-account sums are lateral on purpose: each is one walk along an index, whatever the planner believes
# about tables that have just been filled. Joined to a grouped sub-select, it once took the square of them.
PROOFS: Mapping[str, str] = {
    "I1 every transfer sums to zero in every currency": """
        select e.transfer_id, a.currency, sum(e.amount) as off_by
        from ledger_entry e join ledger_account a on a.id = e.account_id
        group by e.transfer_id, a.currency having sum(e.amount) <> 0
    """,
    "I2 every transfer has at least two entries": """
        select t.id as transfer_id, t.kind, e.entries from ledger_transfer t
        cross join lateral (
            select count(*) as entries from ledger_entry e where e.transfer_id = t.id
        ) e where e.entries < 2
    """,
    "I3 every kept balance is the sum of its entries": """
        select a.id as account_id, a.code, a.owner, a.ref, a.balance, s.balance as sum_of_entries
        from ledger_account a
        cross join lateral (
            select coalesce(sum(case a.normal when 'D' then e.amount else -e.amount end), 0) as balance
            from ledger_entry e where e.account_id = a.id and a.cached
        ) s where a.balance <> s.balance
    """,
    "I4 no account is below its floor": """
        select id as account_id, code, owner, ref, balance, floor from ledger_account where balance < floor
    """,
    "I8 what the house has is what it owes and earned": """
        select a.currency,
            sum(case a.normal when 'D' then b.balance else -b.balance end) as off_by
        from ledger_account a
        cross join lateral (
            select a.balance where a.cached
            union all
            select coalesce(sum(case a.normal when 'D' then e.amount else -e.amount end), 0)
            from ledger_entry e where e.account_id = a.id and not a.cached having not a.cached
        ) b
        group by a.currency having sum(case a.normal when 'D' then b.balance else -b.balance end) <> 0
    """,
    "every entry moves something and has its transfer and its account": """
        select e.transfer_id, e.account_id from ledger_entry e
        where e.amount = 0
           or not exists (select from ledger_transfer t where t.id = e.transfer_id)
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
