"""Tasks as their requester's programs see them: MTurk's HITs with status and counters, one query a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.people.models import Requester
from tukro.qualifications.rules import Requirement, read
from tukro.work.models import Batch, Task, TaskState
from tukro.work.rules import GRACE_SECONDS, HitStatus, Tally


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with its terms, its question and how far it is."""

    pk: int
    task_id: str
    type_id: str
    group_id: str
    layout_id: str
    title: str
    description: str
    keywords: str
    reward: Money
    duration_seconds: int
    auto_approve_seconds: int
    requirements: tuple[Requirement, ...]
    question_kind: str
    question_body: str
    question_source: str  # as the wire gave it; '' for a question made by a page
    frame_height: int
    input: dict[str, str]
    annotation: str
    created_at: datetime
    expires_at: datetime
    tally: Tally

    @property
    def status(self) -> HitStatus:
        return self.tally.status


def task_row(requester: Requester, task_id: str, *, now: datetime) -> TaskRow:
    """One task of this requester in whatever state. Refuses NotFound."""
    found = _rows("t.public_id = %(task)s", "", {"task": task_id, "limit": 1}, requester, now)
    if not looks_like_id(task_id) or not found:
        raise NotFound(task_id=task_id)
    return found[0]


def tally_of(task: Task, *, now: datetime) -> Tally:
    """How far one task is, read now; the task itself as it is in hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.* from (values (%(task)s::bigint)) t(id)" + _COUNTS,
            {"task": task.pk, "now": now, "late": now - timedelta(seconds=GRACE_SECONDS)},
        )
        pending, submitted, decided = cursor.fetchone()
    return Tally(
        task.places,
        pending,
        submitted,
        decided,
        expired=task.state == TaskState.CLOSED or task.expires_at <= now,
        paused=task.state == TaskState.PAUSED,
        reviewing=task.reviewing_at is not None,
        disposed=task.disposed_at is not None,
    )


def tasks_of(requester: Requester, *, after: int | None, limit: int, now: datetime) -> list[TaskRow]:
    """All but the disposed ones, the newest first; ``after``: the ``pk`` of the last one seen."""
    where = "t.disposed_at is null and t.id < %(after)s"
    return _rows(where, "order by t.id desc", {"after": _below(after), "limit": limit}, requester, now)


def tasks_of_batch(
    requester: Requester, batch: Batch, *, after: str, limit: int, now: datetime
) -> list[TaskRow]:
    """The tasks of a batch but for the disposed ones, the last made first. ``after``: the last one seen."""
    where = "t.disposed_at is null and t.batch_id = %(batch)s"
    params: dict[str, Any] = {"batch": batch.pk, "limit": limit}
    if after:
        where += " and t.row_no < (select p.row_no from work_task p where p.public_id = %(after)s)"
        params["after"] = after
    return _rows(where, "order by t.row_no desc", params, requester, now)


def tasks_asking(
    requester: Requester, type_id: str, *, after: int | None, limit: int, now: datetime
) -> list[TaskRow]:
    """Of these, the tasks whose requirements name the qualification type."""
    where = """t.disposed_at is null and t.id < %(after)s and t.task_type_id = any(array(
        select m.id from work_tasktype m
         where m.requester_id = %(requester)s and m.requirement_set_id in (
               select r.set_id from qualifications_setrequirement r where r.type_id = %(named)s)))"""
    params = {"after": _below(after), "limit": limit, "named": type_id}
    return _rows(where, "order by t.id desc", params, requester, now)


def tasks_to_review(
    requester: Requester,
    *,
    status: Literal["Reviewable", "Reviewing"] = "Reviewable",
    type_id: str = "",
    after: tuple[datetime, int] | None,
    limit: int,
    now: datetime,
) -> list[TaskRow]:
    """The tasks of this status, those that end last first; ``after``: end and ``pk`` of the last one seen.

    ``type_id`` leaves one type. Refuses NotFound when the requester has no such type.
    """
    end, pk = after or (datetime.max.replace(tzinfo=now.tzinfo), None)
    params: dict[str, Any] = {"end": end, "after": _below(pk), "limit": limit}
    wanted = "t.reviewing_at is null" if status == "Reviewable" else "t.reviewing_at is not null"
    if type_id:
        params["type"] = _own_type(requester, type_id)
        wanted += " and t.task_type_id = %(type)s"
    chosen = " union all ".join(
        f"(select t.id, t.expires_at from {tasks} {_COUNTS} where {_ENDED} and {wanted} and {how} {_BY_END})"
        for tasks, how in _WAYS_TO_END
    )
    where = f"t.id = any(array(select t.id from ({chosen}) t {_BY_END}))"
    rows = _rows(where, "order by t.expires_at desc, t.id desc", params, requester, now)
    assert all(row.status == status for row in rows)
    return rows


def _below(pk: int | None) -> int:
    return 2**63 - 1 if pk is None else pk


def _own_type(requester: Requester, type_id: str) -> int:
    found: int | None = (
        requester.task_types.filter(public_id=type_id).values_list("pk", flat=True).first()
        if looks_like_id(type_id)
        else None
    )
    if found is None:
        raise NotFound(task_type_id=type_id)
    return found


# Counted along the index of what occupies places, per task: one look for each row of a page.
_COUNTS = """
 cross join lateral (
       select count(*) filter (where a.state in ('accepted', 'revising')
                                 and a.deadline_at >= %(late)s) as pending,
              count(*) filter (where a.state = 'submitted' and a.auto_approve_at > %(now)s
                                  or a.state = 'revising' and a.deadline_at < %(late)s) as submitted,
              count(*) filter (where a.state in ('approved', 'rejected')
                                  or (a.state = 'submitted' and a.auto_approve_at <= %(now)s)) as decided
         from work_assignment a where a.task_id = t.id and not a.state in ('returned', 'abandoned')) c
