"""What a dollar is in other currencies."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from tukro.kernel.money import BASIS_POINTS
from tukro.money.rules import RATE_DECIMALS, rate_less_spread


class ExchangeRate(models.Model):
    """What one US dollar is in another currency, as staff entered it. Never changed: a new one is entered.

    ``rate`` is the source's; people get ``offered``, which is less by the house's spread.
    """

    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=RATE_DECIMALS)
    spread_basis_points = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=80)
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
