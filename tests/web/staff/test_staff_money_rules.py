"""Staff enter exchange rates and choose the fee table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.web.market import signed_in
from tukro.campaigns.queries.posting import cost_of
from tukro.kernel.money import Money
from tukro.money.actions.books.fetched_rates import note_source
from tukro.money.providers.rates.ecb import EuropeanCentralBank
from tukro.money.queries import latest_rate, policy
from tukro.qualifications.rules import MASTERS, Requirement
from tukro.work.actions.publishing import ensure_task_type

pytestmark = pytest.mark.django_db
RATE = {"currency": "BDT", "rate": "১২১.৫৭", "spread": "1.5", "source": "Bangladesh Bank"}


def test_staff_enter_a_rate_and_see_what_workers_get() -> None:
    client = signed_in(cast.shirin())
    assert "None yet" in client.get("/staff/policy/rates").content.decode()
    for wrong in (
        {"rate": "0"},
        {"rate": "1.2345678"},
        {"source": ""},
        {"currency": "USD"},
        {"spread": "100"},
    ):
        assert client.post("/staff/policy/rates", RATE | wrong).status_code == 422
    said = client.post("/staff/policy/rates", RATE | {"spread": "-1"}).content.decode()
    assert "What the house keeps of a rate is at least 0 and below 100 percent." in said
    assert latest_rate("BDT", timezone.now()) is None
    assert client.post("/staff/policy/rates", RATE).status_code == 302
    page = client.get("/staff/policy/rates").content.decode()
    for words in ("121.57", "119.74645", "1.50%", "Bangladesh Bank"):
        assert words in page


def test_shares_of_rates_are_shown_in_the_digits_of_the_reader() -> None:
    shirin = cast.shirin()
    shirin.language = "bn"
    shirin.save()
    page = signed_in(shirin).get("/staff/policy/rates").content.decode()
    assert [page.count(f'value="{shown}"') for shown in ("৩.০০", "০.০০", "3", "0")] == [1, 2, 0, 0]


def test_a_source_that_is_set_up_is_named_before_it_was_asked(settings: Settings) -> None:
    client, address = signed_in(cast.shirin()), "/staff/policy/rates"
    assert "No source is set up" in client.get(address).content.decode()
    settings.RATES_ECB = True
    page = client.get(address).content.decode()
    assert ["No source is set up" in page, "not asked yet" in page] == [False, True]
    note_source(name=EuropeanCentralBank("").name, fault="", now=NOW)
    assert "not asked yet" not in client.get(address).content.decode()
    settings.RATES_ECB = False  # what it said once is no source that is set up
    assert "No source is set up" in client.get(address).content.decode()


def test_the_fee_table_of_mechanical_turk_is_taken_whole_and_asked_of_many_answers_and_masters() -> None:
    client = signed_in(cast.shirin())
    assert client.post("/staff/policy/money/preset", {"preset": "free"}).status_code == 404
    assert client.post("/staff/policy/money/preset", {"preset": "mturk"}).status_code == 302
    now = policy()
    shares = (now.fee_basis_points, now.many_places_basis_points, now.masters_basis_points)
    assert (*shares, now.many_places_from, now.fees_in_cents) == (2_000, 2_000, 500, 10, True)
    karim, terms = cast.karim(), make.terms(reward="0.50")
    masters = replace(terms, requirements=(Requirement(MASTERS, "Exists"),))
    fees = [
        str(ensure_task_type(requester=karim, terms=asked, places=places, now=NOW).fee)
        for asked, places in [(terms, 9), (terms, 10), (masters, 1), (masters, 10)]
    ]
    assert fees == ["0.10", "0.20", "0.13", "0.23"]
    project = make.project(reward=Money.parse("0.50"), places=10)
    assert str(cost_of(project, rows=2).fees) == "4.00"
    said = signed_in(karim.user).get("/requester/balance").content.decode()
    assert "Tasks with 10 or more answers cost 20% of the reward more." in said
    assert client.post("/staff/policy/money/preset", {"preset": "linear"}).status_code == 302
    assert str(cost_of(project, rows=2).fees) == "2.00"
