"""What follows from events a moment later: the open list's figures, workers' standing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.queries import settled_events
from tukro.qualifications.actions.standing import push_standings
from tukro.work.actions.calls import count
from tukro.work.models import Assignment, Follower
from tukro.work.queries.worker import standings_of

_EVENTS = 2000


@transaction.atomic
def refresh_listings(*, now: datetime) -> int:
    """Count anew what is free in groups that something happened to. Returns how many events were read."""
    types, read = _touched("listings", "task_type_id")
    if types:
        count("work_refresh_listings", sorted(types), now)
    return read


@transaction.atomic
def refresh_standings(*, now: datetime) -> int:
    """Count anew the records of workers that something happened to. Returns how many events were read."""
    workers, read = _touched("standings", "worker_id")
    if workers:
        push_standings(counts=standings_of(workers), now=now)
    return read


def _touched(follower: str, column: str) -> tuple[set[int], int]:
    """A column of the assignments that the next events are about, and how many events were read."""
    Follower.objects.bulk_create([Follower(name=follower)], ignore_conflicts=True)
    place = Follower.objects.select_for_update().get(name=follower)
    events = settled_events(place.event_id, _EVENTS)
    if not events:
        return set(), 0
    place.event_id = events[-1].pk
    place.save(update_fields=["event_id"])
    subjects = {event.subject for event in events if event.name.startswith("Assignment")}
    touched = Assignment.objects.filter(public_id__in=subjects).values_list(column, flat=True)
    return set(touched.distinct()), len(events)
