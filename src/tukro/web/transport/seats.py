"""Seats: so many requests are worked on at a time, each on a connection to the database.

A request that finds none free waits, without a thread: whoever is done with one goes on with the request that
waits longest, on the same seat. Nothing is woken up for it, and Python's lock has few who ask for it. Of free
seats the one that was given back last is taken first: its process of the database still has at hand what
requests need.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Connection = BaseDatabaseWrapper
R = TypeVar("R")


class Seats(Generic[R]):
    """The seats of one process, and the requests that wait for one. A seat is its connection."""

    def __init__(self, count: int) -> None:
        self._free = [new_connection() for _ in range(count)]
        self._waiting: deque[R] = deque()
        self._lock = Lock()

    def take(self, request: R) -> Connection | None:
        """A free seat for this request. None when there is none: then it waits."""
        try:
            # Nobody is overtaken: while a request waits, no seat is put here.
            return self._free.pop()
        except IndexError:
            with self._lock:
                if self._free:
                    return self._free.pop()
                self._waiting.append(request)
                return None

    def go_on(self, seat: Connection) -> R | None:
        """The request that is next on this seat. None when none waits: then the seat is free."""
        try:
            return self._waiting.popleft()
        except IndexError:
            with self._lock:
                if self._waiting:
                    return self._waiting.popleft()
                # One that is not connected yet is taken last.
                self._free.insert(len(self._free) if seat.connection else 0, seat)
                return None


def new_connection() -> Connection:
    """One that connects when it is first used, in whichever thread."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    made.inc_thread_sharing()
    return made


def sit_down(seat: Connection) -> None:
    """This thread works on the seat's connection."""
    connections[DEFAULT_DB_ALIAS] = seat


def get_up() -> None:
    """This thread has no connection any more."""
    del connections[DEFAULT_DB_ALIAS]


def part_with_connection() -> None:
    """Close the connection that this thread has kept from its seat."""
    connections[DEFAULT_DB_ALIAS].close()
    get_up()
