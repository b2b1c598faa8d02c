"""Hands that act at once, each in a thread with its own connection, and lose it where they are told to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Any

from django.db import connection, transaction

from tests.money.crashes import Crash, run_and_crash
from tests.money.storm.world import Act
from tukro.kernel.errors import Refused

PATIENCE = 120  # seconds; a deadlock is found by PostgreSQL after one


@dataclass(slots=True)
class Task:
    act: Act
    crash: Crash | None


@dataclass(slots=True)
class Outcome:
    """What became of an act: its ``answer``, or the refusal, or what must not happen."""

    act: Act
    answer: Any = None
    refusal: Refused | None = None
    fault: Exception | None = None
    crashed: bool = False

    @property
    def word(self) -> str:
        return "done" if self.refusal is None else type(self.refusal).__name__


class Hands:
    """A few threads that live as long as the storm: a new connection for each act would take all the time."""

    def __init__(self, number: int) -> None:
        self._work: list[SimpleQueue[tuple[Sequence[Task], datetime] | None]] = [
            SimpleQueue() for _ in range(number)
        ]
        self._done: SimpleQueue[list[Outcome]] = SimpleQueue()
        self._threads = [threading.Thread(target=self._run, args=(queue,)) for queue in self._work]
        for thread in self._threads:
            thread.start()

    def do(self, piles: Sequence[Sequence[Task]], now: datetime) -> list[Outcome]:
        """Each pile by a hand of its own, all at once; what became of every act."""
        for queue, pile in zip(self._work, piles, strict=False):
            queue.put((pile, now))
        return [outcome for _ in piles for outcome in self._done.get(timeout=PATIENCE)]

    def rest(self) -> None:
        for queue in self._work:
            queue.put(None)
        for thread in self._threads:
            thread.join(PATIENCE)

    def _run(self, queue: SimpleQueue[tuple[Sequence[Task], datetime] | None]) -> None:
        while (work := queue.get()) is not None:
            pile, now = work
            self._done.put([_insist(task, now) for task in pile])
        connection.close()


def _insist(task: Task, now: datetime) -> Outcome:
    """After a crash the same is said once more."""
    outcome = Outcome(task.act)

    def act() -> None:
        outcome.answer = task.act.do(now)

    try:
        if task.crash is not None:
            outcome.crashed = run_and_crash(act, task.crash)
        if task.crash is None or outcome.crashed:
            act()
    except Refused as refusal:
        outcome.refusal = refusal
    except Exception as fault:
        outcome.fault = fault
        if connection.in_atomic_block:
            transaction.set_rollback(True)
    return outcome
