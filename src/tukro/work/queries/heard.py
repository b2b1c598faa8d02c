"""What workers who listen to the news hear: read for many at once, and of the open list only what is new.

Every read costs by the number of workers asked for, or of groups listed since; never by the market's size.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tukro.kernel.money import Money
from tukro.work.queries.finding.narrowing import own_tasks_allowed


@dataclass(frozen=True, slots=True)
class InHand:
    """One accepted task of a worker's queue."""

    assignment_id: str
    task_id: str
    group_id: str
    state: str
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Drawn:
    """A worker's wish in a draw that is to come or is over."""

    group_id: str
    state: str
    assignment_id: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A group that was listed, or listed again with new tasks."""

    type_pk: int
    requester_pk: int
    requirement_set_id: int
    listed_at: datetime
    group_id: str
    title: str
    requester_id: str
    requester_name: str
    reward_units: int
    open_tasks: int
    draw_at: datetime | None

    @property
    def reward(self) -> Money:
        return Money(self.reward_units)


def queues_of(worker_ids: Collection[int], *, now: datetime) -> dict[int, tuple[InHand, ...]]:
    """Accepted tasks of each worker whose time is not over, the most urgent first."""
    found: dict[int, list[InHand]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES, {"workers": list(worker_ids), "now": now})
        for worker_id, *columns in cursor.fetchall():
            found.setdefault(worker_id, []).append(InHand(*columns))
    return {worker_id: tuple(rows) for worker_id, rows in found.items()}


def wishes_in_draws(worker_ids: Collection[int]) -> dict[int, tuple[Drawn, ...]]:
    """Each worker's wishes, as long as they are remembered; the latest first."""
    found: dict[int, list[Drawn]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WISHES, [list(worker_ids)])
        for worker_id, *columns in cursor.fetchall():
            found.setdefault(worker_id, []).append(Drawn(*columns))
    return {worker_id: tuple(rows) for worker_id, rows in found.items()}


def openings(*, since: datetime, now: datetime, limit: int) -> list[Opening]:
    """Groups listed after ``since`` that have a free place, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENINGS, {"since": since, "now": now, "limit": limit})
        return [Opening(*row) for row in cursor.fetchall()]


def last_listed() -> datetime | None:
    """When the newest group of the open list was listed."""
    with connection.cursor() as cursor:
        cursor.execute("select max(listed_at) from work_listing where is_open")
        latest: datetime | None = cursor.fetchone()[0]
        return latest


def kept_from(worker_ids: Collection[int], opened: Sequence[Opening]) -> set[tuple[int, int]]:
    """Pairs of worker and task type (keys): groups that the worker hid, those of who blocked them,
    and those that they posted themselves."""
    given: dict[str, list[int] | bool] = {
        "workers": list(worker_ids),
        "types": [one.type_pk for one in opened],
        "requesters": [one.requester_pk for one in opened],
        "own_too": own_tasks_allowed(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_FROM, given)
        return {(worker_id, type_pk) for worker_id, type_pk in cursor.fetchall()}


_QUEUES = """
select a.worker_id, a.public_id, t.public_id, y.group_id, a.state, a.deadline_at
  from work_assignment a join work_task t on t.id = a.task_id join work_tasktype y on y.id = a.task_type_id
 where a.worker_id = any(%(workers)s) and a.state in ('accepted', 'revising') and a.deadline_at > %(now)s
 order by a.worker_id, a.deadline_at, a.id
"""

_WISHES = """
select w.worker_id, y.group_id, w.state, w.assignment_id
  from work_wish w join work_tasktype y on y.id = w.task_type_id
 where w.worker_id = any(%s) order by w.worker_id, w.id desc
"""

_OPENINGS = """
select l.task_type_id, l.requester_id, l.requirement_set_id, l.listed_at, y.group_id, y.title, r.public_id,
       r.name, y.reward, l.open_tasks, y.draw_at
  from work_listing l
  join work_tasktype y on y.id = l.task_type_id
  join people_requester r on r.id = l.requester_id
 where l.is_open and l.listed_at > %(since)s and l.expires_at > %(now)s
   and exists (select from work_lane n where n.task_type_id = l.task_type_id and n.is_open)
 order by l.listed_at desc, l.task_type_id desc limit %(limit)s
"""

_KEPT_FROM = """
with opened as (
  select * from unnest(%(types)s::bigint[], %(requesters)s::bigint[]) o(type_id, requester_id))
select b.worker_id, o.type_id from opened o join qualifications_block b on b.requester_id = o.requester_id
 where b.worker_id = any(%(workers)s)
union
select m.worker_id, o.type_id from opened o
  join work_mark m on m.requester_id = o.requester_id or m.task_type_id = o.type_id
 where m.worker_id = any(%(workers)s) and m.liking = 'hidden'
union
select w.id, o.type_id from opened o
  join people_requester r on r.id = o.requester_id join people_worker w on w.user_id = r.user_id
 where w.id = any(%(workers)s) and not %(own_too)s
"""
