"""Taking qualification types away: only here it is known whether open work still asks for them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from tukro.people.models import Requester
from tukro.qualifications.actions.types import delete_type, remove_types
from tukro.qualifications.queries import DELETION_TAKES, types_being_deleted

# Whether a place, taken or free, of open work asks for the type.
_IN_USE = """
select exists (
  select from qualifications_setrequirement r
    join work_tasktype y on y.requirement_set_id = r.set_id
    join work_lane l on l.task_type_id = y.id and l.is_open
   where r.type_id = %s)
"""


@transaction.atomic
def delete_qualification_type(*, requester: Requester, type_id: str, now: datetime) -> None:
    """Take the type away; its name is free at once when no open work asks for it, else within 48 hours.

    Refuses NotFound, NotYours.
    """
    delete_type(requester=requester, type_id=type_id, now=now)
    if not _in_use(type_id):
        remove_types(type_ids=[type_id], now=now)


@transaction.atomic
def remove_deleted_types(*, now: datetime) -> int:
    """Finish the deletion of types that no open work asks for any more, or that wait for 48 hours."""
    gone = [
        kind.public_id
        for kind in types_being_deleted()
        if kind.deleted_at is not None
        and (kind.deleted_at + DELETION_TAKES <= now or not _in_use(kind.public_id))
    ]
    return remove_types(type_ids=gone, now=now)


def _in_use(type_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, [type_id])
        row: tuple[bool] | None = cursor.fetchone()
    assert row is not None, "exists always answers"
    return row[0]
