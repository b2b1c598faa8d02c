"""The pages about workers from before."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from tests import cast, make
from tests.make import NOW
from tukro.people.models import User
from tukro.qualifications.actions.pool import Former, bring_workers
from tukro.qualifications.queries import qualification_of

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_worker_says_who_they_were_and_the_requester_agrees() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    kind = make.qualification_type(of=karim)
    bring_workers(requester=karim, workers=[Former("A1AAAAAAA", {kind.public_id: 9})], now=NOW)
    said = browser(rahima.user).post("/former_id", {"former_id": " a1aaaaaaa "}, follow=True)
    assert "A1AAAAAAA" in said.content.decode()

    requester = browser(karim.user)
    assert rahima.public_id in requester.get("/requester/former_workers?show=waiting").content.decode()
    answer = requester.post(
        "/requester/former_workers/confirm",
        {"former_id": "A1AAAAAAA", "worker_id": rahima.public_id},
        follow=True,
    )
    assert f"A1AAAAAAA is known to be {rahima.public_id} now." in answer.content.decode()
    held = qualification_of(rahima, kind)
    assert held is not None
    assert held.value == 9
    assert "Nobody waits" in requester.get("/requester/former_workers?show=waiting").content.decode()


def test_rubbish_is_explained_and_not_kept() -> None:
    answer = browser(cast.rahima().user).post("/former_id", {"former_id": "me"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "letter A" in answer.content.decode()


def test_a_confirmation_that_nobody_asked_for_is_not_found() -> None:
    karim = cast.karim()
    bring_workers(requester=karim, workers=[Former("A1AAAAAAA")], now=NOW)
    answer = browser(karim.user).post(
        "/requester/former_workers/confirm", {"former_id": "A1AAAAAAA", "worker_id": cast.rahima().public_id}
    )
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_list_goes_on_by_key() -> None:
    karim = cast.karim()
    bring_workers(requester=karim, workers=[Former(f"A{no:06}") for no in range(1, 53)], now=NOW)
    requester = browser(karim.user)
    assert "after=A000050" in requester.get("/requester/former_workers").content.decode()
    assert "A000052" in requester.get("/requester/former_workers?after=A000050").content.decode()
