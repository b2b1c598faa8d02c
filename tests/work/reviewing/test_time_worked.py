"""Time worked: what a repaired answer took, without the days in which it lay with its requester."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from tests import cast, make
from tukro.kernel.money import Money
from tukro.people.models import Requester, Worker
from tukro.work import jobs
from tukro.work.actions.doing.assigning import return_assignment, submit_assignment
from tukro.work.actions.reviewing import approve_assignment, ask_revision
from tukro.work.models import Assignment, Batch
from tukro.work.queries import open_groups, requester_profile
from tukro.work.queries.of_worker.earned import earned_by
from tukro.work.queries.of_worker.in_hand import hourly_rate

# Followers read what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

DONE = timedelta(minutes=4)
ASKED = make.NOW + timedelta(days=2)
MENDED = ASKED + timedelta(minutes=6)
WORKED = 600  # seconds: four minutes and six


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def batch(karim: Requester) -> Batch:
    return make.batch(of=karim, rows=6, of_terms=make.terms(reward="0.10"))


def ask(answer: Assignment) -> None:
    ask_revision(
        requester=Requester.objects.get(pk=answer.requester_id),
        assignment_id=answer.public_id,
        reason_code="unclear",
        feedback="Which digit?",
        now=ASKED,
    )


def repaired(batch: Batch, *, by: Worker | None = None) -> Assignment:
    answer = make.submitted(of=batch, by=by, after=DONE)
    ask(answer)
    submit_assignment(
        worker=answer.worker, assignment_id=answer.public_id, fields=[("digit", "1")], now=MENDED
    )
    answer.refresh_from_db()
    return answer


def approved(batch: Batch, *, by: Worker | None = None, count: int = 5) -> None:
    for _ in range(count):
        answer = repaired(batch, by=by)
        approve_assignment(requester=batch.requester, assignment_id=answer.public_id, now=MENDED)


def test_it_runs_from_accepting_and_again_from_the_asking_for_a_repair(batch: Batch) -> None:
    answer = make.accepted(of=batch)
    assert answer.worked_seconds is None
    answer = make.submitted(of=batch, after=DONE)
    assert answer.worked_seconds == 240
    ask(answer)
    answer.refresh_from_db()
    assert (answer.state, answer.worked_seconds) == ("revising", 240)
    assert repaired(batch).worked_seconds == WORKED


def test_an_hour_is_paid_for_time_worked_alone(batch: Batch) -> None:
    rahima = cast.rahima()
    approved(batch, by=rahima)

    assert hourly_rate(rahima).rate == Money.parse("0.60")
    (week,) = earned_by(rahima, "week", since=make.NOW)
    assert (week.paid_seconds, week.per_hour) == (5 * WORKED, Money.parse("0.60"))


def test_a_repair_that_is_given_back_took_what_its_answer_took(batch: Batch) -> None:
    answer = make.submitted(of=batch, after=DONE)
    ask(answer)
    return_assignment(worker=answer.worker, assignment_id=answer.public_id, reason_code="unclear", now=MENDED)
    approve_assignment(requester=batch.requester, assignment_id=answer.public_id, now=MENDED)
    (week,) = earned_by(answer.worker, "week", since=make.NOW)
    assert (week.paid, week.paid_seconds) == (1, 240)


def test_the_open_list_and_the_conduct_of_a_requester_measure_time_worked(
    batch: Batch, karim: Requester
) -> None:
    approved(batch)
    jobs.refresh_listings(MENDED)
    (row,) = open_groups(None, now=MENDED).rows
    assert (row.hourly, row.takes_seconds) == (Money.parse("0.60"), WORKED)

    more = make.batch(of=karim, rows=5, of_terms=make.terms(reward="0.10", title="More"))
    approved(more)
    jobs.refresh_conduct(MENDED)
    conduct = requester_profile(karim.public_id, worker=make.worker()).conduct
    assert conduct is not None
    assert conduct.hourly == Money.parse("0.60")


def test_what_was_handed_in_before_it_was_kept_is_reckoned_from_its_moments(batch: Batch) -> None:
    made = [make.submitted(of=batch, after=DONE), make.submitted(of=batch, after=DONE), repaired(batch)]
    ask(made[1])
    Assignment.objects.update(worked_seconds=None, asked_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("tukro.work.migrations.0045_time_worked").REMEMBER)
    kept = Assignment.objects.in_bulk([answer.pk for answer in made])
    assert [kept[answer.pk].worked_seconds for answer in made] == [240, 240, WORKED]
    assert [kept[answer.pk].asked_at for answer in made] == [None, ASKED, ASKED]
