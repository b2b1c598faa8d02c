"""A group's row in the open list."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

_LIST = """
insert into work_listing (task_type_id, requester_id, category, requirement_set_id, reward, is_open,
                          open_places, open_tasks, listed_at, expires_at, hourly, hourly_sample, words)
select y.id, y.requester_id, y.category_id, y.requirement_set_id, y.reward, true, c.places, c.tasks, %(now)s,
       %(expires_at)s, 0, 0,
       setweight(to_tsvector('simple', y.title), 'A') || setweight(to_tsvector('simple', y.keywords), 'B')
         || setweight(to_tsvector('simple', y.description), 'C')
  from work_tasktype y, work_count_open(y.id, %(now)s) c
 where y.id = %(type)s
on conflict (task_type_id) do update
   set is_open = true, open_places = excluded.open_places, open_tasks = excluded.open_tasks,
       listed_at = excluded.listed_at, expires_at = greatest(work_listing.expires_at, excluded.expires_at)
"""


def list_group(*, task_type_id: int, expires_at: datetime, now: datetime) -> None:
    """Show the group with what is free in it now; the newest of all."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, {"type": task_type_id, "expires_at": expires_at, "now": now})
