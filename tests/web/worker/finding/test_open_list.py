"""The open list and the look before accepting."""

from __future__ import annotations

from html import unescape
from http import HTTPStatus
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests import cast, make
from tests.web.market import html_batch, proof_batch, signed_in, taken
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.rules import LOCALE, MASTERS, NUMBER_APPROVED, Requirement

pytestmark = pytest.mark.django_db


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/projects")
    assert answer.status_code == HTTPStatus.FOUND
    assert client.get("/projects?format=json").status_code == HTTPStatus.UNAUTHORIZED


def test_a_row_shows_what_is_to_be_known_before_starting() -> None:
    proof_batch()
    page = signed_in(cast.rahima()).get("/projects").content.decode()
    for shown in (
        "Read and sum up",
        "Karim Studio",
        "$0.40",
        "Writing",
        "places left: 6",
        "time allotted 10 min",
        "proof: text, choice, file or screenshot",
        "not enough data",
    ):
        assert shown in page, shown


def test_work_is_accepted_right_from_the_list() -> None:
    batch = html_batch()
    page = signed_in(cast.rahima()).get("/projects").content.decode()
    assert f'action="/projects/{batch.task_type.group_id}/tasks/accept_random"' in page


def test_the_list_answers_scripts_in_the_shape_that_they_know() -> None:
    batch = html_batch()
    answer = signed_in(cast.rahima()).get("/projects?format=json").json()
    [row] = answer["results"]
    assert row["hit_set_id"] == batch.task_type.group_id
    assert row["monetary_reward"] == {"amount_in_dollars": 0.05, "currency_code": "USD"}
    assert row["assignable_hits_count"] == 2
    assert row["accept_project_task_url"] == f"/projects/{batch.task_type.group_id}/tasks/accept_random"
    assert (answer["num_results"], answer["next_cursor"]) == (1, None)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Sum up", "ছবি দেখুন"}),
        ("search=ছবি", {"ছবি দেখুন"}),
        ("filters[search_term]=sum", {"Sum up"}),
        ("min_reward=0.30", {"Sum up"}),
        ("min_reward=০.৩০", {"Sum up"}),
        ("category=image", {"ছবি দেখুন"}),
        (
            "min_reward=rubbish&sort=rubbish&category=rubbish&after=rubbish&page_size=x",
            {"Sum up", "ছবি দেখুন"},
        ),
    ],
)
def test_search_and_filters_narrow_the_list(query: str, titles: set[str]) -> None:
    proof_batch(
        of_terms=make.terms(title="Sum up", category="writing", reward="0.40", description="x", keywords="")
    )
    html_batch(of_terms=make.terms(title="ছবি দেখুন", description="y", keywords=""))
    answer = signed_in(cast.rahima()).get(f"/projects?format=json&{query}").json()
    assert {row["title"] for row in answer["results"]} == titles


@pytest.mark.parametrize(("typed", "opened"), [("five", True), ("5", False), ("", False)])
def test_filters_are_unfolded_when_an_amount_in_them_cannot_be_read(typed: str, opened: bool) -> None:
    page = signed_in(cast.rahima()).get("/projects", {"min_hourly": typed}).content.decode()
    assert ('<details class="filters" open>' in page, "Write the amount in numbers" in page) == (
        opened,
        opened,
    )


def test_the_list_goes_on_by_cursor_and_keeps_its_filters() -> None:
    for no in range(3):
        html_batch(of_terms=make.terms(title=f"Job {no}", reward=f"0.{no}5"))
    client = signed_in(cast.rahima())
    first = client.get("/projects?sort=reward_asc&page_size=2")
    cursor = client.get("/projects?sort=reward_asc&page_size=2&format=json").json()["next_cursor"]
    page = unescape(unquote(first.content.decode()))
    assert f"?sort=reward_asc&page_size=2&after={cursor}" in page
    rest = client.get(
        "/projects", {"sort": "reward_asc", "page_size": "2", "after": cursor, "format": "json"}
    )
    assert [row["title"] for row in rest.json()["results"]] == ["Job 2"]


def test_the_list_costs_the_same_queries_however_many_rows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    html_batch()
    client.get("/projects")
    for no in range(4):
        proof_batch(of_terms=make.terms(title=f"Job {no}"))
    # Session with its person, kinds of work, the sets that fit, the rows, their questions.
    with django_assert_num_queries(5):
        client.get("/projects")


def test_what_groups_ask_is_read_at_once_however_many_ask(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    for least in (0, 50, 60):
        need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (least,))
        html_batch(of_terms=make.terms(title=f"At least {least}", requirements=(need,)))
    client.get("/projects?format=json")
    # Session with its person, the sets that fit, the rows, what they ask.
    with django_assert_num_queries(4):
        rows = client.get("/projects?format=json").json()["results"]
    met = {row["title"]: row["project_requirements"][0]["caller_meets_requirement"] for row in rows}
    assert met == {"At least 0": True, "At least 50": False, "At least 60": False}


