"""What several worker accounts have in common: signals that they may be of one person, for staff to judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection

from tukro.people.models import Worker
from tukro.people.rules.sharing import TITLES

Kind = Literal["phone", "address", "name", "line"]

# Each yields key, worker, when, and what staff read of it.
_SOURCES: Mapping[str, str] = {
    "phone": """
        select encode(digest, 'hex') as key, worker_id, asked_at as at, shown as what from people_phonecode
        union all
        select encode(digest, 'hex'), worker_id, proved_at, shown
          from people_provedphone where shown <> ''""",
    "address": """
        select people_same_words(concat_ws(' ', c.address, c.postal_code, c.city, c.country)),
               w.id, c.saved_at,
               concat_ws(', ', c.address, c.postal_code, c.city, c.country)
          from people_contactdetails c join people_worker w on w.user_id = c.user_id
         where c.address <> ''""",
    "name": """
        select people_same_words(c.full_name, %(titles)s) || '|' || people_same_words(c.city) || c.country,
               w.id, c.saved_at, concat_ws(', ', c.full_name, c.city, c.country)
          from people_contactdetails c join people_worker w on w.user_id = c.user_id
         where people_same_words(c.full_name, %(titles)s) <> ''""",
    "line": """
        select encode(s.line, 'hex') || s.device, w.id, s.last_at, s.device
          from people_signinplace s join people_worker w on w.user_id = s.user_id""",
}
KINDS: Sequence[Kind] = ("phone", "address", "name", "line")


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that several accounts share. ``workers``: at most MOST_NAMED of ``count``; ``key`` orders."""

    kind: str
    key: str
    what: str
    workers: list[Worker]
    count: int
    last_at: datetime


MOST_NAMED = 20


def shared(
    kind: Kind, *, worker: Worker | None = None, before: tuple[datetime, str] | None = None, limit: int = 30
) -> list[Shared]:
    """What at least two accounts share, the latest first: all of it, or what ``worker`` shares with others.

    ``before``: only what stands after this moment and key.
    """
    asked = {
        "titles": list(TITLES),
        "worker": worker.pk if worker else None,
        "at": before[0] if before else None,
        "key": before[1] if before else "",
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select key, max(what), (array_agg(distinct worker_id))[:{MOST_NAMED}],
                   count(distinct worker_id), max(at)
              from ({_SOURCES[kind]}) as said (key, worker_id, at, what)
             group by key
            having count(distinct worker_id) > 1
               and (%(worker)s::bigint is null or bool_or(worker_id = %(worker)s))
               and (%(at)s::timestamptz is null or (max(at), key) < (%(at)s, %(key)s))
             order by max(at) desc, key desc
             limit %(limit)s
            """,
            asked,
        )
        rows = cursor.fetchall()
    named = {one for row in rows for one in row[2]}
    people = Worker.objects.select_related("user__contact").in_bulk(named)
    return [
        Shared(kind, key, what, [people[one] for one in ids], count, last_at)
        for key, what, ids, count, last_at in rows
    ]
