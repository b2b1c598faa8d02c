"""What follows from events a moment later: the open list, workers' standing, what can be reviewed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tukro.journal.models import Event
from tukro.journal.queries import settled_events
from tukro.people.models import Worker
from tukro.qualifications.actions.standing import (
    pause_from,
    pause_unsuccessful,
    push_standings,
    success_rule,
)
from tukro.work.actions.calls import count
from tukro.work.models import Assignment, Follower, Task, TaskType
from tukro.work.queries.of_worker.decided import decisions_since, weighed_of
from tukro.work.queries.of_worker.in_hand import standings_of

_EVENTS = 2000

# Events after which a task may have become reviewable, or stopped being so.
_TURNS = frozenset(
    (
        "AssignmentSubmitted",
        "AssignmentReturned",
        "AssignmentAbandoned",
        "AssignmentSentBack",
        "AssignmentStands",
        "AssignmentRejected",  # which may offer the place again
        "HITExpired",
        "HITExtended",
        "HITShortened",
    )
)


@transaction.atomic
def refresh_listings(*, now: datetime) -> int:
    """Count anew what is free in groups that something happened to; in large ones a while later.

    Returns how many events were read.
    """
    events = next_events("listings")
    types = set(_assignments_of(events).values_list("task_type_id", flat=True).distinct())
    types |= set(_tasks_of(events, "HIT").values_list("task_type_id", flat=True).distinct())
    left = {event.facts["from"] for event in events if event.name == "HITRetyped"}
    types |= set(TaskType.objects.filter(public_id__in=left).values_list("pk", flat=True))
    grown = _tasks_of(events, "HITCreated").values_list("task_type_id", flat=True).distinct()
    count("work_refresh_listings", sorted(types), list(grown), now)  # and those that are due
    return len(events)


@transaction.atomic
def refresh_standings(*, now: datetime) -> int:
    """Count anew the records of workers that something happened to; levels and pauses follow from them.

    Returns how many events were read.
    """
    events = next_events("standings")
    workers = set(_assignments_of(events).values_list("worker_id", flat=True).distinct())
    if workers:
        push_standings(counts=standings_of(workers), weighed=weighed_of(workers), now=now)
        _pause_unsuccessful(workers, now)
    return len(events)


@transaction.atomic
def note_reviewable(*, now: datetime) -> int:
    """Find tasks to which nothing more can come in, once each time. Records HITReviewable.

    Returns how many events were read.
    """
    read = next_events("reviewable")
    events = [event for event in read if event.name in _TURNS]
    tasks = {event.subject for event in events if event.name.startswith("HIT")}
    tasks |= set(_assignments_of(events).values_list("task__public_id", flat=True).distinct())
    if tasks:
        count("work_note_reviewable", sorted(tasks), now)
    return len(read)


def _pause_unsuccessful(workers: set[int], now: datetime) -> None:
    rule = success_rule()
    if not rule.is_on:
        return
    starts = {worker.pk: pause_from(worker, rule, now) for worker in Worker.objects.filter(pk__in=workers)}
    pause_unsuccessful(decisions=decisions_since(starts), rule=rule, now=now)


def next_events(follower: str) -> list[Event]:
    """What happened since the follower last looked; its place moves on in the caller's transaction."""
    Follower.objects.bulk_create([Follower(name=follower)], ignore_conflicts=True)
    place = Follower.objects.select_for_update().get(name=follower)
    events = settled_events(place.event_id, _EVENTS)
    if events:
        place.event_id = events[-1].pk
        place.save(update_fields=["event_id"])
    return events


def _assignments_of(events: list[Event]) -> QuerySet[Assignment]:
    about = ("Assignment", "RejectionSettled")
    subjects = {event.subject for event in events if event.name.startswith(about)}
    return Assignment.objects.filter(public_id__in=subjects)


def _tasks_of(events: list[Event], names: str) -> QuerySet[Task]:
    return Task.objects.filter(public_id__in={e.subject for e in events if e.name.startswith(names)})
