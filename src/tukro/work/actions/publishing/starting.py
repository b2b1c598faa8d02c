"""A batch from its money to its place in the open list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.money.actions.balances import escrow
from tukro.people.models import Requester
from tukro.work.actions.calls import call
from tukro.work.actions.doing.assigning import WrongState
from tukro.work.actions.finding.listing import begin_draw, list_group
from tukro.work.actions.publishing.holding import refuse_held_terms
from tukro.work.actions.publishing.standing import locked_batch
from tukro.work.actions.publishing.terms import (
    ModerationNeeded,
    Terms,
    check_category,
    check_limits,
    ensure_task_type,
)
from tukro.work.models import Batch, BatchState, CategoryPolicy, Question

CHUNK = 1000  # rows that publish_rows is meant to be given at once


class OutOfOrder(Refused):
    """Rows must come one after the other. ``published``: how many are made."""


@transaction.atomic
def start_batch(
    *,
    requester: Requester,
    terms: Terms,
    question_kind: str,
    question_body: str,
    frame_height: int = 0,
    name: str,
    project_id: str = "",
    places: int,
    row_count: int,
    input_columns: Sequence[str] = (),
    lifetime_seconds: int,
    moderated: bool = False,
    now: datetime,
) -> Batch:
    """Set the whole price aside and open a batch for ``row_count`` tasks of ``places`` places.

    ``moderated``: staff have looked at this work and agreed. Refuses BadTerms, CategoryRefused,
    ModerationNeeded, BatchHeld (the same work is stopped) and InsufficientFunds; nothing is written then.
    """
    check_limits({"places": places, "row_count": row_count, "lifetime_seconds": lifetime_seconds})
    if check_category(terms.category) == CategoryPolicy.MODERATED and not moderated:
        raise ModerationNeeded(category=terms.category)
    task_type = ensure_task_type(requester=requester, terms=terms, places=places, now=now)
    refuse_held_terms(task_type)
    question = Question.objects.create(kind=question_kind, body=question_body, frame_height=frame_height)
    batch = Batch.objects.create(
        public_id=new_id(),
        requester=requester,
        task_type=task_type,
        question=question,
        project_id=project_id,
        name=name,
        state=BatchState.PUBLISHING,
        places=places,
        row_count=row_count,
        input_columns=list(input_columns),
        expires_at=now + timedelta(seconds=lifetime_seconds),
        created_at=now,
    )
    begin_draw(task_type_id=task_type.pk, places=places * row_count, now=now)
    price = task_type.price * (places * row_count)
    if price:
        escrow.set_aside_batch(requester=requester, batch_id=batch.public_id, amount=price, at=now)
    record(
        name="BatchStarted",
        actor=requester.actor,
        subject=batch.public_id,
        at=now,
        facts={"rows": row_count, "places": places, "price": price.units},
    )
    return batch


def publish_rows(*, batch_id: str, first_no: int, rows: Sequence[Mapping[str, str]], now: datetime) -> int:
    """Make the tasks of rows ``first_no``, ``first_no + 1``, …; returns how many.

    The same rows again make none. Refuses NotFound, WrongState (the batch was cancelled) and OutOfOrder.
    """
    task_ids = [new_id() for _ in rows]
    row = call("work_publish_rows", batch_id, first_no, json.dumps(list(rows)), task_ids, now)
    match row["code"]:
        case "not_found":
            raise NotFound()
        case "wrong_state":
            raise WrongState(state=row["fact"])
        case "out_of_order":
            raise OutOfOrder(published=int(row["fact"]))
    return int(row["made"])


@transaction.atomic
def finish_publishing(*, batch_id: str, now: datetime) -> None:
    """All rows are tasks: show the group in the open list. Once is enough.

    Refuses NotFound, WrongState, OutOfOrder.
    """
    batch = locked_batch(batch_id)
    if batch.state == BatchState.RUNNING:
        return
    if batch.state != BatchState.PUBLISHING:
        raise WrongState(state=batch.state)
    if batch.published_count != batch.row_count:
        raise OutOfOrder(published=batch.published_count)
    batch.state = BatchState.RUNNING
    batch.save(update_fields=["state"])
    if not batch.is_held:
        list_group(task_type_id=batch.task_type_id, expires_at=batch.expires_at, now=now)
    record(
        name="BatchPublished",
        actor=HOUSE,
        subject=batch.public_id,
        at=now,
        facts={"requester": batch.requester.public_id},
    )
