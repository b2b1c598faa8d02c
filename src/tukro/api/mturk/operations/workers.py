"""Workers whom a requester blocks or writes to, on the wire (mturk-api 6.21 to 6.24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from tukro.api.mturk.errors import invalid_value, parameter_error, validation_error
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.api.mturk.qualifying import worker_of
from tukro.notices.actions.contacting import MOST_WORKERS, BadMessage, NotTold, notify_workers
from tukro.people.aliases import alias
from tukro.people.models import Requester
from tukro.qualifications.actions.blocking import TooManyBlocks, block_worker, unblock_worker
from tukro.qualifications.models import Block
from tukro.qualifications.queries import blocks_of

_LONGEST_SHOWN = 100


@operation("CreateWorkerBlock")
def create_worker_block(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """The worker finds and accepts nothing of the caller any more; blocked already, the reason changes."""
    try:
        block_worker(
            requester=caller, worker=worker_of(caller, given), reason=given["Reason"], wordless=True, now=now
        )
    except TooManyBlocks as many:
        raise parameter_error(f"You cannot block more than {many.facts['limit']} Workers.") from None
    return {}


@operation("DeleteWorkerBlock")
def delete_worker_block(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Take the block back; where there is none, that is done."""
    unblock_worker(requester=caller, worker=worker_of(caller, given), now=now)
    return {}


@operation("ListWorkerBlocks")
def list_worker_blocks(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Whom the caller blocks, the latest first."""
    del now
    page = Page.asked("ListWorkerBlocks", caller, given)
    found = blocks_of(caller)
    if page.after is not None:
        found = found.filter(pk__lt=page.after[0])
    return page.answer(
        "WorkerBlocks",
        list(found[: page.size]),
        key=lambda block: (block.pk,),
        form=partial(_block, of=caller),
    )


@operation("NotifyWorkers")
def notify(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """One letter for each worker whose work the caller approved or rejected; the others are listed."""
    try:
        failed = notify_workers(
            requester=caller,
            subject=given["Subject"],
            text=given["MessageText"],
            worker_ids=given["WorkerIds"],
            now=now,
        )
    except BadMessage as bad:
        if bad.facts["field"] == "workers":
            bound = (
                f"less than or equal to {MOST_WORKERS}"
                if given["WorkerIds"]
                else "greater than or equal to 1"
            )
            raise validation_error(
                [
                    f"Value '{_shown(given['WorkerIds'])}' at 'workerIds' failed to satisfy constraint: "
                    f"Member must have length {bound}"
                ]
            ) from None
        member = {"subject": "Subject", "text": "MessageText"}[str(bad.facts["field"])]
        raise invalid_value(member, str(given[member])[:_LONGEST_SHOWN]) from None
    return {"NotifyWorkersFailureStatuses": [_failure(one) for one in failed]}


def _block(block: Block, *, of: Requester) -> dict[str, Any]:
    return {"WorkerId": alias(block.worker, of), "Reason": block.reason}


def _failure(one: NotTold) -> dict[str, Any]:
    # Always hard: letters are kept and sent until the mail server takes them, so nothing fails for a while.
    words = {
        "unknown": f"The Worker {one.worker_id} does not exist.",
        "stranger": f"You have not approved or rejected any work of the Worker {one.worker_id}.",
    }
    return {
        "NotifyWorkersFailureCode": "HardFailure",
        "NotifyWorkersFailureMessage": words[one.code],
        "WorkerId": one.worker_id,
    }


def _shown(worker_ids: list[str]) -> str:
    return f"[{', '.join(worker_ids)}]"
