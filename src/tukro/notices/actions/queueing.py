"""From events to deliveries: read on in the journal, and queue what somebody asked to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.models import Event
from tukro.journal.queries import settled_events
from tukro.notices.actions.delivering import wake
from tukro.notices.models import Cursor, Delivery, NotificationSetting
from tukro.notices.rules.notifications import (
    ASSIGNMENT_EVENTS,
    TASK_EVENTS,
    event_type_of,
    new_document_id,
)
from tukro.work.models import Assignment, Task

READER = "machines"
# A task may have a review policy that looks at each submission before its requester sees it: in a moment, and
# after a crash at the job's next time. A document must not name what cannot be asked for yet.
_TIME_OF_LOOK = timedelta(seconds=10)


def queue_next(*, limit: int, now: datetime) -> int:
    """Read the next events and queue a delivery for each that is asked for; answers how many were read.

    The place in the journal moves in the transaction that writes the deliveries, so each event is queued
    exactly once. Only events of finished transactions are read: whatever a document names can be asked for
    by the time it arrives.
    """
    Cursor.objects.get_or_create(reader=READER)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(reader=READER).first()
        if cursor is None:
            return 0  # another process is reading
        events = settled_events(cursor.event_id, limit)
        if not events:
            return 0
        deliveries = _deliveries_of(events, now)
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        wake(sorted({each.destination_id for each in deliveries}), now=now)
        cursor.event_id = events[-1].id
        cursor.save(update_fields=["event_id"])
        return len(events)


def _deliveries_of(events: Sequence[Event], now: datetime) -> list[Delivery]:
    """In the order of events. A constant number of queries, and none where nobody asked for anything."""
    told = [event for event in events if event_type_of(event.name)]
    if not told or not NotificationSetting.objects.filter(active=True).exists():
        return []
    task_of = _tasks_of(told)
    settings = _settings_of(task_of.values())
    return [
        _delivery(event, task, setting, now)
        for event in told
        if (task := task_of.get(event.subject))
        and (setting := settings.get(task.task_type_id))
        and event_type_of(event.name) in setting.event_types
    ]


def _delivery(event: Event, task: Task, setting: NotificationSetting, now: datetime) -> Delivery:
    event_type = event_type_of(event.name)
    is_looked_at = event.name == "AssignmentSubmitted" and task.reviews
    return Delivery(
        destination_id=setting.destination_id,
        task_type_id=task.task_type_id,
        event_id=event.id,
        event_type=event_type,
        happened_at=event.at,
        task=task.public_id,
        assignment=event.subject if event_type in ASSIGNMENT_EVENTS else "",
        document_id=new_document_id(),
        version=setting.version,
        due_at=now + _TIME_OF_LOOK if is_looked_at else now,
        queued_at=now,
    )


def _tasks_of(events: Sequence[Event]) -> Mapping[str, Task]:
    """The task that each subject, an assignment or a task, is about."""
    assignments = Assignment.objects.filter(
        public_id__in={event.subject for event in events if event_type_of(event.name) in ASSIGNMENT_EVENTS}
    )
    tasks = Task.objects.filter(
        public_id__in={event.subject for event in events if event.name in TASK_EVENTS}
    )
    return {
        **{
            each.public_id: each.task
            for each in assignments.select_related("task").only(
                "public_id", "task__public_id", "task__task_type_id", "task__reviews"
            )
        },
        **{each.public_id: each for each in tasks.only("public_id", "task_type_id", "reviews")},
    }


def _settings_of(tasks: Iterable[Task]) -> Mapping[int, NotificationSetting]:
    """The settings in force, by the task type's internal id."""
    types = {task.task_type_id for task in tasks}
    return NotificationSetting.objects.filter(active=True).in_bulk(list(types))
