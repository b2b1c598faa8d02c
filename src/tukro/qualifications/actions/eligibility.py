"""What a worker may do with each requirement set, judged when asked and the facts or the sets are new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from tukro.people.models import Worker
from tukro.people.queries.visiting import run


class Eligible(NamedTuple):
    """Ids of requirement sets, ascending: those of work that the worker may accept, and those of work that
    the worker may not look at (``no_preview``) or not even find (``no_discover``)."""

    accept: list[int]
    no_preview: list[int]
    no_discover: list[int]


def eligibility_of(*, worker: Worker, now: datetime) -> Eligible:
    """What the worker may find, look at and accept; judges first when that is not known."""
    row = run(_JUDGED, [worker.pk]).fetchone()  # the open list asks this on every page
    return Eligible(*row) if row else refresh_eligibility(worker=worker, now=now)


def refresh_eligibility(*, worker: Worker, now: datetime) -> Eligible:
    """Judge what was not judged since the worker's facts changed. One round trip, one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from qualifications_judge(%s, %s)", [worker.pk, now])
        row: tuple[list[int], list[int], list[int]] | None = cursor.fetchone()
    assert row is not None, "the judge always answers"
    return Eligible(*row)


def facts_changed(worker_pks: Iterable[int]) -> None:
    """Facts of these workers change in this transaction: judge them anew when they next look.

    Nobody is judged here: a worker who never comes back costs nothing, and many changes are one judgement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [sorted(set(worker_pks))])


_JUDGED = """
select e.set_ids, e.no_preview, e.no_discover
  from qualifications_eligibility e join people_worker w on w.id = e.worker_id
 where e.worker_id = %s and not e.stale and e.locale = qualifications_locale(w.country, w.subdivision)
   and e.sets_seen >= (select coalesce(max(id), 0) from qualifications_requirementset)
"""

# A worker without a row gets one: a judgement under way at this moment waits for it, or is marked by it.
_MARK = """
insert into qualifications_eligibility as e
       (worker_id, set_ids, no_preview, no_discover, sets_seen, locale, stale, computed_at)
select id, '{}', '{}', '{}', 0, '', true, now() from unnest(%s::bigint[]) w(id) order by id
on conflict (worker_id) do update set stale = true
"""
