"""What time does to people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from tukro.people.models import PhoneCode, Session, SignInPlace
from tukro.people.rules.sharing import CODES_KEPT, SIGN_INS_KEPT


def purge_sessions(now: datetime) -> int:
    """Forget sessions that ran out; the last visit of each person stays with the person."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update people_user u set last_login = s.seen from ("
            " select user_id, max(seen_at) as seen from people_session"
            " where expires_at <= %s and user_id is not null group by user_id"
            ") s where u.id = s.user_id and s.seen > coalesce(u.last_login, '-infinity')",
            [now],
        )
    count, _ = Session.objects.filter(expires_at__lte=now).delete()
    return count


def forget_signals(now: datetime) -> int:
    """Forget from where people signed in, and which codes they asked for, when it was long ago."""
    places, _ = SignInPlace.objects.filter(last_at__lt=now - SIGN_INS_KEPT).delete()
    codes, _ = PhoneCode.objects.filter(asked_at__lt=now - CODES_KEPT).delete()
    return places + codes


def purge_limits(now: datetime) -> int:
    """Forget counts of rate limits whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute("delete from people_cache where expires < %s", [now])
        gone: int = cursor.rowcount
    return gone


# Longer than a signature is good for: five minutes before and after its date.
_SIGNATURES_KEPT = timedelta(minutes=15)


def purge_wire_calls(now: datetime) -> int:
    """Forget signatures that are too old to work again, and the counts of processes that are no more."""
    with connection.cursor() as cursor:
        cursor.execute("delete from people_wire_seen where first_at < %s", [now - _SIGNATURES_KEPT])
        gone: int = cursor.rowcount
        cursor.execute(
            "delete from people_wire_use u where u.span < (select max(span) from people_wire_use) - 1000"
        )
        return gone + int(cursor.rowcount)
