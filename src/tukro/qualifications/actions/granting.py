"""What requesters say about workers: qualifications granted and revoked, workers blocked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.eligibility import refresh_eligibility
from tukro.qualifications.models import Block, Qualification, QualificationType


class BlockNeedsReason(Refused):
    """A worker who is blocked is told why."""


@transaction.atomic
def create_type(
    *, requester: Requester, name: str, description: str = "", now: datetime
) -> QualificationType:
    """A fact about workers that this requester grants."""
    made = QualificationType.objects.create(
        public_id=new_id(), requester=requester, name=name, description=description, created_at=now
    )
    record(name="QualificationTypeCreated", actor=requester.actor, subject=made.public_id, at=now)
    return made


@transaction.atomic
def grant(
    *, requester: Requester, type_id: str, worker: Worker, value: int | None = 1, now: datetime
) -> Qualification:
    """Give a worker a value of the requester's own type, or another value. Refuses NotFound."""
    kind = _own_type(requester, type_id)
    held, _ = Qualification.objects.update_or_create(
        type=kind, worker=worker, defaults={"value": value, "granted_at": now, "revoked_at": None}
    )
    refresh_eligibility(worker=worker, now=now)
    facts = {"worker": worker.public_id, "value": value}
    record(name="QualificationGranted", actor=requester.actor, subject=type_id, at=now, facts=facts)
    return held


@transaction.atomic
def revoke(*, requester: Requester, type_id: str, worker: Worker, reason: str = "", now: datetime) -> None:
    """Take it back; twice is once. Refuses NotFound when the type or the qualification is not there."""
    kind = _own_type(requester, type_id)
    held = Qualification.objects.select_for_update().filter(type=kind, worker=worker).first()
    if held is None:
        raise NotFound()
    if held.revoked_at is not None:
        return
    held.revoked_at = now
    held.save(update_fields=["revoked_at"])
    refresh_eligibility(worker=worker, now=now)
    facts = {"worker": worker.public_id, "reason": reason}
    record(name="QualificationRevoked", actor=requester.actor, subject=type_id, at=now, facts=facts)


@transaction.atomic
def block_worker(*, requester: Requester, worker: Worker, reason: str, now: datetime) -> None:
    """The worker finds and accepts nothing of this requester any more. Refuses BlockNeedsReason."""
    if not reason.strip():
        raise BlockNeedsReason()
    _, made = Block.objects.get_or_create(
        requester=requester, worker=worker, defaults={"reason": reason.strip(), "blocked_at": now}
    )
    if made:
        facts = {"requester": requester.public_id, "reason": reason.strip()}
        record(name="WorkerBlocked", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)


@transaction.atomic
def unblock_worker(*, requester: Requester, worker: Worker, now: datetime) -> None:
    """Take the block back; without one nothing happens."""
    gone, _ = Block.objects.filter(requester=requester, worker=worker).delete()
    if gone:
        facts = {"requester": requester.public_id}
        record(name="WorkerUnblocked", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)


def _own_type(requester: Requester, type_id: str) -> QualificationType:
    kind = QualificationType.objects.filter(public_id=type_id, requester=requester).first()
    if kind is None:
        raise NotFound()
    return kind
