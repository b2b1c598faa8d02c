"""Workers' records, pushed down by the room that knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tukro.qualifications.actions.eligibility import facts_changed
from tukro.qualifications.models import SetRequirement, Standing
from tukro.qualifications.rules import NUMBER_APPROVED, PERCENTS

COUNTED = ("submitted", "approved", "rejected", "returned", "abandoned")


@transaction.atomic
def push_standings(*, counts: Mapping[int, Mapping[str, int]], now: datetime) -> None:
    """Keep the counts of these workers (by key); what they may take is judged anew when they next look."""
    Standing.objects.bulk_create(
        [
            Standing(worker_id=pk, updated_at=now, **{name: counted[name] for name in COUNTED})
            for pk, counted in sorted(counts.items())
        ],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=[*COUNTED, "updated_at"],
    )
    # Nobody asks for a record: there is nothing to judge.
    if SetRequirement.objects.filter(type_id__in=[NUMBER_APPROVED, *PERCENTS]).exists():
        facts_changed(counts)
