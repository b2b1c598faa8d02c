"""What waits for a requester's verdict, until silence gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tukro.people.models import Requester


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """A batch with answers to review. ``due_at``: when silence approves the first of them."""

    batch_id: str
    name: str
    count: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """All answers of a requester that wait; of their batches the most urgent ones."""

    batches: list[WaitingBatch]
    answers: int
    batch_count: int

    @property
    def more(self) -> int:
        """How many batches wait beside those that are named."""
        return self.batch_count - len(self.batches)


def waiting_for(requester: Requester, *, limit: int) -> Waiting:
    """What the requester has to review in whatever batch, the first that silence approves first."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"requester": requester.pk, "limit": limit})
        rows = cursor.fetchall()
    batches = [WaitingBatch(*row[:4]) for row in rows]
    answers, batch_count = rows[0][4:] if rows else (0, 0)
    return Waiting(batches, int(answers), batch_count)


_WAITING = """
select b.public_id, b.name, w.count, w.due_at, w.answers, w.batches
  from (select a.batch_id, count(*) as count, min(a.auto_approve_at) as due_at,
               sum(count(*)) over () as answers, count(*) over () as batches
          from work_assignment a
         where a.state = 'submitted' and a.requester_id = %(requester)s
         group by a.batch_id order by due_at, a.batch_id limit %(limit)s) w
  join work_batch b on b.id = w.batch_id
 order by w.due_at, w.batch_id
"""
