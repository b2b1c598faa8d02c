"""Hire groups: workers whom a requester has asked, and who said yes, find work that nobody else sees.

A group is a qualification type of its requester (kind ``group``) and membership a qualification, so that
judging who may find, look at and take its work is the same as for everything else. There is no application:
the requester invites, the worker accepts, declines, or leaves at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.aliases import workers_known_as
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.eligibility import facts_changed
from tukro.qualifications.actions.granting import give
from tukro.qualifications.actions.types import TypeNameTaken
from tukro.qualifications.models import (
    Invitation,
    InvitationState,
    Qualification,
    QualificationType,
    TypeKind,
)

MOST_INVITED = 500  # workers in one act
LONGEST_NAME, LONGEST_TEXT = 100, 1000
AGAIN_AFTER = timedelta(days=30)  # who said no is not asked again for so long


class BadGroup(Refused):
    """``field``: name, description, note, workers. ``code``: missing, too_large. ``limit``"""


class InvitationClosed(Refused):
    """It does not wait for an answer any more. ``state``"""


class NotAMember(Refused):
    """The worker is not in this group."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of each worker, by the ids that were given.

    ``unknown``: nobody is called that; ``already``: in the group or invited; ``declined``: said no
    lately, and is not asked again yet.
    """

    invited: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@transaction.atomic
def create_group(*, requester: Requester, name: str, description: str, now: datetime) -> QualificationType:
    """An empty group. Refuses BadGroup, TypeNameTaken."""
    called, said = _named(name, description)
    try:
        with transaction.atomic():
            made = QualificationType.objects.create(
                public_id=new_id(),
                requester=requester,
                kind=TypeKind.GROUP,
                name=called,
                description=said,
                is_requestable=False,
                created_at=now,
            )
    except IntegrityError:
        raise TypeNameTaken() from None
    record(name="GroupCreated", actor=requester.actor, subject=made.public_id, at=now)
    return made


@transaction.atomic
def change_group(
    *, requester: Requester, group_id: str, name: str, description: str, now: datetime
) -> QualificationType:
    """Another name or description. Refuses NotFound, BadGroup, TypeNameTaken."""
    group = _own(requester, group_id)
    group.name, group.description = _named(name, description)
    try:
        with transaction.atomic():
            group.save(update_fields=["name", "description"])
    except IntegrityError:
        raise TypeNameTaken() from None
    record(name="GroupChanged", actor=requester.actor, subject=group_id, at=now)
    return group


@transaction.atomic
def close_group(*, requester: Requester, group_id: str, now: datetime) -> None:
    """No new work for this group, and no new members; members keep seeing the work that is out.

    Twice is once. Refuses NotFound.
    """
    group = _own(requester, group_id)
    group.deleted_at = group.removed_at = now  # the name is free again
    group.save(update_fields=["deleted_at", "removed_at"])
    waiting = Invitation.objects.filter(group=group, state=InvitationState.INVITED)
    waiting.update(state=InvitationState.WITHDRAWN, answered_at=now)
    record(name="GroupClosed", actor=requester.actor, subject=group_id, at=now)


@transaction.atomic
def invite(
    *, requester: Requester, group_id: str, worker_ids: Sequence[str], note: str = "", now: datetime
) -> Invited:
    """Ask these workers to join; those who cannot be asked are told apart. ``worker_ids``: as this requester
    knows them (people/aliases.py). Refuses NotFound, BadGroup."""
    group = _own(requester, group_id)
    asked = list(dict.fromkeys(one.strip().upper() for one in worker_ids if one.strip()))
    if not asked:
        raise BadGroup(field="workers", code="missing", limit=MOST_INVITED)
    if len(asked) > MOST_INVITED:
        raise BadGroup(field="workers", code="too_large", limit=MOST_INVITED)
    if len(note) > LONGEST_TEXT:
        raise BadGroup(field="note", code="too_large", limit=LONGEST_TEXT)
    workers = workers_known_as(asked, requester)
    earlier = {
        one.worker_id: one for one in Invitation.objects.filter(group=group, worker__in=workers.values())
    }
    outcome = Invited()
    for worker_id in asked:
        worker = workers.get(worker_id)
        if worker is None:
            outcome.unknown.append(worker_id)
            continue
        match _standing(earlier.get(worker.pk), now):
            case "already":
                outcome.already.append(worker_id)
            case "declined":
                outcome.declined.append(worker_id)
            case _:
                _invite(group, worker, note.strip(), requester, now)
                outcome.invited.append(worker_id)
    return outcome


@transaction.atomic
def withdraw_invitation(*, requester: Requester, group_id: str, worker: Worker, now: datetime) -> None:
    """Nobody has answered yet, and nobody needs to. Refuses NotFound, InvitationClosed."""
    one = _of(_own(requester, group_id), worker)
    if one.state != InvitationState.INVITED:
        raise InvitationClosed(state=one.state)
    _answer(one, InvitationState.WITHDRAWN, now)


@transaction.atomic
def remove_member(*, requester: Requester, group_id: str, worker: Worker, now: datetime) -> None:
    """The worker sees the group's work no more; what they have taken stays theirs.

    Refuses NotFound, NotAMember.
    """
    group = _own(requester, group_id)
    _end(group, worker, InvitationState.REMOVED, now)
    facts = {"group": group.public_id}
    record(name="GroupMemberRemoved", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)


@transaction.atomic
def answer_invitation(*, worker: Worker, group_id: str, accept: bool, now: datetime) -> None:
    """Join, or say no. The same answer twice is one. Refuses NotFound, InvitationClosed."""
    group = _living(group_id)
    one = _of(group, worker)
    wanted = InvitationState.ACCEPTED if accept else InvitationState.DECLINED
    if one.state == wanted:
        return
    if one.state != InvitationState.INVITED:
        raise InvitationClosed(state=one.state)
    _answer(one, wanted, now)
    if accept:
        give(group, worker, 1, by=worker.actor, notify=False, now=now)
    name = "InvitationAccepted" if accept else "InvitationDeclined"
    facts = {"group": group.public_id}
    record(name=name, actor=worker.actor, subject=worker.public_id, at=now, facts=facts)


@transaction.atomic
def leave_group(*, worker: Worker, group_id: str, now: datetime) -> None:
    """The worker goes; work in hand stays theirs. Refuses NotFound, NotAMember."""
    group = _living(group_id)
    _end(group, worker, InvitationState.LEFT, now)
    facts = {"group": group.public_id}
    record(name="GroupLeft", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)


def _named(name: str, description: str) -> tuple[str, str]:
    called, said = " ".join(name.split()), description.strip()
    if not called:
        raise BadGroup(field="name", code="missing", limit=LONGEST_NAME)
    if len(called) > LONGEST_NAME:
        raise BadGroup(field="name", code="too_large", limit=LONGEST_NAME)
    if len(said) > LONGEST_TEXT:
        raise BadGroup(field="description", code="too_large", limit=LONGEST_TEXT)
    return called, said


def _standing(one: Invitation | None, now: datetime) -> str:
    if one is None:
        return ""
    if one.state in (InvitationState.INVITED, InvitationState.ACCEPTED):
        return "already"
    refused = one.state in (InvitationState.DECLINED, InvitationState.LEFT)
    return "declined" if refused and one.answered_at and one.answered_at + AGAIN_AFTER > now else ""


def _invite(group: QualificationType, worker: Worker, note: str, requester: Requester, now: datetime) -> None:
    fresh = {"state": InvitationState.INVITED, "note": note, "invited_at": now, "answered_at": None}
    made, _ = Invitation.objects.update_or_create(group=group, worker=worker, defaults=fresh)
    facts = {"group": group.public_id, "invitation": made.pk}
    record(name="WorkerInvited", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)


def _answer(one: Invitation, state: InvitationState, now: datetime) -> None:
    one.state, one.answered_at = state, now
    one.save(update_fields=["state", "answered_at"])


def _end(group: QualificationType, worker: Worker, state: InvitationState, now: datetime) -> None:
    facts_changed([worker.pk])
    held = Qualification.objects.filter(type=group, worker=worker, revoked_at=None)
    if not held.update(revoked_at=now):
        raise NotAMember()
    Invitation.objects.filter(group=group, worker=worker).update(state=state, answered_at=now)


def _own(requester: Requester, group_id: str) -> QualificationType:
    """The requester's living group, locked: two who change it go one after the other. Refuses NotFound."""
    found = QualificationType.objects.select_for_update(no_key=True).filter(
        public_id=group_id, requester=requester, kind=TypeKind.GROUP, deleted_at=None
    )
    group = found.first() if looks_like_id(group_id) else None
    if group is None:
        raise NotFound()
    return group


def _living(group_id: str) -> QualificationType:
    """Any group, also a closed one: members may always leave. Refuses NotFound."""
    found = QualificationType.objects.filter(public_id=group_id, kind=TypeKind.GROUP)
    group = found.first() if looks_like_id(group_id) else None
    if group is None:
        raise NotFound()
    return group


def _of(group: QualificationType, worker: Worker) -> Invitation:
    """The worker's invitation, locked. Refuses NotFound."""
    one = Invitation.objects.select_for_update(no_key=True).filter(group=group, worker=worker).first()
    if one is None:
        raise NotFound()
    return one
