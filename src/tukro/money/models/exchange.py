"""What a dollar is in other currencies."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from tukro.kernel.money import BASIS_POINTS
from tukro.money.rules import RATE_DECIMALS, rate_less_spread


class ExchangeRate(models.Model):
    """What one US dollar is in another currency, as staff or a source entered it; never changed.

    ``rate`` is the source's; people get ``offered``, which is less by the house's spread.
    """

    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=RATE_DECIMALS)
    spread_basis_points = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=80)
    published = models.DateField(null=True)  # the source's own day; null: entered by hand, or it says none
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["currency", "-entered_at", "-id"], name="exchange_rate_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=Q(spread_basis_points__lt=BASIS_POINTS), name="exchange_spread"),
        ]

    @property
    def offered(self) -> Decimal:
        return rate_less_spread(self.rate, self.spread_basis_points)


class WaitingRate(models.Model):
    """A rate that a source told and that jumped too far from ``before``: staff say whether it is right."""

    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=RATE_DECIMALS)
    before = models.DecimalField(max_digits=18, decimal_places=RATE_DECIMALS, null=True)
    source = models.CharField(max_length=80)
    published = models.DateField(null=True)
    came_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    outcome = models.CharField(max_length=10, default="")  # entered, dropped, overtaken by a newer one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency"], condition=Q(decided_at=None), name="waiting_rate_one_per_currency"
            )
        ]


class RateSourceState(models.Model):
    """When a source of rates was asked last, when it answered, and what was wrong since."""

    name = models.CharField(max_length=80, primary_key=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, default="")
