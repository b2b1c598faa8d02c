"""A worker's own: queue, work page, history, what was earned and what is to come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.people.aliases import alias_under
from tukro.people.models import Worker
from tukro.people.queries.visiting import run
from tukro.questions.answers import Answered, answers_of
from tukro.work.models import Assignment, AssignmentState, Bonus, ProofFile, Question
from tukro.work.queries.question_rows import QUESTION, question_of
from tukro.work.rules import HOURLY_SAMPLE, SKIPPED

_MEASURED = 500  # latest approved assignments that the hourly rate is made of
_LATE = 0.8  # of a task's time is over: from there on its own page warns, too


class QueueRow(NamedTuple):
    """A task in hand."""

    assignment_id: str
    task_id: str
    group_id: str
    title: str
    description: str
    requester_id: str
    requester_name: str
    duration_seconds: int
    requirement_set_id: int
    state: str
    accepted_at: datetime
    deadline_at: datetime
    feedback: str  # what is to be repaired, when it was sent back
    reward: Money


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Everything that the work page shows."""

    assignment_id: str
    task_id: str
    group_id: str
    state: str
    title: str
    description: str
    requester_id: str
    requester_name: str
    known_as: str  # the id under which the requester knows the worker
    reward: Money
    accepted_at: datetime
    deadline_at: datetime
    duration_seconds: int
    auto_approve_seconds: int
    extensions_left: int
    extension_seconds: int
    reason_code: str
    feedback: str
    project_id: str  # of the batch; '' when it has none
    is_alone: bool  # the only task of its batch: no next one follows it
    question: Question
    input: dict[str, str]
    draft: list[tuple[str, str]]  # the unfinished answer, else what was handed in before a repair
    handed_in: list[Answered]  # the same by question, when the draft is an answer to a QuestionForm
    draft_saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class HourlyRate:
    """Pay per hour of time worked; ``rate`` is None while ``sample`` is too small to say."""

    rate: Money | None
    sample: int


def queue_of(worker: Worker, *, now: datetime) -> list[QueueRow]:
    """Accepted tasks whose time is not over, the most urgent first."""
    rows = run(_QUEUE, {"worker": worker.pk, "now": now})
    return [QueueRow._make([*row, Money(units)]) for *row, units in rows]


_OPEN = "a.worker_id = %(worker)s and a.state in ('accepted', 'revising') and a.deadline_at > %(now)s"
_QUEUE = f"""
select a.public_id, a.task_public_id, a.group_id, y.title, y.description, r.public_id, r.name,
       y.duration_seconds, y.requirement_set_id, a.state::text, a.accepted_at, a.deadline_at, a.feedback,
       y.reward
  from work_assignment a
  join work_tasktype y on y.id = a.task_type_id
  join people_requester r on r.id = y.requester_id
 where {_OPEN}
 order by a.deadline_at, a.id
"""

# How many tasks a worker has in hand, as a value of another statement.
IN_HAND = f"(select count(*) from work_assignment a where {_OPEN})"


class Beside(NamedTuple):
    """The queue as the page of one of its tasks tells of it."""

    length: int  # that task included
    ends_sooner: datetime | None  # when the time of another one ends, most of which is over


def queue_beside(worker: Worker, deadline_at: datetime, *, now: datetime) -> Beside:
    """How long the queue is, and whether something in it is urgent and ends before the task at hand does."""
    given = {"worker": worker.pk, "now": now, "deadline": deadline_at, "late": _LATE}
    return Beside._make(run(_BESIDE, given).fetchone() or (0, None))


_BESIDE = f"""
select count(*), min(a.deadline_at) filter (
         where a.deadline_at < %(deadline)s
           and extract(epoch from %(now)s - a.accepted_at)
             > %(late)s * extract(epoch from a.deadline_at - a.accepted_at))
  from work_assignment a
 where {_OPEN}
"""


def work_page(worker: Worker, assignment_id: str) -> WorkPage:
    """The page of one's own assignment, in whatever state. Refuses NotFound."""
    if not looks_like_id(assignment_id):
        raise NotFound()
    row = run(_WORK_PAGE, [assignment_id, worker.pk]).fetchone()
    if row is None:
        raise NotFound()
    task_id, group_id, state, accepted_at, deadline_at, submitted_at, reason_code, feedback, *more = row
    title, description, reward, duration, auto_approve, extensions_left, extension, *more = more
    project_id, is_alone, *more = more
    requester_pk, requester_id, requester_name, alias_key, values, answer, draft, draft_saved_at, *more = more
    # A draft that was saved at the very moment of handing in may be left behind: the answer is newer.
    if draft and submitted_at and draft_saved_at <= submitted_at:
        draft = draft_saved_at = None
    kept = json.loads(draft or answer or "null")
    return WorkPage(
        assignment_id=assignment_id,
        task_id=task_id,
        group_id=group_id,
        state=state,
        title=title,
        description=description,
        requester_id=requester_id,
        requester_name=requester_name,
        known_as=alias_under(alias_key, requester_pk, worker_pk=worker.pk, public_id=worker.public_id),
        reward=Money(reward),
        accepted_at=accepted_at,
        deadline_at=deadline_at,
        duration_seconds=duration,
        auto_approve_seconds=auto_approve,
        extensions_left=extensions_left,
        extension_seconds=extension,
        reason_code=reason_code,
        feedback=feedback,
        project_id=project_id,
        is_alone=is_alone,
        question=question_of(more),
        input=json.loads(values),
        draft=[(name, value) for name, value in kept["fields"]] if kept else [],
        handed_in=answers_of(kept) if kept and "typed" in kept else [],
        draft_saved_at=draft_saved_at,
    )


