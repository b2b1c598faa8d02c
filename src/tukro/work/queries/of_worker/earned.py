"""What work brought, by day, week, month or requester: pay, time, and the time that nobody paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from django.db import connection

from tukro.kernel.money import Money
from tukro.people.models import Worker

By = Literal["day", "week", "month", "requester"]
PERIODS: tuple[By, ...] = ("day", "week", "month", "requester")


@dataclass(frozen=True, slots=True)
class Earned:
    """One row: ``since`` is the first day of the period, or None when the row is a requester's.

    ``paid_seconds`` are time worked on what was approved; ``unpaid_seconds`` on what was rejected or
    returned, and on expired work up to its deadline.
    """

    since: date | None
    requester: str
    requester_id: str
    rewards: Money
    bonuses: Money
    paid: int
    unpaid: int
    paid_seconds: int
    unpaid_seconds: int

    @property
    def total(self) -> Money:
        return self.rewards + self.bonuses

    @property
    def per_hour(self) -> Money | None:
        """What an hour brought, unpaid time included; None when there was no measured time."""
        seconds = self.paid_seconds + self.unpaid_seconds
        return Money(self.total.units * 3600 // seconds).whole_cents() if seconds else None


def earned_by(worker: Worker, by: By, *, since: datetime, limit: int = 100) -> list[Earned]:
    """What the worker earned since a moment: the latest period first, or the best-paying requester."""
    assert by in PERIODS
    facts: dict[str, Any] = {"worker": worker.pk, "zone": worker.user.time_zone}
    facts |= {"since": since, "limit": limit, "unit": by}
    with connection.cursor() as cursor:
        cursor.execute(_BY_REQUESTER if by == "requester" else _BY_PERIOD, facts)
        return [_earned(row) for row in cursor.fetchall()]


def _earned(row: tuple[Any, ...]) -> Earned:
    since, requester, requester_id, rewards, bonuses, *counts = row
    paid, unpaid, paid_seconds, unpaid_seconds = (int(count) for count in counts)
    return Earned(
        since=cast("date | None", since),
        requester=requester,
        requester_id=requester_id,
        rewards=Money(int(rewards)),
        bonuses=Money(int(bonuses)),
        paid=paid,
        unpaid=unpaid,
        paid_seconds=paid_seconds,
        unpaid_seconds=unpaid_seconds,
    )


_MOVED = """
  select a.decided_at as at, a.requester_id, a.state = 'approved' as paid,
         case when a.state = 'approved' then y.reward else 0 end as reward, 0::bigint as bonus, 1 as tasks,
         coalesce(a.worked_seconds, greatest(0, extract(epoch from
           least(a.decided_at, a.deadline_at) - a.accepted_at)))::bigint as seconds
    from work_assignment a join work_tasktype y on y.id = a.task_type_id
   where a.worker_id = %(worker)s and a.decided_at >= %(since)s
     and (a.state in ('approved', 'rejected', 'abandoned')
          or a.state = 'returned' and a.reason_code <> 'skipped')
  union all
  select b.granted_at, b.requester_id, true, 0, b.amount, 0, 0
    from work_bonus b where b.worker_id = %(worker)s and b.granted_at >= %(since)s
"""
_SUMS = """
       sum(m.reward), sum(m.bonus),
       coalesce(sum(m.tasks) filter (where m.paid), 0),
       coalesce(sum(m.tasks) filter (where not m.paid), 0),
       coalesce(sum(m.seconds) filter (where m.paid), 0),
       coalesce(sum(m.seconds) filter (where not m.paid), 0)
"""
_BY_PERIOD = f"""
select date_trunc(%(unit)s, m.at at time zone %(zone)s)::date as since, '', '', {_SUMS}
  from ({_MOVED}) m group by since order by since desc limit %(limit)s
"""
_BY_REQUESTER = f"""
select null::date, r.name, r.public_id, {_SUMS}
  from ({_MOVED}) m join people_requester r on r.id = m.requester_id
 group by r.name, r.public_id order by sum(m.reward + m.bonus) desc, r.public_id limit %(limit)s
"""
