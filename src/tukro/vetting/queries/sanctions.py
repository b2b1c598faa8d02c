"""Reading lists of sanctioned people and what was found on them."""

from __future__ import annotations

from django.db.models import QuerySet

from tukro.people.models import Worker
from tukro.vetting.models import HitState, SanctionsHit, SanctionsList, SanctionsPolicy


def sanctions_policy() -> SanctionsPolicy:
    return SanctionsPolicy.objects.filter(id=1).first() or SanctionsPolicy()


def current_lists() -> QuerySet[SanctionsList]:
    return SanctionsList.objects.filter(replaced_at=None).order_by("source")


def open_hits() -> QuerySet[SanctionsHit]:
    """What nobody has decided, the oldest first."""
    return (
        SanctionsHit.objects.filter(state=HitState.OPEN)
        .select_related("worker__user__contact")
        .order_by("id")
    )


def decided_hits() -> QuerySet[SanctionsHit]:
    found = SanctionsHit.objects.exclude(state=HitState.OPEN).select_related("worker__user__contact")
    return found.order_by("-id")


def stands_against(worker: Worker) -> bool:
    """Whether a hit is undecided or confirmed."""
    return SanctionsHit.objects.filter(worker=worker).exclude(state=HitState.CLEARED).exists()
