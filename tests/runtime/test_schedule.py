"""What time does: all that the rooms do by time is listed, and one failure stops nothing else."""

from __future__ import annotations

import importlib
import inspect
import threading
from datetime import UTC, datetime, timedelta

import croniter  # type: ignore[import-untyped]  # ships no types
import pytest
from django.db import connection

from tukro.runtime.place import ROOT
from tukro.schedule import JOBS, Job, jobs_are_alive, task_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_every_job_of_every_room_is_on_the_schedule() -> None:
    written = {
        function
        for file in (ROOT / "src" / "tukro").glob("*/jobs.py")
        if file.parent.name != "cli"
        for name, function in inspect.getmembers(
            importlib.import_module(f"tukro.{file.parent.name}.jobs"), inspect.isfunction
        )
        if not name.startswith("_") and list(inspect.signature(function).parameters) == ["now"]
        if function.__module__ == f"tukro.{file.parent.name}.jobs"
    }
    assert {job.run for job in JOBS} == written


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_comes_again_after_its_period(job: Job) -> None:
    times = croniter.croniter(job.cron, NOW)
    first, second = times.get_next(datetime), times.get_next(datetime)
    assert second - first == timedelta(seconds=job.every)


def test_a_job_that_failed_runs_the_next_time() -> None:
    runs = []

    def fail_once(now: datetime) -> int:
        runs.append(now)
        if len(runs) == 1:
            raise RuntimeError("the mail server is away")
        return 1

    task = task_of(Job("fragile", fail_once, every=5))
    with pytest.raises(RuntimeError):
        task(0)
    task(5)
    assert len(runs) == 2


def test_a_long_run_is_not_joined_by_a_second_one() -> None:
    inside, go_on = threading.Event(), threading.Event()
    runs = []

    def slow(now: datetime) -> int:
        runs.append(now)
        inside.set()
        go_on.wait(10)
        return 1

    task = task_of(Job("slow", slow, every=5))
    first = threading.Thread(target=task, args=(0,))
    first.start()
    assert inside.wait(10)
    task(5)
    go_on.set()
    first.join()
    assert len(runs) == 1


@pytest.mark.django_db
def test_jobs_are_alive_while_their_heart_beats() -> None:
    assert not jobs_are_alive(NOW)
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (%s)", [NOW])
    assert jobs_are_alive(NOW + timedelta(seconds=19))
    assert not jobs_are_alive(NOW + timedelta(seconds=21))
