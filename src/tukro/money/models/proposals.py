"""What one member of staff proposed and another has to confirm."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.kernel.actors import Actor, actor_of
from tukro.kernel.money import Money


class ProposalState(models.TextChoices):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by who proposed it
    OVERTAKEN = "overtaken"  # what it was about was stopped meanwhile
    EXPIRED = "expired"


class Proposal(models.Model):
    """An act with money that waits for a second person. ``kind``, ``facts``: actions/proposals/acts.py.

    About one thing one proposal waits at a time.
    """

    public_id = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)  # public id of what it is about, as in the journal
    facts = models.JSONField()
    amount_units = models.BigIntegerField(null=True)  # micro-dollars; None: rules, or not told in dollars
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING)
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="")  # why it was declined

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="proposal_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="waiting"), name="proposal_waits_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (~Q(decided_by="") & ~Q(decided_by=models.F("proposed_by"))),
                name="proposal_two_persons",
            ),
        ]

    @property
    def amount(self) -> Money | None:
        return None if self.amount_units is None else Money(self.amount_units)

    @property
    def proposer(self) -> Actor:
        return actor_of(self.proposed_by)
