"""Doing several things at the very same moment, each in its own thread and database connection.

Only for tests that commit (``transactional_db``): threads do not see a test's own transaction.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

PATIENCE = 30  # seconds; a deadlock is found by PostgreSQL after one


def together(*acts: Callable[[], T]) -> list[T | Exception]:
    """Run all acts at once; what each returned or raised, in the order given."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return [done.result(PATIENCE) for done in [pool.submit(run, act) for act in acts]]


def until_one_waits_for_a_lock() -> None:
    """Until another connection to this database stands still at a lock."""
    end = time.monotonic() + PATIENCE
    standing = "select 1 from pg_locks where not granted"  # pg_stat_activity stays the same in a transaction
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(standing)
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")


def outcomes(results: Sequence[object]) -> dict[str, int]:
    """How often each thing happened: the refusal's name, or ``done``."""
    names = (type(r).__name__ if isinstance(r, Exception) else "done" for r in results)
    return dict(Counter(names))
