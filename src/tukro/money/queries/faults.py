"""Proofs about money that need deposits, payouts and people; and whether the database can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from tukro.ledger import proofs
from tukro.ledger.proofs import Fault
from tukro.ledger.proofs.chain import chain_faults
from tukro.money.models import BookingKind

# Which accounts a movement of each kind may touch, and on which side: every other line is a fault.
_SHAPES = """
    (values
        ('deposit', 'outside', 'D'), ('deposit', 'requester_available', 'C'),
        ('deposit', 'deposit_fees', 'C'),
        ('unmatched', 'outside', 'D'), ('unmatched', 'unmatched', 'C'),
        ('unmatched_assigned', 'unmatched', 'D'), ('unmatched_assigned', 'requester_available', 'C'),
        ('unmatched_returned', 'unmatched', 'D'), ('unmatched_returned', 'outside', 'C'),
        ('dispute_frozen', 'requester_available', 'D'), ('dispute_frozen', 'requester_disputed', 'C'),
        ('dispute_freed', 'requester_disputed', 'D'), ('dispute_freed', 'requester_available', 'C'),
        ('dispute_taken', 'requester_available', 'D'), ('dispute_taken', 'requester_debt', 'D'),
        ('dispute_taken', 'outside', 'C'),
        ('dispute_won', 'outside', 'D'), ('dispute_won', 'requester_available', 'C'),
        ('debt_paid', 'requester_available', 'D'), ('debt_paid', 'requester_debt', 'C'),
        ('refund_asked', 'requester_available', 'D'), ('refund_asked', 'requester_refunding', 'C'),
        ('refund_done', 'requester_refunding', 'D'), ('refund_done', 'outside', 'C'),
        ('refund_failed', 'requester_refunding', 'D'), ('refund_failed', 'outside', 'D'),
        ('refund_failed', 'requester_available', 'C'),
        ('deposit', 'exchange', 'D'), ('deposit', 'exchange', 'C'),
        ('unmatched_assigned', 'exchange', 'D'), ('unmatched_assigned', 'exchange', 'C'),
        ('dispute_taken', 'exchange', 'D'), ('dispute_taken', 'exchange', 'C'),
        ('dispute_won', 'exchange', 'D'), ('dispute_won', 'exchange', 'C'),
        ('refund_done', 'exchange', 'D'), ('refund_done', 'exchange', 'C'),
        ('refund_failed', 'exchange', 'D'), ('refund_failed', 'exchange', 'C'),
        ('set_aside', 'requester_available', 'D'), ('set_aside', 'batch_hold', 'C'),
        ('set_aside', 'hold', 'C'),
        ('spread', 'batch_hold', 'D'), ('spread', 'hold', 'C'),
        ('give_back', 'hold', 'D'), ('give_back', 'batch_hold', 'D'),
        ('give_back', 'requester_available', 'C'),
        ('reward', 'hold', 'D'), ('reward', 'worker_available', 'C'), ('reward', 'fees', 'C'),
        ('reward_after_release', 'requester_available', 'D'),
        ('reward_after_release', 'worker_available', 'C'), ('reward_after_release', 'fees', 'C'),
        ('correction', 'goodwill', 'D'), ('correction', 'goodwill', 'C'),
        ('correction', 'worker_available', 'C'), ('correction', 'worker_available', 'D'),
        ('correction', 'requester_available', 'C'), ('correction', 'requester_available', 'D'),
        ('correction_reversed', 'goodwill', 'D'), ('correction_reversed', 'goodwill', 'C'),
        ('correction_reversed', 'worker_available', 'C'), ('correction_reversed', 'worker_available', 'D'),
        ('correction_reversed', 'requester_available', 'C'),
        ('correction_reversed', 'requester_available', 'D'),
        ('bonus', 'requester_available', 'D'), ('bonus', 'worker_available', 'C'), ('bonus', 'fees', 'C'),
        ('payout_asked', 'worker_available', 'D'), ('payout_asked', 'worker_reserved', 'C'),
        ('payout_cancelled', 'worker_reserved', 'D'), ('payout_cancelled', 'worker_available', 'C'),
        ('payout_sent', 'worker_reserved', 'D'), ('payout_sent', 'worker_transit', 'C'),
        ('payout_sent', 'payout_fees', 'C'), ('payout_sent', 'rounding', 'C'),
        ('payout_sent', 'exchange', 'C'), ('payout_sent', 'exchange', 'D'),
        ('payout_settled', 'worker_transit', 'D'), ('payout_settled', 'outside', 'C'),
        ('payout_returned', 'worker_transit', 'D'), ('payout_returned', 'outside', 'D'),
        ('payout_returned', 'payout_fees', 'D'), ('payout_returned', 'worker_available', 'C'),
        ('payout_returned', 'rounding', 'D'),
        ('payout_returned', 'exchange', 'D'), ('payout_returned', 'exchange', 'C'),
        ('payout_failed', 'worker_reserved', 'D'), ('payout_failed', 'worker_transit', 'D'),
        ('payout_failed', 'payout_fees', 'D'), ('payout_failed', 'worker_available', 'C'),
        ('payout_failed', 'rounding', 'D'),
        ('payout_failed', 'exchange', 'D'), ('payout_failed', 'exchange', 'C'),
        ('payout_sent', 'tax_withheld', 'C'), ('payout_returned', 'tax_withheld', 'D'),
        ('payout_failed', 'tax_withheld', 'D'),
        ('unclaimed', 'worker_available', 'D'), ('unclaimed', 'worker_unclaimed', 'C'),
        ('unclaimed', 'requester_available', 'D'), ('unclaimed', 'requester_unclaimed', 'C'),
        ('unclaimed_back', 'worker_unclaimed', 'D'), ('unclaimed_back', 'worker_available', 'C'),
        ('unclaimed_back', 'requester_unclaimed', 'D'), ('unclaimed_back', 'requester_available', 'C'),
        ('rest_given_up', 'worker_available', 'D'), ('rest_given_up', 'given_up', 'C'),
        ('tax_remitted', 'tax_withheld', 'D'), ('tax_remitted', 'outside', 'C'),
        ('tax_remitted', 'exchange', 'D'), ('tax_remitted', 'exchange', 'C'),
        ('debt_written_off', 'debt_losses', 'D'), ('debt_written_off', 'requester_debt', 'C'),
        ('debt_reinstated', 'requester_debt', 'D'), ('debt_reinstated', 'debt_losses', 'C'),
        ('provider_cost', 'provider_costs', 'D'), ('provider_cost', 'provider_costs', 'C'),
        ('provider_cost', 'outside', 'D'), ('provider_cost', 'outside', 'C'),
        ('settlement', 'outside', 'D'), ('settlement', 'outside', 'C'),
        ('settlement', 'provider_costs', 'D'),
        ('capital_in', 'outside', 'D'), ('capital_in', 'capital', 'C'),
        ('capital_out', 'capital', 'D'), ('capital_out', 'outside', 'C'),
        ('currency_bought', 'outside', 'D'), ('currency_bought', 'outside', 'C'),
        ('currency_bought', 'exchange', 'D'), ('currency_bought', 'exchange', 'C'),
        ('exchange_result', 'exchange', 'D'), ('exchange_result', 'exchange', 'C'),
        ('exchange_result', 'exchange_result', 'D'), ('exchange_result', 'exchange_result', 'C'),
        ('loss', 'losses', 'D'), ('loss', 'outside', 'C'),
        ('booking_reversed', 'outside', 'D'), ('booking_reversed', 'outside', 'C'),
        ('booking_reversed', 'provider_costs', 'D'), ('booking_reversed', 'provider_costs', 'C'),
        ('booking_reversed', 'capital', 'D'), ('booking_reversed', 'capital', 'C'),
        ('booking_reversed', 'exchange', 'D'), ('booking_reversed', 'exchange', 'C'),
        ('booking_reversed', 'exchange_result', 'D'), ('booking_reversed', 'exchange_result', 'C'),
        ('booking_reversed', 'losses', 'C'), ('booking_reversed', 'tax_withheld', 'C')
    ) as shape(kind, code, side)
