"""A call on the wire: whose it is, and the two things that are remembered of it for minutes.

The call's signature, so that nobody sends another's act once more; and how often a key called, so that the
processes of the house keep one limit together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tukro.people.models import Requester
from tukro.people.queries.visiting import REQUESTER_COLUMNS, first_row

# An SDK signs to the second: calls that are equal in all and made in one second carry one signature. They
# arrive within moments; what comes later under that signature was not sent by the owner of the key.
REPEATS_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Act:
    """A signed call that changes something: its signature, and what tells it from an equal one."""

    signature: bytes
    attempt: bytes


@dataclass(frozen=True, slots=True)
class Use:
    """How often this process was called with a key in a span of time."""

    process: UUID
    span: int
    calls: int


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls; whether the same was sent before; how often the key called other processes (when asked)."""

    requester: Requester
    repeated: bool
    elsewhere: int | None


def note_call(*, key_id: str, act: Act | None, use: Use | None, now: datetime) -> Call | None:
    """Look up the living key and remember the call, in one round trip. None when the key works no more.

    ``act`` is given for calls that change something, ``use`` now and then. Without them nothing is written.
    """
    row = first_row(
        "select * from people_wire_call(%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            key_id,
            now,
            act.signature if act else None,
            act.attempt if act else None,
            REPEATS_WITHIN,
            use.process if use else None,
            use.span if use else None,
            use.calls if use else None,
        ],
    )
    if row is None:
        return None
    requester = Requester.from_db("default", REQUESTER_COLUMNS, (*row[:4], row[6]))
    return Call(requester, repeated=row[4], elsewhere=row[5])
