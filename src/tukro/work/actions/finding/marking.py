"""What a worker likes and what they do not want to see: requesters and groups. Nobody else learns of it."""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id
from tukro.people.models import Requester, Worker
from tukro.work.models import Liking, Mark, TaskType

MARKS_AT_MOST = 1000


class TooManyMarks(Refused):
    """A list of this length is no help any more, and every page would have to read it. ``limit``."""


class BadLiking(Refused):
    """Neither favourite nor hidden."""


def mark_requester(*, worker: Worker, requester_id: str, liking: str, now: datetime) -> None:
    """Mark all work of a requester; an earlier mark gives way.

    Refuses NotFound, BadLiking, TooManyMarks.
    """
    requester = (
        Requester.objects.filter(public_id=requester_id).first() if looks_like_id(requester_id) else None
    )
    if requester is None:
        raise NotFound()
    _check(worker, liking)
    Mark.objects.update_or_create(
        worker=worker, requester=requester, defaults={"liking": liking, "made_at": now}
    )


def mark_group(*, worker: Worker, group_id: str, liking: str, now: datetime) -> None:
    """Mark one group; an earlier mark of it gives way. Refuses NotFound, BadLiking, TooManyMarks."""
    task_type = TaskType.objects.filter(group_id=group_id).first() if looks_like_id(group_id) else None
    if task_type is None:
        raise NotFound()
    _check(worker, liking)
    Mark.objects.update_or_create(
        worker=worker, task_type=task_type, defaults={"liking": liking, "made_at": now}
    )


def unmark_requester(*, worker: Worker, requester_id: str) -> None:
    """The requester is neither liked nor hidden any more. Once is enough."""
    worker.marks.filter(requester__public_id=requester_id).delete()


def unmark_group(*, worker: Worker, group_id: str) -> None:
    """The group is neither liked nor hidden any more. Once is enough."""
    worker.marks.filter(task_type__group_id=group_id).delete()


def _check(worker: Worker, liking: str) -> None:
    if liking not in Liking.values:
        raise BadLiking()
    if worker.marks.count() >= MARKS_AT_MOST:
        raise TooManyMarks(limit=MARKS_AT_MOST)
