"""Handing in costs nothing more where no policy looks; where one does, its trouble is not the worker's."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import make
from tests.make import NOW
from tests.quality.policies import answer_key, known, parameter, task_with
from tukro.quality import actions
from tukro.quality.jobs import finish_reviews
from tukro.web.alike.handing_in import hand_in, hand_in_from_frame
from tukro.work.models import Assignment, Task

pytestmark = pytest.mark.django_db

APPROVE = known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"))
FIELDS = (("digit", "7"),)


def taken(task: Task) -> Assignment:
    assert task.batch is not None
    return make.accepted(of=task.batch)


def test_without_a_policy_handing_in_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    mine, by_frame = make.accepted(), make.accepted()
    worker = mine.worker
    with django_assert_num_queries(1):
        hand_in(worker=worker, assignment_id=mine.public_id, fields=FIELDS, now=NOW)
    with django_assert_num_queries(1):
        hand_in_from_frame(assignment_id=by_frame.public_id, fields=FIELDS, now=NOW)


def test_with_a_policy_the_work_is_judged_before_the_worker_has_the_answer() -> None:
    task = task_with(assignment_level=APPROVE)
    mine, by_frame = taken(task), taken(task)
    hand_in(worker=mine.worker, assignment_id=mine.public_id, fields=FIELDS, now=NOW)
    hand_in_from_frame(assignment_id=by_frame.public_id, fields=FIELDS, now=NOW)
    assert list(Assignment.objects.values_list("state", flat=True)) == ["approved", "approved"]


def test_the_work_is_handed_in_even_when_the_policy_cannot_act(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    work = taken(task_with(assignment_level=APPROVE))
    with monkeypatch.context() as broken_house:
        broken_house.setattr(actions, "_act", broken)
        hand_in(worker=work.worker, assignment_id=work.public_id, fields=FIELDS, now=NOW)
    work.refresh_from_db()
    assert work.state == "submitted"
    finish_reviews(NOW)
    work.refresh_from_db()
    assert work.state == "approved"
