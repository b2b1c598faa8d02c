"""Reading proposals: what waits for a second person, and what became of the others."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from tukro.money.models import Proposal, ProposalState


def waiting_proposals(now: datetime) -> QuerySet[Proposal]:
    """What somebody may confirm now, the oldest first."""
    return Proposal.objects.filter(state=ProposalState.WAITING, expires_at__gt=now).order_by("id")


def ended_proposals(*, before: int | None = None) -> QuerySet[Proposal]:
    """What is over, the newest first; ``before`` is the last row's key of the page before."""
    found = Proposal.objects.exclude(state=ProposalState.WAITING).order_by("-id")
    return found.filter(id__lt=before) if before else found


def waiting_about(subjects: list[str], now: datetime) -> dict[str, Proposal]:
    """Which of these things have a proposal that waits."""
    return {one.subject: one for one in waiting_proposals(now).filter(subject__in=subjects)}


def waiting_for(subject: str, now: datetime) -> Proposal | None:
    """What waits to change this one thing, a rule of the house for instance."""
    return waiting_about([subject], now).get(subject)
