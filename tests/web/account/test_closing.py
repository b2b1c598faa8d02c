"""The page where an account is closed: what stands against it, and what becomes of the last cents."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.money.bank import SHIRIN
from tests.web.joining import PASSWORD, verified_user, visitor
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.models import Payout
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db


def leaving_with(amount: str, *, password_typed: bool = True) -> tuple[Client, Worker]:
    """Somebody who has just typed their password once more, and has so much left."""
    user = verified_user()
    rahima = make.with_earnings(make.worker(of=user), amount)
    client = visitor()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    if password_typed:
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client, rahima


def test_the_last_cents_go_where_the_page_says_that_they_arrive() -> None:
    client, rahima = leaving_with("0.50")
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(120), source="bank", now=timezone.now())
    place = make.payout_method(of=rahima)
    page = client.get("/account/close")
    assert "৳60.00 arrives" in page.content.decode()
    asked = {"method": place.pk, "payout_id": page.context["payout_id"]}
    for _ in range(2):  # pressing twice asks once
        assert client.post("/account/close/withdraw", asked)["Location"] == "/account/close"
    payout = Payout.objects.get(worker=rahima)
    assert (str(payout.amount), str(payout.receives), payout.currency) == ("0.50", "60.00", "BDT")


def test_a_place_that_does_not_take_so_little_is_not_offered() -> None:
    client, rahima = leaving_with("0.30")
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(120), source="bank", now=timezone.now())
    make.payout_method(of=rahima)
    page = client.get("/account/close").content.decode()
    assert "is less than any of your places takes" in page
    assert "Withdraw the rest" not in page


def test_what_no_place_takes_is_given_up_by_who_ticks_that_and_then_the_account_is_closed() -> None:
    client, rahima = leaving_with("0.30")
    page = client.get("/account/close").content.decode()
    [units] = re.findall(r'name="given_up" value="(\d+)"', page)
    unticked = client.post("/account/close/give-up", follow=True).content.decode()
    assert "Tick that you give it up" in unticked
    assert "Close the account for good" not in unticked
    done = client.post("/account/close/give-up", {"given_up": units}, follow=True).content.decode()
    assert "Close the account for good" in done
    assert client.post("/account/close")["Location"] == "/"
    rahima.refresh_from_db()
    assert rahima.state == "closed"


@pytest.mark.parametrize("form", ["withdraw", "give-up"])
def test_who_has_to_show_again_who_they_are_comes_back_to_the_page_with_the_form(form: str) -> None:
    client, _rahima = leaving_with("0.30", password_typed=False)
    asked = client.post(f"/account/close/{form}")
    assert asked["Location"] == "/account/reauthenticate/?next=/account/close"
