"""Reading holds: whom and what they keep, and since when."""

from __future__ import annotations

from django.db.models import QuerySet

from tukro.money.models import PayoutHold
from tukro.people.models import Worker


def open_holds() -> QuerySet[PayoutHold]:
    """What is held, the longest first."""
    return _rows().filter(released_at=None).order_by("id")


def released_holds() -> QuerySet[PayoutHold]:
    """What was let go, the latest put first."""
    return _rows().filter(released_at__isnull=False).order_by("-id")


def holds_of(worker: Worker) -> list[PayoutHold]:
    """What keeps this worker's withdrawals now: those against the person first."""
    found = _rows().filter(worker=worker, released_at=None).order_by("id")
    return sorted(found, key=lambda hold: hold.payout_id is not None)


def _rows() -> QuerySet[PayoutHold]:
    return PayoutHold.objects.select_related("worker__user", "payout__worker")
