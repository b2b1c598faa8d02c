"""What time does in vetting: what need not be kept any longer is deleted."""

from __future__ import annotations

from datetime import datetime

from tukro.vetting.actions.identity import forget_late_photos
from tukro.vetting.actions.tax import delete_old_forms
from tukro.vetting.queries.tax import tax_policy


def delete_old_tax_forms(now: datetime) -> int:
    """Forms that hold no more, after the operator's years. Returns how many."""
    return delete_old_forms(today=now.date(), keep_years=tax_policy().keep_years)


def delete_late_photos(now: datetime) -> int:
    """Photos of documents that nobody decided on in time. Returns how many checks."""
    return forget_late_photos(now=now)
