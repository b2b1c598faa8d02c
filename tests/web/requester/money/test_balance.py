"""The requester's balance pages: what is there, what is set aside, and adding play money."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.work.queries import batches_about

pytestmark = pytest.mark.django_db
ADDRESS = "/requester/balance"


def test_balance_and_what_is_set_aside_for_which_batch(as_karim: Client, karim: Requester) -> None:
    first = make.batch(of=karim, rows=3, places=2, now=timezone.now())
    second = make.batch(of=karim, rows=1, now=timezone.now())
    price = first.task_type.reward + first.task_type.fee

    shown = as_karim.get(ADDRESS).context

    assert shown["available"] == Money.parse("1000.00") - price * 7
    assert shown["set_aside"] == price * 7
    assert [(batch.pk, amount) for batch, amount in shown["batches"]] == [
        (second.pk, price),
        (first.pk, price * 6),
    ]


def test_the_statement_runs_back_from_the_balance(as_karim: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, now=timezone.now())
    price = batch.task_type.reward + batch.task_type.fee
    rows = [movement.row for movement in as_karim.get(ADDRESS).context["movements"]]
    assert [(row.kind, row.amount, row.balance_after) for row in rows] == [
        ("set_aside", -price, Money.parse("1000.00") - price),
        ("deposit", Money.parse("1000.00"), Money.parse("1000.00")),
    ]


def test_a_movement_names_the_batch_that_it_is_about(as_karim: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, now=timezone.now())
    work = make.accepted(of=batch, now=timezone.now())
    ids = [batch.public_id, work.task.public_id, work.public_id]
    assert batches_about(karim, [*ids, "SOMETHING"]) == dict.fromkeys(ids, batch)
    assert batches_about(make.requester(), ids) == {}
    link = f'<a class="small" href="/requester/batches/{batch.public_id}" translate="no">{batch.name}</a>'
    assert link in as_karim.get(ADDRESS).content.decode()


def test_the_statement_pages_by_key(
    as_karim: Client, karim: Requester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.web.requester.money.balance.PAGE", 2)
    for _no in range(2):
        make.batch(of=karim, now=timezone.now())
    first = as_karim.get(ADDRESS).context
    second = as_karim.get(f"{ADDRESS}?after={first['next_cursor']}").context
    kinds = [[movement.row.kind for movement in shown["movements"]] for shown in (first, second)]
    assert kinds == [["set_aside", "set_aside"], ["deposit"]]
    assert second["next_cursor"] == ""


def test_the_page_costs_the_same_for_few_and_many_batches(
    as_karim: Client, karim: Requester, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 4):
        for _no in range(count):
            make.batch(of=karim, now=timezone.now())
        with django_assert_num_queries(10):
            as_karim.get(ADDRESS)


@pytest.mark.parametrize("cursor", ["x", "-1", "", "99999999999999999999999"])
def test_a_forged_cursor_harms_nobody(as_karim: Client, cursor: str) -> None:
    assert as_karim.get(f"{ADDRESS}?after={cursor}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "added"), [("25", "25.00"), ("1,000.50", "1000.50"), ("১২৫.৫০", "125.50"), ("$5", "5.00")]
)
def test_play_money_is_added(as_karim: Client, karim: Requester, typed: str, added: str) -> None:
    response = as_karim.post(f"{ADDRESS}/add", {"amount": typed})
    assert response.headers["Location"] == ADDRESS
    assert requester_balance(karim)[0] == Money.parse("1000.00") + Money.parse(added)


def test_play_money_comes_once_for_two_presses(as_karim: Client, karim: Requester) -> None:
    shown = as_karim.get(f"{ADDRESS}/add").context["form"]
    for _ in range(2):
        as_karim.post(f"{ADDRESS}/add", {"amount": "25", "deposit_id": shown.initial["deposit_id"]})
    assert requester_balance(karim)[0] == Money.parse("1025.00")


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "five", "1.234", "1e9", "NaN", "1000000.01", "9" * 30, "∞", "১.২৩৪"]
)
def test_what_is_no_amount_adds_nothing(as_karim: Client, karim: Requester, typed: str) -> None:
    response = as_karim.post(f"{ADDRESS}/add", {"amount": typed})
    assert response.status_code == 422
    assert requester_balance(karim)[0] == Money.parse("1000.00")


def test_a_new_requester_is_told_to_add_money() -> None:
    client = Client()
    client.force_login(make.requester(funds="0").user, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(ADDRESS)
    assert shown.context["movements"] == []
    assert shown.context["available"] == Money.zero()