_WORK_PAGE = f"""
select a.task_public_id, a.group_id, a.state::text, a.accepted_at, a.deadline_at, a.submitted_at,
       a.reason_code, a.feedback,
       y.title, y.description, y.reward, y.duration_seconds, y.auto_approve_seconds,
       greatest(y.extensions - a.extended, 0), y.extension_seconds, coalesce(b.project_id, ''),
       coalesce(b.source = 'file' and b.row_count = 1, false),
       r.id, r.public_id, r.name, r.alias_key, t.input, a.answer, d.body, d.saved_at,
       {QUESTION}
  from work_assignment a
  join work_task t on t.id = a.task_id
  join work_question q on q.id = t.question_id
  join work_tasktype y on y.id = a.task_type_id
  join people_requester r on r.id = y.requester_id
  left join work_batch b on b.id = t.batch_id
  left join work_draft d on d.assignment_id = a.id
 where a.public_id = %s and a.worker_id = %s
"""


def files_of(worker: Worker, assignment_id: str) -> list[ProofFile]:
    """Files that were handed in with one's own assignment, in the order of handing in."""
    return list(
        ProofFile.objects.filter(assignment__public_id=assignment_id, assignment__worker=worker).order_by(
            "pk"
        )
    )


def counts_of(worker: Worker) -> dict[str, int]:
    """How many of the worker's assignments stand in which state; every state is there. Skips do not count."""
    counted = _on_record(Assignment.objects.filter(worker=worker)).values_list("state").annotate(Count("pk"))
    return {**dict.fromkeys(AssignmentState.values, 0), **dict(counted.order_by())}


def standings_of(worker_pks: Iterable[int]) -> dict[int, dict[str, int]]:
    """Counts by worker as ``qualifications`` keeps them; ``submitted`` counts all that was handed in."""
    found: dict[int, dict[str, int]] = {pk: dict.fromkeys(AssignmentState.values, 0) for pk in worker_pks}
    counted = (
        _on_record(Assignment.objects.filter(worker__in=found))
        .values_list("worker", "state")
        .annotate(Count("pk"))
    )
    for pk, state, count in counted.order_by():
        found[pk][state] = count
    for states in found.values():
        states["submitted"] += states["revising"] + states["approved"] + states["rejected"]
    return found


def pending_earnings(worker: Worker) -> Money:
    """Rewards of work that waits for review."""
    waiting = Assignment.objects.filter(worker=worker, state=AssignmentState.SUBMITTED)
    total = waiting.aggregate(total=Sum("task__task_type__reward"))["total"]
    return total if isinstance(total, Money) else Money(int(total or 0))


def hourly_rate(worker: Worker) -> HourlyRate:
    """What an hour of work brought, over the latest approved assignments."""
    with connection.cursor() as cursor:
        cursor.execute(_HOURLY, [worker.pk, _MEASURED])
        row: Any = cursor.fetchone()
    sample, units, seconds = row
    if sample < HOURLY_SAMPLE:
        return HourlyRate(None, sample)
    return HourlyRate(Money(int(units) * 3600 // max(1, int(seconds))).whole_cents(), sample)


def earnings_by_day(worker: Worker, *, days: int, now: datetime) -> list[tuple[date, Money]]:
    """Rewards and bonuses per day of the worker's own calendar, oldest first, today last; empty days too."""
    today = now.astimezone(_zone(worker)).date()
    first = today - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=_zone(worker))
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, {"worker": worker.pk, "start": start, "zone": worker.user.time_zone})
        earned = {day: Money(int(units)) for day, units in cursor.fetchall()}
    return [
        (day, earned.get(day, Money.zero())) for day in (first + timedelta(days=no) for no in range(days))
    ]


def titles_of(assignment_ids: Iterable[str]) -> dict[str, str]:
    """Titles of the work behind these assignments, by public id; ids of other things are left out."""
    found = Assignment.objects.filter(public_id__in=list(assignment_ids))
    return dict(found.values_list("public_id", "task__task_type__title"))


def bonuses_of(worker: Worker, limit: int = 20) -> QuerySet[Bonus]:
    """Bonuses received, the latest first."""
    return Bonus.objects.filter(worker=worker).select_related("requester").order_by("-pk")[:limit]


_HOURLY = """
select count(*), coalesce(sum(m.reward), 0), coalesce(sum(m.seconds), 0) from (
  select y.reward, greatest(1, a.worked_seconds) as seconds
    from work_assignment a join work_tasktype y on y.id = a.task_type_id
   where a.worker_id = %s and a.state = 'approved' and a.submitted_at is not null
   order by a.id desc limit %s) m
"""

_BY_DAY = """
select e.day, sum(e.units) from (
  select (a.decided_at at time zone %(zone)s)::date as day, y.reward as units
    from work_assignment a join work_tasktype y on y.id = a.task_type_id
   where a.worker_id = %(worker)s and a.state = 'approved' and a.decided_at >= %(start)s
  union all
  select (b.granted_at at time zone %(zone)s)::date, b.amount
    from work_bonus b where b.worker_id = %(worker)s and b.granted_at >= %(start)s) e
 group by e.day
"""


def _on_record(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.exclude(state=AssignmentState.RETURNED, reason_code=SKIPPED)


def _zone(worker: Worker) -> ZoneInfo:
    return ZoneInfo(worker.user.time_zone)
