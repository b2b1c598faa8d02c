"""The staff's stop: a batch that they hold stands still until they release it, whoever wants it to go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.work.actions.finding.listing import list_group
from tukro.work.actions.publishing.standing import go_on, locked_batch, stand_still
from tukro.work.models import Batch, BatchState, TaskType


class BatchHeld(Refused):
    """Staff have stopped this work: no more of it is offered until they release it. ``name`` of the batch."""


def refuse_held(batch: Batch | None) -> None:
    """Refuses BatchHeld."""
    if batch is not None and batch.is_held:
        raise BatchHeld(name=batch.name)


def refuse_held_terms(task_type: TaskType) -> None:
    """A stop would be worth nothing if the same could be published beside it. Refuses BatchHeld."""
    refuse_held(Batch.objects.filter(task_type=task_type, held_at__isnull=False).first())


@transaction.atomic
def hold_batch(*, batch_pk: int, reason_code: str, by: Actor, now: datetime) -> None:
    """Staff stop a batch, for a reason of rules.REPORT_REASONS.

    Its state is kept for the release. Once more stops again what a program made in the very moment of the
    first time, and records nothing.
    """
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_pk)
    stand_still(batch)
    if batch.is_held:
        return
    batch.held_at, batch.held_for = now, reason_code
    batch.save(update_fields=["held_at", "held_for"])
    record(name="BatchHeld", actor=by, subject=batch.public_id, at=now, facts={"reason": reason_code})


@transaction.atomic
def release_batch(*, by: Actor, batch_id: str, now: datetime) -> None:
    """The batch is what it was before staff stopped it, or what its requester made of it since.

    Twice does it once. Refuses NotFound.
    """
    batch = locked_batch(batch_id)
    if not batch.is_held:
        return
    batch.held_at, batch.held_for = None, ""
    batch.save(update_fields=["held_at", "held_for"])
    if batch.state in {BatchState.PUBLISHING, BatchState.RUNNING}:
        go_on(batch)
    if batch.state == BatchState.RUNNING:
        list_group(task_type_id=batch.task_type_id, expires_at=batch.expires_at, now=now)
    record(name="BatchReleased", actor=by, subject=batch_id, at=now)
