"""Who gets a seat, and when."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from tukro.runtime.processes import wait_until
from tukro.web.transport.seats import Connection, Seats, part_with_connection

T = TypeVar("T")


def test_whoever_waits_longest_is_next() -> None:
    seats, came, is_over = Seats(1), list[int](), Event()

    def hold() -> None:
        seat = seats.take()
        is_over.wait()
        seats.give_back(seat)

    def come(number: int) -> None:
        seat = seats.take()
        came.append(number)
        seats.give_back(seat)

    holder = _begun(hold)
    assert wait_until(lambda: not seats._free, seconds=5, pause=0.001)
    visitors = []
    for number in range(5):
        visitors.append(_begun(partial(come, number)))
        assert wait_until(partial(_are_waiting, seats, number + 1), seconds=5, pause=0.001)
    is_over.set()
    for thread in (holder, *visitors):
        thread.join(5)
    assert came == [0, 1, 2, 3, 4]
    assert len(seats._free) == 1


def test_the_seat_given_back_last_is_taken_first() -> None:
    seats = Seats(2)

    def visit() -> list[Connection]:
        first, second = seats.take(), seats.take()
        assert first is not second
        connections[DEFAULT_DB_ALIAS] = first
        seats.give_back(first)
        connections[DEFAULT_DB_ALIAS] = second
        seats.give_back(second)
        return [second, seats.take()]

    given_back, taken = _of_another_thread(visit)
    assert taken is given_back


def test_a_seat_is_its_connection_and_who_has_none_has_no_connection() -> None:
    seats = Seats(1)

    def visit() -> tuple[bool, bool]:
        seat = seats.take()
        on_it = connections[DEFAULT_DB_ALIAS] is seat
        seats.give_back(seat)
        return on_it, bool(connections.all(initialized_only=True))

    assert _of_another_thread(visit) == (True, False)


def test_who_leaves_with_the_connection_leaves_a_seat_with_another_to_be_taken_last() -> None:
    seats = Seats(2)

    def visit() -> tuple[Connection, Connection, list[Connection]]:
        seat = seats.take()
        seats.leave_with_connection()
        kept = connections[DEFAULT_DB_ALIAS]
        part_with_connection()
        return seat, kept, [seats.take(), seats.take()]

    other = seats._free[0]
    seat, kept, later = _of_another_thread(visit)
    assert kept is seat
    assert later[0] is other
    assert later[1] not in (seat, other)


def _are_waiting(seats: Seats, count: int) -> bool:
    return len(seats._waiting) == count


def _of_another_thread(act: Callable[[], T]) -> T:
    """What it returns there: the test's own thread keeps its connection."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(act).result(5)


def _begun(act: Callable[[], None]) -> Thread:
    thread = Thread(target=act)
    thread.start()
    return thread
