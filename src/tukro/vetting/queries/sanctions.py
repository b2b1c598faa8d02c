"""Reading lists of sanctioned people and what was found on them."""

from __future__ import annotations

from django.db.models import QuerySet

from tukro.people.models import Requester, Worker
from tukro.vetting.models import HitState, SanctionsHit, SanctionsList, SanctionsPolicy


def sanctions_policy() -> SanctionsPolicy:
    return SanctionsPolicy.objects.filter(id=1).first() or SanctionsPolicy()


def current_lists() -> QuerySet[SanctionsList]:
    return SanctionsList.objects.filter(replaced_at=None, taken_at__isnull=False).order_by("source")


def current_list(source: str) -> SanctionsList | None:
    """The one of this source that people are compared with."""
    return current_lists().filter(source=source).first()


def open_hits() -> QuerySet[SanctionsHit]:
    """What nobody has decided, the oldest first."""
    return (
        SanctionsHit.objects.filter(state=HitState.OPEN)
        .select_related("worker__user__contact", "requester__user__contact")
        .order_by("id")
    )


def decided_hits() -> QuerySet[SanctionsHit]:
    found = SanctionsHit.objects.exclude(state=HitState.OPEN).order_by("-id")
    return found.select_related("worker__user__contact", "requester__user__contact")


def stands_against(person: Worker | Requester) -> bool:
    """Whether a hit is undecided or confirmed."""
    return SanctionsHit.objects.filter(**whose(person)).exclude(state=HitState.CLEARED).exists()


def whose(person: Worker | Requester) -> dict[str, Worker | Requester]:
    """By which column a person's rows are found."""
    return {"requester" if isinstance(person, Requester) else "worker": person}
