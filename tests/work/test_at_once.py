"""Many people at the same moment, with real connections: scarce things stay scarce, nobody deadlocks."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests import cast, make
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.people.models import Requester, Worker
from tukro.work.actions.closing import close_expired, release_rejections
from tukro.work.actions.doing.assigning import (
    accept_next,
    accept_task,
    expire_late,
    return_assignment,
    submit_assignment,
)
from tukro.work.actions.publishing import cancel_batch, extend_batch, pause_batch, resume_batch
from tukro.work.actions.reviewing import (
    approve_all_submitted,
    approve_assignment,
    approve_assignments,
    auto_approve_due,
    reject_assignments,
)
from tukro.work.models import Assignment, Lane
from tukro.work.queries import work_faults

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Start every act on its own connection at the same moment; how they ended, by name."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait()
        try:
            act()
            return "done"
        except Refused as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(run, acts))


def test_fifty_workers_reach_for_the_last_place_and_one_gets_it() -> None:
    task = make.task(places=1)
    workers = [make.worker() for _ in range(50)]
    ended = all_at_once(
        [lambda w=w: accept_task(worker=w, task_id=task.public_id, now=make.NOW) for w in workers]  # type: ignore[misc]  # mypy infers no default of a lambda
    )
    assert ended == {"done": 1, "NothingLeft": 49}
    assert work_faults() == []


def test_as_many_as_there_are_places_get_one_and_nobody_is_sent_away_too_early() -> None:
    batch = make.batch(places=30)
    workers = [make.worker() for _ in range(40)]
    group = batch.task_type.group_id
    ended = all_at_once(
        [lambda w=w: accept_next(worker=w, group_id=group, now=make.NOW) for w in workers]  # type: ignore[misc]  # mypy infers no default of a lambda
    )
    assert ended == {"done": 30, "NothingLeft": 10}
    assert work_faults() == []


def test_two_tabs_of_one_worker_take_one_place() -> None:
    rahima, task = cast.rahima(), make.task(places=20)
    ended = all_at_once(
        [lambda: accept_task(worker=rahima, task_id=task.public_id, now=make.NOW) for _ in range(8)]
    )
    assert ended == {"done": 1, "AlreadyDone": 7}


def test_two_tabs_do_not_pass_the_queue_together() -> None:
    rahima, batch = cast.rahima(), make.batch(rows=30)
    for _ in range(24):
        make.accepted(by=rahima, of=batch)
    group = batch.task_type.group_id
    ended = all_at_once([lambda: accept_next(worker=rahima, group_id=group, now=make.NOW) for _ in range(6)])
    assert ended == {"done": 1, "QueueFull": 5}


def test_an_assignment_is_paid_once_whoever_approves_it_first() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    made = make.submitted(of=batch)
    due = make.NOW + timedelta(days=3)
    one: dict[str, Any] = {"requester": karim, "assignment_id": made.public_id, "now": make.NOW}
    all_at_once(
        [
            *[lambda: approve_assignment(**one) for _ in range(4)],
            *[
                lambda: approve_all_submitted(
                    requester=karim, batch_id=batch.public_id, handed_in_by=make.NOW, now=make.NOW
                )
            ]
            * 2,
            *[lambda: auto_approve_due(now=due)] * 2,
            *[lambda: approve_assignments(requester=karim, assignment_ids=[made.public_id], now=make.NOW)]
            * 2,
        ]
    )
    assert worker_balance(made.worker)[0] == Money.parse("0.05")
    assert work_faults() == []


def test_approval_and_rejection_at_once_end_in_one_of_them() -> None:
    karim = cast.karim()
    made = make.submitted(of=make.batch(of=karim))
    name = made.public_id
    ended = all_at_once(
        [
            lambda: approve_assignment(requester=karim, assignment_id=name, now=make.NOW),
            lambda: reject_assignments(
                requester=karim, assignment_ids=[name], reason_code="wrong", feedback="No.", now=make.NOW
            ),
        ]
    )
    assert ended == {"done": 1, "WrongState": 1}
    assert work_faults() == []


class Crowd:
    """Sixteen people and the house act on one batch at random. Refusals are fine, deadlocks are not."""

    def __init__(self, karim: Requester, workers: list[Worker], seed: int) -> None:
        self.karim, self.workers, self.random = karim, workers, random.Random(seed)
        self.batch = make.batch(of=karim, rows=4, places=60)
        self.other = make.batch(of=karim, rows=6, places=2)
        self.later = make.NOW + timedelta(seconds=620)

    def work(self, worker: Worker, chance: random.Random) -> None:
        for _ in range(8):
            batch = chance.choice([self.batch, self.other])
            taken = accept_next(worker=worker, group_id=batch.task_type.group_id, now=make.NOW)
            act = chance.random()
            if act < 0.6:
                submit_assignment(
                    worker=worker, assignment_id=taken.assignment_id, fields=[("a", "1")], now=make.NOW
                )
            elif act < 0.8:
                return_assignment(
                    worker=worker, assignment_id=taken.assignment_id, reason_code="other", now=make.NOW
                )

    def review(self, chance: random.Random) -> None:
        for _ in range(6):
            waiting = list(
                Assignment.objects.filter(state="submitted").values_list("public_id", flat=True)[:10]
            )
            chance.shuffle(waiting)
            for name in waiting[:2]:
                approve_assignment(requester=self.karim, assignment_id=name, now=make.NOW)
            approve_assignments(requester=self.karim, assignment_ids=waiting[2:6], now=make.NOW)
            if waiting[6:]:
                reject_assignments(
                    requester=self.karim,
                    assignment_ids=waiting[6:],
                    reason_code="wrong",
                    feedback="No.",
                    reopen=chance.random() < 0.5,
                    now=make.NOW,
                )

    def manage(self) -> None:
        for _ in range(3):
            pause_batch(requester=self.karim, batch_id=self.batch.public_id, now=make.NOW)
            resume_batch(requester=self.karim, batch_id=self.batch.public_id, now=make.NOW)
            extend_batch(requester=self.karim, batch_id=self.other.public_id, add_places=1, now=make.NOW)
        cancel_batch(requester=self.karim, batch_id=self.other.public_id, now=make.NOW)

    def sweep(self) -> None:
        for _ in range(6):
            expire_late(now=self.later)
            close_expired(now=make.NOW)
            release_rejections(now=make.NOW + timedelta(days=8))
            auto_approve_due(now=make.NOW + timedelta(days=4))

    def acts(self) -> list[Callable[[], object]]:
        return [
            *[partial(insist, self.work, worker, self.chance()) for worker in self.workers],
            *[partial(insist, self.review, self.chance()) for _ in range(3)],
            self.manage,
            self.sweep,
            self.sweep,
        ]

    def chance(self) -> random.Random:
        return random.Random(self.random.random())


def insist(act: Callable[..., object], *given: object) -> None:
    """Go on after a refusal: somebody else was first."""
    for _ in range(4):
        try:
            act(*given)
            return
        except Refused:
            continue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_crowd_leaves_no_fault_behind_and_nobody_waits_in_a_ring(seed: int) -> None:
    crowd = Crowd(cast.karim(), [make.worker() for _ in range(10)], seed)
    ended = all_at_once(crowd.acts())
    assert ended == {"done": len(crowd.workers) + 6}
    assert work_faults() == []
    assert not Lane.objects.filter(task__state="closed", is_open=True).exists()