"""

# The transfers that a payout in each state must have, currency by currency; it has no others.
_PAYOUT_TRANSFERS = """
    select p.public_id, p.state, p.worker_id, k.kind, k.currency, k.amount
    from money_payout p cross join lateral (values
        ('payout_asked', 'USD', p.amount, true),
        ('payout_cancelled', 'USD', p.amount, p.state = 'cancelled'),
        ('payout_sent', 'USD', p.amount, p.sent_at is not null),
        ('payout_sent', p.currency, p.receives_units, p.sent_at is not null and p.currency <> 'USD'),
        ('payout_settled', p.currency, p.receives_units, p.settled_at is not null),
        ('payout_failed', 'USD', p.amount, p.state = 'failed'),
        ('payout_failed', p.currency, p.receives_units,
            p.state = 'failed' and p.sent_at is not null and p.currency <> 'USD'),
        ('payout_returned', 'USD', p.amount, p.state = 'returned'),
        ('payout_returned', p.currency, p.receives_units, p.state = 'returned' and p.currency <> 'USD')
    ) as k(kind, currency, amount, due) where k.due
"""

_BOOKINGS = ", ".join(f"'{kind}'" for kind in (*BookingKind.values, "booking_reversed"))

_PROOFS: Mapping[str, str] = {
    "I5 an assignment is paid at most once": """
        select subject as assignment, count(*) as payments from ledger_transfer
        where kind in ('reward', 'reward_after_release') group by subject having count(*) > 1
    """,
    "I11 every movement runs between the accounts of its kind": f"""
        select t.id as transfer_id, t.kind, a.code, e.amount
        from ledger_transfer t
        join ledger_entry e on e.transfer_id = t.id
        join ledger_account a on a.id = e.account_id
        where not exists (
            select from {_SHAPES} where shape.kind = t.kind and shape.code = a.code
                and shape.side = case when e.amount > 0 then 'D' else 'C' end)
    """,
    "I11 a reversal swaps the sides of what it reverses": """
        select r.subject as correction, e.account_id, e.amount from ledger_transfer r
        join ledger_entry e on e.transfer_id = r.id
        left join money_booking b on b.public_id = r.subject
        where r.kind in ('correction_reversed', 'booking_reversed') and not exists (
            select from ledger_transfer t join ledger_entry o on o.transfer_id = t.id
            where t.key = coalesce(b.kind, 'correction') || ':' || r.subject
                and o.account_id = e.account_id and o.amount = -e.amount)
    """,
    "I12 what payouts reserve and have under way is what the accounts hold": """
        select coalesce(d.owner, a.owner) as worker, coalesce(d.code, a.code) as code,
            coalesce(d.currency, a.currency) as currency, d.due, a.balance
        from (
            select w.public_id as owner, s.code, s.currency, sum(s.due) as due
            from money_payout p join people_worker w on w.id = p.worker_id
            cross join lateral (values
                ('worker_reserved', 'USD', p.amount,
                    p.state in ('requested', 'approved', 'held', 'sending', 'unknown')),
                ('worker_transit', p.currency, p.receives_units, p.state = 'sent')
            ) as s(code, currency, due, counts)
            where s.counts group by w.public_id, s.code, s.currency
        ) d
        full join (
            select * from ledger_account where code in ('worker_reserved', 'worker_transit')
        ) a on a.code = d.code and a.owner = d.owner and a.currency = d.currency
        where coalesce(d.due, 0) <> coalesce(a.balance, 0)
    """,
    "I13 every settled deposit has its movement": """
        select coalesce(d.public_id, t.subject) as deposit, d.amount as expected, t.amount as moved
        from (select * from money_deposit where state = 'settled') d
        full join (
            select t.subject, -sum(e.amount) as amount from ledger_transfer t
            join ledger_entry e on e.transfer_id = t.id
            join ledger_account a on a.id = e.account_id and a.code = 'requester_available'
            where t.kind in ('deposit', 'unmatched_assigned') group by t.subject
        ) t on t.subject = d.public_id
        where d.amount is distinct from t.amount
    """,
    "I13 what was disputed and given back of a deposit is what its disputes and refunds say": """
        select d.public_id as deposit, d.disputed, s.disputed as of_disputes,
            d.refunded, r.refunded as of_refunds
        from money_deposit d
        cross join lateral (select coalesce(sum(amount), 0) as disputed from money_dispute
            where deposit_id = d.id and state <> 'won') s
        cross join lateral (select coalesce(sum(amount), 0) as refunded from money_refund
            where deposit_id = d.id and state <> 'failed') r
        where d.disputed <> s.disputed or d.refunded <> r.refunded
    """,
    "I13 what is frozen of a deposit is what its open disputes say": """
        select coalesce(d.public_id, a.ref) as deposit, d.frozen, s.frozen as of_disputes, a.balance
        from (select * from money_deposit where frozen <> 0 or disputed <> 0) d
        full join (select * from ledger_account where code = 'requester_disputed') a on a.ref = d.public_id
        left join lateral (select coalesce(sum(frozen), 0) as frozen from money_dispute
            where deposit_id = d.id) s on true
        where coalesce(d.frozen, 0) <> coalesce(a.balance, 0)
            or coalesce(d.frozen, 0) <> coalesce(s.frozen, 0)
    """,
    "I13 every refund has the movements of its state": """
        select r.public_id as refund, r.state, t.kinds from money_refund r
        cross join lateral (select coalesce(array_agg(kind::text order by kind::text), '{}') as kinds
            from ledger_transfer where subject = r.public_id) t
        where t.kinds <> case
            when r.state = 'failed' and r.done_at is not null
                then array['refund_asked', 'refund_done', 'refund_failed']
            when r.state = 'failed' then array['refund_asked', 'refund_failed']
            when r.state = 'done' then array['refund_asked', 'refund_done']
            else array['refund_asked'] end
    """,
    "I10 money without an owner is what the queue says": """
        select coalesce(u.public_id, a.ref) as unmatched, u.state, u.units, a.balance
        from money_unmatchedmoney u
        full join (select * from ledger_account where code = 'unmatched') a on a.ref = u.public_id
        where a.balance is distinct from case when u.state = 'open' then u.units else 0 end
    """,
    "I13 every payout has the movements of its state": f"""
        select coalesce(p.public_id, t.subject) as payout, p.state, coalesce(p.kind, t.kind) as kind,
            coalesce(p.currency, t.currency) as currency, p.amount as expected, t.amount as moved
        from ({_PAYOUT_TRANSFERS}) p
        full join (
            select t.subject, t.kind, a.currency, sum(e.amount) as amount from ledger_transfer t
            join ledger_entry e on e.transfer_id = t.id and e.amount > 0
            join ledger_account a on a.id = e.account_id
            where t.kind like 'payout%' group by t.subject, t.kind, a.currency
        ) t on t.subject = p.public_id and t.kind = p.kind and t.currency = p.currency
        where p.amount is distinct from t.amount
    """,
    "I13 every booking of the house has its movement, and its reversal when it was reversed": f"""
        select coalesce(b.public_id, t.subject) as booking, b.kind, t.kinds, t.moved from money_booking b
        full join (
            select t.subject, array_agg(distinct t.kind::text order by t.kind::text) as kinds,
                sum(e.amount) filter (where a.code = 'outside' and t.kind <> 'booking_reversed'
                    and a.ref = b.place and a.currency = b.currency) as moved
            from ledger_transfer t join ledger_entry e on e.transfer_id = t.id
            join ledger_account a on a.id = e.account_id
            left join money_booking b on b.public_id = t.subject
            where t.kind in ({_BOOKINGS}) group by t.subject
        ) t on t.subject = b.public_id
        where t.kinds is distinct from (select array_agg(k::text order by k::text) from unnest(
                case when b.reversed_at is null then array[b.kind] else array[b.kind, 'booking_reversed'] end
            ) k)
            or (b.place <> '' and t.moved is distinct from
                case when b.kind = 'capital_in' then b.units else -b.units end)
    """,
    "I13 what was withheld for each country is what its payouts and remittances say": """
        select coalesce(d.ref, a.ref) as country, d.due, a.balance from (
            select ref, sum(due) as due from (
                select tax_country as ref, tax as due from money_payout
                where tax > 0 and sent_at is not null and state in ('sent', 'settled')
                union all select to_place, -got_units from money_booking
                where kind = 'tax_remitted' and reversed_at is null
            ) one group by ref
        ) d
        full join (
            select a.ref, coalesce(-sum(e.amount), 0) as balance
            from ledger_account a left join ledger_entry e on e.account_id = a.id
            where a.code = 'tax_withheld' group by a.ref
        ) a on a.ref = d.ref
        where coalesce(d.due, 0) <> coalesce(a.balance, 0)
    """,
    "I13 every debt that was written off, and taken up again, has its movements": """
        select coalesce(w.public_id, t.subject) as write_off, w.amount, t.off, w.reinstated, t.back
        from money_debtwriteoff w
        full join (
            select t.subject, sum(e.amount) filter (where t.kind = 'debt_written_off') as off,
                coalesce(-sum(e.amount) filter (where t.kind = 'debt_reinstated'), 0) as back
            from ledger_transfer t join ledger_entry e on e.transfer_id = t.id
            join ledger_account a on a.id = e.account_id and a.code = 'debt_losses'
            where t.kind in ('debt_written_off', 'debt_reinstated') group by t.subject
        ) t on t.subject = w.public_id
        where w.amount is distinct from t.off or w.reinstated is distinct from t.back
    """,
    "I13 what is set apart as unclaimed is what its silences say": """
        select coalesce(b.public_id, t.subject) as silence, b.amount, t.apart, b.claimed_at, t.back
        from (select * from money_unclaimedbalance where moved_at is not null) b
        full join (
            select t.subject, -sum(e.amount) filter (where t.kind = 'unclaimed') as apart,
                sum(e.amount) filter (where t.kind = 'unclaimed_back') as back
            from ledger_transfer t join ledger_entry e on e.transfer_id = t.id
            join ledger_account a on a.id = e.account_id and a.code like '%_unclaimed'
            where t.kind in ('unclaimed', 'unclaimed_back') group by t.subject
        ) t on t.subject = b.public_id
        where b.amount is distinct from t.apart
           or t.back is distinct from case when b.claimed_at is not null then b.amount end
    """,
    "I16 what is counted as set aside is what the holds have": """
        with newer as (
            select a.owner, sum(e.amount) as amount
            from ledger_entry e join ledger_account a on a.id = e.account_id
            where e.transfer_id > (select counted_to from money_held_place)
              and a.code in ('hold', 'batch_hold')
            group by a.owner
        )
        select h.owner as requester, h.balance, coalesce(c.amount, 0) - coalesce(n.amount, 0) as counted
        from (
            select owner, sum(balance) as balance from ledger_account
            where code in ('hold', 'batch_hold') group by owner
        ) h
        left join money_held c on c.requester = h.owner
        left join newer n on n.owner = h.owner
        where h.balance <> coalesce(c.amount, 0) - coalesce(n.amount, 0)
    """,
    "I13 accounts belong to people who exist": """
        select a.id as account_id, a.code, a.owner from ledger_account a
        where a.owner <> '' and not exists (
            select from people_worker w where w.public_id = a.owner and a.code like 'worker%'
        ) and not exists (
            select from people_requester r where r.public_id = a.owner and a.code not like 'worker%'
        )
    """,
}


def ledger_faults(*, clock: bool = False) -> list[Fault]:
    """Everything that is wrong with the money, as far as can be told without looking at tasks.

    ``clock`` also asks that nothing is dated in the future: true of a real market, not of a test.
    """
    found = proofs.faults(proofs.PROOFS) + proofs.faults(_PROOFS) + chain_faults()
    return found + proofs.faults(proofs.CLOCK_PROOFS) if clock else found


_DATABASE_FAULTS: Mapping[str, str] = {
    # An acknowledged payment could be lost in a crash.
    "synchronous_commit_off": "select current_setting('synchronous_commit') = 'off'",
    # The journal's rows carry the number of their transaction. In a cluster whose numbers are behind them
    # (restored from a dump), those who follow the journal would wait for ever.
    "transaction_numbers_behind": """
        select exists (
            select from journal_event where xact >= pg_snapshot_xmax(pg_current_snapshot())
                and xact is distinct from pg_current_xact_id_if_assigned())
    """,
}


def check_database() -> list[str]:
    """Why this database must not be trusted with money, as codes; empty when it may be."""
    return [code for code, sql in _DATABASE_FAULTS.items() if _holds(sql)]


def _holds(sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[bool] = cursor.fetchone()
    return row[0]
