"""What the operator withholds of withdrawals, country by country."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.money.rules.taxes import HIGHEST_TAX


class TaxRule(models.Model):
    """Of each withdrawal to a worker of ``country`` this share goes to ``authority``. No row: nothing."""

    country = models.CharField(max_length=2, primary_key=True)
    basis_points = models.PositiveIntegerField()
    authority = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_points__gt=0, basis_points__lte=HIGHEST_TAX), name="tax_rule_share"
            )
        ]
