"""Days of the calendar."""

from __future__ import annotations

from datetime import date, timedelta


def day_after(day: date) -> date:
    """The next day. The last one that there is, which people type to mean "for ever", has none and stays."""
    return day if day == date.max else day + timedelta(days=1)
