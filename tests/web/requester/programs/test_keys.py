"""The page of access keys: a secret seen once, the lines that use it, and keys taken back."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from tests import cast, make
from tests.web.joining import signed_in
from tukro.people.actions.keys import KEYS_AT_ONCE, make_access_key, secret_of
from tukro.people.actions.wire import Use, note_call
from tukro.people.models import AccessKey
from tukro.people.queries import access_keys_of

pytestmark = pytest.mark.django_db


def test_a_secret_is_shown_once_with_the_lines_that_use_it() -> None:
    client = signed_in(cast.karim().user)
    answer = client.post("/requester/keys")
    made = html.unescape(answer.content.decode())
    key = AccessKey.objects.get()
    shown = re.search(r">([A-Za-z0-9+/]{40})<", made)
    assert shown
    assert shown[1] == secret_of(key)
    for line in (
        f"export AWS_ENDPOINT_URL_MTURK={settings.SITE_URL}/mturk",
        f"export AWS_ACCESS_KEY_ID={key.key_id}",
        f"export AWS_SECRET_ACCESS_KEY={shown[1]}",
    ):
        assert line in made
    assert "no-store" in answer["Cache-Control"]
    later = client.get("/requester/keys")
    assert key.key_id in later.content.decode()
    assert shown[1] not in html.unescape(later.content.decode())
    assert "no-store" in later["Cache-Control"]


def test_revoking_asks_first_and_only_the_owner_can() -> None:
    karim = cast.karim()
    key = make_access_key(requester=karim, now=make.NOW)
    address = f"/requester/keys/{key.key_id}/revoke"
    stranger = signed_in(make.requester(email="other@example.org").user)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404
    owner = signed_in(karim.user)
    assert "Revoke the key?" in owner.get(address).content.decode()
    assert list(access_keys_of(karim).values_list("key_id", flat=True)) == [key.key_id]
    assert owner.post(address).status_code == 302
    assert list(access_keys_of(karim)) == []
    assert owner.get(address).status_code == 404


def test_too_many_keys_are_refused_with_words() -> None:
    karim = cast.karim()
    for _ in range(KEYS_AT_ONCE):
        make_access_key(requester=karim, now=make.NOW)
    client = signed_in(karim.user)
    answer = client.post("/requester/keys")
    assert answer.status_code == 422
    assert "You can have 5 access keys at once." in answer.content.decode()
    assert "Make a key" not in client.get("/requester/keys").content.decode()


def test_the_list_says_when_a_key_was_last_used() -> None:
    karim = cast.karim()
    key = make_access_key(requester=karim, now=make.NOW)
    client = signed_in(karim.user)
    assert "never" in client.get("/requester/keys").content.decode()
    called(key.key_id, make.NOW)
    assert "2026-11-02T09:00:00Z" in client.get("/requester/keys").content.decode()


def test_use_is_noted_once_an_hour() -> None:
    key = make_access_key(requester=cast.karim(), now=make.NOW)
    noted = []
    for passed in (timedelta(), timedelta(minutes=30), timedelta(hours=2)):
        called(key.key_id, make.NOW + passed)
        noted.append(AccessKey.objects.get().last_used_at)
    assert noted == [make.NOW, make.NOW, make.NOW + timedelta(hours=2)]


def called(key_id: str, now: datetime) -> None:
    """A call on the wire that tells the other processes of itself, as a process's first one does."""
    assert note_call(key_id=key_id, act=None, use=Use(uuid4(), 1, 1), now=now)
