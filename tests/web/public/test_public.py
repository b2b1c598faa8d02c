"""What anyone may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.make import NOW
from tests.web.joining import signed_in, visitor
from tukro.kernel.money import Money
from tukro.people.models import User
from tukro.web.public import figures
from tukro.web.words.categories import ALTERNATIVES, NAMES
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Category, CategoryPolicy, Listing
from tukro.work.rules import HOURLY_SAMPLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_latest", None)


def test_the_figures_are_counted_from_our_own_data() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=5, places=2, of_terms=make.terms(reward="0.25"))
    work = make.submitted(of=batch)
    approve_assignments(requester=karim, assignment_ids=[work.public_id], now=NOW)
    Listing.objects.update(open_places=9)
    counted = figures.measure(NOW)
    assert (counted.open_places, counted.paid_tasks, counted.paid_out) == (9, 1, Money.parse("0.25"))
    assert [group.title for group in counted.newest] == ["Which digit is this?"]


def test_pay_per_hour_is_only_told_when_enough_is_measured() -> None:
    karim = cast.karim()
    for no in range(5):
        make.batch(of=karim, of_terms=make.terms(title=f"Task {no}"))
    assert figures.measure(NOW).hourly is None
    for cents, listing in enumerate(Listing.objects.order_by("pk"), 1):
        listing.hourly, listing.hourly_sample = Money.parse(f"{cents}.00"), HOURLY_SAMPLE
        listing.save()
    assert figures.measure(NOW).hourly == Money.parse("3.00")


def test_an_empty_market_says_that_there_is_not_enough_data() -> None:
    assert "not enough data yet" in visitor().get("/").content.decode()


def test_the_figures_are_counted_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    figures.figures(NOW)
    with django_assert_num_queries(0):
        figures.figures(NOW + timedelta(seconds=59))
    make.batch()
    assert figures.figures(NOW + timedelta(hours=1)).newest != []


@pytest.mark.parametrize("page", ["/", "/how-it-works", "/rules", "/account/login/", "/account/signup/"])
def test_every_page_says_that_workers_never_pay(page: str) -> None:
    assert "Workers never pay" in visitor().get(page).content.decode()


def test_the_rules_name_every_kind_of_work_with_its_policy() -> None:
    page = visitor().get("/rules").content.decode()
    assert all(str(NAMES[code]) in page for code in Category.objects.values_list("code", flat=True))


def test_every_kind_of_work_has_a_name_and_every_refused_one_an_honest_alternative() -> None:
    codes = set(Category.objects.values_list("code", flat=True))
    assert codes <= set(NAMES)
    refused = set(Category.objects.filter(policy=CategoryPolicy.REFUSED).values_list("code", flat=True))
    assert refused <= set(ALTERNATIVES)


def test_the_browser_chooses_the_language_and_bengali_is_understood_from_both_countries() -> None:
    for asked, given in (("bn-BD,en;q=0.5", "bn"), ("bn-IN", "bn"), ("en-GB", "en"), ("fr", "en")):
        assert visitor(asked).get("/")["Content-Language"] == given


def test_the_switch_keeps_the_language_of_a_visitor_in_a_cookie() -> None:
    client = visitor("en")
    answer = client.post("/language", {"language": "bn", "next": "/rules"})
    assert (answer.status_code, answer["Location"]) == (302, "/rules")
    assert client.get("/")["Content-Language"] == "bn"


def test_the_switch_keeps_the_language_of_a_person_for_all_devices() -> None:
    user = make.user()
    signed_in(user).post("/language", {"language": "bn"})
    assert User.objects.get().language == "bn"
    other = Client(headers={"accept-language": "en"})
    other.force_login(user)
    assert other.get("/")["Content-Language"] == "bn"


def test_a_persons_own_language_wins_over_the_cookie() -> None:
    client = signed_in(make.user(language="bn"))
    client.cookies["tukro_language"] = "en"
    assert client.get("/")["Content-Language"] == "bn"


@pytest.mark.parametrize("language", ["xx", "", "bn<script>"])
def test_an_unknown_language_changes_nothing(language: str) -> None:
    client = visitor("en")
    client.post("/language", {"language": language})
    assert client.get("/")["Content-Language"] == "en"


def test_the_switch_never_leads_out_of_the_house() -> None:
    answer = visitor().post("/language", {"language": "bn", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_pages_differ_by_language_and_cookie_for_caches() -> None:
    vary = {name.strip() for name in visitor().get("/")["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= vary
