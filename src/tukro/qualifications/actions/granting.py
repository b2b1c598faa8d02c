"""Qualifications granted and revoked: by requesters, by staff, by workers of themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.eligibility import facts_changed
from tukro.qualifications.actions.types import locked_own_type
from tukro.qualifications.models import Qualification, QualificationType, TypeKind
from tukro.qualifications.rules import ADULT, INT_MAX, INT_MIN


class TypeInactive(Refused):
    """The type is switched off. ``type_id``"""


class BadValue(Refused):
    """A value is a whole number of 32 bits. ``value``"""


class NeverHeld(Refused):
    """The worker never had this qualification."""


class AlreadyRevoked(Refused):
    """The worker had it, and does not have it any more."""


@transaction.atomic
def grant(
    *,
    requester: Requester,
    type_id: str,
    worker: Worker,
    value: int = 1,
    notify: bool = True,
    now: datetime,
) -> Qualification:
    """Give a worker a value of the requester's own type, or another value, or back what was revoked.

    ``notify``: write to the worker. Refuses NotFound, NotYours, TypeInactive, BadValue.
    """
    kind = locked_own_type(requester, type_id)
    if not kind.is_active:
        raise TypeInactive(type_id=type_id)
    return give(kind, worker, value, by=requester.actor, notify=notify, now=now)


@transaction.atomic
def revoke(*, requester: Requester, type_id: str, worker: Worker, reason: str = "", now: datetime) -> None:
    """Take it back; the worker reads why. Refuses NotFound, NotYours, NeverHeld, AlreadyRevoked."""
    kind = locked_own_type(requester, type_id)
    _take_back(kind, worker, reason, by=requester.actor, now=now)


@transaction.atomic
def grant_house_type(*, by: Actor, type_id: str, worker: Worker, now: datetime) -> Qualification:
    """Staff give Masters or a premium qualification, which have no value. Refuses NotFound."""
    return give(_granted_type(type_id), worker, None, by=by, notify=True, now=now)


@transaction.atomic
def revoke_house_type(*, by: Actor, type_id: str, worker: Worker, reason: str, now: datetime) -> None:
    """Staff take it back. Refuses NotFound, NeverHeld, AlreadyRevoked."""
    _take_back(_granted_type(type_id), worker, reason, by=by, now=now)


@transaction.atomic
def declare_adult(*, worker: Worker, accepts: bool, now: datetime) -> None:
    """The worker says that they are of age and take work with adult content, or that they do not."""
    kind = QualificationType.objects.get(public_id=ADULT)
    give(kind, worker, int(accepts), by=worker.actor, notify=False, now=now)


def give(
    kind: QualificationType, worker: Worker, value: int | None, *, by: Actor, notify: bool, now: datetime
) -> Qualification:
    """Write the grant, in the caller's transaction. Refuses BadValue."""
    if value is not None and not INT_MIN <= value <= INT_MAX:
        raise BadValue(value=value)
    facts_changed([worker.pk])
    held, _ = Qualification.objects.update_or_create(
        type=kind,
        worker=worker,
        defaults={"value": value, "granted_at": now, "revoked_at": None, "revoke_reason": ""},
    )
    facts = {"worker": worker.public_id, "value": value, "notify": notify}
    record(name="QualificationGranted", actor=by, subject=kind.public_id, at=now, facts=facts)
    return held


def _take_back(kind: QualificationType, worker: Worker, reason: str, *, by: Actor, now: datetime) -> None:
    facts_changed([worker.pk])
    held = Qualification.objects.filter(type=kind, worker=worker).first()
    if held is None:
        raise NeverHeld()
    if held.revoked_at is not None:
        raise AlreadyRevoked()
    held.revoked_at, held.revoke_reason = now, reason
    held.save(update_fields=["revoked_at", "revoke_reason"])
    facts = {"worker": worker.public_id, "reason": reason}
    record(name="QualificationRevoked", actor=by, subject=kind.public_id, at=now, facts=facts)


def _granted_type(type_id: str) -> QualificationType:
    kind = QualificationType.objects.filter(
        public_id=type_id, requester=None, kind=TypeKind.GRANTED, deleted_at=None
    ).first()
    if kind is None:
        raise NotFound()
    return kind
