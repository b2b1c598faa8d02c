"""Saving a search from the open list, and the page of saved searches."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from tests import cast
from tests.web.market import html_batch, signed_in
from tukro.work.models import SavedSearch

pytestmark = pytest.mark.django_db

QUERY = "search=digit&category=image&min_reward=0.02&minutes=5&phone=on&language=en"


def test_the_list_offers_to_save_what_was_searched() -> None:
    html_batch()
    client = signed_in(cast.rahima())
    assert "/searches/new" not in client.get("/projects").content.decode()
    page = client.get(f"/projects?{QUERY}").content.decode()
    assert "/searches/new?search=digit" in page


def test_a_saved_search_shows_its_filters_and_leads_back_to_them() -> None:
    client = signed_in(cast.rahima())
    posted = {"name": "Digits", "alert": "on", "every": "900"}
    assert client.post(f"/searches/new?{QUERY}", posted)["Location"] == "/searches"
    page = client.get("/searches").content.decode()
    for shown in (
        "Digits",
        "Search: digit",
        "Kind of work: Looking at images",
        "Takes: At most 5 minutes",
        "Only work that suits a phone",
        "at most every 15 minutes",
    ):
        assert shown in page, shown
    [told] = client.get("/searches?format=json").json()["results"]
    asked = client.get(told["projects_url"]).context["filters"]
    assert asked.wanted.plain == SavedSearch.objects.get().wanted


def test_faults_are_said_beside_the_field() -> None:
    client = signed_in(cast.rahima())
    posted = {"name": "Digits", "alert": "on", "every": "900"}
    client.post(f"/searches/new?{QUERY}", posted)
    answer = client.post(f"/searches/new?{QUERY}", posted)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "You have a search called Digits." in answer.content.decode()
    assert client.post("/searches/new", {"name": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_search_is_changed_removed_and_can_be_brought_back() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    client.post(f"/searches/new?{QUERY}", {"name": "Digits", "alert": "on", "every": "900"})
    kept = SavedSearch.objects.get()
    address = f"/searches/{kept.public_id}"
    assert client.post(address, {"name": "Numbers", "every": "3600"})["Location"] == "/searches"
    kept.refresh_from_db()
    assert (kept.name, kept.alert) == ("Numbers", False)
    assert signed_in(cast.tanvir()).get(address).status_code == HTTPStatus.NOT_FOUND

    page = client.post(f"{address}/remove", follow=True).content.decode()
    assert not SavedSearch.objects.exists()
    assert "/searches/new?search=digit" in page
