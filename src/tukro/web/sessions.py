"""Sessions that bring their person along: one query loads session, user, worker and requester.

Django's own engine costs three queries on each request of a worker (session, user, worker), and unpacks a
signed and compressed text. Sign-in, sign-out and the session's password hash stay Django's: only how rows are
read differs. The table keeps a hash of the cookie, never the cookie.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, cast

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tukro.people.actions import sessions
from tukro.people.models import User
from tukro.people.queries import visit

SEEN_EVERY = timedelta(hours=1)


class SessionStore(SessionBase):
    """Django's session interface over people's session table."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.person: User | None = None  # whose session it is, as found by load()

    def load(self) -> dict[str, Any]:
        found = visit(hashed(self.session_key), timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        self.person = found.user
        if found.user is not None and (found.seen_at is None or found.seen_at < timezone.now() - SEEN_EVERY):
            sessions.note_seen(key=hashed(self.session_key), now=timezone.now())
        return found.data

    def exists(self, session_key: str) -> bool:
        return visit(hashed(session_key), timezone.now()) is not None

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        # Read what the session holds before anything is written: it may still have to be loaded.
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        keep = sessions.open_session if must_create else sessions.change_session
        user_id = data.get(SESSION_KEY)
        kept = keep(
            key=hashed(self.session_key),
            data=data,
            user_id=int(user_id) if user_id else None,
            expires_at=timezone.now() + timedelta(seconds=self.get_expiry_age()),
            now=timezone.now(),
        )
        if not kept:
            raise CreateError if must_create else UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            sessions.end_session(key=hashed(key))

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing: the job people.jobs.purge_sessions does it."""


def person_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """The user whose session this is, if the session was made with the password that still holds.

    From the row that the session brought along; without a cookie the database is not asked.
    """
    session = request.session
    signed_in_as = session.get(SESSION_KEY)
    if signed_in_as is None:
        return AnonymousUser()
    person: User | None = getattr(session, "person", None)
    if (
        person is not None
        and str(person.pk) == signed_in_as
        and person.is_active
        and BACKEND_SESSION_KEY in session
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    ):
        return person
    # A sign-in in this very request, a changed password or a rotated secret: Django's own rule decides,
    # and ends the session when it must.
    return cast("AbstractBaseUser | AnonymousUser", get_user(request))


def hashed(cookie: str | None) -> str:
    """The key of the session table for a cookie."""
    return hashlib.sha256((cookie or "").encode()).hexdigest()
