"""Seats: so many requests are worked on at a time, each with a connection to the database.

A thread that waits for the network has none. Whoever waits longest is next. Of free seats the one that was
given back last is taken first: its process of the database still has at hand what requests need.
"""

from __future__ import annotations

import sys
from collections import deque
from threading import Lock

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Connection = BaseDatabaseWrapper


class Seats:
    """The seats of one process. A seat is its connection, on which the thread that took it then works."""

    def __init__(self, count: int) -> None:
        self._free = [_new_connection() for _ in range(count)]
        self._waiting: deque[_Turn] = deque()
        self._lock = Lock()

    def take(self) -> Connection:
        """A seat, when there is one."""
        try:
            # Nobody is overtaken: no seat is put here while somebody waits.
            seat = self._free.pop()
        except IndexError:
            seat = self._wait()
        connections[DEFAULT_DB_ALIAS] = seat
        return seat

    def give_back(self, seat: Connection) -> None:
        """What this thread does afterwards finds no connection."""
        del connections[DEFAULT_DB_ALIAS]
        self._pass_on(seat)

    def leave_with_connection(self) -> None:
        """The seat is free, with a new connection; this thread keeps its own, to part with it later."""
        self._pass_on(_new_connection(), at=0)

    def _pass_on(self, seat: Connection, at: int = sys.maxsize) -> None:
        with self._lock:
            if self._waiting:
                turn = self._waiting.popleft()
                turn.seat = seat
                turn.come.release()
            else:
                self._free.insert(at, seat)

    def _wait(self) -> Connection:
        turn = _Turn()
        with self._lock:
            if self._free:
                return self._free.pop()
            self._waiting.append(turn)
        turn.come.acquire()
        return turn.seat


def part_with_connection() -> None:
    """Close the connection that this thread left its seat with."""
    connections[DEFAULT_DB_ALIAS].close()
    del connections[DEFAULT_DB_ALIAS]


class _Turn:
    """Somebody who waits: ``come`` is locked until ``seat`` is there."""

    __slots__ = ("come", "seat")

    seat: Connection

    def __init__(self) -> None:
        self.come = Lock()
        self.come.acquire()


def _new_connection() -> Connection:
    """One that connects when it is first used, in whichever thread."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    made.inc_thread_sharing()
    return made
