"""Waiting until the journal's readers may read: transactions older than an event hold them back.

Such transactions may run in any database of the server: tests beside ours can hold us up for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from tests.together import PATIENCE

_UNSETTLED = """
select exists (select from journal_event where xact >= pg_snapshot_xmin(pg_current_snapshot()))
"""


def until_settled() -> None:
    """Until every event of the journal can be read."""
    until(_is_settled, "older transactions go on")


def until(holds: Callable[[], bool], what: str) -> None:
    """Ask again and again until this holds; AssertionError, saying ``what``, when it does not in time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def _is_settled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLED)
        return not cursor.fetchone()[0]
