"""What was handed in on a requester's tasks, and the bonuses for it, as programs read them: page by page.

Work in hand (accepted, sent back for repair), returned and abandoned work does not exist here, and neither
does the work of a task that its requester has deleted (mturk-api 3.5, 4.2, 6.13, 6.14).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.questions.answers import Uploaded
from tukro.work.models import HANDED_IN, Assignment, Bonus, ProofFile, Task

LINK_LIVES = timedelta(seconds=60)  # mturk-api 6.17
_LINKS = "tukro.work.file_link"

Place = tuple[datetime, int]  # the moment of a row and its key: where a page ended


class TaskWithWork(NamedTuple):
    """A task whose work is read; ``has_policy``: a review policy looks at what is handed in."""

    pk: int
    task_id: str
    has_policy: bool


class Work(NamedTuple):
    """What was handed in, as plain values. ``state`` counts silence past the time to review as approval."""

    pk: int
    assignment_id: str
    worker_pk: int
    worker_id: str  # the worker's own
    task_id: str
    state: str
    accepted_at: datetime
    submitted_at: datetime
    deadline_at: datetime
    auto_approve_seconds: int
    auto_approve_at: datetime | None
    decided_at: datetime | None
    rejected_at: datetime | None
    feedback: str
    answer: str  # the stored body (questions/answers.py) as JSON
    files: str | None  # as JSON: [[field, public id, size], …] in the order of upload; None without any
    has_policy: bool


def task_with_work(requester: Requester, task_id: str) -> TaskWithWork:
    """The requester's task. Refuses NotFound, also for a deleted one."""
    found = Task.objects.filter(public_id=task_id, requester_id=requester.pk, disposed_at=None)
    row = found.values_list("pk", "public_id", "reviews").first()
    if row is None:
        raise NotFound(task_id=task_id)
    return TaskWithWork(*row)


def work_of(requester: Requester, assignment_id: str, *, now: datetime) -> Work | None:
    """One thing that was handed in on a task of the requester, unless that was deleted."""
    named = "a.public_id = %(assignment)s and a.requester_id = %(requester)s and t.disposed_at is null"
    found = _work(named, {"assignment": assignment_id, "requester": requester.pk}, now, limit=1)
    return found[0] if found else None


def work_on(
    task: TaskWithWork,
    *,
    states: Collection[str],
    hidden: Collection[str] = (),
    after: Place | None,
    limit: int,
    now: datetime,
) -> list[Work]:
    """What was handed in on the task and is in these states, the first handed in first; no ``states`` means
    all three. ``hidden`` are assignments (public ids) that are left out."""
    where, params = "a.task_id = %(task)s", {"task": task.pk, "states": list(states or HANDED_IN)}
    if hidden:
        where, params = where + " and a.public_id <> all(%(hidden)s)", params | {"hidden": list(hidden)}
    if after is not None:
        where += " and (a.submitted_at, a.id) > (%(moment)s, %(after)s)"
        params |= {"moment": after[0], "after": after[1]}
    return _work(where, params, now, limit=limit)


def bonuses_on_task(requester: Requester, task_id: str, *, after: Place | None) -> QuerySet[Bonus]:
    """Bonuses for work on this task, the latest first; a deleted one is no exception. Refuses NotFound."""
    task = Task.objects.filter(public_id=task_id, requester_id=requester.pk).first()
    if task is None:
        raise NotFound(task_id=task_id)
    work = Assignment.objects.filter(task=task, submitted_at__isnull=False)
    return _bonuses(Bonus.objects.filter(assignment__in=work.values("pk")), after)


def bonuses_on_assignment(
    requester: Requester, assignment_id: str, *, after: Place | None
) -> QuerySet[Bonus]:
    """Bonuses for one assignment, the latest first. Refuses NotFound."""
    assignment = Assignment.objects.filter(
        public_id=assignment_id, requester_id=requester.pk, state__in=HANDED_IN
    ).first()
    if assignment is None:
        raise NotFound(assignment_id=assignment_id)
    return _bonuses(Bonus.objects.filter(assignment=assignment), after)


def files_by_question(work: Work) -> dict[str, Uploaded]:
    """The files that came with it, by what their question is called on the wire, where each answer is one.

    The first file of a field has the field's own name, further ones a number behind it: ``photo.2``.
    """
    named: dict[str, Uploaded] = {}
    counted: dict[str, int] = {}
    for field, file_id, size in json.loads(work.files) if work.files else ():
        no = counted[field] = counted.get(field, 0) + 1
        named[field if no == 1 else f"{field}.{no}"] = Uploaded(size, file_id)
    return named


def file_link(file_id: str, now: datetime) -> str:
    """What opens this file to whoever has it, for a minute."""
    until = int((now + LINK_LIVES).timestamp())
    return signing.Signer(salt=_LINKS).sign_object([file_id, until])


def file_behind(link: str, now: datetime) -> ProofFile:
    """The file that a link opens. Refuses NotFound when it is over, forged, or its task deleted."""
    try:
        file_id, until = signing.Signer(salt=_LINKS).unsign_object(link)
    except signing.BadSignature:
        raise NotFound() from None
    file = ProofFile.objects.filter(public_id=file_id, assignment__task__disposed_at=None).first()
    if file is None or now.timestamp() >= until:
        raise NotFound()
    return file


# The index of a task's work holds what was ever handed in; a question that uses it says so.
_WORK = """
select s.* from (
  select a.id, a.public_id, w.id as worker_pk, w.public_id as worker, t.public_id as task,
         case when a.state = 'submitted' and a.auto_approve_at <= %(now)s then 'approved' else a.state end
           as state,
         a.accepted_at, a.submitted_at, a.deadline_at, y.auto_approve_seconds, a.auto_approve_at,
         a.decided_at, a.rejected_at, a.feedback, a.answer::text,
         (select json_agg(json_build_array(f.field, f.public_id, f.size) order by f.id)::text
            from work_prooffile f where f.assignment_id = a.id) as files,
         t.reviews
    from work_assignment a
    join work_task t on t.id = a.task_id
    join work_tasktype y on y.id = t.task_type_id
    join people_worker w on w.id = a.worker_id
   where a.submitted_at is not null and {where}) s
 where s.state::text = any(%(states)s)
 order by s.submitted_at, s.id limit %(limit)s
"""


def _work(where: str, params: dict[str, Any], now: datetime, *, limit: int) -> list[Work]:
    with connection.cursor() as cursor:
        given = {"states": list(HANDED_IN), **params, "now": now, "limit": limit}
        cursor.execute(_WORK.format(where=where), given)
        return [Work._make(row) for row in cursor.fetchall()]


def _bonuses(rows: QuerySet[Bonus], after: Place | None) -> QuerySet[Bonus]:
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(granted_at__lt=moment) | Q(granted_at=moment, pk__lt=pk))
    return rows.select_related("assignment", "worker").order_by("-granted_at", "-pk")
