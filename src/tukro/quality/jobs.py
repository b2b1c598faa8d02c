"""What time does in quality: look at what became reviewable, and catch up with what a crash left behind."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from tukro.journal.models import Event
from tukro.journal.queries import settled_events
from tukro.quality.actions import begin_on_submission, begin_on_task, finish
from tukro.quality.models import Cursor, Policy, PolicyLevel, Review
from tukro.quality.queries import pending

EVENTS_PER_STEP = 1000
STEPS_PER_RUN = 50
_log = logging.getLogger(__name__)


def review_due(now: datetime) -> int:
    """Follow the journal: submissions that the door did not come round to, and tasks that became reviewable.

    Answers how many events were read. The place moves when their reviews have begun, and a review that has
    begun is not forgotten: one that fails holds up no other and comes again in ``finish_reviews``.
    """
    read = 0
    for _ in range(STEPS_PER_RUN):
        count = _review_next(now)
        read += count
        if count < EVENTS_PER_STEP:
            break
    return read


def finish_reviews(now: datetime) -> int:
    """Carry out what reviews intended when the house stopped. Answers how many it closed.

    One that fails is logged and comes again; it stops no other.
    """
    return _finish(Review.objects.filter(done_at=None).order_by("id").values_list("pk", flat=True), now)


def _review_next(now: datetime) -> int:
    """The next events. Nothing is locked meanwhile: two processes that read the same do the work once."""
    cursor, _ = Cursor.objects.get_or_create(reader="policies")
    events = settled_events(cursor.event_id, EVENTS_PER_STEP)
    if not events:
        return 0
    begun = _begin(events, now)
    Cursor.objects.filter(pk=cursor.pk, event_id=cursor.event_id).update(event_id=events[-1].pk)
    _finish(begun, now)
    return len(events)


def _begin(events: Sequence[Event], now: datetime) -> list[int]:
    """The reviews that these events ask for; submissions first, because agreement counts their scores."""
    handed_in = [event.subject for event in events if event.name == "AssignmentSubmitted"]
    waiting = pending(handed_in)
    begun = [
        begin_on_submission(assignment_id=assignment_id, now=now)
        for assignment_id in handed_in
        if assignment_id in waiting
    ]
    reviewable = [event for event in events if event.name == "HITReviewable"]
    subjects = {event.subject for event in reviewable}
    judged = set(
        Policy.objects.filter(task_id__in=subjects, level=PolicyLevel.HIT).values_list("task_id", flat=True)
    )
    begun += [
        begin_on_task(task_id=event.subject, event_id=event.pk, now=now)
        for event in reviewable
        if event.subject in judged
    ]
    return [review_id for review_id in begun if review_id is not None]


def _finish(review_ids: Iterable[int], now: datetime) -> int:
    closed = 0
    for review_id in review_ids:
        try:
            finish(review_id=review_id, now=now)
            closed += 1
        except Exception:
            _log.exception("review %s could not be finished", review_id)
    return closed
