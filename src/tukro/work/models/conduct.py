"""What is counted as the journal is read: how requesters treat workers, and what their silence approved."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.money.models import MoneyField
from tukro.people.models import Requester
from tukro.work.models.tasks import Batch
from tukro.work.rules import CONDUCT_SAMPLE


class Follower(models.Model):
    """How far a job has read the journal; it goes on from there."""

    name = models.CharField(max_length=30, primary_key=True)
    event_id = models.BigIntegerField(default=0)


class Conduct(models.Model):
    """How a requester treats workers, counted by a follower of the journal.

    The lists hold the latest ``rules.CONDUCT_KEPT`` decisions, the oldest first: how long the worker waited,
    and what an hour of the work brought (nothing where it was rejected).
    """

    requester = models.OneToOneField(
        Requester, on_delete=models.CASCADE, primary_key=True, related_name="conduct"
    )
    approved = models.IntegerField(default=0)  # overturned rejections included
    silent = models.IntegerField(default=0)  # of those: nobody looked in time, so the house approved
    rejected = models.IntegerField(default=0)
    overturned = models.IntegerField(default=0)  # of the rejections: taken back later
    sent_back = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)  # of the returns: it did not work, or nobody could understand it
    asked = models.IntegerField(default=0, db_default=0)  # questions of workers
    replied = models.IntegerField(default=0, db_default=0)  # of those: answered
    unanswered = models.JSONField(default=dict, db_default={})  # conversation → since when (Unix time)
    reply_waits = ArrayField(models.IntegerField(), default=list, db_default=[])  # seconds until the reply
    reply_median = models.IntegerField(null=True)  # seconds; null: too few replies to say
    waits = ArrayField(models.IntegerField(), default=list)  # seconds from handing in to the decision
    hourly_pays = ArrayField(models.BigIntegerField(), default=list)  # in the smallest units
    wait_median = models.IntegerField(null=True)  # seconds; null: too few decisions to say
    hourly = MoneyField(default=Money(0))  # says something where wait_median does
    hourly_low = MoneyField(default=Money(0))
    hourly_high = MoneyField(default=Money(0))
    counted_at = models.DateTimeField()

    @property
    def reply_share(self) -> float | None:
        """The share of questions that was answered; None while too few were asked."""
        return self.replied / self.asked if self.asked >= CONDUCT_SAMPLE else None

    @property
    def decided(self) -> int:
        """Assignments on which a decision stands."""
        return self.approved + self.rejected - self.overturned

    @property
    def approval(self) -> float | None:
        """The share of decided work that was approved; None while too little is decided to say."""
        return self.approved / self.decided if self.decided >= CONDUCT_SAMPLE else None


class SilentApprovals(models.Model):
    """What was approved by silence in a batch and its requester was not told of yet.

    ``since`` is when the first of them was counted; null: all is told. Until ``quiet_until`` nothing more is
    told.
    """

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, primary_key=True, related_name="+")
    count = models.IntegerField()
    amount = MoneyField()  # rewards and fees
    since = models.DateTimeField(null=True)
    quiet_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["since"], name="silence_to_tell", condition=Q(since__isnull=False)),
        ]
