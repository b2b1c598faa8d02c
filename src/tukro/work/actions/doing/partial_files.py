"""Files that come in pieces over a bad line. The door keeps the bytes (web/doors/resumable.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Worker
from tukro.work.actions.doing.proof_files import locked, room_for
from tukro.work.models import Assignment, PartialFile
from tukro.work.rules import PARTIAL_FILE_HOURS, PARTIAL_FILES_AT_ONCE


class TooManyUploads(Refused):
    """So many uploads of one task are under way. ``limit``."""


class WrongOffset(Refused):
    """These bytes are not the next ones. ``received``: how many are here."""


class MoreThanAnnounced(Refused):
    """The bytes go on beyond the size that was said. ``size``."""


class BeingLookedAt(Refused):
    """All bytes are here, and another request looks at them at this moment."""


@transaction.atomic
def start_file(
    *, worker: Worker, assignment_id: str, field: str, name: str, size: int | None, now: datetime
) -> PartialFile:
    """Make room for a file of ``size`` bytes (None: said with the last piece) in a file field of open work.

    Refuses NotFound (also of the field), WrongState, TooLate, TooManyUploads.
    """
    assignment = locked(worker, assignment_id, now)
    room_for(assignment, field)
    under_way = PartialFile.objects.filter(assignment=assignment, file_id="")
    if under_way.count() >= PARTIAL_FILES_AT_ONCE:
        raise TooManyUploads(limit=PARTIAL_FILES_AT_ONCE)
    return PartialFile.objects.create(
        public_id=new_id(),
        assignment=assignment,
        field=field,
        name=name[-200:],
        size=size,
        started_at=now,
        touched_at=now,
    )


@transaction.atomic
def add_piece(
    *,
    worker: Worker,
    file_id: str,
    offset: int,
    length: int,
    keep: Callable[[], None],
    size: int | None = None,
    now: datetime,
) -> PartialFile:
    """Take the ``length`` bytes from ``offset`` on; ``keep`` writes them, once all is known to be right.

    ``size`` is the whole, where it was not known before. A crash after ``keep`` leaves bytes beyond what the
    row says, and the same piece overwrites them. Refuses NotFound, WrongOffset, MoreThanAnnounced.
    """
    partial = _own(worker, file_id, lock=True)
    if partial.size is None:
        partial.size = size
    if partial.file_id or offset != partial.received:
        raise WrongOffset(received=partial.received)
    if partial.size is not None and offset + length > partial.size:
        raise MoreThanAnnounced(size=partial.size)
    keep()
    partial.received, partial.touched_at = offset + length, now
    partial.save(update_fields=["received", "touched_at", "size"])
    return partial


def partial_file(*, worker: Worker, file_id: str) -> PartialFile:
    """How far it is. Refuses NotFound."""
    return _own(worker, file_id)


def finish_file(*, worker: Worker, file_id: str, keep: Callable[[PartialFile], str]) -> PartialFile:
    """All bytes are here: ``keep`` looks at them and returns the public id of the proof file they become.

    Whoever asks first does it, once; an upload that ``keep`` refuses is gone. Refuses NotFound,
    BeingLookedAt, and what ``keep`` does.
    """
    _own(worker, file_id)
    refused: Refused | None = None
    with transaction.atomic():
        partial = (
            PartialFile.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(public_id=file_id)
            .first()
        )
        if partial is None:
            raise BeingLookedAt()
        if not partial.file_id:
            try:
                partial.file_id = keep(partial)
            except Refused as refusal:
                partial.delete()
                refused = refusal
            else:
                partial.save(update_fields=["file_id"])
    if refused is not None:
        raise refused
    return partial


def drop_file(*, worker: Worker, file_id: str) -> None:
    """The worker does not want it any more; the door discards the bytes. Refuses NotFound."""
    _own(worker, file_id).delete()


def forget_old(*, now: datetime, limit: int = 500) -> list[str]:
    """Forget uploads that stood still for a day. Returns their ids, for their bytes."""
    old = PartialFile.objects.filter(touched_at__lt=now - timedelta(hours=PARTIAL_FILE_HOURS))
    found = list(old.order_by("touched_at").values_list("public_id", flat=True)[:limit])
    PartialFile.objects.filter(public_id__in=found).delete()
    return found


def _own(worker: Worker, file_id: str, *, lock: bool = False) -> PartialFile:
    if not looks_like_id(file_id):
        raise NotFound()
    own = PartialFile.objects.select_related("assignment").filter(
        public_id=file_id, assignment__in=Assignment.objects.filter(worker=worker)
    )
    if lock:
        own = own.select_for_update(of=["self"], no_key=True)
    partial = own.first()
    if partial is None:
        raise NotFound()
    return partial
