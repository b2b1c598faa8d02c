"""A requester's batches and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from tukro.people.models import Requester
from tukro.work.models import Assignment, AssignmentState, Batch, BatchState, Lane, Task


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks of a batch, the places that they offer in all, and assignments by state."""

    tasks: int = 0
    places: int = 0
    open_until: datetime | None = None  # None: no task can be taken any more, or none was made
    accepted: int = 0
    submitted: int = 0
    revising: int = 0
    approved: int = 0
    rejected: int = 0
    returned: int = 0
    abandoned: int = 0

    @property
    def handed_in(self) -> int:
        return self.submitted + self.approved + self.rejected

    @property
    def percent(self) -> int:
        return 100 * self.handed_in // self.places if self.places else 0


@dataclass(frozen=True, slots=True)
class BatchRow:
    batch: Batch  # with task_type
    counts: Counts


@dataclass(frozen=True, slots=True)
class BatchPage:
    rows: list[BatchRow]
    next_cursor: str  # "" = that was all


def batches_of(requester: Requester, *, project_id: str = "", after: str = "", limit: int = 20) -> BatchPage:
    """Batches with their counts, the latest first; two queries whatever the number."""
    rows = Batch.objects.filter(requester=requester).select_related("task_type")
    if project_id:
        rows = rows.filter(project_id=project_id)
    if after:
        rows = rows.filter(pk__lt=_place(requester, after))
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    counts = _counts([batch.pk for batch in shown])
    return BatchPage(
        [BatchRow(batch, counts.get(batch.pk, Counts())) for batch in shown],
        shown[-1].public_id if len(found) > limit else "",
    )


def batch_progress(batch: Batch) -> Counts:
    return _counts([batch.pk]).get(batch.pk, Counts())


def _place(requester: Requester, batch_id: str) -> QuerySet[Batch, Any]:
    return Batch.objects.filter(public_id=batch_id, requester=requester).values("pk")[:1]


# Tasks of a file are made alike, but each may be extended, ended, offered again by itself, or leave the batch
# for another type. Those that are not made yet count as they will be.
_SQL = """
select b.id, t.tasks, t.places, t.open_until, a.state, count(a.id)
  from work_batch b
 cross join lateral (
       select count(*) + b.row_count - b.published_count as tasks,
              coalesce(sum(o.places), 0) + b.places::bigint * (b.row_count - b.published_count) as places,
              case b.source when 'file' then coalesce(max(o.expires_at), b.expires_at)
                   else max(o.expires_at) filter (where o.state <> 'closed') end as open_until
         from work_task o where o.batch_id = b.id) t
  left join work_assignment a on a.batch_id = b.id
 where b.id = any(%s) group by b.id, t.tasks, t.places, t.open_until, a.state
"""


def _counts(batch_pks: list[int]) -> dict[int, Counts]:
    by_batch: dict[int, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [batch_pks])
        for pk, tasks, places, open_until, state, count in cursor.fetchall():
            of_batch = {"tasks": tasks, "places": places, "open_until": open_until}
            counted = by_batch.setdefault(pk, of_batch)
            if state in AssignmentState.values:
                counted[state] = count
    return {pk: Counts(**counted) for pk, counted in by_batch.items()}


def return_reasons_of(batch: Batch) -> dict[str, int]:
    """How often tasks of the batch were returned, by reason, the most frequent first; skips too."""
    returned = Assignment.objects.filter(batch_id=batch.pk, state=AssignmentState.RETURNED)
    counted = returned.values_list("reason_code").annotate(times=Count("pk"))
    return dict(counted.order_by("-times", "reason_code"))


def batches_about(requester: Requester, subjects: Iterable[str]) -> dict[str, Batch]:
    """The requester's batches, with their types, behind ids of batches, tasks and assignments, by such id."""
    wanted = set(subjects)
    whole = Batch.objects.filter(public_id__in=wanted).values_list("public_id", "id")
    parts = [
        kind.filter(public_id__in=wanted, batch_id__isnull=False).values_list("public_id", "batch_id")
        for kind in (Task.objects, Assignment.objects)
    ]
    keys = dict(whole.union(*parts, all=True))
    own = Batch.objects.filter(requester=requester).select_related("task_type").in_bulk(set(keys.values()))
    return {subject: own[key] for subject, key in keys.items() if key in own}


def free_places_of(batch: Batch) -> int:
    """Places that nobody has taken and that can be withdrawn, those of tasks that are not made yet too."""
    made = Lane.objects.filter(task__batch=batch).aggregate(free=Sum(F("capacity") - F("taken")))["free"]
    unmade = batch.row_count - batch.published_count if batch.state == BatchState.PUBLISHING else 0
    return (made or 0) + batch.places * unmade


def holds_of(batch: Batch) -> list[int]:
    """The holds of money on which the batch's tasks stand."""
    return list(Lane.objects.filter(task__batch=batch).values_list("hold", flat=True))
