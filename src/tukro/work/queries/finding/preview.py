"""What a worker sees before accepting: the group's terms, what it asks of workers, one task of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.people.models import Worker
from tukro.people.queries.visiting import run
from tukro.work.models import Lane, Question, Task, TaskState, TaskType
from tukro.work.queries.finding.asked import Asked, asked_by, may
from tukro.work.queries.finding.group_rows import HAD, PAUSED, GroupRow, row_of, shown
from tukro.work.queries.finding.narrowing import ALL_DONE, OWN, own_tasks_allowed
from tukro.work.queries.of_worker.in_hand import IN_HAND
from tukro.work.queries.question_rows import QUESTION, question_of
from tukro.work.rules import CONDUCT_SAMPLE


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """``closed`` says why this worker may not look at its tasks: requirements, blocked, or "" (may)."""

    group: GroupRow
    asked: list[Asked]
    closed: str
    own: bool  # the worker's own person posted it, so that they may not take it
    in_hand: int  # tasks that the worker has accepted and not handed in
    paused_until: datetime | None  # until then the worker takes no new work but that of hire groups


@dataclass(frozen=True, slots=True)
class Preview:
    """One task as it looks before it is accepted; no id of an assignment exists yet."""

    task_id: str
    question: Question
    input: dict[str, str]


def group_details(group_id: str, *, worker: Worker | None, now: datetime) -> GroupDetails:
    """Terms and requirements of a group, open or not.

    Refuses NotFound, also where a requirement guards even the finding of it and the worker does not meet it.
    """
    if not looks_like_id(group_id):
        raise NotFound()
    worker_pk = worker.pk if worker else 0
    found = run(_LISTED, {"group": group_id, "worker": worker_pk}).fetchone()
    if found is None:
        raise NotFound()
    pk, set_id, is_blocked, is_own = found
    asked = asked_by([set_id], worker=worker).get(set_id, [])
    if not may("discover", asked):
        raise NotFound()
    closed = "" if may("preview", asked) else "requirements"
    if is_blocked:
        closed = "blocked"
    row, in_hand, paused_until = _as_row(pk, worker_pk, now)
    return GroupDetails(
        row._replace(qualified=may("accept", asked), previewable=not closed),
        asked,
        closed,
        is_own and not own_tasks_allowed(),
        in_hand,
        paused_until,
    )


_LISTED = f"""
select y.id, y.requirement_set_id,
       exists (select from qualifications_block b
                where b.requester_id = y.requester_id and b.worker_id = %(worker)s),
       {OWN.format(whose="y.requester_id")}
  from work_tasktype y join work_listing l on l.task_type_id = y.id
 where y.group_id = %(group)s
"""


def task_for_preview(
    group_id: str, *, worker: Worker | None, after: str = "", now: datetime
) -> Preview | None:
    """A task that the worker could take now, else any open one of the group; None when nothing is free.

    ``after``: the task looked at last; the one behind it comes, and after the last the first again.

    The caller has seen in ``group_details`` that the worker may look.
    """
    low = _last_lane(group_id, after) if looks_like_id(after) else 0
    row = _preview_row(group_id, worker, low, now)
    if row is None and low:
        row = _preview_row(group_id, worker, 0, now)
    if row is None:
        return None
    *question, task_id, values = row
    return Preview(task_id, question_of(question), json.loads(values))


def _preview_row(group_id: str, worker: Worker | None, low: int, now: datetime) -> tuple[Any, ...] | None:
    worker_pk = worker.pk if worker else 0
    return run(_PREVIEW, {"group": group_id, "worker": worker_pk, "low": low, "now": now}).fetchone()


def _last_lane(group_id: str, task_id: str) -> int:
    lanes = Lane.objects.filter(task__public_id=task_id, task__task_type__group_id=group_id)
    return int(lanes.aggregate(last=Max("id"))["last"] or 0)


def this_task_for_preview(group_id: str, task_id: str, *, now: datetime) -> Preview | None:
    """This task of the group while it is offered; None when it is closed. Refuses NotFound.

    The caller has seen in ``group_details`` that the worker may look.
    """
    task = _task(task_id, group_id=group_id)
    is_offered = task.state == TaskState.OPEN and task.expires_at > now
    return Preview(task.public_id, task.question, task.input) if is_offered else None


def nothing_left(worker: Worker, group_id: str, *, now: datetime) -> tuple[str, int]:
    """Why nothing of the group is free for this worker, and how many of its tasks the worker did.

    ``all``: of those that are open there is none that the worker did not do; ``some``: others did the rest;
    ``others``: they did all; ``ended``: nothing is open, it is paused, over or withdrawn. The newest thousand
    tasks of a group say it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"group": group_id, "worker": worker.pk, "now": now})
        done, rest, paused = cursor.fetchone() or (0, 0, 0)
    if rest:
        return ("some" if done else "others"), done
    return ("all" if done and not paused else "ended"), done


