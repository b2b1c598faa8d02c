"""The keys that signatures are checked with, kept in memory: making them costs more than checking.

A kept key says nothing about whether it still works: that is asked of the database on every call
(``people.actions.wire.note_call``), so a revoked key is dead at once in every process.
"""

from __future__ import annotations

from typing import TypeVar

from tukro.api.mturk.signature import Claim, signing_key
from tukro.people.actions.keys import secret_of
from tukro.people.models import AccessKey

_Name = TypeVar("_Name")
_Kept = TypeVar("_Kept")

_KEPT = 4096
_secrets: dict[str, str] = {}
_signing_keys: dict[tuple[str, str, str], bytes] = {}


def signing_key_of(claim: Claim) -> bytes | None:
    """The key that ``claim`` must have been signed with, or None for an access key that nobody has."""
    name = (claim.key_id, claim.day, claim.region)
    key = _signing_keys.get(name)
    if key is None:
        secret = _secret(claim.key_id)
        if secret is None:
            return None
        key = _keep(_signing_keys, name, signing_key(secret, claim.day, claim.region))
    return key


def forget(key_id: str) -> None:
    """Drop what is kept of a key that turned out to be revoked."""
    _secrets.pop(key_id, None)
    for name in [name for name in _signing_keys.copy() if name[0] == key_id]:
        _signing_keys.pop(name, None)


def _secret(key_id: str) -> str | None:
    secret = _secrets.get(key_id)
    if secret is None:
        if not (key_id.isascii() and key_id.isalnum() and len(key_id) <= 128):
            return None
        key = AccessKey.objects.only("key_id", "sealed_secret").filter(key_id=key_id, revoked_at=None).first()
        if key is None:
            return None
        secret = _keep(_secrets, key_id, secret_of(key))
    return secret


def _keep(place: dict[_Name, _Kept], name: _Name, kept: _Kept) -> _Kept:
    if len(place) >= _KEPT:  # strangers may name any region; what is dropped is made again
        place.clear()
    place[name] = kept
    return kept
