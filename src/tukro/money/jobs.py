"""What time does to money's figures. Money itself moves by verbs alone."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

_STEP = 20_000  # transfers in one transaction


def count_held(now: datetime) -> int:
    """Add up what was set aside and given back since the last time. Returns how many transfers it read."""
    del now
    counted = 0
    while step := _count():
        counted += step
    return counted


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select money_count_held(%s)", [_STEP])
        row: tuple[int] = cursor.fetchone()
    return row[0]
