"""Access keys: how a requester's programs sign what they ask on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.sealing import seal, unseal
from tukro.people.models import AccessKey, Requester
from tukro.people.rules import new_key_id, new_secret

KEYS_AT_ONCE = 5
_PURPOSE = "access key"


class TooManyKeys(Refused):
    """A requester has few keys at once, so that a forgotten one stands out. ``limit``"""


class NewKey(NamedTuple):
    """Shown once; the secret cannot be shown again."""

    key_id: str
    secret: str


def make_access_key(*, requester: Requester, now: datetime) -> NewKey:
    """Make a key pair and keep the secret sealed. Writes AccessKeyMade. Refuses TooManyKeys."""
    key = NewKey(new_key_id(), new_secret())
    with transaction.atomic():
        Requester.objects.select_for_update().only("pk").get(pk=requester.pk)
        if requester.access_keys.filter(revoked_at=None).count() >= KEYS_AT_ONCE:
            raise TooManyKeys(limit=KEYS_AT_ONCE)
        AccessKey.objects.create(
            requester=requester,
            key_id=key.key_id,
            sealed_secret=seal(key.secret, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=key.key_id),
            created_at=now,
        )
        record(
            name="AccessKeyMade",
            actor=requester.actor,
            subject=requester.public_id,
            at=now,
            facts={"key_id": key.key_id},
        )
    return key


def revoke_access_key(*, requester: Requester, key_id: str, now: datetime) -> None:
    """Make the key useless from now on. Writes AccessKeyRevoked, once. Refuses NotFound."""
    with transaction.atomic():
        key = requester.access_keys.select_for_update().filter(key_id=key_id).first()
        if key is None:
            raise NotFound(key_id=key_id)
        if key.revoked_at is not None:
            return
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        record(
            name="AccessKeyRevoked",
            actor=requester.actor,
            subject=requester.public_id,
            at=now,
            facts={"key_id": key_id},
        )


def secret_of(key: AccessKey) -> str:
    """The secret in clear, to check a signature with."""
    sealed = bytes(key.sealed_secret)
    return unseal(sealed, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=key.key_id)
