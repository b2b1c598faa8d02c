"""What silence approved, and when its requester hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from tests import cast, make
from tukro.journal.models import Event
from tukro.work import jobs
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.models import Batch

# Followers read what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
SILENT = make.NOW + 3 * HOUR  # the time to review is over


def reviewed_within(seconds: int) -> Batch:
    return make.batch(places=9, of_terms=make.terms(auto_approve_seconds=seconds))


def hand_in(batch: Batch, count: int, *, at: datetime = make.NOW) -> None:
    for _ in range(count):
        make.submitted(of=batch, now=at)


def told_at(*moments: datetime) -> list[dict[str, object]]:
    """The facts of what requesters were told, when the jobs ran at these moments."""
    for moment in moments:
        jobs.auto_approve_due(moment)
        jobs.tell_of_silence(moment)
    return [event.facts for event in Event.objects.filter(name="ApprovedBySilence").order_by("id")]


def test_what_was_approved_together_is_told_once_and_an_hour_later() -> None:
    batch = reviewed_within(3600)
    hand_in(batch, 3)
    assert told_at(SILENT, SILENT + HOUR / 2) == []
    assert told_at(SILENT + HOUR) == [{"count": 3, "amount": 180_000}]  # of five cents and a fee of one
    assert told_at(SILENT + 2 * HOUR) == [{"count": 3, "amount": 180_000}]
    assert Event.objects.get(name="ApprovedBySilence").subject == batch.public_id


def test_a_batch_is_told_of_once_a_day() -> None:
    batch = reviewed_within(3600)
    hand_in(batch, 1)
    told_at(SILENT, SILENT + HOUR)
    hand_in(batch, 2, at=SILENT)
    assert len(told_at(SILENT + 4 * HOUR, SILENT + 24 * HOUR)) == 1
    assert [facts["count"] for facts in told_at(SILENT + 25 * HOUR)] == [1, 2]


def test_each_batch_is_told_of_by_itself() -> None:
    hand_in(reviewed_within(3600), 1)
    hand_in(reviewed_within(3600), 2)
    assert sorted(str(facts["count"]) for facts in told_at(SILENT, SILENT + HOUR)) == ["1", "2"]


def test_what_the_requester_approved_is_no_news() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    approve_assignment(requester=karim, assignment_id=make.submitted(of=batch).public_id, now=make.NOW)
    assert told_at(make.NOW, make.NOW + HOUR) == []


def test_who_gave_themselves_no_time_asked_for_it() -> None:
    hand_in(reviewed_within(0), 1)
    assert told_at(SILENT, SILENT + HOUR) == []
    assert Event.objects.filter(name="AssignmentApproved").count() == 1


def test_what_was_approved_before_anybody_counted_is_no_news() -> None:
    hand_in(reviewed_within(3600), 1)
    jobs.auto_approve_due(SILENT)
    with connection.cursor() as cursor:
        cursor.execute(import_module("tukro.work.migrations.0037_silent_approvals").FOLLOWER)
    assert told_at(SILENT, SILENT + HOUR) == []
