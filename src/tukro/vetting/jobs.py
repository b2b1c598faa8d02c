"""What time does in vetting: what need not be kept any longer is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from tukro.vetting.actions.identity import forget_late_photos
from tukro.vetting.actions.sanctions import drop_untaken_lists
from tukro.vetting.actions.tax import delete_old_forms
from tukro.vetting.queries.tax import tax_policy

_UNTAKEN = timedelta(days=8)


def delete_old_tax_forms(now: datetime) -> int:
    """Forms that hold no more, after the operator's years. Returns how many."""
    return delete_old_forms(today=now.date(), keep_years=tax_policy().keep_years)


def delete_untaken_lists(now: datetime) -> int:
    """Lists of sanctioned people that no second person agreed to within the week. Returns how many."""
    return drop_untaken_lists(before=now - _UNTAKEN)


def delete_late_photos(now: datetime) -> int:
    """Photos of documents that nobody decided on in time. Returns how many checks."""
    return forget_late_photos(now=now)
