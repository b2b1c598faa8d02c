"""What time does to the pages' own keepings."""

from __future__ import annotations

from datetime import datetime

from tukro.web import resumable


def forget_partial_files(now: datetime) -> int:
    """Uploads that stood still for a day go, rows and bytes."""
    return resumable.forget_old_files(now)
