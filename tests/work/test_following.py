"""Jobs that read the journal: the open list's figures and workers' records follow what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast, make
from tukro.kernel.money import Money
from tukro.qualifications.models import Standing
from tukro.work import jobs
from tukro.work.actions.doing.assigning import submit_assignment
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.models import Listing
from tukro.work.queries import open_groups

# Followers read only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_list_counts_what_is_left_and_measures_pay_per_hour() -> None:
    batch = make.batch(rows=8, of_terms=make.terms(reward="0.10"))
    for _ in range(5):
        made = make.accepted(of=batch)
        done = make.NOW + timedelta(seconds=60)
        submit_assignment(worker=made.worker, assignment_id=made.public_id, fields=[("a", "1")], now=done)
    assert Listing.objects.get().open_tasks == 8
    assert jobs.refresh_listings(make.NOW) > 0
    assert jobs.refresh_listings(make.NOW) == 0
    (row,) = open_groups(None, now=make.NOW).rows
    assert (row.open_tasks, row.open_places, row.hourly) == (3, 3, Money.parse("6.00"))


def test_a_group_of_thousands_is_counted_a_while_after_something_happened() -> None:
    batch = make.batch(rows=4)
    jobs.refresh_listings(make.NOW)
    Listing.objects.update(open_tasks=5999)
    make.accepted(of=batch)
    jobs.refresh_listings(make.NOW)
    make.accepted(of=batch)
    jobs.refresh_listings(make.NOW + timedelta(seconds=4))
    assert Listing.objects.get().open_tasks == 5999
    jobs.refresh_listings(make.NOW + timedelta(seconds=5))  # with nothing new to read
    assert Listing.objects.get().open_tasks == 2
    make.accepted(of=batch)
    jobs.refresh_listings(make.NOW + timedelta(seconds=6))
    assert Listing.objects.get().open_tasks == 1


def test_a_workers_record_counts_what_was_decided() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, rows=3)
    one = make.submitted(by=rahima, of=batch)
    make.submitted(by=rahima, of=batch)
    approve_assignment(requester=karim, assignment_id=one.public_id, now=make.NOW)
    jobs.refresh_standings(make.NOW)
    standing = Standing.objects.get(worker=rahima)
    assert (standing.submitted, standing.approved, standing.rejected) == (2, 1, 0)


def test_time_does_what_is_due_and_nothing_twice() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, lifetime_seconds=86400)
    make.accepted(of=batch)
    make.submitted(of=batch)
    later = make.NOW + timedelta(days=10)
    done = [
        job(later)
        for job in (jobs.expire_late, jobs.auto_approve_due, jobs.close_expired, jobs.release_rejections)
    ]
    assert done == [1, 1, 2, 0]
    assert [jobs.expire_late(later), jobs.auto_approve_due(later), jobs.close_expired(later)] == [0, 0, 0]
