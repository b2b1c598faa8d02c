"""Reading checks of identity."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from tukro.people.models import Worker
from tukro.vetting.models import CheckState, IdentityCheck, IdentityPolicy


def identity_policy() -> IdentityPolicy:
    return IdentityPolicy.objects.filter(id=1).first() or IdentityPolicy()


def is_identified(worker: Worker) -> bool:
    return IdentityCheck.objects.filter(worker=worker, state=CheckState.VERIFIED).exists()


def latest_check(worker: Worker) -> IdentityCheck | None:
    return IdentityCheck.objects.filter(worker=worker).order_by("-id").first()


def waiting_checks() -> QuerySet[IdentityCheck]:
    """What staff have to decide, the oldest first."""
    found = IdentityCheck.objects.filter(state=CheckState.WAITING)
    return found.select_related("worker__user__contact").prefetch_related("photos").order_by("id")


def to_be_forgotten(now: datetime, limit: int) -> list[IdentityCheck]:
    """Decided checks whose provider should be asked now to delete what it collected."""
    return list(IdentityCheck.objects.filter(forget_at__lte=now).order_by("forget_at")[:limit])
