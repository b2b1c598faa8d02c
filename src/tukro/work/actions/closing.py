"""The end of tasks and rejections: what is not needed any more goes back to the requester, once."""

from __future__ import annotations

from datetime import datetime

from tukro.work.actions.calls import count
from tukro.work.models import Batch, TaskState

_STEP = 1000


def close_expired(*, now: datetime, limit: int = _STEP) -> int:
    """Close tasks past their end; money of places that nobody took goes back. Returns how many.

    Accepted work stays valid. One call serves one batch and is one transfer: call until it returns 0.
    """
    return count("work_close_expired", now, limit)


def close_tasks_of(*, batch: Batch, now: datetime) -> int:
    """The same for the expired tasks of one batch, all of them, step by step."""
    closed = 0
    due = batch.tasks.exclude(state=TaskState.CLOSED).filter(expires_at__lte=now).order_by("id")
    while ids := list(due.values_list("id", flat=True)[:_STEP]):
        closed += count("work_close", ids, now)
    return closed


def release_rejections(*, now: datetime, limit: int = _STEP) -> int:
    """Give back the money of rejections whose time of appeal is over. Call until it returns 0."""
    return count("work_release_rejections", now, limit)
