"""Debts of requesters that the house gave up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tukro.kernel.money import Money
from tukro.money.models.fields import MoneyField
from tukro.people.models import Requester


class DebtWriteOff(models.Model):
    """So much of a debt was given up; ``reinstated`` of it is owed again, or came back after all."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    reinstated = MoneyField(default=Money.zero())
    reason = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reinstated__gte=0, reinstated__lte=F("amount")),
                name="write_off_amounts",
            )
        ]

    @property
    def open(self) -> Money:
        """What is given up as things stand."""
        return self.amount - self.reinstated
