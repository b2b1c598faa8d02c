"""Blocks and letters to workers, over TCP by the unmodified boto3 (mturk-api 6.21 to 6.24)."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.api import market
from tests.api.conftest import Wire
from tests.api.refused import refused
from tukro.notices.models import Mail
from tukro.qualifications.models import Block
from tukro.work.actions.doing.assigning import Blocked, accept_next
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.queries import open_groups


def test_a_blocked_worker_sees_and_accepts_nothing_until_the_block_is_lifted(wire: Wire) -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim)
    client = wire.client_of(karim)
    client.create_worker_block(WorkerId=rahima.public_id, Reason="copied answers")
    assert open_groups(rahima, now=make.NOW).rows == []
    with pytest.raises(Blocked):
        accept_next(worker=rahima, group_id=batch.task_type.group_id, now=make.NOW)

    client.delete_worker_block(WorkerId=rahima.public_id, Reason="")
    assert len(open_groups(rahima, now=make.NOW).rows) == 1


def test_blocking_twice_changes_the_reason_and_unblocking_nobody_is_done(wire: Wire) -> None:
    rahima = cast.rahima()
    client = wire.client_of(cast.karim())
    client.delete_worker_block(WorkerId=rahima.public_id)
    client.create_worker_block(WorkerId=rahima.public_id, Reason="")
    client.create_worker_block(WorkerId=rahima.public_id, Reason="second thoughts")
    listed = client.list_worker_blocks()
    assert listed["WorkerBlocks"] == [{"WorkerId": rahima.public_id, "Reason": "second thoughts"}]
    assert listed["NumResults"] == 1


@pytest.mark.parametrize("operation", ["create_worker_block", "delete_worker_block"])
def test_an_unknown_worker_cannot_be_blocked(wire: Wire, operation: str) -> None:
    with refused() as refusal:
        getattr(wire.client_of(cast.karim()), operation)(WorkerId="A1NOSUCHWORKER", Reason="x")
    assert refusal.kind == "ParameterValidationError"
    assert refusal.message == 'The value "A1NOSUCHWORKER" is not valid for the parameter WorkerId.'
    assert not Block.objects.exists()


def test_blocks_are_listed_the_latest_first_and_only_ones_own(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    workers = [make.worker() for _ in range(3)]
    for worker in workers:
        client.create_worker_block(WorkerId=worker.public_id, Reason="x")
    pages = client.get_paginator("list_worker_blocks").paginate(PaginationConfig={"PageSize": 2})
    listed = [block["WorkerId"] for page in pages for block in page["WorkerBlocks"]]
    assert listed == [worker.public_id for worker in reversed(workers)]
    empty = wire.client_of(make.requester()).list_worker_blocks()
    assert (empty["WorkerBlocks"], empty["NumResults"], "NextToken" in empty) == ([], 0, False)


def test_only_workers_whose_work_was_reviewed_get_the_letter(wire: Wire) -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    batch = market.batch(karim, rows=2)
    done = market.submitted(batch, rahima)
    approve_assignment(requester=karim, assignment_id=done.public_id, now=market.now())
    market.submitted(batch, tanvir)  # handed in, but nobody has looked at it

    answer = wire.client_of(karim).notify_workers(
        Subject="More work\r\nBcc: everybody@example.org",
        MessageText="There is more to do.",
        WorkerIds=[rahima.public_id, tanvir.public_id, "A1NOSUCHWORKER", rahima.public_id],
    )
    assert [
        (one["WorkerId"], one["NotifyWorkersFailureCode"]) for one in answer["NotifyWorkersFailureStatuses"]
    ] == [(tanvir.public_id, "HardFailure"), ("A1NOSUCHWORKER", "HardFailure")]
    mail = Mail.objects.get()
    assert mail.to == "rahima@example.org"
    assert mail.subject == "More work Bcc: •••"
    assert mail.text.startswith("There is more to do.")
    assert "Karim Studio" in mail.text
    assert "karim@example.org" not in mail.text


def test_nobody_failed_is_an_empty_list(wire: Wire) -> None:
    karim, rahima = cast.karim(), cast.rahima()
    done = make.submitted(by=rahima, of=make.batch(of=karim))
    approve_assignment(requester=karim, assignment_id=done.public_id, now=make.NOW)
    answer = wire.client_of(karim).notify_workers(
        Subject="Thanks", MessageText="Well done.", WorkerIds=[rahima.public_id]
    )
    assert answer["NotifyWorkersFailureStatuses"] == []


def test_a_letter_has_limits(wire: Wire) -> None:
    client, rahima = wire.client_of(cast.karim()), cast.rahima().public_id
    for subject, text in (("x" * 201, "y"), ("x", "y" * 4097)):
        with refused() as refusal:
            client.notify_workers(Subject=subject, MessageText=text, WorkerIds=[rahima])
        assert refusal.kind == "ParameterValidationError"
    for workers in ([rahima] * 101, []):
        with refused() as refusal:
            client.notify_workers(Subject="x", MessageText="y", WorkerIds=workers)
        assert refusal.kind == "ValidationException"
        assert "workerIds" in refusal.message
    assert not Mail.objects.exists()