"""

_BY_END = "order by t.expires_at desc, t.id desc limit %(limit)s"
# Tally.status says the same of each row; here it is said to the database, which must choose them.
_ENDED = """t.requester_id = %(requester)s and t.disposed_at is null and c.pending = 0
  and (t.expires_at, t.id) < (%(end)s, %(after)s)
  and (t.expires_at <= %(now)s or c.submitted + c.decided >= t.places)"""
# Each is a walk along an index past few tasks that are not wanted: those that have expired, those that the
# follower found full, and full ones that it has not come to yet. A requester's open tasks are not looked at.
_WAYS_TO_END = (
    ("work_task t", "t.expires_at <= %(now)s"),
    ("work_task t", "t.expires_at > %(now)s and t.reviewable_at is not null"),
    (
        "unnest((select work_unnoticed(%(requester)s))) u(id) join work_task t on t.id = u.id",
        "t.expires_at > %(now)s and t.reviewable_at is null",
    ),
)

_SELECT = """
select t.id, t.public_id, y.public_id, y.group_id, t.layout_id, y.title, y.description, y.keywords, y.reward,
       y.duration_seconds, y.auto_approve_seconds, s.requirements::text, q.kind, q.body, q.source,
       q.frame_height, t.input::text, t.annotation, t.created_at, t.expires_at,
       t.places, c.pending, c.submitted, c.decided, t.state = 'closed' or t.expires_at <= %(now)s,
       t.state = 'paused', t.reviewing_at is not null, t.disposed_at is not null
  from work_task t
  join work_tasktype y on y.id = t.task_type_id
  join work_question q on q.id = t.question_id
  join qualifications_requirementset s on s.id = y.requirement_set_id
"""


def _rows(
    where: str, order: str, params: dict[str, Any], requester: Requester, now: datetime
) -> list[TaskRow]:
    sql = f"{_SELECT} {_COUNTS} where t.requester_id = %(requester)s and {where} {order} limit %(limit)s"
    late = now - timedelta(seconds=GRACE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(sql, params | {"requester": requester.pk, "now": now, "late": late})
        return [_row(found) for found in cursor.fetchall()]


def _row(found: tuple[Any, ...]) -> TaskRow:
    pk, task_id, type_id, group_id, layout_id, title, description, keywords, reward, *rest = found
    (
        duration,
        auto_approve,
        requirements,
        kind,
        body,
        source,
        height,
        values,
        annotation,
        made,
        end,
        *tally,
    ) = rest
    return TaskRow(
        pk=pk,
        task_id=task_id,
        type_id=type_id,
        group_id=group_id,
        layout_id=layout_id,
        title=title,
        description=description,
        keywords=keywords,
        reward=Money(reward),
        duration_seconds=duration,
        auto_approve_seconds=auto_approve,
        requirements=tuple(read(json.loads(requirements))) if requirements != "[]" else (),
        question_kind=kind,
        question_body=body,
        question_source=source,
        frame_height=height,
        input=json.loads(values) if values != "{}" else {},
        annotation=annotation,
        created_at=made,
        expires_at=end,
        tally=Tally(*tally),
    )
