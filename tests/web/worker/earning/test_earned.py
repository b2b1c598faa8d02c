"""Earnings by day, week, month and requester, with unpaid time; goals and how far they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.make import NOW
from tests.web.joining import signed_in
from tukro.kernel.money import Money
from tukro.money.models import EarningsGoal
from tukro.people.models import Requester, Worker
from tukro.work.actions.doing.assigning import return_assignment, submit_assignment
from tukro.work.actions.reviewing import approve_assignments, reject_assignments, send_bonus
from tukro.work.queries.of_worker.earned import PERIODS, earned_by

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=400)


def done(worker: Worker, of: Requester, *, minutes: int, reward: str = "0.50", approve: bool = True) -> None:
    """Take a task, hand it in after so many minutes, and hear the verdict at once."""
    batch = make.batch(of=of, of_terms=make.terms(reward=reward, duration_seconds=7200))
    taken = make.accepted(by=worker, of=batch)
    later = NOW + timedelta(minutes=minutes)
    submit_assignment(worker=worker, assignment_id=taken.public_id, fields=[("digit", "7")], now=later)
    if approve:
        approve_assignments(requester=of, assignment_ids=[taken.public_id], now=later)
    else:
        reject_assignments(
            requester=of, assignment_ids=[taken.public_id], reason_code="wrong", feedback="No", now=later
        )


def test_pay_per_hour_counts_the_time_that_nobody_paid() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    done(rahima, karim, minutes=30)
    done(rahima, karim, minutes=20, approve=False)
    returned = make.accepted(by=rahima, of=make.batch(of=karim))
    ten = NOW + timedelta(minutes=10)
    return_assignment(worker=rahima, assignment_id=returned.public_id, reason_code="other", now=ten)
    [row] = earned_by(rahima, "day", since=LONG_AGO)
    assert (row.since, row.total, row.paid, row.unpaid) == (date(2026, 11, 2), Money.parse("0.50"), 1, 2)
    assert (row.paid_seconds, row.unpaid_seconds) == (1800, 1800)
    assert row.per_hour == Money.parse("0.50")


def test_bonuses_count_and_requesters_stand_by_what_they_paid() -> None:
    rahima, karim, other = cast.rahima(), cast.karim(), make.requester(name="Padma Lab")
    done(rahima, karim, minutes=10, reward="0.40")
    done(rahima, other, minutes=10, reward="0.10")
    work = rahima.assignments.filter(requester_id=other.pk).get()
    send_bonus(
        requester=other,
        assignment_id=work.public_id,
        amount=Money.parse("1.00"),
        reason="Careful",
        token="1",
        now=NOW,
    )
    rows = earned_by(rahima, "requester", since=LONG_AGO)
    assert [(row.requester, row.total, row.bonuses) for row in rows] == [
        ("Padma Lab", Money.parse("1.10"), Money.parse("1.00")),
        ("Karim Studio", Money.parse("0.40"), Money.zero()),
    ]
    for by in PERIODS:
        found = earned_by(rahima, by, since=LONG_AGO)
        assert sum((row.total for row in found), Money.zero()) == Money.parse("1.50")
    [month] = earned_by(rahima, "month", since=LONG_AGO)
    assert month.since == date(2026, 11, 1)


def test_the_report_shows_each_way_at_a_fixed_cost(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rahima, karim = cast.rahima(), cast.karim()
    for _ in range(3):
        done(rahima, karim, minutes=5)
    client = signed_in(rahima.user)
    for by in PERIODS:
        with django_assert_num_queries(2):
            page = client.get(f"/earnings/report?by={by}").content.decode()
        assert "$1.50" in page
    assert client.get("/earnings/report?by=moon").status_code == 200


def test_goals_show_how_far_they_are() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima.user)
    assert "Set a goal" in client.get("/earnings").content.decode()
    assert client.post("/earnings/goals", {"daily": "২.৫০", "weekly": ""}).status_code == 302
    goal = EarningsGoal.objects.get(worker=rahima)
    assert (goal.daily, goal.weekly) == (Money.parse("2.50"), Money.zero())
    page = client.get("/earnings").content.decode()
    assert "$0.00 of $2.50" in page
    assert client.post("/earnings/goals", {"daily": "much"}).status_code == 422
    client.post("/earnings/goals", {"daily": "", "weekly": ""})
    assert "$0.00 of" not in client.get("/earnings").content.decode()
