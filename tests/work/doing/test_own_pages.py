"""What a worker reads of their own, and what follows from events a moment later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.work.actions.doing.assigning import submit_assignment
from tukro.work.actions.reviewing import approve_assignment, send_bonus
from tukro.work.queries import (
    bonuses_of,
    counts_of,
    earnings_by_day,
    history_of,
    hourly_rate,
    pending_earnings,
    queue_of,
    work_page,
)

pytestmark = pytest.mark.django_db


def test_the_queue_shows_what_is_still_to_do_most_urgent_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    slow = make.accepted(by=rahima, of=make.batch(of_terms=make.terms(duration_seconds=3600)))
    quick = make.accepted(by=rahima, of=make.batch(of_terms=make.terms(duration_seconds=60)))
    with django_assert_num_queries(1):
        assert [row.assignment_id for row in queue_of(rahima, now=make.NOW)] == [
            quick.public_id,
            slow.public_id,
        ]
    later = make.NOW + timedelta(seconds=61)
    assert [row.assignment_id for row in queue_of(rahima, now=later)] == [slow.public_id]


def test_the_work_page_is_its_workers_alone() -> None:
    made = make.accepted()
    assert work_page(made.worker, made.public_id).input == {"image": "1.png"}
    with pytest.raises(NotFound):
        work_page(cast.tanvir(), made.public_id)


def test_history_is_paged_without_gaps(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rahima, batch = cast.rahima(), make.batch(rows=5)
    made = [make.submitted(by=rahima, of=batch).public_id for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = history_of(rahima, after=cursor, limit=2)
        seen += [row.assignment_id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == made[::-1]
    with django_assert_num_queries(2):
        assert len(history_of(rahima, limit=50).rows) == 5
    assert history_of(rahima, state="approved").rows == []
    assert counts_of(rahima)["submitted"] == 5


def test_pay_is_told_as_pending_per_day_per_hour_and_as_bonus() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, rows=6, of_terms=make.terms(reward="0.10"))
    for _ in range(6):
        made = make.accepted(by=rahima, of=batch)
        done = make.NOW + timedelta(seconds=60)
        submit_assignment(worker=rahima, assignment_id=made.public_id, fields=[("a", "1")], now=done)
    assert pending_earnings(rahima) == Money.parse("0.60")
    assert hourly_rate(rahima).rate is None
    for row in history_of(rahima).rows[:5]:
        approve_assignment(requester=karim, assignment_id=row.assignment_id, now=make.NOW)
    send_bonus(
        requester=karim,
        assignment_id=made.public_id,
        amount=Money.parse("0.25"),
        reason="Careful.",
        token="t",
        now=make.NOW,
    )
    assert pending_earnings(rahima) == Money.parse("0.10")
    # Ten cents in a minute.
    assert (hourly_rate(rahima).rate, hourly_rate(rahima).sample) == (Money.parse("6.00"), 5)
    days = earnings_by_day(rahima, days=3, now=make.NOW)
    assert [amount for _, amount in days] == [Money.zero(), Money.zero(), Money.parse("0.75")]
    assert [bonus.amount for bonus in bonuses_of(rahima)] == [Money.parse("0.25")]
