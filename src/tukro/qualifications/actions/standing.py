"""Workers' records, pushed down by the room that knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tukro.people.models import Worker
from tukro.qualifications.actions.eligibility import refresh_eligibility
from tukro.qualifications.models import RequirementSet, Standing
from tukro.qualifications.rules import NO_REQUIREMENTS

COUNTED = ("submitted", "approved", "rejected", "returned", "abandoned")


@transaction.atomic
def push_standings(*, counts: Mapping[int, Mapping[str, int]], now: datetime) -> None:
    """Keep the counts of these workers (by key) and judge anew what they may take."""
    Standing.objects.bulk_create(
        [
            Standing(worker_id=pk, updated_at=now, **{name: counted[name] for name in COUNTED})
            for pk, counted in sorted(counts.items())
        ],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=[*COUNTED, "updated_at"],
    )
    # Nobody asks anything: there is nothing to judge.
    if RequirementSet.objects.filter(pk__gt=NO_REQUIREMENTS).exists():
        for worker in Worker.objects.filter(pk__in=counts).order_by("pk"):
            refresh_eligibility(worker=worker, now=now)
