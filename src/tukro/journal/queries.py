"""Reading the journal: the history of one thing, and everything in order for those who follow it."""

from __future__ import annotations

from django.db.models import QuerySet

from tukro.journal.models import Event

# Numbers are drawn before rows are visible: a transaction may commit a smaller id later. So followers read
# in the order of (transaction, id), and only transactions that are older than every running one: nothing
# can appear any more before the place where a follower stands. (Transactions of other databases on the same
# server count as running too: they can delay a follower, never mislead it.)
_SETTLED = """
    select id, at, name, actor, subject, facts from journal_event
    where xact < pg_snapshot_xmin(pg_current_snapshot())
      and (xact, id) > (
        coalesce((select xact from journal_event where id = %(after)s), '0'::xid8), %(after)s)
    order by xact, id limit %(limit)s
"""


def history(subject: str) -> QuerySet[Event]:
    """Everything that happened to one thing, oldest first."""
    return Event.objects.filter(subject=subject).order_by("id")


def settled_events(after_id: int, limit: int) -> list[Event]:
    """The next events after the one with ``after_id`` (0 = from the beginning), for a reader that follows.

    The order is that of transactions, so ids may step back a little; the place to keep is the id of the
    last event given.
    """
    return list(Event.objects.raw(_SETTLED, {"after": after_id, "limit": limit}))
