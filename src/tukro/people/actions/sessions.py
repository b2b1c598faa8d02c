"""Keep, change and end sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tukro.people.models import MARK_LENGTH, Session, SignInPlace, User, line_digest


@dataclass(frozen=True, slots=True)
class Proof:
    """The password, hashed, that a session was found to be made with, and the seal to keep of that."""

    password: str
    seal: str


def open_session(
    *,
    key: str,
    data: Mapping[str, Any],
    user_id: int | None,
    proof: Proof | None,
    expires_at: datetime,
    now: datetime,
) -> bool:
    """Keep a new session. False: another one has this key, nothing is kept."""
    try:
        with transaction.atomic():
            Session.objects.create(
                key=key,
                data=dict(data),
                user_id=user_id,
                seal=_seal(user_id, proof),
                expires_at=expires_at,
                started_at=now,
                seen_at=now,
            )
    except IntegrityError:
        return False
    return True


@transaction.atomic
def change_session(
    *,
    key: str,
    data: Mapping[str, Any],
    user_id: int | None,
    proof: Proof | None,
    expires_at: datetime,
    now: datetime,
) -> bool:
    """Keep what the session holds now. False: it was ended meanwhile, and stays so."""
    changed = Session.objects.filter(key=key).update(
        data=dict(data), user_id=user_id, seal=_seal(user_id, proof), expires_at=expires_at, seen_at=now
    )
    return changed == 1


@transaction.atomic
def note_seen(*, key: str, user_id: int, proof: Proof | None, now: datetime) -> None:
    """Someone came with this session; its caller asks once an hour at most."""
    Session.objects.filter(key=key).update(seen_at=now, seal=_seal(user_id, proof))


def _seal(user_id: int | None, proof: Proof | None) -> str:
    """The proof's seal while it holds. Whoever changes the password waits, and then finds the session."""
    if user_id is None or proof is None:
        return ""
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True)
    return proof.seal if person.values_list("password", flat=True).first() == proof.password else ""


def note_sign_in(*, user: User, address: str, device: str, now: datetime) -> None:
    """Somebody signed in from this IP address by a browser of this name. Staff see what accounts share."""
    line = line_digest(address)
    if line is None:
        return
    place = SignInPlace(user=user, line=line, device=device[:60], last_at=now)
    SignInPlace.objects.bulk_create(
        [place],
        update_conflicts=True,
        unique_fields=["line", "device", "user"],
        update_fields=["last_at"],
    )


def note_language(*, user: User, language: str) -> None:
    """The pages were in this language when they signed in: who has chosen none is written to in it."""
    if user.page_language != language:
        user.page_language = language
        user.save(update_fields=["page_language"])


def end_session_of(*, user_id: int, mark: str, keep: str) -> int:
    """End the session that ``mark`` names in the user's own list, unless it is the one to ``keep``."""
    if len(mark) != MARK_LENGTH:
        return 0
    theirs = Session.objects.filter(user_id=user_id, key__startswith=mark).exclude(key=keep)
    count, _ = theirs.delete()
    return count


def end_session(*, key: str) -> None:
    """Forget the session. Ending it twice does nothing."""
    Session.objects.filter(key=key).delete()


def end_other_sessions(*, user_id: int, keep: str) -> int:
    """End every session of the user but one; answers how many."""
    count, _ = Session.objects.filter(user_id=user_id).exclude(key=keep).delete()
    return count
