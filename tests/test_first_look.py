"""What is looked at after every test sees what the proofs of each room, and of no other, would see."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests import cast, make
from tests.first_look import may_be_wrong
from tukro.work.actions.reviewing import approve_assignments

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            "alter table ledger_account drop constraint account_floor;"
            " update ledger_account set floor = balance + 1 where cached",
            id="ledger",
        ),
        pytest.param("update ledger_account set owner = 'nobody' where code = 'hold'", id="money"),
        pytest.param("update work_lane set taken = taken - 1", id="work"),
    ],
)
def test_a_planted_fault_is_seen(fault: str) -> None:
    karim = cast.karim()
    done = make.submitted(by=cast.rahima(), of=make.batch(of=karim))
    approve_assignments(requester=karim, assignment_ids=[done.public_id], now=make.NOW)
    assert not may_be_wrong()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set local session_replication_role = replica")
        cursor.execute(fault)
        assert may_be_wrong()
        transaction.set_rollback(True)
