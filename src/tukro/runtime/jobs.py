"""What time does to the database as such."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from psycopg import sql

_LARGE = 1000  # pages; what is planned on so many reads by index, and PostgreSQL's own minute is soon enough

_GROWN = """
select c.relname from pg_class c
 where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relpages < %(large)s
   and pg_relation_size(c.oid) > 2 * greatest(c.relpages, 1) * current_setting('block_size')::bigint
 order by c.relname
"""


def follow_growth(now: datetime) -> int:
    """Take the statistics of young tables anew when they have doubled; returns how many that were.

    Plans are kept per process. One that was made while a table had a page reads the whole of it, and goes on
    when it has a hundred, until its statistics are taken anew. PostgreSQL by itself looks once a minute; a
    program makes fifty thousand rows in that time. A table doubles a few times until it is large, so this
    costs next to nothing, and a large one is left to PostgreSQL.
    """
    del now
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, {"large": _LARGE})
        grown = [name for (name,) in cursor.fetchall()]
        for name in grown:  # one that is being looked at just now is not waited for
            cursor.execute(sql.SQL("analyze (skip_locked) {}").format(sql.Identifier(name)))
    return len(grown)
