"""Seats: so many requests are worked on at a time, each on a connection to the database.

A request that finds no seat waits: whoever is done with one goes on with the request that waits longest, on
the same seat. Nothing is woken up for it, and Python's lock has few who ask for it.

While requests are short, one seat at a time is worked on: several would take turns at Python's lock, and each
has a process of the database that the others push out of the processor's caches. Another seat is taken when
somebody has waited for long: then what is worked on is slow, or is waited for itself.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# How long a request waits for the seat that is worked on before it is given another, in seconds.
PATIENCE = 0.02

Connection = BaseDatabaseWrapper
R = TypeVar("R")


class Seats(Generic[R]):
    """The seats of one process, and the requests that wait for one. A seat is its connection."""

    def __init__(self, count: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._count = count
        self._free = [new_connection() for _ in range(count)]
        self._waiting: deque[tuple[float, R]] = deque()
        self._lock = Lock()
        self._clock = clock

    def take(self, request: R) -> Connection | None:
        """A seat for this request, when nobody works. Else None, and it waits."""
        with self._lock:
            if len(self._free) == self._count:  # then nobody waits either
                return self._free.pop()
            self._waiting.append((self._clock(), request))
            return None

    def go_on(self, seat: Connection) -> R | None:
        """The request that is next on this seat. None: the seat is free, and who waits waits for another."""
        with self._lock:
            alone = len(self._free) == self._count - 1
            if self._waiting and (alone or self._is_overdue()):
                return self._waiting.popleft()[1]
            # The one that was given back last is taken first: its process of the database still has at hand
            # what requests need. One that is not connected yet is taken last.
            self._free.insert(len(self._free) if seat.connection else 0, seat)
            return None

    def take_another(self) -> tuple[Connection, R] | None:
        """One more seat for who has waited for long, if there is both."""
        with self._lock:
            if self._free and self._waiting and self._is_overdue():
                return self._free.pop(), self._waiting.popleft()[1]
            return None

    def somebody_waits(self) -> bool:
        return bool(self._waiting)

    def _is_overdue(self) -> bool:
        return self._clock() - self._waiting[0][0] >= PATIENCE


def new_connection() -> Connection:
    """One that connects when it is first used, in whichever thread."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    made.inc_thread_sharing()
    return made


def sit_down(seat: Connection) -> None:
    """This thread works on the seat's connection."""
    connections[DEFAULT_DB_ALIAS] = seat


def get_up() -> None:
    """This thread has no connection any more, if it had one."""
    with suppress(AttributeError):
        del connections[DEFAULT_DB_ALIAS]


def part_with_connection() -> None:
    """Close the connection that this thread has kept from its seat."""
    connections[DEFAULT_DB_ALIAS].close()
    get_up()
