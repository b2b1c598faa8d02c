"""A requester's batches and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tukro.kernel.money import Money
from tukro.people.models import Requester
from tukro.work.models import AssignmentState, Batch


@dataclass(frozen=True, slots=True)
class Counts:
    """Assignments of a batch by state, beside the places that were offered in all."""

    places: int = 0
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

    @property
    def price(self) -> Money:
        terms = self.batch.task_type
        return (terms.reward + terms.fee) * (self.batch.places * self.batch.row_count)


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


_SQL = """
select b.id, b.places * b.row_count, a.state, count(a.id)
  from work_batch b left join work_assignment a on a.batch_id = b.id
 where b.id = any(%s) group by b.id, a.state
"""


def _counts(batch_pks: list[int]) -> dict[int, Counts]:
    by_batch: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [batch_pks])
        for pk, places, state, count in cursor.fetchall():
            counted = by_batch.setdefault(pk, {"places": places})
            if state in AssignmentState.values:
                counted[state] = count
    return {pk: Counts(**counted) for pk, counted in by_batch.items()}
