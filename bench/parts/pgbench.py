"""Drives SQL with pgbench: what PostgreSQL can do by itself with the same statements."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.parts.figures import Run, together
from bench.parts.server import Server
from tukro.runtime.database_url import database_from_url

_LOOK = 0.002  # seconds from one look at the progress to the next


def run(server: Server, script: str, *, clients: int, transactions: int, durable: bool = True) -> Run:
    """``transactions`` in all over ``clients`` prepared connections; durable ones wait for the disk."""
    before = server.cpu_seconds()
    with _started(server, script, clients, transactions, durable=durable) as process:
        said, complaint = process.communicate()
    used = server.cpu_seconds() - before
    speed = re.search(r"^tps = ([\d.]+)", said, re.M)
    count = _count(process, said, complaint, clients, transactions)
    assert speed
    return Run(count, float(speed[1]), database_us=1e6 * used / count)


class Turns:
    """A run of pgbench that is stopped again and again, so that something else can have the machine between.

    A machine whose speed changes by the second is the same for both that way. ``progress`` tells how many
    transactions have begun.
    """

    def __init__(self, server: Server, process: subprocess.Popen[str], progress: Callable[[], int]) -> None:
        self._server, self._process, self._progress = server, process, progress
        self._runs: list[Run] = []

    def until(self, count: int) -> None:
        """Go on until ``count`` transactions in all have begun, or the end has come."""
        used, before, began = self._server.cpu_seconds(), self._progress(), time.perf_counter()
        self._process.send_signal(signal.SIGCONT)
        while (reached := self._progress()) < count and self._process.poll() is None:
            rest = (count - reached) * (time.perf_counter() - began) / max(1, reached - before)
            time.sleep(max(_LOOK, min(rest / 2, 20 * _LOOK)))  # a look costs as much as an act
        self._process.send_signal(signal.SIGSTOP)
        seconds, used = time.perf_counter() - began, self._server.cpu_seconds() - used
        done = max(1, reached - before)
        self._runs.append(Run(done, done / seconds, database_us=1e6 * used / done))

    @property
    def run(self) -> Run:
        return together(self._runs)


@contextmanager
def in_turns(
    server: Server, script: str, *, clients: int, transactions: int, progress: Callable[[], int]
) -> Iterator[Turns]:
    """As ``run``, in turns; all turns are taken inside, and what pgbench did is counted in the end."""
    with _started(server, script, clients, transactions, durable=True) as process:
        while progress() == 0 and process.poll() is None:  # connecting is not measured
            time.sleep(_LOOK)
        process.send_signal(signal.SIGSTOP)
        yield Turns(server, process, progress)
        process.send_signal(signal.SIGCONT)
        said, complaint = process.communicate()
    _count(process, said, complaint, clients, transactions)


@contextmanager
def _started(
    server: Server, script: str, clients: int, transactions: int, *, durable: bool
) -> Iterator[subprocess.Popen[str]]:
    where = database_from_url(server.url)
    file = server.data / "script.sql"
    file.write_text(script)
    process = subprocess.Popen(
        [
            str(server.programs / "pgbench"),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", "2"),
            *("-t", str(transactions // clients), "-f", str(file)),
            *("-h", where["HOST"], "-p", where["PORT"], "-U", where["USER"], where["NAME"]),
        ],
        env={
            "PGPASSWORD": where["PASSWORD"],
            "PGOPTIONS": f"-c synchronous_commit={'on' if durable else 'off'}",
            "PATH": "/usr/bin:/bin",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _count(process: subprocess.Popen[str], said: str, complaint: str, clients: int, transactions: int) -> int:
    """The transactions that were made: all that were asked for, or it is an error."""
    found = re.search(r"transactions actually processed: (\d+)/", said)
    if process.returncode != 0 or not found or int(found[1]) < transactions // clients * clients:
        raise RuntimeError(complaint[-2000:])
    return int(found[1])
