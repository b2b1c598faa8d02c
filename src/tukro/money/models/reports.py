"""Providers' reports that were compared with our books."""

from __future__ import annotations

from django.db import models


class ReportSide(models.TextChoices):
    PAYOUTS = "payouts"
    DEPOSITS = "deposits"


class ProviderReport(models.Model):
    """One comparison as it came out. ``differences``: rules.reconciling.Difference, amounts in units."""

    public_id = models.CharField(max_length=30, unique=True)
    side = models.CharField(max_length=10, choices=ReportSide.choices)
    provider = models.CharField(max_length=20)  # a kind of payout, or a provider of deposits
    currency = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField()
    name = models.CharField(max_length=200)  # of the file
    digest = models.CharField(max_length=64)  # of its bytes
    matched = models.PositiveIntegerField()
    theirs_units = models.BigIntegerField()
    ours_units = models.BigIntegerField()
    costs_units = models.BigIntegerField(default=0, db_default=0)  # what the provider says that it kept
    differences = models.JSONField(default=list)
    compared_at = models.DateTimeField()
    compared_by = models.CharField(max_length=40)
