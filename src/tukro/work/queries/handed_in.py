"""What was handed in on a requester's tasks, and the bonuses for it, as programs read them: page by page.

Work in hand (accepted, sent back for repair), returned and abandoned work does not exist here, and neither
does the work of a task that its requester has deleted (mturk-api 3.5, 4.2, 6.13, 6.14).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.work.models import Assignment, AssignmentState, Bonus, ProofFile, Task

HANDED_IN = (AssignmentState.SUBMITTED, AssignmentState.APPROVED, AssignmentState.REJECTED)

BonusPlace = tuple[datetime, int]
AssignmentPlace = tuple[datetime, int]


def handed_in(requester: Requester, assignment_id: str) -> Assignment:
    """One assignment with its answer, files, worker, and its task with type and question. Raises NotFound."""
    found = _with_answers(
        Assignment.objects.filter(
            public_id=assignment_id,
            requester_id=requester.pk,
            state__in=HANDED_IN,
            task__disposed_at=None,
        )
    )
    assignment = found.select_related(
        "worker", "answer", "task__question", "task__task_type__requirement_set"
    ).first()
    if assignment is None:
        raise NotFound(assignment_id=assignment_id)
    return assignment


def handed_in_on(
    task: Task,
    *,
    states: Collection[str],
    after: AssignmentPlace | None,
    limit: int,
    now: datetime,
) -> list[Assignment]:
    """Assignments of the task in these states, the first handed in first; no ``states`` means all three."""
    # The index of a task's work holds what was ever handed in; a question that uses it says so.
    rows = Assignment.objects.filter(task=task, submitted_at__isnull=False).filter(_stands_in(states, now))
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(submitted_at__gt=moment) | Q(submitted_at=moment, pk__gt=pk))
        rows = rows.filter(submitted_at__gte=moment)  # where the index scan starts
    return list(_with_answers(rows).select_related("worker", "answer").order_by("submitted_at", "pk")[:limit])


def _stands_in(states: Collection[str], now: datetime) -> Q:
    """Silence past the time to review is approval, whether or not the house has paid yet."""
    silent = Q(state=AssignmentState.SUBMITTED, auto_approve_at__lte=now)
    wanted = Q(state__in=set(states or HANDED_IN) & set(HANDED_IN))
    if not states:
        return wanted
    if AssignmentState.APPROVED in states:
        return wanted | silent
    return wanted & ~silent


def bonuses_on_task(task: Task, *, after: BonusPlace | None, limit: int) -> list[Bonus]:
    """Bonuses for work on this task, the latest first."""
    work = Assignment.objects.filter(task=task, submitted_at__isnull=False)
    return _bonuses(Bonus.objects.filter(assignment__in=work.values("pk")), after, limit)


def bonuses_on_assignment(assignment: Assignment, *, after: BonusPlace | None, limit: int) -> list[Bonus]:
    """Bonuses for one assignment, the latest first."""
    return _bonuses(Bonus.objects.filter(assignment=assignment), after, limit)


def _bonuses(rows: QuerySet[Bonus], after: BonusPlace | None, limit: int) -> list[Bonus]:
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(granted_at__lt=moment) | Q(granted_at=moment, pk__lt=pk))
    return list(rows.select_related("assignment", "worker").order_by("-granted_at", "-pk")[:limit])


def _with_answers(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.prefetch_related(Prefetch("files", queryset=ProofFile.objects.order_by("pk")))
