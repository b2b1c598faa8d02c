"""A PostgreSQL of our own with durable commits, thrown away afterwards, and web processes in front."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.ports import free_port
from tukro.runtime import binaries
from tukro.runtime.database_url import database_from_url
from tukro.runtime.place import ROOT
from tukro.runtime.postgres import ROLE, Cluster

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    url: str
    postmaster: int
    programs: Path
    data: Path
    overlord_url: str

    @property
    def environment(self) -> dict[str, str]:
        """For processes of the application that are to use this server."""
        return {
            **os.environ,
            "TUKRO_DATABASE_URL": self.url,
            "TUKRO_DATA": str(self.data),
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "tukro.settings",
        }

    def copy(self, name: str) -> Server:
        """The same server with a database of this name, which has what this one has. Nobody may be there."""
        there, copied = map(sql.Identifier, (name, urlsplit(self.url).path[1:]))
        with psycopg.connect(self.overlord_url, dbname="template1", autocommit=True) as connection:
            statement = sql.SQL("create database {} template {} owner {}")
            connection.execute(statement.format(there, copied, sql.Identifier(ROLE)))
        address = urlsplit(self.url)._replace(path=f"/{name}").geturl()
        return replace(self, url=address)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Django's connection leads to this database meanwhile."""
        from django.db import connection

        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(database_from_url(self.url))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)

    @contextmanager
    def not_waiting(self) -> Iterator[None]:
        """Commits do not wait for the disk meanwhile; connections end at both ends, new ones know it."""
        self._for_new_connections("set synchronous_commit = off")
        try:
            yield
        finally:
            self._for_new_connections("reset synchronous_commit")

    def _for_new_connections(self, setting: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("alter database {} " + setting).format(name))
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    def cpu_seconds(self) -> float:
        """Used by the server so far: its living processes, and all that have ended."""
        return cpu_of_tree(self.postmaster)


@dataclass(frozen=True)
class Web:
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        return cpu_of_tree(self.pid)


@contextmanager
def durable_server() -> Iterator[Server]:
    """Started with the settings of ``tukro up``, tables made, empty."""
    folder = Path(tempfile.mkdtemp(prefix="tukro-bench-"))
    cluster = Cluster(folder / "pg", secrets=folder / "secrets")
    try:
        cluster.start()
        assert cluster.pid is not None
        programs = binaries.programs(binaries.run_as())
        server = Server(cluster.url, cluster.pid, programs, folder, cluster.overlord_url)
        subprocess.run(
            [sys.executable, "-m", "tukro.cli", "migrate"],
            env=server.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield server
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def web(server: Server) -> Iterator[Web]:
    """The pages, as ``tukro up`` serves them."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tukro.cli", "web", "--port", str(port), "--prepared"],
        env={**server.environment, "TUKRO_PORT": str(port)},
    )
    try:
        _wait_until_it_answers(port)
        yield Web(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def cpu_of_tree(root: int) -> float:
    """CPU seconds of a process, of its living descendants, and of children it has waited for."""
    while True:
        before = _parent_and_times(root)[1][2:]
        total = _sum_of_tree(root)
        if _parent_and_times(root)[1][2:] == before:
            return total
        # Who was waited for during a look may be missing in its sum, or be in it twice.


def _sum_of_tree(root: int) -> float:
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for pid in [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]:
        with suppress(OSError):  # it has ended since
            parent, times = _parent_and_times(pid)
            children.setdefault(parent, []).append(pid)
            used[pid] = sum(times)
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0)
        waiting += children.get(pid, [])
    return total / _TICKS


def _parent_and_times(pid: int) -> tuple[int, list[int]]:
    """Of a process: its parent; its ticks in user and system, then those of children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1]), [int(ticks) for ticks in fields[11:15]]


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/how-it-works", headers={"Host": f"localhost:{port}"})
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web processes do not answer")
