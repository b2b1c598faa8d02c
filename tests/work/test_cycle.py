"""The main job from end to end, at the level of verbs."""

from __future__ import annotations

import pytest

from tests import cast, make
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.work.actions.doing.assigning import accept_next, submit_assignment
from tukro.work.actions.reviewing import approve_assignment

pytestmark = pytest.mark.django_db


def test_work_that_is_approved_is_paid_from_what_was_set_aside() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, rows=3, of_terms=make.terms(reward="0.05"))
    taken = accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)

    submit_assignment(worker=rahima, assignment_id=taken.assignment_id, fields=[("digit", "7")], now=make.NOW)
    approve_assignment(requester=karim, assignment_id=taken.assignment_id, now=make.NOW)

    assert worker_balance(rahima)[0] == Money.parse("0.05")
    # Three places of 0.05 and 0.01 fee were set aside; one of them is paid.
    assert requester_balance(karim) == (Money.parse("999.82"), Money.parse("0.12"))
