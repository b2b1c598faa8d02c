"""Reviewing as programs do it: silence, deleted tasks, empty words, bonuses with a token for a day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import worker_balance
from tukro.people.models import Requester
from tukro.work.actions.closing import release_rejections
from tukro.work.actions.doing.assigning import TooLate, WrongState
from tukro.work.actions.publishing.task_changes import change_expiry, dispose_task
from tukro.work.actions.reviewing import (
    BonusPaidBefore,
    BonusRefused,
    WorkerUnknown,
    approve_assignment,
    approve_assignments,
    ask_revision,
    grant_bonus,
    reject_assignment,
    send_bonus,
)
from tukro.work.models import Assignment, Bonus, RequestToken
from tukro.work.queries.of_requester.handed_in import (
    bonuses_on_assignment,
    bonuses_on_task,
    task_with_work,
    work_of,
    work_on,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = make.NOW + timedelta(days=3)  # the time to review of make.terms is over


def handed_in_to(karim: Requester) -> Assignment:
    return make.submitted(of=make.batch(of=karim))


def grant(karim: Requester, to: Assignment, **changes: Any) -> Bonus:
    usual: dict[str, Any] = {
        "worker": to.worker,
        "assignment_id": to.public_id,
        "amount": Money.parse("0.50"),
        "reason": "Well done",
        "token": "",
        "now": make.NOW,
    }
    return grant_bonus(requester=karim, **(usual | changes))


def delete_task(karim: Requester, of: Assignment) -> None:
    task_id = of.task.public_id
    change_expiry(requester=karim, task_id=task_id, expires_at=make.NOW, now=make.NOW)
    dispose_task(requester=karim, task_id=task_id, now=make.NOW)


def test_past_the_time_to_review_the_house_approves_not_the_requester() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    assert not approve_assignment(requester=karim, assignment_id=made.public_id, feedback="Thanks", now=LATE)
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.feedback) == ("approved", "house", "")
    assert worker_balance(made.worker)[0] == Money.parse("0.05")
    assert Transfer.objects.filter(kind="reward").count() == 1


def test_a_page_that_approves_at_that_moment_counts_it() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    assert approve_assignments(requester=karim, assignment_ids=[made.public_id], now=LATE) == 1


def test_a_program_rejects_without_words() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=make.NOW)
    made.refresh_from_db()
    assert (made.state, made.reason_code, made.feedback) == ("rejected", "other", "")
    with pytest.raises(WrongState):
        reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=make.NOW)


def test_a_rejection_after_silence_is_too_late() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    with pytest.raises(TooLate):
        reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=LATE)


def test_who_asks_for_others_work_learns_nothing() -> None:
    made, stranger = make.submitted(), cast.karim()
    for act in (approve_assignment, reject_assignment):
        with pytest.raises(NotFound) as refused:
            act(requester=stranger, assignment_id=made.public_id, feedback="", now=make.NOW)
        assert refused.value.facts == {"assignment_id": made.public_id}


def test_a_rejection_on_a_deleted_task_stands() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=make.NOW)
    delete_task(karim, made)
    with pytest.raises(WrongState) as refused:
        approve_assignment(requester=karim, assignment_id=made.public_id, override=True, now=make.NOW)
    assert refused.value.facts["state"] == "disposed"


@pytest.mark.parametrize(("days", "is_overturned"), [(30, True), (31, False)])
def test_a_rejection_is_overturned_for_thirty_days_from_handing_in(days: int, is_overturned: bool) -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=make.NOW + 2 * DAY)
    release_rejections(now=make.NOW + 10 * DAY)
    now = make.NOW + days * DAY
    if is_overturned:
        assert approve_assignment(requester=karim, assignment_id=made.public_id, override=True, now=now)
    else:
        with pytest.raises(TooLate):
            approve_assignment(requester=karim, assignment_id=made.public_id, override=True, now=now)
    made.refresh_from_db()
    assert made.state == ("approved" if is_overturned else "rejected")


def test_a_bonus_without_a_token_is_paid_each_time() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    grant(karim, made, reason="")
    grant(karim, made, reason="")
    assert worker_balance(made.worker)[0] == Money.parse("1.00")


def test_a_token_pays_once_in_a_day_and_again_after_it() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    paid = grant(karim, made, token="1700000000.123")
    with pytest.raises(BonusPaidBefore) as refused:
        grant(karim, made, token="1700000000.123", now=make.NOW + DAY / 2)
    assert refused.value.facts == {"token": "1700000000.123", "bonus": paid.public_id}
    grant(karim, made, token="1700000000.123", now=make.NOW + DAY * 2)
    assert Bonus.objects.count() == 2
    assert RequestToken.objects.count() == 1


def test_a_token_that_paid_says_so_when_the_work_is_sent_back_since() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    grant(karim, made, token="t")
    ask_revision(
        requester=karim, assignment_id=made.public_id, reason_code="unclear", feedback="Why 4?", now=make.NOW
    )
    with pytest.raises(BonusPaidBefore):
        grant(karim, made, token="t")


def test_a_token_belongs_to_its_requester() -> None:
    karim, other = cast.karim(), make.requester()
    grant(karim, handed_in_to(karim), token="t")
    grant(other, handed_in_to(other), token="t")
    assert Bonus.objects.count() == 2


def test_a_refused_bonus_leaves_its_token_good() -> None:
    poor = make.requester(funds="0.06")
    made = handed_in_to(poor)
    with pytest.raises(InsufficientFunds):
        grant(poor, made, token="t")
    assert not RequestToken.objects.exists()
    assert not Bonus.objects.exists()


def test_a_page_and_a_program_may_use_the_same_token() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    send_bonus(
        requester=karim,
        assignment_id=made.public_id,
        amount=Money.parse("0.10"),
        reason="x",
        token="t",
        now=make.NOW,
    )
    grant(karim, made, token="t")
    assert Bonus.objects.count() == 2


def test_a_bonus_names_the_worker_who_did_the_work() -> None:
    karim = cast.karim()
    made, stranger = handed_in_to(karim), cast.tanvir()
    with pytest.raises(WorkerUnknown):
        grant(karim, made, worker=stranger)
    with pytest.raises(BonusRefused):
        grant(karim, made, amount=Money.zero())


def test_work_in_hand_has_no_bonus() -> None:
    karim = cast.karim()
    taken = make.accepted(of=make.batch(of=karim))
    with pytest.raises(NotFound):
        grant(karim, taken)


def test_what_was_handed_in_is_read_in_its_order_and_work_in_hand_is_not() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, places=4)
    made = [make.submitted(of=batch, now=make.NOW + timedelta(seconds=no)) for no in (3, 1, 2)]
    make.accepted(of=batch)
    task = task_with_work(batch.requester, batch.tasks.get().public_id)
    read = work_on(task, states=[], after=None, limit=9, now=make.NOW)
    assert [one.pk for one in read] == [made[1].pk, made[2].pk, made[0].pk]
    after = (read[0].submitted_at, read[0].pk)
    rest = work_on(task, states=[], after=after, limit=9, now=make.NOW)
    assert [one.pk for one in rest] == [made[2].pk, made[0].pk]
    left = work_on(task, states=[], hidden=[rest[0].assignment_id], after=after, limit=9, now=make.NOW)
    assert left == rest[1:]


def test_silence_is_read_as_approval_before_the_house_has_paid() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    task = task_with_work(karim, made.task.public_id)
    read = {
        state: [one.pk for one in work_on(task, states=[state], after=None, limit=9, now=LATE)]
        for state in ("submitted", "approved", "rejected")
    }
    assert read == {"submitted": [], "approved": [made.pk], "rejected": []}


def test_reading_a_hundred_costs_as_many_queries_as_reading_one() -> None:
    batch = make.batch(places=5)
    task = task_with_work(batch.requester, batch.tasks.get().public_id)
    for _ in range(2):
        make.submitted(of=batch)
        with CaptureQueriesContext(connection) as asked:
            rows = work_on(task, states=[], after=None, limit=9, now=make.NOW)
        assert len(asked) == 1
        assert all(json.loads(one.answer)["fields"] and one.worker_id and one.files is None for one in rows)


def test_a_deleted_task_takes_its_work_along_but_not_its_bonuses() -> None:
    karim = cast.karim()
    made = handed_in_to(karim)
    bonus = grant(karim, made)
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=make.NOW)
    found = work_of(karim, made.public_id, now=make.NOW)
    assert found is not None
    assert (found.pk, found.state) == (made.pk, "rejected")
    delete_task(karim, made)
    assert work_of(karim, made.public_id, now=make.NOW) is None
    assert list(bonuses_on_assignment(karim, made.public_id, after=None)) == [bonus]
    assert list(bonuses_on_task(karim, made.task.public_id, after=None)) == [bonus]
