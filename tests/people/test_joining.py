"""Asking to be a worker or a requester, and what staff answer."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests import cast, make
from tests.make import NOW
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.people.actions.accounts import (
    EmailTaken,
    create_requester,
    create_staff,
    create_user,
    create_worker,
)
from tukro.people.actions.joining import (
    AlreadyARequester,
    AlreadyAWorker,
    NameNeeded,
    ReasonNeeded,
    WrongWorkerState,
    approve_worker,
    become_requester,
    change_aliases,
    change_review_mode,
    refuse_worker,
    request_worker_account,
    review_mode,
    suspend_worker,
)
from tukro.people.aliases import KEY, NO_KEY
from tukro.people.models import ReviewMode, User, Worker, WorkerState
from tukro.people.queries import workers_to_review
from tukro.people.rules import next_worker_state

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
MOVES = ("request_before_first_task", "request_after", "approve", "refuse", "suspend")


def test_work_starts_at_once_unless_the_operator_says_otherwise() -> None:
    assert review_mode() == ReviewMode.AFTER
    worker = request_worker_account(user=make.user(), country="BD", now=NOW)
    assert (worker.state, worker.country, worker.reviewed_at) == ("active", "BD", None)


def test_a_worker_waits_when_review_comes_before_the_first_task() -> None:
    change_review_mode(by=cast.shirin().actor, mode=ReviewMode.BEFORE_FIRST_TASK, now=NOW)
    worker = request_worker_account(user=make.user(), country="IN", now=NOW)
    assert worker.state == WorkerState.PENDING
    assert list(workers_to_review()) == [worker]


def test_one_person_has_one_worker_account() -> None:
    user = make.user()
    worker = request_worker_account(user=user, country="BD", now=NOW)
    with pytest.raises(AlreadyAWorker) as refused:
        request_worker_account(user=user, country="BD", now=LATER)
    assert refused.value.facts == {"state": "active"}
    assert list(Worker.objects.filter(user=user)) == [worker]


def test_staff_approve_a_waiting_worker_and_the_journal_says_who() -> None:
    shirin = cast.shirin()
    worker = make.worker(state=WorkerState.PENDING)
    approve_worker(by=shirin.actor, worker_id=worker.public_id, now=LATER)
    worker.refresh_from_db()
    assert (worker.state, worker.reviewed_at, worker.reviewed_by) == ("active", LATER, str(shirin.actor))
    [event] = history(worker.public_id)
    assert (event.name, event.actor, event.facts) == (
        "WorkerApproved",
        str(shirin.actor),
        {"from": "pending", "reason": ""},
    )


def test_approving_twice_is_told_once() -> None:
    worker = make.worker(state=WorkerState.PENDING)
    for _ in range(2):
        approve_worker(by=make.staff().actor, worker_id=worker.public_id, now=NOW)
    assert [event.name for event in history(worker.public_id)] == ["WorkerApproved"]


def test_a_look_after_the_first_task_is_told_too() -> None:
    worker = request_worker_account(user=make.user(), country="BD", now=NOW)
    approve_worker(by=cast.shirin().actor, worker_id=worker.public_id, now=LATER)
    assert [event.name for event in history(worker.public_id)] == ["WorkerRequested", "WorkerApproved"]
    assert list(workers_to_review()) == []


def test_a_refusal_needs_a_reason() -> None:
    worker = make.worker(state=WorkerState.PENDING)
    with pytest.raises(ReasonNeeded):
        refuse_worker(by=cast.shirin().actor, worker_id=worker.public_id, reason="  ", now=NOW)
    worker.refresh_from_db()
    assert worker.state == WorkerState.PENDING


def test_a_refused_person_may_ask_again_and_staff_look_first() -> None:
    user = make.user()
    worker = request_worker_account(user=user, country="BD", now=NOW)
    refuse_worker(by=cast.shirin().actor, worker_id=worker.public_id, reason="Name is missing", now=NOW)
    again = request_worker_account(user=user, country="BD", now=LATER)
    assert (again.pk, again.state, again.review_reason) == (worker.pk, "pending", "")


def test_staff_take_a_refusal_back_and_the_reason_goes_with_it() -> None:
    worker = request_worker_account(user=make.user(), country="BD", now=NOW)
    refuse_worker(by=cast.shirin().actor, worker_id=worker.public_id, reason="Two accounts", now=NOW)
    for _ in range(2):  # twice is once
        approve_worker(by=make.staff().actor, worker_id=worker.public_id, now=LATER)
    worker.refresh_from_db()
    assert (worker.state, worker.review_reason, worker.reviewed_at) == ("active", "", LATER)
    assert [event.name for event in history(worker.public_id)][1:] == ["WorkerRefused", "WorkerApproved"]


def test_whom_a_colleague_approved_meanwhile_is_not_refused() -> None:
    worker = request_worker_account(user=make.user(), country="BD", now=NOW)
    approve_worker(by=cast.shirin().actor, worker_id=worker.public_id, now=NOW)
    with pytest.raises(WrongWorkerState):
        refuse_worker(by=make.staff().actor, worker_id=worker.public_id, reason="Two accounts", now=LATER)
    worker.refresh_from_db()
    assert (worker.state, worker.review_reason) == ("active", "")
    assert [event.name for event in history(worker.public_id)] == ["WorkerRequested", "WorkerApproved"]


def test_suspending_stops_an_active_worker_and_approving_ends_it() -> None:
    shirin, rahima = cast.shirin(), cast.rahima()
    suspend_worker(by=shirin.actor, worker_id=rahima.public_id, reason="Shared account", now=NOW)
    rahima.refresh_from_db()
    assert (rahima.state, rahima.review_reason) == ("suspended", "Shared account")
    approve_worker(by=shirin.actor, worker_id=rahima.public_id, now=LATER)
    rahima.refresh_from_db()
    assert rahima.state == WorkerState.ACTIVE


def test_a_worker_who_was_never_active_cannot_be_suspended() -> None:
    worker = make.worker(state=WorkerState.PENDING)
    with pytest.raises(WrongWorkerState) as refused:
        suspend_worker(by=cast.shirin().actor, worker_id=worker.public_id, reason="No", now=NOW)
    assert refused.value.facts == {"state": "pending"}


def test_nobody_can_be_reviewed_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        approve_worker(by=cast.shirin().actor, worker_id="A0000000000000", now=NOW)


@pytest.mark.parametrize("state", ["none", *WorkerState.values])
@pytest.mark.parametrize("move", MOVES)
def test_every_state_knows_what_each_move_does(state: str, move: str) -> None:
    expected = {
        ("none", "request_before_first_task"): "pending",
        ("none", "request_after"): "active",
        ("refused", "request_before_first_task"): "pending",
        ("refused", "request_after"): "pending",
        ("pending", "approve"): "active",
        ("refused", "approve"): "active",
        ("pending", "refuse"): "refused",
        ("active", "approve"): "active",
        ("active", "refuse"): "refused",
        ("active", "suspend"): "suspended",
        ("suspended", "approve"): "active",
    }
    assert next_worker_state(state, move) == expected.get((state, move))


def test_one_person_may_be_worker_and_requester() -> None:
    user = make.user()
    worker = request_worker_account(user=user, country="BD", now=NOW)
    requester = become_requester(user=user, name="Rahima’s  shop", now=NOW)
    assert (worker.user_id, requester.user_id, requester.name) == (user.pk, user.pk, "Rahima’s shop")


def test_a_requester_needs_a_name_and_joins_once() -> None:
    user = make.user()
    with pytest.raises(NameNeeded):
        become_requester(user=user, name=" \t ", now=NOW)
    become_requester(user=user, name="Karim", now=NOW)
    with pytest.raises(AlreadyARequester):
        become_requester(user=user, name="Karim again", now=NOW)


def test_who_joins_sees_ids_of_their_own_unless_the_operator_says_otherwise() -> None:
    by = cast.shirin().actor
    first = become_requester(user=make.user(), name="Karim", now=NOW)
    change_aliases(by=by, given=False, now=NOW)
    second = become_requester(user=make.user(), name="Salma", now=NOW)
    change_aliases(by=by, given=True, now=NOW)
    third = become_requester(user=make.user(), name="Lab", now=NOW)
    first.refresh_from_db()
    assert [first.alias_key, second.alias_key, third.alias_key] == [KEY, NO_KEY, KEY]
    assert [event.facts for event in history("joining")] == [{"aliases": False}, {"aliases": True}]


def test_people_made_without_a_browser_can_sign_in_and_are_ready() -> None:
    worker = create_worker("Rahima@Example.org", "correct horse", country="BD", now=NOW)
    requester = create_requester("karim@example.org", "correct horse", name="Karim", now=NOW)
    staff = create_staff("shirin@example.org", "correct horse", now=NOW)
    assert (worker.state, worker.user.email, requester.name, staff.is_staff) == (
        "active",
        "rahima@example.org",
        "Karim",
        True,
    )
    assert worker.user.check_password("correct horse")
    assert list(workers_to_review()) == []


def test_an_address_is_one_person_in_any_spelling() -> None:
    create_user("rahima@example.org", "correct horse")
    with pytest.raises(EmailTaken):
        create_user("RAHIMA@example.org", "correct horse")


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_worker() -> None:
    user = make.user()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            barrier.wait(timeout=10)
            mine = User.objects.get(pk=user.pk)
            outcomes.append(request_worker_account(user=mine, country="BD", now=NOW).state)
        except AlreadyAWorker:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["active", "already"]
    assert Worker.objects.filter(user=user).count() == 1
