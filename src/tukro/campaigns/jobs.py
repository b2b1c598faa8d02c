"""What time does here: batches that were ordered become tasks, files that nobody publishes go."""

from __future__ import annotations

from datetime import datetime, timedelta

from tukro.campaigns.actions.publishing import publish_chunk
from tukro.campaigns.actions.uploads import discard_old_uploads, discard_rows_of_cancelled
from tukro.kernel.apart import apart
from tukro.work.models import Batch, BatchState

UNPUBLISHED_FOR = timedelta(days=30)
_UPLOADS_PER_RUN = 20


def publish_due(now: datetime) -> int:
    """Make the tasks of every batch in state ``publishing``, a chunk of each in turn. Answers how many.

    Turns, so that a small batch does not wait behind a large one; and not behind one that fails.
    """
    made = 0
    waiting = _publishing()
    while waiting:
        counts = {batch_id: apart(publish_chunk, batch_id=batch_id, now=now) for batch_id in waiting}
        made += sum(counts.values())
        waiting = [batch_id for batch_id, count in counts.items() if count]
    return made


def discard_unpublished(now: datetime) -> int:
    """Throw away files that have waited a month without being published, and what was left of cancelled ones.

    Answers how many files.
    """
    old = discard_old_uploads(before=now - UNPUBLISHED_FOR, limit=_UPLOADS_PER_RUN, now=now)
    return old + discard_rows_of_cancelled(limit=_UPLOADS_PER_RUN)


def _publishing() -> list[str]:
    batches = Batch.objects.filter(state=BatchState.PUBLISHING).order_by("id")
    return list(batches.values_list("public_id", flat=True))
