"""What time does to people."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tukro.people.models import Session


def purge_sessions(now: datetime) -> int:
    """Forget sessions that ran out."""
    count, _ = Session.objects.filter(expires_at__lte=now).delete()
    return count


def purge_limits(now: datetime) -> int:
    """Forget counts of rate limits whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute("delete from people_cache where expires < %s", [now])
        gone: int = cursor.rowcount
    return gone
