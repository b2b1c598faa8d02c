"""What people were paid in a tax year, by the ledger, and whether a tax form is missing for more.

Cash basis: a withdrawal counts when it was sent, whole, its fee included; what came back counts off then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tukro.kernel.money import SCALES, Money
from tukro.ledger.queries.moments import snapshot, stream
from tukro.money.models import HoldCode, Payout, PayoutHold, PayoutState
from tukro.money.queries.balances import latest_rate, worker_balance
from tukro.people.models import Worker
from tukro.vetting.models import CheckMoment, TaxRule
from tukro.vetting.queries.identity import identity_policy, is_identified
from tukro.vetting.queries.tax import (
    current_form,
    is_good,
    rule_for,
    tax_policy,
    tax_year,
    year_bounds,
)

_PAID = """
    select p.worker_id, count(*) filter (where t.kind = 'payout_sent'),
        coalesce(sum(e.amount) filter (where a.code in ('worker_available', 'worker_reserved')), 0)::bigint,
        coalesce(-sum(e.amount) filter (where a.code = 'payout_fees'), 0)::bigint
    from money_payout p
    join ledger_transfer t on t.key = any(array[
        'payout_sent:' || p.public_id, 'payout_returned:' || p.public_id, 'payout_failed:' || p.public_id])
    join ledger_entry e on e.transfer_id = t.id
    join ledger_account a on a.id = e.account_id
        and a.code in ('worker_available', 'worker_reserved', 'payout_fees')
    where t.posted_at >= %(since)s and t.posted_at < %(until)s and {only}
    group by p.worker_id order by p.worker_id limit %(limit)s
"""
_PAID_TO_ALL = _PAID.format(only="p.worker_id > %(after)s")
_PAID_TO_ONE = _PAID.format(only="p.worker_id = %(worker)s")


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What one worker was paid in a tax year. ``fee`` is the part of ``paid`` that the house kept."""

    worker_id: int
    sent: int  # entries of withdrawals that went out
    paid: Money
    fee: Money


def paid_in_year(worker: Worker, year: int) -> Money:
    """What went out to one worker in a tax year and did not come back in it."""
    since, until = year_bounds(year, tax_policy().first_month)
    with connection.cursor() as cursor:
        cursor.execute(_PAID_TO_ONE, {"since": since, "until": until, "worker": worker.pk, "limit": 1})
        row = cursor.fetchone()
    return Money(row[2] if row else 0)


def year_totals(year: int, *, after: int = 0, limit: int | None = None) -> Iterator[YearTotal]:
    """The same of everybody to whom something went or from whom something came back, read as it is asked.

    ``after``: past this worker's key, in the order of keys.
    """
    since, until = year_bounds(year, tax_policy().first_month)
    with snapshot():
        for worker_id, sent, paid, fee in stream(
            _PAID_TO_ALL, {"since": since, "until": until, "after": after, "limit": limit}
        ):
            yield YearTotal(worker_id, sent, Money(paid), Money(fee))


@dataclass(frozen=True, slots=True)
class TaxStanding:
    """Where a worker stands towards their rule. ``limit`` in dollars; None: the first withdrawal already."""

    rule: TaxRule
    paid: Money  # in this tax year
    limit: Money | None
    given: bool
    since: datetime  # the tax year began

    def asks(self, more: Money) -> bool:
        """Whether the form is missing once so much more is paid."""
        return not self.given and (self.limit is None or self.paid + more > self.limit)


def tax_standing(worker: Worker, now: datetime) -> TaxStanding | None:
    """None: no rule asks anything of this worker."""
    rule = rule_for(worker)
    if rule is None:
        return None
    month = tax_policy().first_month
    year = tax_year(now, month)
    return TaxStanding(
        rule=rule,
        paid=paid_in_year(worker, year),
        limit=_limit(rule, now),
        given=is_good(current_form(worker), rule, now.date()),
        since=year_bounds(year, month)[0],
    )


def tax_asked(worker: Worker, now: datetime) -> TaxStanding | None:
    """The standing, when a form is missing for what is under way now; None: nothing is missing."""
    standing = tax_standing(worker, now)
    if standing is None or standing.given:
        return None
    _available, reserved, _in_transit = worker_balance(worker)
    return standing if standing.asks(reserved) else None


def waits_for_form(worker: Worker) -> bool:
    """Whether withdrawals of theirs wait for a tax form."""
    return PayoutHold.objects.filter(worker=worker, code=HoldCode.TAX, released_at=None).exists()


def asks_identity(worker: Worker, amount: Money, *, now: datetime) -> bool:
    """Whether the operator wants to know who somebody is before so much more goes to them."""
    house = identity_policy()
    if house.moment == CheckMoment.NEVER or is_identified(worker):
        return False
    if house.moment == CheckMoment.FIRST:
        return not Payout.objects.filter(
            worker=worker, state__in=(PayoutState.SENT, PayoutState.SETTLED)
        ).exists()
    year = tax_year(now, tax_policy().first_month)
    _available, reserved, _in_transit = worker_balance(worker)
    return paid_in_year(worker, year) + reserved + amount > Money(house.above_units)


def _limit(rule: TaxRule, now: datetime) -> Money | None:
    """The rule's limit in dollars, at the rate of today. Without a rate nobody can tell, so it is asked."""
    if not rule.above_units:
        return None
    if rule.currency == "USD":
        return Money(rule.above_units)
    rate = latest_rate(rule.currency, now)
    if rate is None:
        return None
    dollars = Money(rule.above_units, rule.currency).amount / rate.offered
    return Money(int(dollars.scaleb(SCALES["USD"])))
