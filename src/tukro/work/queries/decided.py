"""Decided work of workers, as levels and the rule of the success rate count it.

A rejection counts when nothing can be said against it any more: its money has gone back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from tukro.kernel.money import Money
from tukro.qualifications.rules import LEVEL
from tukro.qualifications.rules.levels import HALF_LIFE, REACH, Weighed


def weighed_of(worker_pks: Iterable[int]) -> dict[int, Weighed]:
    """Each worker's latest decisions with their weights added up; who has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHED, {"workers": sorted(worker_pks), "reach": REACH, "half_life": HALF_LIFE})
        return {pk: Weighed(decided, weight, good) for pk, decided, weight, good in cursor.fetchall()}


def decisions_since(starts: Mapping[int, datetime]) -> dict[int, tuple[int, int]]:
    """(approved, rejected) of each worker since their own moment; who has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"workers": list(starts), "starts": list(starts.values())})
        return {pk: (approved, rejected) for pk, approved, rejected in cursor.fetchall()}


# The newest first is by the order of taking: it has an index, and nobody can arrange it afterwards.
_WEIGHED = """
select w.id, count(*)::int, sum(d.weight), coalesce(sum(d.weight) filter (where d.state = 'approved'), 0)
  from unnest(%(workers)s::bigint[]) w(id)
 cross join lateral (
   select l.state,
          power(0.5::float8, (row_number() over (order by l.id desc) - 1) / %(half_life)s::float8) as weight
     from (
       select a.id, a.state from work_assignment a
        where a.worker_id = w.id
          and (a.state = 'approved' or (a.state = 'rejected' and a.released_at is not null))
        order by a.id desc limit %(reach)s) l) d
 group by w.id
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
