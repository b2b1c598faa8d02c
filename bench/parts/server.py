"""A PostgreSQL of our own with durable commits, thrown away afterwards; it knows how much CPU it has used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tukro.runtime.place import ROOT
from tukro.runtime.postgres import Cluster

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    url: str
    postmaster: int
    programs: Path
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """For processes of the application that are to use this server."""
        return {
            **os.environ,
            "TUKRO_DATABASE_URL": self.url,
            "TUKRO_DATA": str(self.data),
            "PYTHONPATH": str(ROOT / "src"),
        }

    def cpu_seconds(self) -> float:
        """Used by the server so far: its living processes, and all that have ended."""
        return cpu_of_tree(self.postmaster)


@contextmanager
def durable_server() -> Iterator[Server]:
    """Started with the settings of ``tukro up``, tables made, empty."""
    folder = Path(tempfile.mkdtemp(prefix="tukro-bench-"))
    cluster = Cluster(folder / "pg", secrets=folder / "secrets")
    try:
        cluster.start()
        assert cluster.pid is not None
        server = Server(cluster.url, cluster.pid, cluster._programs, folder)
        tukro(server, "migrate")
        yield server
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def tukro(server: Server, *words: str) -> None:
    """Run a command of ours on this server."""
    subprocess.run(
        [sys.executable, "-m", "tukro.cli", *words],
        env=server.environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


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
