"""A worker asks for another country on the page that obstacles lead to; staff decide on theirs."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import cast, make
from tests.web.market import html_batch, signed_in
from tukro.people.models import CountryRequest, Worker
from tukro.people.queries import country_request_of
from tukro.qualifications.rules import LOCALE, Requirement

pytestmark = pytest.mark.django_db

PAGE = "/account/country"
SAID = {"country": "IN", "said": "I moved to Kolkata in May."}


def obstacle_of(worker: Worker, *places: str) -> str:
    needs = (Requirement(LOCALE, "In", locales=places),)
    group = html_batch(of_terms=make.terms(requirements=needs)).task_type.group_id
    return signed_in(worker).get(f"/projects/{group}/tasks").content.decode()


def test_the_way_out_of_a_wrong_country_is_a_page_where_it_can_be_asked_for() -> None:
    rahima = cast.rahima()
    assert f'href="{PAGE}"' in obstacle_of(rahima, "IN", "US-CA")
    client = signed_in(rahima)
    assert "Bangladesh" in client.get(PAGE).content.decode()

    answer = client.post(PAGE, SAID, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    page = answer.content.decode()
    for shown in ("Our staff look at it and write to you.", "India", "I moved to Kolkata in May."):
        assert shown in page, shown


def test_the_state_within_the_country_workers_say_themselves() -> None:
    page = obstacle_of(make.worker(country="US"), "US-CA", "US-NY")
    assert "Say in which state you live" in page
    assert f'href="{PAGE}"' not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"country": "BD"}, "It is this country already. Choose another one."),
        ({"country": ""}, "This field is required."),
        ({"said": " "}, "This field is required."),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_form(typed: dict[str, str], said: str) -> None:
    answer = signed_in(cast.rahima()).post(PAGE, {**SAID, **typed})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not CountryRequest.objects.exists()


def test_contact_details_and_worker_account_lead_there_and_say_what_an_address_does_not_do() -> None:
    client = signed_in(cast.rahima())
    for address in ("/account/contact", "/account/worker"):
        page = client.get(address).content.decode()
        assert f'href="{PAGE}"' in page.partition("<h1")[2], address
    said = "The country where you work stays Bangladesh, whatever the address."
    assert said in client.get("/account/contact").content.decode()


def test_only_workers_have_one() -> None:
    client = signed_in(cast.karim().user)
    assert client.get(PAGE)["Location"].startswith("/account/worker")
    assert PAGE not in client.get("/account/contact").content.decode()


@pytest.fixture
def as_staff(client: Client) -> Client:
    client.force_login(cast.shirin())
    return client


def test_staff_see_what_is_asked_and_change_it(as_staff: Client) -> None:
    rahima = cast.rahima()
    signed_in(rahima).post(PAGE, SAID)
    queue = as_staff.get("/staff/workers").content.decode()
    for shown in ("Other countries asked for", "India", "Bangladesh", "I moved to Kolkata in May."):
        assert shown in queue, shown
    assert as_staff.get("/staff/").context["workers"] == 2  # the account, and its country

    act = f"/staff/workers/{rahima.public_id}/country"
    without = as_staff.post(act, {"country": "IN", "reason": "", "queue": "1"})
    assert "Please write the reason" in without.content.decode()
    answer = as_staff.post(act, {"country": "IN", "reason": "Your bill shows it.", "queue": "1"})

    assert answer["Location"] == "/staff/workers"
    rahima.refresh_from_db()
    assert (rahima.country, country_request_of(rahima)) == ("IN", None)
    page = as_staff.get(f"/staff/workers/{rahima.public_id}").content.decode()
    for shown in ("Country changed by staff", "Bangladesh", "India", "Your bill shows it."):
        assert shown in page, shown


def test_staff_decline_it(as_staff: Client) -> None:
    rahima = cast.rahima()
    signed_in(rahima).post(PAGE, SAID)
    act = f"/staff/workers/{rahima.public_id}/country/keep"
    assert as_staff.post(act, {"reason": "Your letter came back."})["Location"] == act.removesuffix(
        "/country/keep"
    )
    rahima.refresh_from_db()
    assert (rahima.country, country_request_of(rahima)) == ("BD", None)


def test_staff_correct_it_unasked(as_staff: Client) -> None:
    rahima = cast.rahima()
    as_staff.post(f"/staff/workers/{rahima.public_id}/country", {"country": "NP", "reason": "By telephone"})
    rahima.refresh_from_db()
    assert rahima.country == "NP"
