"""Keep, change and end sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tukro.people.models import Session


def open_session(*, key: str, data: Mapping[str, Any], user_id: int | None, expires_at: datetime) -> bool:
    """Keep a new session. False: another one has this key, nothing is kept."""
    try:
        with transaction.atomic():
            Session.objects.create(key=key, data=dict(data), user_id=user_id, expires_at=expires_at)
    except IntegrityError:
        return False
    return True


def change_session(*, key: str, data: Mapping[str, Any], user_id: int | None, expires_at: datetime) -> bool:
    """Keep what the session holds now. False: it was ended meanwhile, and stays so."""
    changed = Session.objects.filter(key=key).update(data=dict(data), user_id=user_id, expires_at=expires_at)
    return changed == 1


def end_session(*, key: str) -> None:
    """Forget the session. Ending it twice does nothing."""
    Session.objects.filter(key=key).delete()


def end_other_sessions(*, user_id: int, keep: str) -> int:
    """End every session of the user but one; answers how many."""
    count, _ = Session.objects.filter(user_id=user_id).exclude(key=keep).delete()
    return count
