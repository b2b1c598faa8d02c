"""Sessions that bring their person along: what they load, what they cost, how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.make import NOW
from tests.web.joining import PASSWORD, signed_in, verified_user, visitor
from tukro.people.actions.joining import become_requester, request_worker_account
from tukro.people.jobs import purge_limits, purge_sessions
from tukro.people.models import Requester, Session, User, Worker
from tukro.people.queries.visiting import Visit, visit
from tukro.web.entry.sessions import SessionStore, hashed

pytestmark = pytest.mark.django_db

HOT = "/account/start"


def visit_of(client: Client) -> Visit:
    found = visit(hashed(client.cookies["sessionid"].value), timezone.now())
    assert found is not None
    return found


def loaded(row: Model) -> dict[str, object]:
    """The fields that are in memory."""
    later = row.get_deferred_fields()
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in later}


@pytest.mark.parametrize("staff", [True, False])
def test_what_the_session_brings_is_what_the_tables_say(staff: bool) -> None:
    user = make.user(is_staff=staff, language="bn", digits="latin", time_zone="Asia/Kolkata")
    request_worker_account(user=user, country="BD", now=NOW)
    become_requester(user=user, name="Rahima", now=NOW)
    person = visit_of(signed_in(user)).user
    assert person is not None
    for brought, fresh in (
        (person, User.objects.get()),
        (person.worker, Worker.objects.get()),
        (person.requester, Requester.objects.get()),
    ):
        assert loaded(brought) == {name: getattr(fresh, name) for name in loaded(brought)}
    assert person.worker.user is person
    assert person.requester.user is person


def test_who_asks_is_known_after_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(cast.rahima().user)
    with django_assert_num_queries(1):
        assert client.get(HOT)["Location"] == "/projects"


def test_a_stranger_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert visitor().get(HOT).status_code == 302


def test_someone_without_roles_has_none() -> None:
    person = visit_of(signed_in(make.user())).user
    assert person is not None
    assert (getattr(person, "worker", None), getattr(person, "requester", None)) == (None, None)


def test_the_table_keeps_no_cookie() -> None:
    client = signed_in(make.user())
    assert Session.objects.get().key != client.cookies["sessionid"].value


def test_signing_in_changes_the_cookie() -> None:
    verified_user()
    client = visitor()
    client.get("/account/worker")
    store = SessionStore()
    store["planted"] = "1"
    store.create()
    planted = str(store.session_key)
    client.cookies["sessionid"] = planted
    client.post("/account/login/", {"login": "rahima@example.org", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    assert visit(hashed(planted), timezone.now()) is None


def test_the_cookie_is_for_the_server_only() -> None:
    verified_user()
    client = visitor()
    client.post("/account/login/", {"login": "rahima@example.org", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_out_ends_the_session_for_a_copied_cookie_too() -> None:
    client = signed_in(make.user())
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert thief.get("/account/").status_code == 302
    assert not Session.objects.filter(user__isnull=False).exists()


def test_a_new_password_signs_every_other_device_out() -> None:
    user = verified_user()
    here, there = signed_in(user), signed_in(user)
    form = {"oldpassword": PASSWORD, "password1": "another-horse-7", "password2": "another-horse-7"}
    assert here.post("/account/password/change/", form).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_a_closed_account_is_out_at_once() -> None:
    user = make.user()
    client = signed_in(user)
    User.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_a_session_that_ran_out_is_none() -> None:
    client = signed_in(make.user())
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/account/").status_code == 302
    assert purge_sessions(timezone.now()) == 1
    assert not Session.objects.exists()


def test_a_session_that_ended_in_another_tab_does_not_come_back() -> None:
    client = signed_in(make.user())
    store = SessionStore(client.cookies["sessionid"].value)
    store["late"] = "1"
    Session.objects.all().delete()
    answer = client.get("/account/")
    assert answer.status_code == 302
    assert not Session.objects.exists()


def test_rubbish_as_a_cookie_is_a_stranger() -> None:
    client = visitor()
    for rubbish in ("", "x", "../../etc/passwd", "\u0000", "a" * 5000):
        client.cookies["sessionid"] = rubbish
        assert client.get("/account/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_dropped_is_replaced_without_a_fault() -> None:
    client = signed_in(cast.rahima().user)
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        [mine] = cursor.fetchone()
    with connection.get_new_connection(connection.get_connection_params()) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [mine])
    assert client.get(HOT)["Location"] == "/projects"


def test_counts_of_rate_limits_are_forgotten_when_their_time_is_over() -> None:
    visitor().post("/account/login/", {"login": "nobody@example.org", "password": "x"})
    assert purge_limits(timezone.now()) == 0
    assert purge_limits(timezone.now() + timedelta(hours=1)) > 0
