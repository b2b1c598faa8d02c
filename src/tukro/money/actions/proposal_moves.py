"""How a proposal ends: written once, and told in the journal of what it is about."""

from __future__ import annotations

from datetime import datetime

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.money.models import Proposal, ProposalState


def end(proposal: Proposal, state: ProposalState, *, by: Actor, now: datetime, reason: str = "") -> None:
    """For a proposal that is locked and waits."""
    proposal.state, proposal.decided_by, proposal.decided_at = state, str(by), now
    proposal.reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(
        name=f"Proposal{state.label}",
        actor=by,
        subject=proposal.subject,
        at=now,
        facts={"proposal": proposal.public_id, "act": proposal.kind, "reason": reason},
    )


def overtake(subject: str, *, by: Actor, now: datetime) -> None:
    """What was proposed about this thing holds no more: it was stopped, or done another way.

    One that somebody confirms at this moment is left to them: their act looks at the thing again.
    """
    waiting = Proposal.objects.select_for_update(skip_locked=True)
    for proposal in waiting.filter(subject=subject, state=ProposalState.WAITING):
        end(proposal, ProposalState.OVERTAKEN, by=by, now=now)
