"""Reports of workers: one's own, those that wait for the staff, and the batches that were stopped for one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tukro.kernel.ids import looks_like_id
from tukro.people.models import Worker
from tukro.work.models import Batch, Report, Task


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


def held_batches(*, after: str = "") -> QuerySet[Batch]:
    """Batches that staff hold, the latest first; ``after``: past this one."""
    found = Batch.objects.filter(held_at__isnull=False).order_by("-held_at", "-pk")
    last = Batch.objects.filter(public_id=after).first() if looks_like_id(after) else None
    if last is not None and last.is_held:
        found = found.filter(Q(held_at__lt=last.held_at) | Q(held_at=last.held_at, pk__lt=last.pk))
    return found.select_related("requester", "task_type")
