"""Who stands at granian's door, by a clock of the test's own, and by threads as granian lets them queue."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from threading import Event, Lock, Thread
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse

from tukro.web.transport.attendance import ABSENCE, CROWDED, GLANCE, MOST, QUIET, WAKEFUL, Attendance
from tukro.web.transport.requests import Handler
from tukro.web.transport.serving import Service


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Attendance:
    made = Attendance(clock=clock)
    clock.now += CROWDED  # it has just opened
    return made


def test_nobody_goes_while_somebody_was_there_just_now(door: Attendance, clock: Clock) -> None:
    door.come()
    assert not door.lacks_one()
    clock.now += ABSENCE / 2
    assert not door.lacks_one()
    clock.now += ABSENCE
    assert door.lacks_one()


def test_who_went_after_the_last_one_came_stands_there(door: Attendance, clock: Clock) -> None:
    door.come()
    clock.now += 0.001
    door.go()
    clock.now += QUIET / 2
    assert not door.lacks_one()
    door.come()
    clock.now += 2 * ABSENCE
    assert door.lacks_one()


def test_a_crowd_is_met_by_twice_as_many_each_time(door: Attendance, clock: Clock) -> None:
    went = []
    for _ in range(5):
        door.come()
        clock.now += GLANCE
        went.append(0)
        while door.lacks_one():
            went[-1] += 1
            door.go()
            door.come()  # he is given a request at once
    assert went == [1, 2, 4, 8, 16]
    clock.now += CROWDED
    assert door.lacks_one()
    clock.now += 0.001
    door.go()
    assert not door.lacks_one()  # one is enough again


def test_a_crowd_that_has_gone_sends_nobody_any_more(door: Attendance, clock: Clock) -> None:
    for _ in range(20):
        door.come()
        clock.now += GLANCE
        assert door.lacks_one()
        door.go()
    door.come()
    clock.now += GLANCE
    went = 0
    while door.lacks_one():
        went += 1
        door.come()
    assert went == MOST
    clock.now += GLANCE
    assert door.lacks_one()
    clock.now += 2 * ABSENCE
    door.come()
    assert not door.lacks_one()


def test_when_it_is_quiet_all_go(door: Attendance, clock: Clock) -> None:
    door.come()
    door.go()
    clock.now += QUIET + 1
    assert all(door.lacks_one() for _ in range(9))


def test_in_quiet_times_one_looks_again_only_when_somebody_comes(door: Attendance, clock: Clock) -> None:
    door.come()
    door.go()
    clock.now += WAKEFUL + 1
    looked = Event()

    def look() -> None:
        door.look_away(briefly=False)
        looked.set()

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    assert not looked.wait(10 * GLANCE)
    door.come()
    assert looked.wait(5)
    clock.now += WAKEFUL + 1
    began = time.monotonic()
    door.look_away(briefly=True)  # somebody waits for a seat
    assert time.monotonic() - began < WAKEFUL


class Asked:
    """One request; ``answered``: it was."""

    def __init__(self) -> None:
        self.answered = Event()

    def response_bytes(self, _status: int, _headers: object, _body: bytes, /) -> None:
        self.answered.set()

    def response_iter(self, _status: int, _headers: object, _body: object, /) -> None:
        raise AssertionError("nothing long is asked for")


class Door:
    """Gives each request to the thread that has stood here longest, as granian's does."""

    def __init__(self, service: Service, threads: int) -> None:
        self._service = service
        self._lock = Lock()
        self._requests: deque[Asked | None] = deque()
        self._standing: deque[Event] = deque()
        self._threads = [Thread(target=self._stand_and_bring, daemon=True) for _ in range(threads)]
        for each in self._threads:
            each.start()

    def ask(self) -> Asked:
        asked = Asked()
        self._put(asked)
        return asked

    @property
    def standing(self) -> int:
        return len(self._standing)

    def close(self) -> None:
        for _ in self._threads:
            self._put(None)
        for each in self._threads:
            each.join(QUIET + 5)

    def _put(self, asked: Asked | None) -> None:
        with self._lock:
            self._requests.append(asked)
            if self._standing:
                self._standing.popleft().set()

    def _take(self) -> Asked | None:
        while True:
            with self._lock:
                if self._requests:
                    return self._requests.popleft()
                self._standing.append(called := Event())
            called.wait()

    def _stand_and_bring(self) -> None:
        while asked := self._take():
            self._service(asked, {})


class Pages(Handler):
    """Each takes a moment. ``count``: so many were worked on."""

    def __init__(self) -> None:
        self.count = 0

    def answer(self, environ: dict[str, Any]) -> HttpResponse:
        assert not environ, "the test's door asks for nothing in particular"
        self.count += 1
        time.sleep(0.001)
        return HttpResponse()


@pytest.fixture
def pages() -> Iterator[Pages]:
    yield Pages()
    request_finished.connect(close_old_connections)


def test_between_requests_few_threads_stand_at_the_door(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.web.transport.attendance.QUIET", 2.0)
    door = Door(Service(pages, seats=2), threads=40)
    crowd = [door.ask() for _ in range(400)]
    assert all(one.answered.wait(10) for one in crowd)
    for _ in range(150):
        pair = door.ask(), door.ask()
        assert all(one.answered.wait(5) for one in pair)
    time.sleep(10 * GLANCE)  # nobody comes for a moment, as between two visitors' clicks
    standing = door.standing
    door.close()
    assert standing < 15
    assert pages.count == 700
