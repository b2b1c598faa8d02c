"""Who may take what, and what a refusal leaves behind: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests import cast, make
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.people.models import WorkerState
from tukro.qualifications.actions.blocking import block_worker, unblock_worker
from tukro.qualifications.actions.granting import grant, revoke
from tukro.qualifications.rules import Requirement
from tukro.work.actions.doing.assigning import (
    AlreadyDone,
    Blocked,
    NotActive,
    NotEligible,
    NothingLeft,
    OwnTask,
    QueueFull,
    TaskClosed,
    accept_next,
    accept_task,
    expire_late,
    return_assignment,
)
from tukro.work.actions.publishing import cancel_batch, pause_batch, resume_batch
from tukro.work.models import Assignment, Lane
from tukro.work.rules import QUEUE_LIMIT

pytestmark = pytest.mark.django_db


def written() -> tuple[int, int, int]:
    """What accepting would change."""
    return (
        Assignment.objects.count(),
        Event.objects.count(),
        sum(Lane.objects.values_list("taken", flat=True)),
    )


def test_an_accepted_task_is_reserved_until_its_deadline() -> None:
    rahima = cast.rahima()
    task = make.task(of_terms=make.terms(duration_seconds=900))

    taken = accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)

    assert taken.task_id == task.public_id
    assert taken.group_id == task.task_type.group_id
    assert taken.deadline_at == make.NOW + timedelta(seconds=900)
    made = Assignment.objects.get(public_id=taken.assignment_id)
    assert (made.worker, made.state, made.task, made.batch_id) == (rahima, "accepted", task, task.batch_id)
    event = Event.objects.get(name="AssignmentAccepted")
    assert (event.subject, event.actor) == (taken.assignment_id, f"worker:{rahima.public_id}")


@pytest.mark.parametrize("state", [WorkerState.PENDING, WorkerState.REFUSED, WorkerState.SUSPENDED])
def test_only_active_workers_take_work(state: str) -> None:
    task, stranger = make.task(), make.worker(state=state)
    before = written()
    with pytest.raises(NotActive) as refused:
        accept_task(worker=stranger, task_id=task.public_id, now=make.NOW)
    assert refused.value.facts == {"state": state}
    assert written() == before


@pytest.mark.parametrize("address", ["", "x" * 30, "3" + "A" * 29, "'; drop table work_lane; --"])
def test_what_does_not_exist_is_not_found(address: str) -> None:
    rahima = cast.rahima()
    with pytest.raises(NotFound):
        accept_task(worker=rahima, task_id=address, now=make.NOW)
    with pytest.raises(NotFound):
        accept_next(worker=rahima, group_id=address, now=make.NOW)


def test_nobody_takes_a_task_that_they_post_themselves(settings: Settings) -> None:
    settings.PLAY_MONEY = False
    rahima = cast.rahima()
    task = make.task(of=make.requester(of=rahima.user))
    before = written()
    with pytest.raises(OwnTask):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    with pytest.raises(OwnTask):
        accept_next(worker=rahima, group_id=task.task_type.group_id, now=make.NOW)
    assert written() == before

    accept_task(worker=cast.tanvir(), task_id=task.public_id, now=make.NOW)


def test_who_posts_takes_the_tasks_of_others(settings: Settings) -> None:
    settings.PLAY_MONEY = False
    rahima = cast.rahima()
    make.requester(of=rahima.user)
    task = make.task()
    assert accept_task(worker=rahima, task_id=task.public_id, now=make.NOW).task_id == task.public_id


@pytest.mark.parametrize(("mode", "play"), [("sandbox", False), ("live", True)])
def test_with_play_money_people_try_out_their_own_tasks(settings: Settings, mode: str, play: bool) -> None:
    settings.MODE, settings.PLAY_MONEY = mode, play
    rahima = cast.rahima()
    task = make.task(of=make.requester(of=rahima.user))
    assert accept_task(worker=rahima, task_id=task.public_id, now=make.NOW).task_id == task.public_id


def test_a_blocked_worker_takes_nothing_of_that_requester() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    task = make.task(of=karim)
    block_worker(requester=karim, worker=rahima, reason="copied answers", now=make.NOW)
    before = written()
    with pytest.raises(Blocked):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    assert written() == before

    unblock_worker(requester=karim, worker=rahima, now=make.NOW)
    accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)


def test_requirements_are_judged_when_they_are_first_met_and_again_when_facts_change() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    reads = make.qualification_type(of=karim)
    asked = Requirement(reads.public_id, "GreaterThanOrEqualTo", (80,))
    task = make.task(of=karim, of_terms=make.terms(requirements=[asked]))
    before = written()
    with pytest.raises(NotEligible) as refused:
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    assert refused.value.facts == {"missing": [asked]}
    assert written() == before

    grant(requester=karim, type_id=reads.public_id, worker=rahima, value=79, now=make.NOW)
    with pytest.raises(NotEligible):
        accept_next(worker=rahima, group_id=task.task_type.group_id, now=make.NOW)
    grant(requester=karim, type_id=reads.public_id, worker=rahima, value=80, now=make.NOW)
    taken = accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    return_assignment(worker=rahima, assignment_id=taken.assignment_id, reason_code="other", now=make.NOW)
    revoke(requester=karim, type_id=reads.public_id, worker=rahima, now=make.NOW)
    with pytest.raises(NotEligible):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)


def test_a_worker_holds_as_many_tasks_as_the_queue_takes() -> None:
    rahima = cast.rahima()
    batch = make.batch(rows=QUEUE_LIMIT + 1)
    for _ in range(QUEUE_LIMIT):
        make.accepted(by=rahima, of=batch)
    before = written()
    with pytest.raises(QueueFull) as refused:
        accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)
    assert refused.value.facts == {"limit": QUEUE_LIMIT}
    assert written() == before
    # A passed deadline does not fill the queue, even before the sweep has seen it.
    accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW + timedelta(seconds=601))


def test_a_worker_gets_each_task_once() -> None:
    rahima = cast.rahima()
    task = make.task(places=3)
    accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    before = written()
    with pytest.raises(AlreadyDone):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    with pytest.raises(NothingLeft):
        accept_next(worker=rahima, group_id=task.task_type.group_id, now=make.NOW)
    assert written() == before


def test_a_returned_task_can_be_taken_again() -> None:
    rahima = cast.rahima()
    first = make.accepted(by=rahima)
    return_assignment(worker=rahima, assignment_id=first.public_id, reason_code="unclear", now=make.NOW)
    again = accept_task(worker=rahima, task_id=first.task.public_id, now=make.NOW)
    assert again.assignment_id != first.public_id


def test_accepting_next_walks_through_the_whole_group() -> None:
    rahima = cast.rahima()
    batch = make.batch(rows=12)
    taken = {make.accepted(by=rahima, of=batch).task_id for _ in range(12)}
    assert len(taken) == 12
    with pytest.raises(NothingLeft):
        accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)


def test_workers_start_at_different_points_of_a_group() -> None:
    batch = make.batch(rows=50, places=30)
    first = {make.accepted(by=make.worker(), of=batch).task_id for _ in range(10)}
    assert len(first) > 5


def test_paused_expired_and_withdrawn_tasks_are_closed_to_workers() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, lifetime_seconds=86400)
    task = batch.tasks.get()
    pause_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(TaskClosed):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)
    with pytest.raises(NothingLeft):
        accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)

    resume_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(TaskClosed):  # expired by its column; no sweep has run
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW + timedelta(days=1))
    with pytest.raises(NothingLeft):
        accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW + timedelta(days=1))

    cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(TaskClosed):
        accept_task(worker=rahima, task_id=task.public_id, now=make.NOW)


def test_a_place_whose_time_is_over_is_free_before_the_sweep_has_run() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    first = make.accepted(by=rahima)
    later = make.NOW + timedelta(seconds=611)
    accept_task(worker=tanvir, task_id=first.task.public_id, now=later)
    first.refresh_from_db()
    assert first.state == "abandoned"


def test_the_sweep_frees_places_only_after_the_time_of_grace() -> None:
    batch = make.batch(rows=3)
    for _ in range(3):
        make.accepted(of=batch)
    assert expire_late(now=make.NOW + timedelta(seconds=609)) == 0
    assert expire_late(now=make.NOW + timedelta(seconds=611)) == 3
    assert expire_late(now=make.NOW + timedelta(seconds=611)) == 0
