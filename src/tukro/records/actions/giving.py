"""Give a worker their record, and take one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.signing import signing_key
from tukro.people.models import Worker
from tukro.people.queries import contact_of
from tukro.records.models import WorkRecord
from tukro.records.queries import held_by, work_of
from tukro.records.rules.credentials import work_record
from tukro.records.rules.keys import did_of
from tukro.records.rules.proofs import signed

MOST_A_DAY = 10


class NothingToTell(Refused):
    """No work of this worker was decided yet, so a record would say nothing."""


class NameUnknown(Refused):
    """The record should carry the worker's name, and no contact details were given."""


class TooManyRecords(Refused):
    """So many records were given to this worker within a day. ``limit``"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the worker wants the record to show beside the numbers."""

    name: bool = False
    worker_id: bool = True
    categories: bool = True
    qualifications: bool = True


@transaction.atomic
def give_record(*, worker: Worker, shown: Shown, now: datetime) -> WorkRecord:
    """Sign the worker's record as it stands now. Writes RecordGiven.

    Refuses NothingToTell, NameUnknown, TooManyRecords.
    """
    Worker.objects.select_for_update(no_key=True).only("pk").get(pk=worker.pk)
    work = work_of(worker)
    if work is None:
        raise NothingToTell
    contact = contact_of(worker.user) if shown.name else None
    if shown.name and contact is None:
        raise NameUnknown
    if worker.work_records.filter(issued_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyRecords(limit=MOST_A_DAY)
    made = WorkRecord(pk=_next_id(), public_id=new_id(), worker=worker, issued_at=now)
    unsigned = work_record(
        site=settings.SITE_URL,
        record_id=made.public_id,
        index=made.status_index,
        work=work,
        name=contact.full_name if contact else "",
        worker_id=worker.public_id if shown.worker_id else "",
        held=held_by(worker) if shown.qualifications else [],
        with_categories=shown.categories,
        now=now,
    )
    key, issuer = signing_key(settings.RECORD_KEY), did_of(settings.SITE_URL)
    made.document = signed(unsigned, key=key, issuer=issuer, now=now)
    made.save(force_insert=True)
    facts = {"record": made.public_id}
    record(name="RecordGiven", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return made


@transaction.atomic
def take_record_back(
    *, by: Actor, record_id: str, reason: str, now: datetime, of: Worker | None = None
) -> None:
    """Say in the public list that a record no longer holds: the worker (``of``) or staff.

    Doing it twice does it once. Writes RecordTakenBack. Refuses NotFound."""
    rows = WorkRecord.objects.select_for_update().filter(public_id=record_id)
    found = (rows.filter(worker=of) if of else rows).first()
    if found is None:
        raise NotFound(record=record_id)
    if found.revoked_at is not None:
        return
    found.revoked_at, found.revoked_by, found.revoke_reason = now, str(by), reason.strip()
    found.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    facts = {"record": record_id, "reason": found.revoke_reason}
    record(name="RecordTakenBack", actor=by, subject=found.worker.public_id, at=now, facts=facts)


def _next_id() -> int:
    """The record's number, which it carries inside its own signature."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('records_workrecord', 'id'))")
        [number] = cursor.fetchone()
    return int(number)
