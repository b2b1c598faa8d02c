"""Sessions that bring their person along: one query loads session, user, worker and requester.

Django's own engine costs three queries on each request of a worker (session, user, worker), and unpacks a
signed and compressed text. Sign-in, sign-out and the session's password hash stay Django's: only how rows are
read differs. The table keeps a hash of the cookie, never the cookie.

Doors that run one verb do not even ask that query: the verb's own statement finds whose session it is. What
the database cannot check, Django's hash of the password under the site's secret, is checked when the session
is kept; its row is sealed then, and the database breaks the seal when the password changes
(people/migrations/session_owner.sql).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tukro.people.actions import sessions
from tukro.people.models import User
from tukro.people.queries.visiting import BySession, is_quiet, password_of, visit

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
            sessions.note_seen(
                key=hashed(self.session_key),
                user_id=found.user.pk,
                proof=self._proof(found.data),
                now=timezone.now(),
            )
        return found.data

    def exists(self, session_key: str) -> bool:
        return visit(hashed(session_key), timezone.now()) is not None

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs do not name what Django's own base has
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
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs do not name what Django's own base has
        keep = sessions.open_session if must_create else sessions.change_session
        user_id = data.get(SESSION_KEY)
        kept = keep(
            key=hashed(self.session_key),
            data=data,
            user_id=int(user_id) if user_id else None,
            proof=self._proof(data),
            expires_at=timezone.now() + timedelta(seconds=self.get_expiry_age()),
            now=timezone.now(),
        )
        if not kept:
            raise CreateError if must_create else UpdateError

    def _proof(self, data: dict[str, Any]) -> sessions.Proof | None:
        """Of the password that the session was made with, if that is the one that still holds."""
        user_id = data.get(SESSION_KEY)
        if user_id is None or BACKEND_SESSION_KEY not in data:
            return None
        known = self.person is not None and str(self.person.pk) == user_id
        password = self.person.password if self.person and known else password_of(int(user_id))
        if password is None:
            return None
        right = User(password=password).get_session_auth_hash()
        if not constant_time_compare(data.get(HASH_SESSION_KEY, ""), right):
            return None
        return sessions.Proof(password, seal())

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


Found = TypeVar("Found", bound=BySession)


def by_session(request: HttpRequest, kind: type[Found]) -> Found | None:
    """Whoever the request's session is of, for a statement to find; None when the usual look-up must ask."""
    cookie = request.session.session_key
    if not cookie or "HTTP_AUTHORIZATION" in request.META or not is_quiet():
        return None
    now = timezone.now()
    return kind(key=hashed(cookie), seal=seal(), now=now, seen_since=now - SEEN_EVERY)


def seal() -> str:
    """What a proven session carries: the site's secret, as the database may know it."""
    return _seal_under(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _seal_under(secret: str) -> str:
    """Tells the site's secret from another one, and nothing about it."""
    return salted_hmac("tukro.web.sessions", "seal", secret=secret, algorithm="sha256").hexdigest()


def hashed(cookie: str | None) -> str:
    """The key of the session table for a cookie."""
    return hashlib.sha256((cookie or "").encode()).hexdigest()
