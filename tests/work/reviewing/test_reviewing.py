"""Approving, rejecting, sending back, overturning, bonuses, silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import cast, make
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester, Worker, WorkerState
from tukro.work import jobs
from tukro.work.actions.closing import close_expired, release_rejections
from tukro.work.actions.doing.assigning import BadReason, TooLate, WrongState, submit_assignment
from tukro.work.actions.reviewing import (
    BadDeadline,
    BonusRefused,
    TokenReused,
    WorkerGone,
    approve_all_submitted,
    approve_assignment,
    approve_assignments,
    ask_revision,
    auto_approve_due,
    reject_assignments,
    send_bonus,
)
from tukro.work.models import Assignment, Batch, Bonus
from tukro.work.queries import work_faults
from tukro.work.rules import REVISION_SECONDS, REVISION_SECONDS_AT_MOST

pytestmark = pytest.mark.django_db

WEEK = make.NOW + timedelta(days=7)


def handed_in(karim: Requester, count: int) -> tuple[Batch, list[Assignment]]:
    batch = make.batch(of=karim, rows=count)
    return batch, [make.submitted(of=batch) for _ in range(count)]


def ids(assignments: list[Assignment]) -> list[str]:
    return [one.public_id for one in assignments]


def reject(karim: Requester, names: list[str], *, reopen: bool = False, now: datetime = make.NOW) -> int:
    return reject_assignments(
        requester=karim,
        assignment_ids=names,
        reason_code="wrong",
        feedback="It is a 4.",
        reopen=reopen,
        now=now,
    )


def state(one: Assignment) -> str:
    one.refresh_from_db()
    return one.state


def test_approving_twice_pays_once() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    assert approve_assignment(
        requester=karim, assignment_id=made.public_id, feedback=" Thanks ", now=make.NOW
    )
    assert not approve_assignment(requester=karim, assignment_id=made.public_id, now=make.NOW)
    made.refresh_from_db()
    assert (made.state, made.feedback, made.decided_by) == (
        "approved",
        " Thanks ",
        f"requester:{karim.public_id}",
    )
    assert worker_balance(made.worker)[0] == Money.parse("0.05")
    assert Transfer.objects.filter(kind="reward").count() == 1


def test_only_the_requester_decides() -> None:
    stranger = make.requester()
    karim = cast.karim()
    batch, (one, two) = handed_in(karim, 2)
    foreign = make.submitted(of=make.batch(of=stranger))
    with pytest.raises(NotFound):
        approve_assignment(requester=stranger, assignment_id=one.public_id, now=make.NOW)
    with pytest.raises(NotFound):
        approve_assignments(requester=karim, assignment_ids=ids([one, foreign, two]), now=make.NOW)
    with pytest.raises(NotFound):
        reject(karim, ids([one, foreign]))
    with pytest.raises(NotFound):
        approve_all_submitted(
            requester=stranger, batch_id=batch.public_id, handed_in_by=make.NOW, now=make.NOW
        )
    assert [state(one), state(two), state(foreign)] == ["submitted"] * 3


def test_many_are_approved_together_and_the_rest_stay() -> None:
    karim = cast.karim()
    _, (one, two, three) = handed_in(karim, 3)
    reject(karim, ids([three]))
    assert approve_assignments(requester=karim, assignment_ids=ids([one, two, three]), now=make.NOW) == 2
    assert approve_assignments(requester=karim, assignment_ids=ids([one, two]), now=make.NOW) == 0
    assert [state(one), state(two), state(three)] == ["approved", "approved", "rejected"]
    assert requester_balance(karim)[1] == Money.parse("0.06")
    assert work_faults() == []


def test_everything_that_waits_in_a_batch_is_approved() -> None:
    karim = cast.karim()
    batch, all_three = handed_in(karim, 3)
    late = all_three[2]
    Assignment.objects.filter(pk=late.pk).update(submitted_at=make.NOW + timedelta(seconds=1))
    asked: dict[str, Any] = {"requester": karim, "batch_id": batch.public_id, "now": make.NOW}
    assert approve_all_submitted(handed_in_by=make.NOW, **asked) == 2
    assert state(late) == "submitted"
    assert approve_all_submitted(handed_in_by=make.NOW + timedelta(seconds=1), **asked) == 1
    assert approve_all_submitted(handed_in_by=make.NOW + timedelta(seconds=1), **asked) == 0
    assert {state(one) for one in all_three} == {"approved"}
    assert work_faults() == []


def test_a_rejection_says_why_in_a_code_and_in_words() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    for reason_code, feedback in (("mood", "x"), ("wrong", ""), ("wrong", "  "), ("wrong", "x" * 5000)):
        with pytest.raises(BadReason):
            reject_assignments(
                requester=karim,
                assignment_ids=[made.public_id],
                reason_code=reason_code,
                feedback=feedback,
                now=make.NOW,
            )
    assert state(made) == "submitted"


def test_no_way_around_the_verbs_rejects_without_a_reason() -> None:
    made = make.submitted()
    for without in (
        {"reason_code": "", "rejected_at": make.NOW},
        {"reason_code": "wrong", "rejected_at": None},
    ):
        with pytest.raises(IntegrityError, match="without a reason"), transaction.atomic():
            Assignment.objects.filter(pk=made.pk).update(state="rejected", **without)
    with transaction.atomic():  # the trigger looks when a time is written; the proofs find the rest
        Assignment.objects.filter(pk=made.pk).update(state="rejected", reason_code="wrong")
        assert any(fault.startswith("rejected without a reason or a time") for fault in work_faults())
        transaction.set_rollback(True)
    assert state(made) == "submitted"


def test_rejections_are_all_or_none() -> None:
    karim = cast.karim()
    _, (one, two) = handed_in(karim, 2)
    approve_assignment(requester=karim, assignment_id=two.public_id, now=make.NOW)
    with pytest.raises(WrongState):
        reject(karim, ids([one, two]))
    assert state(one) == "submitted"


def test_money_of_a_rejection_waits_for_the_time_of_appeal_and_goes_back_once() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    reject(karim, [made.public_id])
    assert requester_balance(karim) == (Money.parse("999.94"), Money.parse("0.06"))
    assert release_rejections(now=WEEK - timedelta(seconds=1)) == 0
    assert release_rejections(now=WEEK) == 1
    assert release_rejections(now=WEEK) == 0
    assert requester_balance(karim) == (Money.parse("1000.00"), Money.zero())
    assert work_faults() == []


def test_an_overturned_rejection_is_paid_from_what_is_still_set_aside() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    reject(karim, [made.public_id])
    with pytest.raises(WrongState):
        approve_assignment(requester=karim, assignment_id=made.public_id, now=make.NOW)
    assert approve_assignment(requester=karim, assignment_id=made.public_id, now=make.NOW, override=True)
    assert requester_balance(karim) == (Money.parse("999.94"), Money.zero())
    assert worker_balance(made.worker)[0] == Money.parse("0.05")
    assert release_rejections(now=WEEK) == 0
    assert work_faults() == []


def test_an_overturned_rejection_whose_money_went_back_is_paid_from_the_balance_or_refused() -> None:
    karim = make.requester(funds="0.06")
    made = make.submitted(of=make.batch(of=karim))
    reject(karim, [made.public_id])
    release_rejections(now=WEEK)
    other = make.batch(of=karim)  # takes the money that came back
    with pytest.raises(InsufficientFunds) as refused:
        approve_assignment(requester=karim, assignment_id=made.public_id, now=WEEK, override=True)
    assert refused.value.facts == {"needed": Money.parse("0.06"), "available": Money.zero()}
    assert state(made) == "rejected"

    jobs.close_expired(other.expires_at)
    late = make.NOW + timedelta(days=29)
    assert approve_assignment(requester=karim, assignment_id=made.public_id, now=late, override=True)
    assert requester_balance(karim) == (Money.zero(), Money.zero())
    assert work_faults() == []


def test_a_rejection_can_be_overturned_for_thirty_days() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    reject(karim, [made.public_id])
    with pytest.raises(TooLate):
        approve_assignment(
            requester=karim,
            assignment_id=made.public_id,
            now=make.NOW + timedelta(days=30, seconds=1),
            override=True,
        )


def left(made: Assignment) -> None:
    """The worker closed the account."""
    Worker.objects.filter(pk=made.worker_id).update(state=WorkerState.CLOSED)


def test_who_closed_the_account_is_not_paid_for_an_overturned_rejection() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    reject(karim, [made.public_id])
    release_rejections(now=WEEK)
    left(made)
    with pytest.raises(WorkerGone):
        approve_assignment(requester=karim, assignment_id=made.public_id, now=WEEK, override=True)
    assert (state(made), worker_balance(made.worker)[0]) == ("rejected", Money.zero())
    assert requester_balance(karim) == (Money.parse("1000.00"), Money.zero())


def test_who_closed_the_account_gets_no_bonus() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    left(made)
    thanks: dict[str, Any] = {"amount": Money.parse("0.50"), "reason": "Very careful.", "token": "t1"}
    with pytest.raises(WorkerGone):
        send_bonus(requester=karim, assignment_id=made.public_id, now=make.NOW, **thanks)
    assert not Bonus.objects.exists()


def test_a_rejected_place_offered_again_is_paid_for_again() -> None:
    karim = cast.karim()
    batch, (one,) = handed_in(karim, 1)
    reject(karim, ids([one]), reopen=True)
    assert requester_balance(karim) == (Money.parse("999.88"), Money.parse("0.12"))
    again = make.accepted(of=batch)
    assert again.task_id == one.task_id
    assert work_faults() == []


def test_offering_again_without_money_is_refused_before_anything_is_written() -> None:
    karim = make.requester(funds="0.12")
    _, both = handed_in(karim, 2)
    with pytest.raises(InsufficientFunds) as refused:
        reject(karim, ids(both), reopen=True)
    assert refused.value.facts == {"needed": Money.parse("0.12"), "available": Money.zero()}
    assert [state(one) for one in both] == ["submitted"] * 2
    assert work_faults() == []


def test_a_place_of_an_ended_task_is_not_offered_again() -> None:
    karim = cast.karim()
    batch, (one,) = handed_in(karim, 1)
    later = make.NOW + timedelta(days=2)
    Batch.objects.filter(pk=batch.pk).update(expires_at=later)
    batch.tasks.update(expires_at=later)
    close_expired(now=later)
    reject(karim, ids([one]), reopen=True, now=later)
    assert requester_balance(karim)[1] == Money.parse("0.06")
    assert work_faults() == []


def test_work_sent_back_is_handed_in_again() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    until = ask_revision(
        requester=karim,
        assignment_id=made.public_id,
        reason_code="unclear",
        feedback="Which digit?",
        now=make.NOW,
    )
    assert until == make.NOW + timedelta(days=1)
    made.refresh_from_db()
    assert (made.state, made.feedback, made.auto_approve_at) == ("revising", "Which digit?", None)
    submit_assignment(worker=made.worker, assignment_id=made.public_id, fields=[("digit", "4")], now=until)
    made.refresh_from_db()
    assert (made.state, made.handed_in) == ("submitted", {"fields": [["digit", "4"]]})


def test_the_requester_says_how_long_a_repair_may_take_and_never_less_than_the_task() -> None:
    karim = cast.karim()
    week = 7 * 86400
    short = make.submitted(of=make.batch(of=karim))
    long = make.submitted(of=make.batch(of=karim, of_terms=make.terms(duration_seconds=2 * week)))
    send_back = partial(ask_revision, requester=karim, reason_code="unclear", feedback="Which?", now=make.NOW)
    for wrong in (REVISION_SECONDS - 1, REVISION_SECONDS_AT_MOST + 1):
        with pytest.raises(BadDeadline):
            send_back(assignment_id=short.public_id, seconds=wrong)
    assert send_back(assignment_id=short.public_id, seconds=week) == make.NOW + timedelta(days=7)
    assert send_back(assignment_id=long.public_id, seconds=week) == make.NOW + timedelta(days=14)


def test_silence_is_approval() -> None:
    karim = cast.karim()
    _, both = handed_in(karim, 2)
    due = make.NOW + timedelta(days=3)
    assert auto_approve_due(now=due - timedelta(seconds=1)) == 0
    # The time to review is over even before the job has run.
    with pytest.raises(TooLate):
        reject(karim, ids(both), now=due)
    with pytest.raises(TooLate):
        ask_revision(
            requester=karim,
            assignment_id=both[0].public_id,
            reason_code="unclear",
            feedback="Which?",
            now=due,
        )
    assert auto_approve_due(now=due) == 2
    assert [(one.state, one.decided_by) for one in Assignment.objects.all()] == [("approved", "house")] * 2
    assert work_faults() == []


def test_a_bonus_is_paid_once_per_token() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    thanks: dict[str, Any] = {
        "amount": Money.parse("0.50"),
        "reason": "Very careful.",
        "token": "t1",
        "now": make.NOW,
    }
    first = send_bonus(requester=karim, assignment_id=made.public_id, **thanks)
    assert send_bonus(requester=karim, assignment_id=made.public_id, **thanks) == first
    assert worker_balance(made.worker)[0] == Money.parse("0.50")
    assert requester_balance(karim)[0] == Money.parse("1000.00") - Money.parse("0.06") - Money.parse("0.60")
    with pytest.raises(TokenReused):
        send_bonus(requester=karim, assignment_id=made.public_id, **{**thanks, "amount": Money.parse("0.60")})
    assert Bonus.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "reason", "code"), [("0.00", "x", "amount"), ("-1.00", "x", "amount"), ("1.00", " ", "reason")]
)
def test_a_bonus_needs_an_amount_and_a_reason(amount: str, reason: str, code: str) -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    with pytest.raises(BonusRefused) as refused:
        send_bonus(
            requester=karim,
            assignment_id=made.public_id,
            amount=Money.parse(amount),
            reason=reason,
            token="t",
            now=make.NOW,
        )
    assert refused.value.facts["code"] == code


def test_a_bonus_beyond_the_balance_writes_nothing() -> None:
    karim = make.requester(funds="0.06")
    made = make.submitted(of=make.batch(of=karim))
    with pytest.raises(InsufficientFunds):
        send_bonus(
            requester=karim,
            assignment_id=made.public_id,
            amount=Money.parse("1.00"),
            reason="Thanks.",
            token="t",
            now=make.NOW,
        )
    assert Bonus.objects.count() == 0
