"""Access keys for programs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import cast, make
from tests.make import NOW
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.people.actions.keys import (
    KEYS_AT_ONCE,
    TooManyKeys,
    make_access_key,
    revoke_access_key,
    secret_of,
)
from tukro.people.models import AccessKey
from tukro.people.queries import access_keys_of

pytestmark = pytest.mark.django_db


def test_a_key_looks_like_the_ones_that_clients_know_and_its_secret_opens() -> None:
    key = make_access_key(requester=cast.karim(), now=NOW)
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", key.key_id)
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", key.secret)
    assert secret_of(AccessKey.objects.get(key_id=key.key_id)) == key.secret


def test_the_secret_lies_sealed_in_the_table_and_not_in_the_journal() -> None:
    karim = cast.karim()
    key = make_access_key(requester=karim, now=NOW)
    assert key.secret.encode() not in bytes(AccessKey.objects.get(key_id=key.key_id).sealed_secret)
    told = [event.facts for event in history(karim.public_id) if event.name == "AccessKeyMade"]
    assert told == [{"key_id": key.key_id}]


def test_a_revoked_key_is_gone_from_the_list_and_revoking_twice_is_told_once() -> None:
    karim = cast.karim()
    key = make_access_key(requester=karim, now=NOW)
    for hours in (1, 2):
        revoke_access_key(requester=karim, key_id=key.key_id, now=NOW + timedelta(hours=hours))
    assert list(access_keys_of(karim)) == []
    assert AccessKey.objects.get(key_id=key.key_id).revoked_at == NOW + timedelta(hours=1)
    assert [event.name for event in history(karim.public_id)].count("AccessKeyRevoked") == 1


def test_a_stranger_cannot_revoke_a_key() -> None:
    karim = cast.karim()
    key = make_access_key(requester=karim, now=NOW)
    other = make.requester(email="other@example.org")
    with pytest.raises(NotFound):
        revoke_access_key(requester=other, key_id=key.key_id, now=NOW)
    assert [each.key_id for each in access_keys_of(karim)] == [key.key_id]


def test_a_requester_has_few_keys_at_once() -> None:
    karim = cast.karim()
    keys = [make_access_key(requester=karim, now=NOW) for _ in range(KEYS_AT_ONCE)]
    with pytest.raises(TooManyKeys):
        make_access_key(requester=karim, now=NOW)
    revoke_access_key(requester=karim, key_id=keys[0].key_id, now=NOW)
    make_access_key(requester=karim, now=NOW)
    assert access_keys_of(karim).count() == KEYS_AT_ONCE
