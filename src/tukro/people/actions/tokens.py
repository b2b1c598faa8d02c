"""Worker tokens: with one, a worker's program reads what the worker's pages show, and changes nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.people.models import Worker, WorkerToken
from tukro.people.rules import TOKEN_PREFIX, new_secret, tidy_text

TOKENS_AT_ONCE = 5
MAX_NAME = 60
_NOTED_EVERY = timedelta(hours=1)


class TooManyTokens(Refused):
    """A worker has few tokens at once, so that a forgotten one stands out. ``limit``"""


class BadTokenName(Refused):
    """A token needs a name to be known by. ``limit``: the most characters."""


def make_worker_token(*, worker: Worker, name: str, now: datetime) -> str:
    """Make a token; it is shown once, only its hash is kept. Writes WorkerTokenMade.

    Refuses BadTokenName, TooManyTokens.
    """
    name = tidy_text(name)
    if not 0 < len(name) <= MAX_NAME:
        raise BadTokenName(limit=MAX_NAME)
    token = TOKEN_PREFIX + new_secret().replace("+", "x").replace("/", "y")
    with transaction.atomic():
        Worker.objects.select_for_update().only("pk").get(pk=worker.pk)
        if worker.tokens.filter(revoked_at=None).count() >= TOKENS_AT_ONCE:
            raise TooManyTokens(limit=TOKENS_AT_ONCE)
        WorkerToken.objects.create(
            worker=worker, digest=_digest(token), name=name, ending=token[-4:], created_at=now
        )
        facts = {"name": name}
        record(name="WorkerTokenMade", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return token


def revoke_worker_token(*, worker: Worker, token_pk: int, now: datetime) -> None:
    """Make the token useless from now on. Writes WorkerTokenRevoked, once. Refuses NotFound."""
    with transaction.atomic():
        token = worker.tokens.select_for_update().filter(pk=token_pk).first()
        if token is None:
            raise NotFound()
        if token.revoked_at is not None:
            return
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        facts = {"name": token.name}
        record(name="WorkerTokenRevoked", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)


def worker_with_token(token: str, *, now: datetime) -> Worker | None:
    """Whose token this is, with the user; None for one that does not work. Its use is noted hourly."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    found = (
        WorkerToken.objects.select_related("worker__user")
        .filter(digest=_digest(token), revoked_at=None, worker__user__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.last_used_at is None or found.last_used_at < now - _NOTED_EVERY:
        WorkerToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.worker


def _digest(token: str) -> str:
    """No salt and no stretching: the token has 240 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
