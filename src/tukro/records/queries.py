"""Reads of work records: what a worker's record is, and which ones were given out and taken back."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q

from tukro.kernel.errors import NotFound
from tukro.people.models import Worker
from tukro.qualifications.models import Qualification
from tukro.records.models import WorkRecord
from tukro.records.rules.credentials import Held, Work
from tukro.records.rules.status import BITS
from tukro.work.models import Assignment, AssignmentState, TaskType

_DECIDED = (AssignmentState.APPROVED, AssignmentState.REJECTED)
MOST_HELD = 30


def work_of(worker: Worker) -> Work | None:
    """A worker's decided work in numbers; None while nothing was decided."""
    decided = Assignment.objects.filter(worker=worker, state__in=_DECIDED)
    totals = decided.aggregate(
        first=Min("submitted_at"),
        last=Max("submitted_at"),
        approved=Count("pk", filter=Q(state=AssignmentState.APPROVED)),
        rejected=Count("pk", filter=Q(state=AssignmentState.REJECTED)),
        requesters=Count("requester_id", distinct=True),
    )
    if totals["first"] is None:
        return None
    by_type = dict(
        decided.filter(state=AssignmentState.APPROVED)
        .values("task_type_id")
        .annotate(count=Count("pk"))
        .values_list("task_type_id", "count")
    )
    by_category: dict[str, int] = {}
    categories = TaskType.objects.filter(pk__in=by_type).values_list("pk", "category_id")
    for type_pk, category in categories:
        by_category[str(category)] = by_category.get(str(category), 0) + by_type[type_pk]
    return Work(
        first_day=totals["first"].date(),
        last_day=totals["last"].date(),
        approved=totals["approved"],
        rejected=totals["rejected"],
        by_category=by_category,
        requesters=totals["requesters"],
    )


def held_by(worker: Worker) -> list[Held]:
    """The qualifications that a worker holds and that somebody gave, the latest first."""
    held = Qualification.objects.filter(worker=worker, revoked_at=None, type__deleted_at=None)
    rows = (
        held.annotate(giver=F("type__requester__name"))
        .select_related("type")
        .order_by("-granted_at", "-pk")[:MOST_HELD]
    )
    return [
        Held(
            name=row.type.name,
            given_by=row.giver or settings.SITE_HOST,
            since=row.granted_at.date(),
            value=row.value,
        )
        for row in rows
    ]


def records_of(worker: Worker, limit: int = 50) -> list[WorkRecord]:
    """The records that a worker was given, the latest first."""
    return list(worker.work_records.order_by("-id")[:limit])


def record_of(worker: Worker, record_id: str) -> WorkRecord:
    """One of the worker's own. Raises NotFound."""
    return _found(WorkRecord.objects.filter(worker=worker, public_id=record_id).first(), record_id)


def public_record(record_id: str) -> WorkRecord:
    """A record by the id that stands in it. Raises NotFound."""
    return _found(WorkRecord.objects.filter(public_id=record_id).first(), record_id)


def revoked_bits(number: int) -> list[int]:
    """The bits that are set in the list with this number, counted from 1. Raises NotFound for a list that
    holds no record yet."""
    first = (number - 1) * BITS
    if number < 1 or (number > 1 and not WorkRecord.objects.filter(id__gte=first).exists()):
        raise NotFound(number=number)
    revoked = WorkRecord.objects.filter(id__gte=first, id__lt=first + BITS, revoked_at__isnull=False)
    return [pk - first for pk in revoked.order_by("id").values_list("id", flat=True)]


def _found(record: WorkRecord | None, record_id: str) -> WorkRecord:
    if record is None:
        raise NotFound(record=record_id)
    return record
