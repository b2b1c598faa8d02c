"""Following review policies: looked at once, shown after that, acted on once whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests import make
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
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester
from tukro.quality import actions
from tukro.quality.actions import review_submitted
from tukro.quality.models import Action, Result, Review
from tukro.quality.queries import pending, pending_of_task
from tukro.work.actions.reviewing import approve_assignment, reject_assignments
from tukro.work.models import Task

pytestmark = pytest.mark.django_db

APPROVE = known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"))
JUDGE = known(
    answer_key(digit="7"),
    parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"),
    parameter("ApproveReason", "Right, thank you"),
    parameter("RejectIfKnownAnswerScoreIsLessThan", "50"),
    parameter("RejectReason", "The picture shows 7"),
)


def done(task: Task) -> list[tuple[str, str, str]]:
    """What was wanted and how it went, without the looks themselves."""
    wanted = Action.objects.filter(review__task_id=task.public_id).exclude(name="review").order_by("id")
    return [(action.name, action.status, action.error) for action in wanted]


def requester_of(task: Task) -> Requester:
    return Requester.objects.get(pk=task.requester_id)


# --- one submission ---------------------------------------------------------------------------------


def test_a_right_answer_is_approved_and_paid_with_the_reason_as_feedback() -> None:
    task = task_with(assignment_level=JUDGE)
    work = submission(task, digit="7")
    review_submitted(assignment_id=work.public_id, now=NOW)
    work.refresh_from_db()
    assert (work.state, work.feedback) == ("approved", "Right, thank you")
    assert worker_balance(work.worker)[0] == Money.parse("0.05")
    assert done(task) == [("approve", "Succeeded", "")]


def test_a_wrong_answer_is_rejected_with_the_reason() -> None:
    task = task_with(assignment_level=JUDGE)
    work = submission(task, digit="1")
    review_submitted(assignment_id=work.public_id, now=NOW)
    work.refresh_from_db()
    assert (work.state, work.reason_code, work.feedback) == ("rejected", "other", "The picture shows 7")
    assert done(task) == [("reject", "Succeeded", "")]


def test_a_submission_is_hidden_until_it_was_looked_at() -> None:
    task = task_with(assignment_level=APPROVE)
    work = submission(task, digit="1")
    assert pending([work.public_id]) == {work.public_id}
    assert pending_of_task(task.public_id) == [work.public_id]
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert pending([work.public_id]) == frozenset()
    assert pending_of_task(task.public_id) == []


def test_work_without_a_policy_is_never_hidden_or_looked_at() -> None:
    work = make.submitted()
    assert pending([work.public_id]) == frozenset()
    assert pending_of_task(work.task.public_id) == []
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert Review.objects.count() == 0


def test_work_in_progress_is_not_looked_at() -> None:
    task = task_with(assignment_level=APPROVE)
    assert task.batch is not None
    taken = make.accepted(of=task.batch)
    review_submitted(assignment_id=taken.public_id, now=NOW)
    assert Review.objects.count() == 0


def test_a_look_is_taken_once() -> None:
    task = task_with(assignment_level=JUDGE)
    work = submission(task, digit="7")
    for _ in range(3):
        review_submitted(assignment_id=work.public_id, now=NOW)
    assert Review.objects.count() == 1
    assert Result.objects.count() == 2
    assert done(task) == [("approve", "Succeeded", "")]


def test_approving_what_is_approved_succeeds() -> None:
    task = task_with(assignment_level=JUDGE, auto_approve_seconds=0)  # silence approves at once
    work = submission(task, digit="7")
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert done(task) == [("approve", "Succeeded", "")]
    assert worker_balance(work.worker)[0] == Money.parse("0.05")


def test_rejecting_what_is_approved_fails() -> None:
    task = task_with(assignment_level=JUDGE)
    work = submission(task, digit="1")
    approve_assignment(requester=requester_of(task), assignment_id=work.public_id, now=NOW)
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert done(task) == [("reject", "Failed", "WrongState")]


def test_approving_what_is_rejected_fails_and_rejecting_it_again_succeeds() -> None:
    task = task_with(assignment_level=JUDGE)
    right, wrong = submission(task, digit="7"), submission(task, digit="1")
    ids = [right.public_id, wrong.public_id]
    reject_assignments(
        requester=requester_of(task), assignment_ids=ids, reason_code="other", feedback="No", now=NOW
    )
    for assignment_id in ids:
        review_submitted(assignment_id=assignment_id, now=NOW)
    assert done(task) == [("approve", "Failed", "WrongState"), ("reject", "Succeeded", "")]


# --- a task that became reviewable ------------------------------------------------------------------


def agreement(*more: dict[str, Any]) -> dict[str, Any]:
    return plural(parameter("QuestionIds", "digit"), parameter("QuestionAgreementThreshold", "50"), *more)


def test_workers_who_agree_are_approved_and_the_others_rejected() -> None:
    task = task_with(
        hit_level=agreement(
            parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
            parameter("RejectIfWorkerAgreementScoreIsLessThan", "1"),
            parameter("RejectReason", "Most people saw something else"),
        )
    )
    work = [submission(task, digit=digit) for digit in "771"]
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    for one in work:
        one.refresh_from_db()
    assert [one.state for one in work] == ["approved", "approved", "rejected"]


def test_each_time_a_task_becomes_reviewable_it_is_looked_at_once() -> None:
    task = task_with(hit_level=agreement(parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100")))
    submission(task, digit="7")
    for event_id in (1, 1, 2):
        review_reviewable(task_id=task.public_id, event_id=event_id, now=NOW)
    assert done(task) == [("approve", "Succeeded", "")] * 2
    found = Result.objects.filter(key="HitAgreementScore").order_by("id")
    assert [result.value for result in found] == ["100", "100"]


def test_agreement_counts_the_scores_of_known_answers_even_when_they_are_late() -> None:
    task = task_with(
        assignment_level=known(answer_key(check="yes")),
        hit_level=agreement(parameter("DisregardAssignmentIfKnownAnswerScoreIsLessThan", "100")),
    )
    careless, careful = submission(task, check="no", digit="1"), submission(task, check="yes", digit="7")
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    scored = Result.objects.filter(key="WorkerAgreementScore").values_list("subject_id", flat=True)
    assert list(scored) == [careful.public_id]
    assert pending([careless.public_id, careful.public_id]) == frozenset()


def test_a_task_without_a_policy_of_its_own_is_left_alone() -> None:
    task = task_with(assignment_level=APPROVE)
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    assert Review.objects.count() == 0


# --- extending --------------------------------------------------------------------------------------


def extending(*, most: str = "5", seconds: str = "") -> dict[str, Any]:
    """Every wrong answer asks for one worker more."""
    more = [parameter("ExtendMinimumTimeInSeconds", seconds)] if seconds else []
    return known(
        answer_key(digit="7"),
        parameter("ExtendIfKnownAnswerScoreIsLessThan", "50"),
        parameter("ExtendMaximumAssignments", most),
        *more,
    )


def test_a_low_score_adds_one_place_and_its_price_is_set_aside() -> None:
    karim = make.requester()
    task = task_with(assignment_level=extending(), places=1, of=karim, reward="1.00")
    available, set_aside = requester_balance(karim)
    review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    task.refresh_from_db()
    assert (task.places, done(task)) == (2, [("extend", "Succeeded", "")])
    price = Money.parse("1.20")
    assert requester_balance(karim) == (available - price, set_aside + price)
    submission(task, digit="7")  # the place can be taken


def test_extensions_stop_at_the_cap_and_report_success() -> None:
    task = task_with(assignment_level=extending(most="4"), places=3)
    for _ in range(3):
        review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    task.refresh_from_db()
    assert (task.places, done(task)) == (4, [("extend", "Succeeded", "")] * 3)


def test_an_extension_gives_its_time_on_top_of_what_is_left() -> None:
    task = task_with(assignment_level=extending(seconds="3600"))
    review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    end = task.expires_at
    task.refresh_from_db()
    assert task.expires_at == end + timedelta(hours=1)


def test_an_extension_of_an_expired_task_counts_its_time_from_now() -> None:
    task = task_with(assignment_level=extending(seconds="3600"))
    work = submission(task, digit="1")
    late = task.expires_at + timedelta(days=1)
    review_submitted(assignment_id=work.public_id, now=late)
    task.refresh_from_db()
    assert (task.places, task.expires_at) == (4, late + timedelta(hours=1))


def test_an_extension_never_crosses_from_nine_places_to_ten() -> None:
    task = task_with(assignment_level=extending(most="25"), places=9)
    review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    task.refresh_from_db()
    assert (task.places, done(task)) == (9, [("extend", "Failed", "BelowWall")])


def test_an_extension_without_funds_fails_and_changes_nothing() -> None:
    karim = make.requester(funds="3.60")
    task = task_with(assignment_level=extending(seconds="3600"), of=karim, reward="1.00")
    review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    places, end = task.places, task.expires_at
    task.refresh_from_db()
    assert (task.places, task.expires_at) == (places, end)
    assert done(task) == [("extend", "Failed", "InsufficientFunds")]


def test_a_task_is_extended_while_its_workers_do_not_agree() -> None:
    task = task_with(
        places=2,
        hit_level=agreement(
            parameter("ExtendIfHITAgreementScoreIsLessThan", "100"),
            parameter("ExtendMaximumAssignments", "3"),
            parameter("ExtendMinimumTimeInSeconds", "60"),
        ),
    )
    for digit in "71":
        submission(task, digit=digit)
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    task.refresh_from_db()
    assert task.places == 3
    submission(task, digit="7")
    review_reviewable(task_id=task.public_id, event_id=2, now=NOW)
    task.refresh_from_db()
    assert task.places == 3
    assert done(task) == [("extend", "Succeeded", "")]


# --- interrupted ------------------------------------------------------------------------------------


class PowerCut(Exception):
    """The house stops here."""


def _stop_at(monkeypatch: pytest.MonkeyPatch, *, call_no: int) -> Callable[[], None]:
    """Let the ``call_no``-th verb of work stop the house after it did its work; answers how to restart."""
    calls = 0
    real = actions._act

    def act(action: Action, now: Any) -> None:
        nonlocal calls
        real(action, now)
        calls += 1
        if calls == call_no:
            raise PowerCut

    monkeypatch.setattr(actions, "_act", act)
    return lambda: monkeypatch.setattr(actions, "_act", real)


@pytest.mark.parametrize("call_no", [1, 2, 3])
def test_a_review_that_is_interrupted_goes_on_and_does_nothing_twice(
    monkeypatch: pytest.MonkeyPatch, call_no: int
) -> None:
    task = task_with(hit_level=agreement(parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100")))
    work = [submission(task, digit="7") for _ in range(3)]
    restart = _stop_at(monkeypatch, call_no=call_no)
    with pytest.raises(PowerCut):
        review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    assert [status for _, status, _ in done(task)] == ["Succeeded"] * (call_no - 1) + ["Intended"] * (
        4 - call_no
    )
    restart()
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    assert done(task) == [("approve", "Succeeded", "")] * 3
    assert [worker_balance(one.worker)[0] for one in work] == [Money.parse("0.05")] * 3
    assert Result.objects.filter(key="HitAgreementScore").count() == 1


def test_a_submission_whose_review_was_interrupted_stays_hidden_until_it_is_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = task_with(assignment_level=JUDGE)
    work = submission(task, digit="7")
    restart = _stop_at(monkeypatch, call_no=1)
    with pytest.raises(PowerCut):
        review_submitted(assignment_id=work.public_id, now=NOW)
    assert pending([work.public_id]) == {work.public_id}
    restart()
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert pending([work.public_id]) == frozenset()
    assert worker_balance(work.worker)[0] == Money.parse("0.05")


# --- only growing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "update quality_result set value = '100'",
        "delete from quality_result",
        "update quality_action set status = 'Failed'",
        "delete from quality_action",
    ],
)
def test_a_report_cannot_be_changed_afterwards(sql: str) -> None:
    task = task_with(assignment_level=JUDGE)
    review_submitted(assignment_id=submission(task, digit="7").public_id, now=NOW)
    with pytest.raises(DatabaseError, match="only grow"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
