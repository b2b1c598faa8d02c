"""Workers whom a requester does not want."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import Refused, WordsMissing
from tukro.people.models import Requester, Worker
from tukro.qualifications.models import Block
from tukro.qualifications.rules import MOST_BLOCKS


class BlockNeedsReason(WordsMissing):
    """A block is a grave thing: say why."""


class TooManyBlocks(Refused):
    """As many as one requester may have. ``limit``"""


@transaction.atomic
def block_worker(
    *, requester: Requester, worker: Worker, reason: str, wordless: bool = False, now: datetime
) -> None:
    """The worker finds, sees and accepts nothing of this requester any more; what they have taken stays
    theirs. Once more with another reason changes the reason. ``wordless``: no reason is a reason, as on
    the wire. Refuses BlockNeedsReason, TooManyBlocks."""
    said = reason.strip()
    if not said and not wordless:
        raise BlockNeedsReason()
    # Two blocks at once must not pass the limit together.
    Requester.objects.select_for_update(no_key=True).only("pk").get(pk=requester.pk)
    block = Block.objects.filter(requester=requester, worker=worker).first()
    if block is not None:
        Block.objects.filter(pk=block.pk).update(reason=said)
        return
    if Block.objects.filter(requester=requester)[:MOST_BLOCKS].count() >= MOST_BLOCKS:
        raise TooManyBlocks(limit=MOST_BLOCKS)
    Block.objects.create(requester=requester, worker=worker, reason=said, blocked_at=now)
    facts = {"requester": requester.public_id, "reason": said}
    record(name="WorkerBlocked", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)


@transaction.atomic
def unblock_worker(*, requester: Requester, worker: Worker, now: datetime) -> None:
    """Take the block back; without one nothing happens."""
    gone, _ = Block.objects.filter(requester=requester, worker=worker).delete()
    if gone:
        facts = {"requester": requester.public_id}
        record(name="WorkerUnblocked", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)
