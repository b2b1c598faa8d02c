"""Checks of identity: begun by the person, told by a provider or decided by staff, then photos go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from django.conf import settings
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Worker
from tukro.vetting.actions.tax import LookNeedsReason
from tukro.vetting.models import CheckMoment, CheckState, IdentityCheck, IdentityPhoto, IdentityPolicy
from tukro.vetting.queries.identity import identity_policy, is_identified

MOST_PHOTOS = 3
_FORGET_AGAIN = timedelta(hours=1)
_OPEN = (CheckState.STARTED, CheckState.WAITING)


class AlreadyIdentified(Refused):
    """Once is enough."""


class PhotosMissing(Refused):
    """A check by staff needs one to three photos. Facts: ``limit``."""


class CheckOver(Refused):
    """The check was decided before. Facts: ``state``."""


class BadIdentityPolicy(Refused):
    """A rule that contradicts itself. Facts: ``fields``."""


@transaction.atomic
def start_check(*, worker: Worker, now: datetime) -> IdentityCheck:
    """Begin a check by the operator's provider, or come back to the one that is open.

    Writes IdentityCheckStarted. Refuses AlreadyIdentified.
    """
    Worker.objects.select_for_update(no_key=True).only("pk").get(pk=worker.pk)
    if is_identified(worker):
        raise AlreadyIdentified
    if earlier := IdentityCheck.objects.filter(worker=worker, state__in=_OPEN).first():
        return earlier
    check = IdentityCheck.objects.create(
        public_id=new_id(),
        worker=worker,
        provider=identity_policy().provider,
        state=CheckState.STARTED,
        started_at=now,
    )
    facts = {"provider": check.provider}
    record(name="IdentityCheckStarted", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return check


@transaction.atomic
def hand_in_photos(*, worker: Worker, photos: Sequence[tuple[str, bytes]], now: datetime) -> IdentityCheck:
    """Give staff photos of a document: (media type, bytes) of pictures that were made harmless.

    Writes IdentityPhotosGiven. Refuses AlreadyIdentified, PhotosMissing, CheckOver (none by staff is open).
    """
    if not 1 <= len(photos) <= MOST_PHOTOS:
        raise PhotosMissing(limit=MOST_PHOTOS)
    check = IdentityCheck.objects.select_for_update().get(pk=start_check(worker=worker, now=now).pk)
    if check.provider != "manual" or check.state != CheckState.STARTED:
        raise CheckOver(state=check.state)
    for media_type, content in photos:
        photo = IdentityPhoto.objects.create(public_id=new_id(), of=check, media_type=media_type)
        photo.keep(content)
    check.state = CheckState.WAITING
    check.save(update_fields=["state"])
    facts = {"photos": len(photos)}
    record(name="IdentityPhotosGiven", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return check


@transaction.atomic
def open_photos(*, by: Actor, check_id: str, reason: str, now: datetime) -> IdentityCheck:
    """Staff look at the photos, and say why. Writes IdentityPhotosOpened.

    Refuses NotFound, LookNeedsReason.
    """
    if not reason.strip():
        raise LookNeedsReason
    check = IdentityCheck.objects.select_related("worker").filter(public_id=check_id).first()
    if check is None:
        raise NotFound(check=check_id)
    facts = {"check": check.public_id, "reason": reason.strip()}
    record(name="IdentityPhotosOpened", actor=by, subject=check.worker.public_id, at=now, facts=facts)
    return check


@transaction.atomic
def point_to_provider(*, check_id: int, reference: str, url: str) -> None:
    """Keep where the provider asks the person."""
    IdentityCheck.objects.filter(pk=check_id).update(reference=reference, url=url)


@transaction.atomic
def conclude_check(
    *, check_id: str, state: CheckState, why: str = "", by: Actor = HOUSE, now: datetime
) -> IdentityCheck:
    """What the provider or staff say: waiting, verified, or refused with a word that the person reads.

    Photos are deleted with the decision. The same again changes nothing.
    Writes IdentityVerified or IdentityRefused. Refuses NotFound, LookNeedsReason (refused without a word),
    CheckOver.
    """
    if state == CheckState.REFUSED and not why.strip():
        raise LookNeedsReason
    check = IdentityCheck.objects.select_for_update(of=("self",)).select_related("worker")
    found = check.filter(public_id=check_id).first()
    if found is None:
        raise NotFound(check=check_id)
    if found.state == state:
        return found
    if found.state not in _OPEN:
        raise CheckOver(state=found.state)
    found.state = state
    if state in _OPEN:
        found.save(update_fields=["state"])
        return found
    found.why, found.decided_at, found.decided_by = why.strip()[:300], now, str(by)
    if found.reference and found.why != "not_ours":
        found.forget_at = now  # photos and documents lie at the provider too
    found.save(update_fields=["state", "why", "decided_at", "decided_by", "forget_at"])
    forget_photos(found)
    name = "IdentityVerified" if state == CheckState.VERIFIED else "IdentityRefused"
    facts = {"check": found.public_id, "provider": found.provider, "reason": found.why}
    record(name=name, actor=by, subject=found.worker.public_id, at=now, facts=facts)
    return found


@transaction.atomic
def note_forgotten(*, check_id: int, outcome: Literal["done", "declined"], now: datetime) -> None:
    """The provider deletes what it collected for a decided check, or says that it cannot. Twice is once.

    Writes IdentityForgotten or IdentityForgetDeclined.
    """
    check = IdentityCheck.objects.select_for_update(of=("self",)).select_related("worker").get(pk=check_id)
    if check.forget_at is None:
        return
    check.forget_at = None
    check.save(update_fields=["forget_at"])
    name = "IdentityForgotten" if outcome == "done" else "IdentityForgetDeclined"
    facts = {"check": check.public_id, "provider": check.provider}
    record(name=name, actor=HOUSE, subject=check.worker.public_id, at=now, facts=facts)


def put_off_forgetting(*, check_id: int, now: datetime) -> None:
    """The provider could not be asked: later again."""
    due = IdentityCheck.objects.filter(pk=check_id, forget_at__isnull=False)
    due.update(forget_at=now + _FORGET_AGAIN)


def forget_photos(check: IdentityCheck) -> None:
    """Delete rows now, and files once that is certain."""
    for photo in IdentityPhoto.objects.filter(of=check):
        transaction.on_commit(partial((settings.FILES_ROOT / photo.path).unlink, missing_ok=True))
        photo.delete()


def forget_late_photos(*, now: datetime) -> int:
    """Checks that nobody decided within the operator's days are refused, their photos deleted; how many."""
    before = now - timedelta(days=identity_policy().photo_days)
    waiting = IdentityCheck.objects.filter(state=CheckState.WAITING, provider="manual")
    late = list(waiting.filter(started_at__lt=before)[:100])
    for check in late:
        why = "Nobody could look at it in time. Please try again."
        conclude_check(check_id=check.public_id, state=CheckState.REFUSED, why=why, now=now)
    return len(late)


@transaction.atomic
def change_identity_policy(
    *, by: Actor, moment: str, above_units: int, provider: str, photo_days: int, now: datetime
) -> None:
    """When people prove who they are, and to whom. Writes IdentityPolicyChanged.

    Refuses BadIdentityPolicy.
    """
    good = {
        "moment": moment in CheckMoment.values,
        "above": above_units >= 0 and (moment != CheckMoment.ABOVE or above_units > 0),
        "photo_days": 1 <= photo_days <= 365,
    }
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadIdentityPolicy(fields=faults)
    asked = {
        "moment": moment,
        "above_units": above_units,
        "provider": provider,
        "photo_days": photo_days,
    }
    IdentityPolicy.objects.update_or_create(id=1, defaults=asked)
    record(name="IdentityPolicyChanged", actor=by, subject="identity_policy", at=now, facts=asked)
