"""What time does to people."""

from __future__ import annotations

from datetime import datetime

from tukro.people.models import Session


def purge_sessions(now: datetime) -> int:
    """Forget sessions that ran out."""
    count, _ = Session.objects.filter(expires_at__lte=now).delete()
    return count
