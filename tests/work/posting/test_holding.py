"""Batches that staff stop: they stand still until staff release them, whatever their requester does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests import cast, make
from tukro.journal.queries import history
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.work.actions.doing.assigning import NothingLeft, TaskClosed, accept_next, accept_task
from tukro.work.actions.publishing import (
    BatchHeld,
    cancel_batch,
    ensure_task_type,
    extend_batch,
    finish_publishing,
    hold_batch,
    pause_batch,
    publish_rows,
    release_batch,
    resume_batch,
    start_batch,
)
from tukro.work.actions.publishing.task_changes import add_places, change_expiry, retype_task
from tukro.work.models import Batch, BatchState, Listing, Task, TaskType
from tukro.work.queries import batch_progress
from tukro.work.queries.reports import held_batches

pytestmark = pytest.mark.django_db

NOW = make.NOW
SHIRIN = Actor("staff", "7")


def hold(batch: Batch | None) -> Batch:
    assert batch is not None
    hold_batch(batch_pk=batch.pk, reason_code="secrets", by=SHIRIN, now=NOW)
    batch.refresh_from_db()
    return batch


def release(batch: Batch) -> Batch:
    release_batch(by=SHIRIN, batch_id=batch.public_id, now=NOW)
    batch.refresh_from_db()
    return batch


def can_be_taken(batch: Batch) -> bool:
    try:
        accept_next(worker=make.worker(), group_id=batch.task_type.group_id, now=NOW)
    except NothingLeft:
        return False
    return True


def owner(task: Task) -> Requester:
    return Requester.objects.get(pk=task.requester_id)


def publish(requester: Requester, title: str, *, rows: int = 1) -> Batch:
    return start_batch(
        requester=requester,
        terms=make.terms(title=title),
        question_kind="html",
        question_body="<p>${image}</p>",
        name="Digits again",
        places=1,
        row_count=rows,
        lifetime_seconds=86400,
        now=NOW,
    )


def test_a_held_batch_stands_still_until_staff_release_it() -> None:
    batch = make.batch(rows=3)
    assert (hold(batch).held_for, can_be_taken(batch)) == ("secrets", False)
    with pytest.raises(BatchHeld) as refused:
        resume_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    assert (refused.value.facts, can_be_taken(batch)) == ({"name": batch.name}, False)
    assert (release(batch).state, batch.held_at, can_be_taken(batch)) == (BatchState.RUNNING, None, True)


@pytest.mark.parametrize("paused_first", [True, False])
def test_a_batch_that_its_requester_paused_waits_for_them_when_it_is_released(paused_first: bool) -> None:
    batch = make.batch(rows=3)
    if not paused_first:
        hold(batch)
    pause_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    hold(batch)
    with pytest.raises(BatchHeld):
        resume_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    assert (release(batch).state, can_be_taken(batch)) == (BatchState.PAUSED, False)
    resume_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    assert can_be_taken(batch)


def test_holding_and_releasing_twice_does_it_once_and_is_journaled() -> None:
    batch, shirin = make.batch(), str(SHIRIN)
    for act in (hold, hold, release, release):
        act(batch)
    events = [(one.name, one.actor, one.facts) for one in history(batch.public_id)][-2:]
    assert events == [("BatchHeld", shirin, {"reason": "secrets"}), ("BatchReleased", shirin, {})]
    with pytest.raises(NotFound):
        release_batch(by=SHIRIN, batch_id="X" * 30, now=NOW)


def test_what_was_made_in_the_very_moment_of_a_hold_is_stopped_by_holding_again() -> None:
    task = make.wire_task()
    batch = hold(task.batch)
    task.lanes.update(is_open=True)
    Task.objects.filter(pk=task.pk).update(state="open")
    hold(batch)
    with pytest.raises(TaskClosed):
        accept_task(worker=make.worker(), task_id=task.public_id, now=NOW)


def test_a_held_batch_is_not_extended_and_gives_its_money_back_when_it_is_cancelled() -> None:
    batch = hold(make.batch(of=cast.karim(), rows=3))
    with pytest.raises(BatchHeld):
        extend_batch(requester=batch.requester, batch_id=batch.public_id, add_places=1, now=NOW)
    cancel_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    assert requester_balance(batch.requester)[1] == Money(0)
    assert (release(batch).state, can_be_taken(batch)) == (BatchState.CANCELLED, False)


def test_the_same_work_is_not_published_beside_a_held_batch_and_other_work_is() -> None:
    karim = cast.karim()
    batch = hold(make.batch(of=karim, of_terms=make.terms(title="Stopped")))
    cancel_batch(requester=karim, batch_id=batch.public_id, now=NOW)  # which is no way around it
    with pytest.raises(BatchHeld):
        publish(karim, "Stopped")
    with pytest.raises(BatchHeld):
        make.wire_task(of=karim, of_terms=make.terms(title="Stopped"))
    assert Batch.objects.get() == batch
    assert publish(karim, "Something else").state == BatchState.PUBLISHING
    assert publish(make.requester(), "Stopped").state == BatchState.PUBLISHING
    release(batch)
    assert publish(karim, "Stopped").state == BatchState.PUBLISHING


def test_a_program_makes_no_task_beside_a_held_one() -> None:
    task = make.wire_task()
    batch = hold(task.batch)
    with pytest.raises(BatchHeld):
        make.wire_task(of=batch.requester)
    release(batch)
    assert make.wire_task(of=batch.requester).batch_id == batch.pk


Change = Callable[[Task, TaskType], None]


@pytest.mark.parametrize(
    "change",
    [
        lambda task, _: add_places(requester=owner(task), task_id=task.public_id, places=1, now=NOW),
        lambda task, _: change_expiry(
            requester=owner(task), task_id=task.public_id, expires_at=NOW + timedelta(days=30), now=NOW
        ),
        lambda task, other: retype_task(
            requester=owner(task), task_id=task.public_id, type_id=other.public_id, now=NOW
        ),
    ],
)
def test_a_program_offers_no_more_of_a_held_task(change: Change) -> None:
    task = make.wire_task()
    other = ensure_task_type(requester=owner(task), terms=make.terms(title="Other"), now=NOW)
    batch = hold(task.batch)
    with pytest.raises(BatchHeld):
        change(task, other)
    cancel_batch(requester=batch.requester, batch_id=batch.public_id, now=NOW)
    with pytest.raises(BatchHeld):
        change(task, other)


def test_a_program_gives_no_task_the_terms_of_held_work() -> None:
    karim = cast.karim()
    held = hold(make.wire_task(of=karim).batch)
    other = make.wire_task(of=karim, of_terms=make.terms(title="Other"))
    with pytest.raises(BatchHeld):
        retype_task(requester=karim, task_id=other.public_id, type_id=held.task_type.public_id, now=NOW)


def test_a_program_may_end_a_held_task() -> None:
    task = make.wire_task()
    hold(task.batch)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=NOW, now=NOW)
    assert requester_balance(owner(task))[1] == Money(0)


def test_a_batch_that_is_held_while_it_is_published_is_finished_standing_still() -> None:
    batch = publish(cast.karim(), "Stopped early", rows=2)
    publish_rows(batch_id=batch.public_id, first_no=1, rows=[{}], now=NOW)
    hold(batch)
    publish_rows(batch_id=batch.public_id, first_no=2, rows=[{}], now=NOW)
    finish_publishing(batch_id=batch.public_id, now=NOW)
    listed = Listing.objects.filter(task_type=batch.task_type)
    assert (batch_progress(batch).tasks, can_be_taken(batch), listed.exists()) == (2, False, False)
    release(batch)
    assert listed.get().open_tasks == 2


def test_held_batches_are_listed_page_by_page_the_latest_first() -> None:
    batches = [hold(make.batch(of_terms=make.terms(title=f"Work {no}"))) for no in range(3)]
    assert list(held_batches()) == batches[::-1]
    assert list(held_batches(after=batches[1].public_id)) == batches[:1]
