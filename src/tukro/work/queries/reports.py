"""Reports of workers: one's own, and those that wait for the staff."""

from __future__ import annotations

from dataclasses import dataclass

from tukro.people.models import Worker
from tukro.work.models import Report, Task


@dataclass(frozen=True, slots=True)
class ReportPage:
    rows: list[Report]  # with task, its type, requester, batch and question
    next_cursor: str  # "" = that was all


def report_by(worker: Worker, task_id: str) -> Report | None:
    """What this worker reported of this task."""
    return Report.objects.filter(worker=worker, task__public_id=task_id).first()


def title_of(task_id: str) -> str:
    """The title of a task; "" when there is none."""
    found = Task.objects.filter(public_id=task_id).values_list("task_type__title", flat=True)
    return found.first() or ""


def reports_waiting(*, after: str = "", limit: int = 50) -> ReportPage:
    """Reports that nobody has decided on, the longest waiting first."""
    waiting = Report.objects.filter(decided_at=None)
    if after:
        waiting = waiting.filter(pk__gt=Report.objects.filter(public_id=after).values("pk")[:1])
    found = list(
        waiting.select_related(
            "worker", "task__task_type__requester", "task__batch", "task__question"
        ).order_by("pk")[: limit + 1]
    )
    return ReportPage(found[:limit], found[limit - 1].public_id if len(found) > limit else "")


def reports_waiting_count() -> int:
    return Report.objects.filter(decided_at=None).count()
