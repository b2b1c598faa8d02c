"""Looks that are taken at the very same moment: each is taken once, and caps hold."""

from __future__ import annotations

from functools import partial

import pytest

from tests.make import NOW
from tests.quality.policies import (
    answer_key,
    known,
    parameter,
    plural,
    review_reviewable,
    submission,
    task_with,
)
from tests.together import outcomes, together
from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.quality.actions import review_submitted
from tukro.quality.models import Action, Review

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_door_and_the_job_look_at_a_submission_once() -> None:
    approve = known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"))
    work = submission(task_with(assignment_level=approve), digit="7")
    looks = [partial(review_submitted, assignment_id=work.public_id, now=NOW)] * 4
    assert outcomes(together(*looks)) == {"done": 4}
    assert Review.objects.count() == 1
    assert list(Action.objects.order_by("id").values_list("name", "status")) == [
        ("review", "Succeeded"),
        ("approve", "Succeeded"),
    ]
    assert worker_balance(work.worker)[0] == Money.parse("0.05")


def test_submissions_that_extend_at_once_stop_at_the_cap() -> None:
    extending = known(
        answer_key(digit="7"),
        parameter("ExtendIfKnownAnswerScoreIsLessThan", "100"),
        parameter("ExtendMaximumAssignments", "6"),
        parameter("ExtendMinimumTimeInSeconds", "60"),
    )
    task = task_with(assignment_level=extending, places=4)
    work = [submission(task, digit="1") for _ in range(4)]
    looks = [partial(review_submitted, assignment_id=one.public_id, now=NOW) for one in work]
    assert outcomes(together(*looks)) == {"done": 4}
    task.refresh_from_db()
    assert task.places == 6


def test_two_policies_that_approve_and_reject_at_once_pay_once_and_lock_each_other_out_of_nothing() -> None:
    task = task_with(
        assignment_level=known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100")),
        hit_level=plural(
            parameter("QuestionIds", "digit"),
            parameter("QuestionAgreementThreshold", "50"),
            parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
        ),
        places=4,
    )
    work = [submission(task, digit="7") for _ in range(4)]
    looks = [partial(review_submitted, assignment_id=one.public_id, now=NOW) for one in reversed(work)]
    look_at_all = partial(review_reviewable, task_id=task.public_id, event_id=1, now=NOW)
    assert outcomes(together(*looks, look_at_all, look_at_all)) == {"done": 6}
    assert not Action.objects.exclude(status="Succeeded").exists()
    assert {worker_balance(one.worker)[0] for one in work} == {Money.parse("0.05")}
