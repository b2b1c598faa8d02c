"""A PostgreSQL of our own with durable commits, thrown away afterwards, and web processes in front."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

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
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tukro.cli", "web", "--port", str(port)],
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
    parents: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.name))
        used[int(entry.name)] = sum(map(int, fields[11:15])) / _TICKS
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0.0)
        waiting += parents.get(pid, [])
    return total


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