def test_work_that_asks_for_more_says_what() -> None:
    need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,))
    batch = html_batch(of_terms=make.terms(requirements=(need,)))
    client = signed_in(cast.rahima())
    assert "What is needed" in client.get("/projects").content.decode()
    page = client.get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "Tasks approved: at least 50" in page
    assert "accept_random" not in page


def test_a_preview_shows_the_form_filled_with_a_row() -> None:
    batch = proof_batch()
    page = signed_in(cast.rahima()).get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "https://example.org/topic-" in page
    assert "সারাংশ লিখুন" in page
    assert "Accept and start" in page


def test_a_preview_keeps_a_strangers_page_in_its_cage() -> None:
    batch = html_batch()
    page = signed_in(cast.rahima()).get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert 'sandbox="allow-scripts allow-forms allow-modals ' in page
    assert "Never type a password" in page


def test_a_preview_as_data_has_no_assignment_yet() -> None:
    batch = html_batch()
    shown = signed_in(cast.rahima()).get(f"/projects/{batch.task_type.group_id}/tasks?format=json").json()
    assert shown["task_id"] in set(batch.tasks.values_list("public_id", flat=True))
    assert (shown["assignment_id"], shown["state"]) == (None, None)


@pytest.mark.parametrize("group_id", ["3NOSUCHGROUP", "<script>", "%00"])
def test_an_unknown_group_is_not_found(group_id: str) -> None:
    answer = signed_in(cast.rahima()).get(f"/projects/{group_id}/tasks")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_what_requesters_write_is_never_markup() -> None:
    evil = '<script>alert(1)</script>"onmouseover="x'
    html_batch(of_terms=make.terms(title=evil, description=evil, keywords=evil))
    page = signed_in(cast.rahima()).get("/projects").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_work_of_a_requester_who_blocked_the_worker_is_not_listed() -> None:
    rahima, batch = cast.rahima(), html_batch()
    block_worker(requester=batch.requester, worker=rahima, reason="copies", now=timezone.now())
    assert signed_in(rahima).get("/projects?format=json").json()["results"] == []


def test_ones_own_work_is_there_to_be_looked_at_and_not_to_be_taken(settings: Settings) -> None:
    settings.PLAY_MONEY = False
    rahima = cast.rahima()
    batch = proof_batch(of=make.requester(of=rahima.user))
    client, address = signed_in(rahima), f"/projects/{batch.task_type.group_id}/tasks"
    page = client.get(address).content.decode()
    assert "This is your own work. You can look at it here as workers do" in page
    assert "সারাংশ লিখুন" in page
    assert f"{address}/accept_random" not in page

    refused = client.post(f"{address}/accept_random?format=json")
    assert (refused.status_code, refused.json()["error"]) == (422, "own_task")


def test_a_locked_page_names_what_is_missing_what_one_has_and_the_way_to_it() -> None:
    needs = (
        Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,)),
        Requirement(LOCALE, "EqualTo", locales=("IN",)),
        Requirement(MASTERS, "Exists"),
    )
    group = html_batch(of_terms=make.terms(requirements=needs)).task_type.group_id
    page = signed_in(cast.rahima()).get(f"/projects/{group}/tasks").content.decode()
    for shown in (
        "You: 0.",
        "Grows with approved work: your record",
        "You: Bangladesh.",
        'href="/account/country"',
        "Only the requester or the staff give it",
    ):
        assert shown in page, shown


def test_a_page_says_what_else_stands_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = html_batch(rows=3)
    address = f"/projects/{batch.task_type.group_id}/tasks"
    rahima = cast.rahima()
    client = signed_in(rahima)
    assert "is-unmet" not in client.get(address).content.decode()
    monkeypatch.setattr("tukro.web.worker.finding.obstacles.QUEUE_LIMIT", 1)
    taken(rahima, batch)
    client.post("/marks/change", {"group": batch.task_type.group_id, "liking": "hidden"})
    page = client.get(address).content.decode()
    assert "You have 1 tasks in hand, and more are not possible." in page
    assert 'data-key="a"' not in page  # the button that accepts
    assert '<a class="btn btn-primary btn-wide" href="/tasks">' in page
    assert "You have hidden this work or its requester" in page
    rahima.state = "suspended"
    rahima.save()
    assert "Your worker account may not take work now." in client.get(address).content.decode()
    assert "Is something missing here?" in client.get("/projects").content.decode()
