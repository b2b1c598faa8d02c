"""The worker's home, queue and history."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import address, html_batch, proof_batch, signed_in, taken
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import submit_assignment
from tukro.work.actions.reviewing import approve_assignment, reject_assignments, send_bonus
from tukro.work.models import Assignment, Batch

pytestmark = pytest.mark.django_db


def handed_in(worker: Worker, batch: Batch) -> str:
    accepted, now = taken(worker, batch), timezone.now()
    submit_assignment(worker=worker, assignment_id=accepted.assignment_id, fields=[("digit", "7")], now=now)
    return accepted.assignment_id


def a_day_of_work(worker: Worker) -> None:
    """One approved with a bonus, one rejected, one waiting, one in the queue."""
    batch = html_batch(rows=4, places=1)
    now = timezone.now()
    good, bad, _waiting = (handed_in(worker, batch) for _ in range(3))
    approve_assignment(requester=batch.requester, assignment_id=good, feedback="Thank you", now=now)
    send_bonus(
        requester=batch.requester,
        assignment_id=good,
        amount=Money.parse("0.25"),
        reason="quick",
        token="t",
        now=now,
    )
    reject_assignments(
        requester=batch.requester,
        assignment_ids=[bad],
        reason_code="wrong",
        feedback="It is a 9",
        reopen=False,
        now=now,
    )
    taken(worker, batch)


def test_home_shows_money_record_and_queue() -> None:
    rahima = cast.rahima()
    a_day_of_work(rahima)
    client = signed_in(rahima)
    page = client.get("/dashboard").content.decode()
    for shown in ("$0.30", "$0.05", "1 (50%)", "Accepted tasks that wait for you: 1, worth $0.05 together."):
        assert shown in page
    data = client.get("/dashboard?format=json").json()
    assert data["available_earnings"] == {"amount_in_dollars": 0.3, "currency_code": "USD"}
    assert data["hits_overview"]["approval_rate"] == 0.5
    assert len(data["daily_hit_statistics_overview"]) == 45
    assert data["daily_hit_statistics_overview"][0]["earnings"]["amount_in_dollars"] == 0.3


def test_home_of_a_newcomer_leads_to_the_open_list() -> None:
    page = signed_in(cast.rahima()).get("/dashboard").content.decode()
    assert "Look at what is open and take a task." in page


@pytest.mark.parametrize(
    ("state", "words"), [("pending", "waits for review."), ("refused", "was not approved")]
)
def test_who_may_take_no_work_is_told_so_at_home_and_above_the_list(state: str, words: str) -> None:
    client = signed_in(make.worker(state=state))
    for path in ("/dashboard", "/projects"):
        page = client.get(path).content.decode()
        assert (f"Your worker account {words}" in page, "take a task." in page) == (True, False), path


def test_the_queue_is_sorted_by_deadline_and_adds_up() -> None:
    rahima = cast.rahima()
    late = taken(rahima, proof_batch())
    soon = taken(rahima, html_batch(of_terms=make.terms(duration_seconds=120)))
    client = signed_in(rahima)
    page = client.get("/tasks").content.decode()
    assert "Accepted: 2 of 25, worth $0.45 together." in page
    assert page.index(soon.assignment_id) < page.index(late.assignment_id)
    data = client.get("/tasks?format=json").json()
    assert [row["assignment_id"] for row in data["tasks"]] == [soon.assignment_id, late.assignment_id]
    assert 0 < data["tasks"][0]["time_to_deadline_in_seconds"] <= 120


def test_a_passed_deadline_counts_as_passed_before_the_sweep() -> None:
    rahima = cast.rahima()
    taken(rahima, proof_batch())
    Assignment.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert "Your queue is empty" in signed_in(rahima).get("/tasks").content.decode()


def test_a_task_is_returned_from_the_queue() -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    answer = signed_in(rahima).post(address(accepted, "return"), {"reason": "too_hard", "next": "queue"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/tasks")


def test_the_26th_task_is_refused_with_the_limit() -> None:
    rahima, batch = cast.rahima(), html_batch(rows=26, places=1)
    for _ in range(25):
        taken(rahima, batch)
    accept = f"/projects/{batch.task_type.group_id}/tasks/accept_random"
    answer = signed_in(rahima).post(f"{accept}?format=json")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json() == {
        "error": "queue_full",
        "message": "Your queue is full: 25 accepted tasks at once. Finish or return one first.",
    }
    page = signed_in(rahima).post(accept).content.decode()
    assert '<a class="btn btn-primary" href="/tasks">Queue</a>' in page


def test_history_shows_outcome_pay_reason_and_feedback() -> None:
    rahima = cast.rahima()
    a_day_of_work(rahima)
    page = signed_in(rahima).get("/history").content.decode()
    for shown in (
        "Approved",
        "Thank you",
        "$0.25",
        "Rejected",
        "The answer is wrong: It is a 9",
        "Waits for review",
    ):
        assert shown in page


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("", ["Accepted", "Submitted", "Rejected", "Approved"]),
        ("state=rejected", ["Rejected"]),
        ("state=rubbish", ["Accepted", "Submitted", "Rejected", "Approved"]),
        ("day=2001-01-01", []),
        ("day=rubbish", ["Accepted", "Submitted", "Rejected", "Approved"]),
    ],
)
def test_history_is_filtered_by_state_and_day(query: str, states: list[str]) -> None:
    rahima = cast.rahima()
    a_day_of_work(rahima)
    data = signed_in(rahima).get(f"/history?format=json&{query}").json()
    assert [row["state"] for row in data["results"]] == states


def test_history_goes_on_by_cursor() -> None:
    rahima, batch = cast.rahima(), html_batch(rows=25, places=1)
    for _ in range(25):
        handed_in(rahima, batch)
    client = signed_in(rahima)
    first = client.get("/history?format=json").json()
    rest = client.get(f"/history?format=json&after={first['next_cursor']}").json()
    assert (len(first["results"]), len(rest["results"]), rest["next_cursor"]) == (20, 5, None)
    ids = {row["assignment_id"] for row in first["results"] + rest["results"]}
    assert len(ids) == 25


@pytest.mark.parametrize(("page", "queries"), [("/tasks", 2), ("/history", 3), ("/dashboard", 7)])
def test_pages_cost_the_same_queries_however_many_rows(
    page: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    a_day_of_work(rahima)
    for _ in range(3):
        taken(rahima, proof_batch())
    client.get(page)
    with django_assert_num_queries(queries):
        client.get(page)


def test_a_strangers_history_is_his_own() -> None:
    a_day_of_work(cast.rahima())
    assert signed_in(cast.tanvir()).get("/history?format=json").json()["results"] == []
