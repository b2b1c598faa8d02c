"""The key that makes aliases is remembered, so that a start with another one is refused."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.people.aliases import KEY, key_fingerprint
from tukro.people.models import AliasKeySeen, Requester


@transaction.atomic
def remember_alias_key(*, now: datetime) -> bool:
    """Whether the key of the settings fits the aliases that were made; one that is new here is remembered.

    While no requester sees aliases, any key fits and takes the place of the one before.
    """
    fingerprint = key_fingerprint()
    kept, is_new = AliasKeySeen.objects.select_for_update().get_or_create(
        no=KEY, defaults={"fingerprint": fingerprint, "seen_at": now}
    )
    if is_new or kept.fingerprint == fingerprint:
        return True
    if Requester.objects.filter(alias_key=KEY).exists():
        return False
    kept.fingerprint, kept.seen_at = fingerprint, now
    kept.save(update_fields=["fingerprint", "seen_at"])
    return True
