"""A worker's work day by day, as programs for the model's worker site read it (mturk-sites 2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tukro.kernel.money import Money
from tukro.people.models import Worker

_READ = 20_000  # latest assignments and bonuses that are looked at: more than anybody does in the time shown


@dataclass(frozen=True, slots=True)
class Day:
    """What became of the work that was handed in on this day, and the bonuses that came on it."""

    day: date
    submitted: int
    approved: int
    rejected: int
    pending: int
    rewards: Money
    bonuses: Money

    @property
    def earnings(self) -> Money:
        return self.rewards + self.bonuses


@dataclass(frozen=True, slots=True)
class Totals:
    """All that a worker ever earned, and in the running year, quarter and month of their own calendar."""

    rewards: Money
    bonuses: Money
    year: Money
    quarter: Money
    month: Money


def days_of(worker: Worker, *, days: int, now: datetime) -> list[Day]:
    """So many days of the worker's own calendar, today first; empty ones too."""
    zone = ZoneInfo(worker.user.time_zone)
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    given: dict[str, Any] = {
        "worker": worker.pk,
        "start": start,
        "zone": worker.user.time_zone,
        "most": _READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, given)
        found = {
            day: Day(day, submitted, approved, rejected, pending, Money(int(rewards)), Money(int(bonuses)))
            for day, submitted, approved, rejected, pending, rewards, bonuses in cursor.fetchall()
        }
    none = Money.zero()
    wanted = (first + timedelta(days=no) for no in reversed(range(days)))
    return [found.get(day, Day(day, 0, 0, 0, 0, none, none)) for day in wanted]


def totals_of(worker: Worker, *, now: datetime) -> Totals:
    """What was earned since the beginning and in the running periods."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"worker": worker.pk, "now": now, "zone": worker.user.time_zone})
        return Totals(*(Money(int(units)) for units in cursor.fetchone()))


_DAYS = """
select e.day, sum(e.submitted)::int, sum(e.approved)::int, sum(e.rejected)::int, sum(e.pending)::int,
       sum(e.rewards), sum(e.bonuses)
  from (
  select (a.submitted_at at time zone %(zone)s)::date as day, 1 as submitted,
         (a.state = 'approved')::int as approved, (a.state = 'rejected')::int as rejected,
         (a.state in ('submitted', 'revising'))::int as pending,
         case when a.state = 'approved' then y.reward else 0 end as rewards, 0 as bonuses
    from (select * from work_assignment w where w.worker_id = %(worker)s order by w.id desc limit %(most)s) a
    join work_tasktype y on y.id = a.task_type_id
   where a.submitted_at >= %(start)s and a.state in ('submitted', 'revising', 'approved', 'rejected')
  union all
  select (b.granted_at at time zone %(zone)s)::date, 0, 0, 0, 0, 0, b.amount
    from (select * from work_bonus w where w.worker_id = %(worker)s order by w.id desc limit %(most)s) b
   where b.granted_at >= %(start)s) e
 group by e.day
"""

_TOTALS = """
select coalesce(sum(e.rewards), 0), coalesce(sum(e.bonuses), 0),
       coalesce(sum(e.rewards + e.bonuses) filter (where e.at >= date_trunc('year', t.now)), 0),
       coalesce(sum(e.rewards + e.bonuses) filter (where e.at >= date_trunc('quarter', t.now)), 0),
       coalesce(sum(e.rewards + e.bonuses) filter (where e.at >= date_trunc('month', t.now)), 0)
  from (select %(now)s::timestamptz at time zone %(zone)s as now) t
  left join (
  select a.decided_at at time zone %(zone)s as at, y.reward as rewards, 0 as bonuses
    from work_assignment a join work_tasktype y on y.id = a.task_type_id
   where a.worker_id = %(worker)s and a.state = 'approved'
  union all
  select b.granted_at at time zone %(zone)s, 0, b.amount
    from work_bonus b where b.worker_id = %(worker)s) e on true
"""
