"""Decided work of workers, as levels and the rule of the success rate count it; what both open.

A rejection counts when nothing can be said against it any more: its money has gone back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tukro.kernel.money import Money
from tukro.people.aliases import alias_of
from tukro.people.models import Requester
from tukro.qualifications.rules import LEVEL
from tukro.qualifications.rules.levels import HALF_LIFE, REACH, Weighed


def weighed_of(worker_pks: Iterable[int]) -> dict[int, Weighed]:
    """Each worker's latest decisions with their weights added up; who has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHED, {"workers": sorted(worker_pks), "reach": REACH, "half_life": HALF_LIFE})
        return {pk: Weighed(*sums) for pk, *sums in cursor.fetchall()}


def decisions_since(starts: Mapping[int, datetime]) -> dict[int, tuple[int, int]]:
    """(approved, rejected) of each worker since their own moment; who has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"workers": list(starts), "starts": list(starts.values())})
        return {pk: (approved, rejected) for pk, approved, rejected in cursor.fetchall()}


# The newest first is by the order of taking: it has an index, and nobody can arrange it afterwards.
_WEIGHED = """
select w.id, d.decided, d.weight, d.good, d.others, coalesce(d.others_percent, 0)
  from unnest(%(workers)s::bigint[]) w(id)
 cross join lateral (
   select sum(q.decided)::int as decided, sum(q.weight) as weight, sum(q.good) as good,
          min(q.whole - q.decided)::int as others,
          min(100 * (q.whole_good - q.good) / (q.whole_weight - q.weight))
            filter (where q.whole > q.decided) as others_percent
     from (
       select count(*) as decided, sum(l.weight) as weight, sum(l.good) as good,
              sum(count(*)) over () as whole, sum(sum(l.weight)) over () as whole_weight,
              sum(sum(l.good)) over () as whole_good
         from (
           select m.requester_id, m.weight, case m.state when 'approved' then m.weight else 0 end as good
             from (
               select a.requester_id, a.state,
                      power(0.5::float8, (row_number() over (order by a.id desc) - 1) / %(half_life)s::float8)
                        as weight
                 from work_assignment a
                where a.worker_id = w.id
                  and (a.state = 'approved' or (a.state = 'rejected' and a.released_at is not null))
                order by a.id desc limit %(reach)s) m) l
        group by l.requester_id) q) d
 where d.decided > 0
"""

_SINCE = """
select w.id, count(*) filter (where a.state = 'approved')::int,
       count(*) filter (where a.state = 'rejected')::int
  from unnest(%(workers)s::bigint[], %(starts)s::timestamptz[]) w(id, start)
  join work_assignment a on a.worker_id = w.id and a.decided_at >= w.start
 where a.state = 'approved' or (a.state = 'rejected' and a.released_at is not null)
 group by w.id
"""


def open_by_level() -> dict[int, tuple[int, Money]]:
    """For each level that open work asks for: how many groups do, and the best reward among them."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [LEVEL])
        return {level: (groups, Money(int(best))) for level, groups, best in cursor.fetchall()}


_ASKED = """
select r.integers[1], count(*)::int, max(l.reward)
  from qualifications_setrequirement r
  join work_listing l on l.requirement_set_id = r.set_id and l.is_open
 where r.type_id = %s and r.comparator in ('GreaterThanOrEqualTo', 'EqualTo')
 group by r.integers[1]
"""


@dataclass(frozen=True, slots=True)
class PastWorker:
    """A worker's record with one requester."""

    worker_id: str  # as the requester knows the worker
    approved: int
    rejected: int
    last_at: datetime

    @property
    def share(self) -> float:
        return self.approved / (self.approved + self.rejected)


def past_workers(
    requester: Requester, *, least_approved: int = 1, least_percent: int = 0, limit: int = 200
) -> list[PastWorker]:
    """Whose work this requester approved at least so often, and at least this share of it; the best first."""
    with connection.cursor() as cursor:
        given = {
            "requester": requester.pk,
            "approved": least_approved,
            "percent": least_percent,
            "limit": limit,
        }
        cursor.execute(_PAST, given)
        return [
            PastWorker(alias_of(requester, worker_pk=pk, public_id=public_id), *record)
            for pk, public_id, *record in cursor.fetchall()
        ]


_PAST = """
select w.id, w.public_id, s.approved::int, s.rejected::int, s.last_at
  from (
    select a.worker_id, count(*) filter (where a.state = 'approved') as approved,
           count(*) filter (where a.state = 'rejected') as rejected, max(a.decided_at) as last_at
      from work_batch b join work_assignment a on a.batch_id = b.id
     where b.requester_id = %(requester)s and a.state in ('approved', 'rejected')
     group by a.worker_id) s
  join people_worker w on w.id = s.worker_id and w.state = 'active'
 where s.approved >= %(approved)s and 100 * s.approved >= %(percent)s * (s.approved + s.rejected)
 order by s.approved desc, s.last_at desc, w.id limit %(limit)s
"""


def open_for_groups(group_ids: Sequence[str]) -> dict[str, list[tuple[str, str, Money]]]:
    """Open work that asks for these hire groups: by group, the listing's id, title and reward."""
    found: dict[str, list[tuple[str, str, Money]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FOR_GROUPS, [list(group_ids)])
        for hire_group, listing, title, reward in cursor.fetchall():
            found.setdefault(hire_group, []).append((listing, title, Money(int(reward))))
    return found


_FOR_GROUPS = """
select r.type_id, y.group_id, y.title, y.reward
  from qualifications_setrequirement r
  join work_listing l on l.requirement_set_id = r.set_id and l.is_open
  join work_tasktype y on y.id = l.task_type_id
 where r.type_id = any(%s) and r.comparator = 'Exists'
 order by l.listed_at desc limit 100
"""
