"""What silence approved: counted as the journal grows, told to the requester once a day for each batch."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.work.actions.following import next_events
from tukro.work.models import SilentApprovals

_GATHERED = timedelta(hours=1)  # what was handed in together runs out of time together
_QUIET = timedelta(days=1)
_STEP = 100


@transaction.atomic
def count_silence(*, now: datetime) -> int:
    """Count by batch what was approved because nobody reviewed it in time. Returns how many events were read.

    Who gave themselves no time to review at all asked for it.
    """
    events = next_events("silence")
    approved = [
        event.subject for event in events if event.name == "AssignmentApproved" and event.actor == str(HOUSE)
    ]
    if approved:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"approved": approved, "now": now})
    return len(events)


_COUNT = """
insert into work_silentapprovals as s (batch_id, count, amount, since)
select a.batch_id, count(*), sum(a.reward + a.fee), %(now)s
  from work_assignment a
 where a.public_id = any(%(approved)s) and a.batch_id is not null and a.auto_approve_seconds > 0
 group by a.batch_id order by a.batch_id
    on conflict (batch_id) do update
   set count = s.count + excluded.count, amount = s.amount + excluded.amount,
       since = coalesce(s.since, excluded.since)
"""


@transaction.atomic
def tell_silence(*, now: datetime) -> int:
    """Record ApprovedBySilence for batches whose requesters may be told again. Returns how many they were."""
    due = (
        SilentApprovals.objects.filter(since__lte=now - _GATHERED)
        .filter(Q(quiet_until=None) | Q(quiet_until__lte=now))
        .order_by("since")
    )
    silences = list(due.select_related("batch").select_for_update(of=("self",), skip_locked=True)[:_STEP])
    for one in silences:
        facts = {"count": one.count, "amount": one.amount.units}
        record(name="ApprovedBySilence", actor=HOUSE, subject=one.batch.public_id, at=now, facts=facts)
        one.count, one.amount, one.since, one.quiet_until = 0, Money.zero(), None, now + _QUIET
    SilentApprovals.objects.bulk_update(silences, ["count", "amount", "since", "quiet_until"])
    return len(silences)
