"""Which requirement sets a worker satisfies, judged when facts change and when new sets appear."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from tukro.people.models import Worker
from tukro.qualifications.models import Eligibility, RequirementSet
from tukro.qualifications.queries import facts_of
from tukro.qualifications.rules import read, satisfies


def eligible_sets(*, worker: Worker, now: datetime) -> list[int]:
    """The sets that the worker satisfies; judges first when there are sets not judged yet."""
    with connection.cursor() as cursor:  # the open list asks this on every page: one small query
        cursor.execute(_JUDGED, [worker.pk])
        row: tuple[list[int]] | None = cursor.fetchone()
    return row[0] if row else refresh_eligibility(worker=worker, now=now)


_JUDGED = """
select set_ids from qualifications_eligibility
 where worker_id = %s and sets_seen >= (select coalesce(max(id), 0) from qualifications_requirementset)
"""


@transaction.atomic
def refresh_eligibility(*, worker: Worker, now: datetime) -> list[int]:
    """Judge every requirement set for this worker anew. Returns the ids of those satisfied, ascending."""
    # Two refreshes of one worker go one after the other, so that the later facts win.
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    seen = _newest_set()
    facts = facts_of(worker)
    satisfied = [
        row.pk
        for row in RequirementSet.objects.filter(pk__lte=seen).order_by("pk")
        if satisfies(read(row.requirements), facts)
    ]
    Eligibility.objects.update_or_create(
        worker=worker, defaults={"set_ids": satisfied, "sets_seen": seen, "computed_at": now}
    )
    return satisfied


def _newest_set() -> int:
    return RequirementSet.objects.aggregate(last=Max("pk"))["last"] or 0
