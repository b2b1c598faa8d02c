"""Balances whose owners gave no sign of life for a long time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.money.models.fields import MoneyField
from tukro.people.models import Requester, Worker


class UnclaimedBalance(models.Model):
    """One silence: first its owner is told, then the balance is set apart, and given back whenever asked for.

    ``ended_at``: a sign of life came in time, or there was nothing left to set apart.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(Requester, null=True, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField(default=Money.zero())
    told_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(worker__isnull=True, requester__isnull=False)
                | Q(worker__isnull=False, requester__isnull=True),
                name="unclaimed_owner",
            ),
            models.CheckConstraint(
                condition=Q(moved_at=None, amount=0, claimed_at=None)
                | Q(moved_at__isnull=False, amount__gt=0),
                name="unclaimed_amount",
            ),
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(moved_at=None, ended_at=None),
                name="unclaimed_worker_told_once",
            ),
            models.UniqueConstraint(
                fields=["requester"],
                condition=Q(moved_at=None, ended_at=None),
                name="unclaimed_requester_told_once",
            ),
        ]

    @property
    def owner(self) -> Worker | Requester:
        owner = self.worker or self.requester
        assert owner is not None, "the database asks for one of them"
        return owner
