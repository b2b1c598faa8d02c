"""A batch's row locked, and its tasks made to stand still or to go on."""

from __future__ import annotations

from django.db import connection

from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.work.models import Batch


def locked_batch(batch_id: str, requester: Requester | None = None) -> Batch:
    """The batch, locked. Refuses NotFound: of a ``requester``, somebody else's looks absent."""
    batches = Batch.objects.select_for_update(of=("self",), no_key=True).select_related(
        "task_type", "requester"
    )
    if requester is not None:
        batches = batches.filter(requester=requester)
    batch = batches.filter(public_id=batch_id).first()
    if batch is None:
        raise NotFound()
    return batch


def stand_still(batch: Batch) -> None:
    """Nobody can accept its tasks; those who have accepted one may finish."""
    _pause(batch, paused=True)


def go_on(batch: Batch) -> None:
    """Free places can be taken again."""
    _pause(batch, paused=False)


def _pause(batch: Batch, *, paused: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select work_pause(%s, %s)", [batch.pk, paused])
