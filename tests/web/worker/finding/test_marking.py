"""Hiding and liking from the list, undoing it, and a requester's page."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import html_batch, signed_in
from tukro.work.models import Conduct, Mark

pytestmark = pytest.mark.django_db


def test_work_is_hidden_from_the_list_and_one_press_brings_it_back() -> None:
    group = html_batch().task_type.group_id
    client = signed_in(cast.rahima())
    there = {"group": group, "liking": "hidden", "next": "/projects?sort=reward_asc"}
    answer = client.post("/marks/change", there)
    back = urlsplit(answer["Location"])
    assert (back.path, parse_qs(back.query)["sort"]) == ("/projects", ["reward_asc"])

    page = client.get(answer["Location"]).content.decode()
    assert f"/projects/{group}/tasks" not in page
    assert "It is not shown to you any more." in page
    client.post("/marks/change", {"group": group, "liking": "", "next": "/projects"})
    assert f"/projects/{group}/tasks" in client.get("/projects").content.decode()


def test_marks_are_listed_and_removed_on_a_page_of_their_own() -> None:
    karim = cast.karim()
    group = html_batch().task_type
    client = signed_in(cast.rahima())
    client.post("/marks/change", {"requester": karim.public_id, "liking": "favourite"})
    client.post("/marks/change", {"group": group.group_id, "liking": "hidden"})
    page = client.get("/marks").content.decode()
    assert "Karim Studio" in page
    assert group.title in page

    client.post("/marks/change", {"requester": karim.public_id, "liking": "", "next": "/marks"})
    assert [mark.liking for mark in Mark.objects.all()] == ["hidden"]


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"]
)
def test_marking_leads_back_to_pages_of_ours_only(evil: str) -> None:
    client = signed_in(cast.rahima())
    posted = {"group": html_batch().task_type.group_id, "liking": "favourite", "next": evil}
    assert client.post("/marks/change", posted)["Location"] == "/projects"


def test_unknown_things_cannot_be_marked() -> None:
    client = signed_in(cast.rahima())
    for posted in (
        {"liking": "hidden"},
        {"group": "3NO", "liking": "hidden"},
        {"requester": "💥", "liking": "hidden"},
    ):
        assert client.post("/marks/change", posted).status_code == HTTPStatus.NOT_FOUND


def test_a_requesters_page_says_what_the_record_says_and_what_is_open(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = html_batch(of_terms=make.terms(title="Open work"))
    requester = batch.requester
    client = signed_in(cast.rahima())
    address = f"/requesters/{requester.public_id}"
    assert "the record says nothing about them" in client.get(address).content.decode()

    Conduct.objects.create(
        requester=requester, approved=98, rejected=4, overturned=2, wait_median=7200, counted_at=make.NOW
    )
    # Session with its person, the requester, the mark, the sets that fit, the rows, their questions.
    with django_assert_num_queries(6):
        page = client.get(address).content.decode()
    for shown in ("98%", "of 100 decided", "2 hours", "taken back later: 2", "Open work"):
        assert shown in page, shown
    told = client.get(f"{address}/projects?format=json").json()
    assert told["conduct"]["approval_rate"] == pytest.approx(0.98)
    assert [row["title"] for row in told["results"]] == ["Open work"]
    assert client.get("/requesters/A123").status_code == HTTPStatus.NOT_FOUND