_LEFT = """
select count(*) filter (where t.own)::int,
       count(*) filter (where not t.own and t.state = 'open' and t.expires_at > %(now)s)::int,
       count(*) filter (where not t.own and t.state = 'paused' and t.expires_at > %(now)s)::int
  from (
    select t.state, t.expires_at,
           exists (select from work_assignment a
                    where a.task_id = t.id and a.worker_id = %(worker)s
                      and a.state not in ('returned', 'abandoned')) as own
      from work_tasktype y
      join work_batch b on b.task_type_id = y.id
      join work_task t on t.batch_id = b.id
     where y.group_id = %(group)s
     order by t.id desc limit 1000) t
"""


def group_of(public_id: str) -> str:
    """The group behind the id of a group or of its task type: requesters' programs print either.

    Refuses NotFound.
    """
    if not looks_like_id(public_id):
        raise NotFound()
    task_type = TaskType.objects.filter(Q(group_id=public_id) | Q(public_id=public_id)).first()
    if task_type is None:
        raise NotFound()
    return task_type.group_id


def group_of_task(task_id: str) -> str:
    """The group of a task. Refuses NotFound."""
    return _task(task_id).task_type.group_id


def _task(task_id: str, **asked: str) -> Task:
    if not looks_like_id(task_id):
        raise NotFound()
    terms = {f"task_type__{name}": value for name, value in asked.items()}
    found = Task.objects.select_related("question", "task_type").filter(public_id=task_id, **terms)
    task = found.first()
    if task is None:
        raise NotFound()
    return task


# Looks at no more than 200 lanes: which task is shown is a courtesy, not a promise.
_PREVIEW = f"""
select {QUESTION}, t.public_id, t.input
  from (
    select c.task_id from (
      select l.task_id, l.id from work_lane l join work_task t on t.id = l.task_id
       where l.task_type_id = (select id from work_tasktype where group_id = %(group)s)
         and l.is_open and t.expires_at > %(now)s and l.id > %(low)s
       order by l.id limit 200) c
     order by exists (select from work_assignment a where a.task_id = c.task_id and a.worker_id = %(worker)s
                         and not a.state in ('returned', 'abandoned')), c.id
     limit 1) first
  join work_task t on t.id = first.task_id
  join work_question q on q.id = t.question_id
"""

# Up to so many open tasks a group's places are counted at this moment. Beyond, the figure of the open list,
# which a job counted seconds ago, says enough: a preview costs the same in a group of any size.
COUNTED_TASKS = 500
_GROUP = f"""
  select l.task_type_id, l.requester_id, l.requirement_set_id, l.listed_at, l.expires_at, l.open_tasks,
         l.open_places, l.hourly, l.hourly_low, l.hourly_high, l.hourly_sample, l.takes_seconds, l.language,
         l.on_phone, had.tasks as mine, {ALL_DONE} as all_done
    from (
      select i.task_type_id, i.requester_id, i.requirement_set_id, i.listed_at, i.expires_at, i.hourly,
             i.hourly_low, i.hourly_high, i.hourly_sample, i.takes_seconds, i.language, i.on_phone,
             c.tasks as open_tasks, c.places as open_places
        from work_listing i
       cross join lateral (
             select n.places, n.tasks from work_count_open(%(type)s, %(now)s) n
              where i.open_tasks <= %(counted)s
             union all
             select i.open_places, i.open_tasks where i.open_tasks > %(counted)s) c
       where i.task_type_id = %(type)s) l {HAD}
"""


def _as_row(task_type_pk: int, worker_pk: int, now: datetime) -> tuple[GroupRow, int, datetime | None]:
    """The group's row, how many tasks the worker has in hand and how long a pause lasts; who may do what is
    not judged here."""
    given: dict[str, Any] = {
        "type": task_type_pk,
        "worker": worker_pk,
        "now": now,
        "counted": COUNTED_TASKS,
        "decided": CONDUCT_SAMPLE,
        "sets": [],
        "unseen": [],
    }
    columns = run(shown(_GROUP, more=f"{IN_HAND}, {PAUSED}"), given).fetchone()
    assert columns is not None, "a group that was found has a listing"
    return row_of(columns), *columns[-2:]
