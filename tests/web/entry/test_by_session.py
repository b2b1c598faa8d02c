"""Doors whose verb finds by itself whose session it is: nobody acts whom the usual look-up would not let."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from threading import Event

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.together import PATIENCE, together, until_one_waits_for_a_lock
from tests.web.market import html_batch, signed_in
from tukro.people.actions.sessions import Proof, note_seen
from tukro.people.models import Session, User, Worker, WorkerState
from tukro.web.entry.sessions import seal
from tukro.work.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def client(rahima: Worker) -> Client:
    return signed_in(rahima)


@pytest.fixture
def address() -> str:
    return f"/projects/{html_batch().task_type.group_id}/tasks/accept_random?format=json"


def expire(rahima: Worker) -> None:
    Session.objects.filter(user=rahima.user).update(expires_at=timezone.now())


def suspend(rahima: Worker) -> None:
    User.objects.filter(pk=rahima.user_id).update(is_active=False)


def change_password(rahima: Worker) -> None:
    rahima.user.set_password("another one, and long")
    rahima.user.save()


def sign_out(rahima: Worker) -> None:
    Session.objects.filter(user=rahima.user).delete()


@pytest.mark.parametrize("end", [expire, suspend, change_password, sign_out])
def test_who_is_not_signed_in_any_more_acts_no_more(
    end: Callable[[Worker], None], rahima: Worker, client: Client, address: str
) -> None:
    assert client.post(address).status_code == HTTPStatus.OK
    end(rahima)
    answer = client.post(address)
    assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.UNAUTHORIZED, "sign_in_required")
    assert Assignment.objects.count() == 1


def test_a_changed_secret_ends_all_sessions(client: Client, address: str) -> None:
    with override_settings(SECRET_KEY="another"):
        assert client.post(address).status_code == HTTPStatus.UNAUTHORIZED
    assert not Assignment.objects.exists()


def test_a_session_is_sealed_for_the_password_that_it_was_made_with(rahima: Worker, client: Client) -> None:
    assert Session.objects.get(user=rahima.user).seal == seal()
    change_password(rahima)
    assert Session.objects.get(user=rahima.user).seal == ""
    kept = client.session  # still there, and kept once more
    kept["x"] = "y"
    kept.save()
    assert Session.objects.get(user=rahima.user).seal == ""
    signed_in(rahima)
    assert Session.objects.filter(seal=seal()).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_session_is_sealed_for_a_password_that_is_just_changed(rahima: Worker) -> None:
    """Whoever seals waits for whoever changes the password, and then sees that it is another."""
    signed_in(rahima)
    key = Session.objects.get(user=rahima.user).key
    proof = Proof(rahima.user.password, seal())
    looked = Event()

    def change() -> None:
        with transaction.atomic():
            change_password(rahima)
            looked.set()
            until_one_waits_for_a_lock()

    def seal_again() -> None:
        looked.wait(PATIENCE)
        note_seen(key=key, user_id=rahima.user_id, proof=proof, now=timezone.now())

    assert together(change, seal_again) == [None, None]
    assert Session.objects.get(key=key).seal == ""


@pytest.mark.parametrize("older", [{"seal": ""}, {"seen_at": None}])
def test_a_session_that_is_not_sealed_is_looked_up_in_the_usual_way_and_sealed_within_the_hour(
    older: dict[str, str | None], rahima: Worker, client: Client, address: str
) -> None:
    Session.objects.filter(user=rahima.user).update(**older)
    assert client.post(address).status_code == HTTPStatus.OK
    kept = Session.objects.get(user=rahima.user)
    assert kept.seen_at
    assert kept.seal == ("" if "seal" in older else seal())
    hour_ago = timezone.now() - timedelta(minutes=61)
    Session.objects.filter(user=rahima.user).update(seen_at=hour_ago)
    client.post(address)
    assert Session.objects.get(user=rahima.user).seal == seal()


def test_who_becomes_a_worker_is_one_in_every_session(address: str) -> None:
    person = make.user()
    client = signed_in(person)
    assert Session.objects.get(user=person).worker_id is None
    made = make.worker(of=person)
    kept = Session.objects.get(user=person)
    assert (kept.worker_id, kept.worker_public_id) == (made.pk, made.public_id)
    assert (kept.requester_id, kept.seal) == (None, seal())
    assert client.post(address).status_code == HTTPStatus.OK


def test_who_is_no_worker_finds_no_door(address: str) -> None:
    assert signed_in(make.user()).post(address).status_code == HTTPStatus.NOT_FOUND
    assert not Assignment.objects.exists()


def test_a_stranger_with_a_bad_request_is_first_asked_to_sign_in() -> None:
    for door in (
        "/projects/x/tasks/accept_random",
        "/projects/x/tasks/y/submit",
        "/requester/assignments/approve",
    ):
        answer = Client().post(f"{door}?format=json")
        assert (door, answer.status_code) == (door, HTTPStatus.UNAUTHORIZED)


def test_a_forged_post_is_refused_before_anything_is_asked(
    rahima: Worker, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rahima.user.language = "bn"
    rahima.user.save()
    client = signed_in(rahima, strict=True)
    with django_assert_num_queries(1):  # in whose language to say so
        answer = client.post(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Language"]) == (HTTPStatus.FORBIDDEN, "bn")
    assert not Assignment.objects.exists()


def test_a_refusal_speaks_the_language_of_the_person_and_costs_one_look_up(
    rahima: Worker, client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rahima.user.language = "bn"
    rahima.user.save()
    Worker.objects.update(state=WorkerState.SUSPENDED)
    client.post(address)
    with django_assert_num_queries(2):
        answer = client.post(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Language"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "bn")
    assert answer.json()["error"] == "not_active"
    assert any("\u0980" <= letter <= "\u09ff" for letter in answer.json()["message"])


@pytest.mark.django_db(transaction=True)
def test_a_dropped_connection_is_noticed_before_a_verb_is_sent(client: Client, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        [mine] = cursor.fetchone()
    with connection.get_new_connection(connection.get_connection_params()) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [mine])
    assert client.post(address).status_code == HTTPStatus.OK
    assert Assignment.objects.count() == 1
