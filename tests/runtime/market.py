"""A market as a real process on a data directory of its own, for tests that start, kill and stop it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.ports import free_port
from tukro.runtime.place import ROOT
from tukro.runtime.processes import is_running, wait_until


class Market:
    """``up`` and other commands, run as an operator would, on a fresh or a used data directory."""

    def __init__(self, data: Path, *, with_sandbox: bool = False) -> None:
        self.data = data
        self.port = free_port()
        self.sandbox_port = free_port() if with_sandbox else 0
        self._up: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT / "src"),
            "TUKRO_DATA": str(self.data),
            "TUKRO_PORT": str(self.port),
            "TUKRO_DEMO": "0",
            "TUKRO_WEB_PROCESSES": "1",
            **({"TUKRO_SANDBOX_PORT": str(self.sandbox_port)} if self.sandbox_port else {}),
        }

    def run(
        self, *words: str, database: str = "", out: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """One command, to its end; on a given database, if one is named."""
        environment = {**self.environment, "TUKRO_DATABASE_URL": database}
        # Every test of a session waits for one `migrate`: on a busy machine it takes minutes.
        return subprocess.run(
            _command(*words), env=environment, stdout=out, stderr=subprocess.PIPE, text=True, timeout=400
        )

    def start(self) -> None:
        """Start ``up`` and wait until it says that it is ready."""
        log = self.data.with_suffix(".log")
        with log.open("w") as said:
            self._up = subprocess.Popen(
                _command("up"), env=self.environment, stdout=said, stderr=said, text=True
            )
        ready = wait_until(lambda: " ready in " in log.read_text() or not self.is_up, seconds=90, pause=0.1)
        assert ready, log.read_text()
        assert self.is_up, log.read_text()

    @property
    def is_up(self) -> bool:
        return self._up is not None and self._up.poll() is None

    def tell(self, number: signal.Signals) -> int | None:
        """Send a signal to ``up``; returns its exit code when it ends within thirty seconds."""
        assert self._up is not None
        self._up.send_signal(number)
        try:
            return self._up.wait(30)
        except subprocess.TimeoutExpired:
            return None

    def clean_up(self) -> None:
        """End what a failed test left behind."""
        if self.is_up:
            self.tell(signal.SIGKILL)

    def processes(self) -> dict[int, str]:
        """Every process below ``up``, by number, with its command line."""
        assert self._up is not None
        parents = dict(_process_table())
        below = {self._up.pid}
        while more := {pid for pid, parent in parents.items() if parent in below} - below:
            below |= more
        return {pid: _command_line(pid) for pid in below - {self._up.pid}}

    def health(self) -> tuple[int, dict[str, str]]:
        """What /healthz answers; (0, {}) when nothing answers."""
        return _health(self.port)

    def sandbox_health(self) -> tuple[int, dict[str, str]]:
        """The same of the sandbox."""
        return _health(self.sandbox_port)

    def log(self) -> str:
        """What ``up`` has said."""
        return self.data.with_suffix(".log").read_text()

    def is_healthy(self) -> bool:
        return self.health()[0] == 200


def all_ended(pids: dict[int, str], *, seconds: float) -> dict[int, str]:
    """Wait for the end of processes; returns those that still run."""
    wait_until(lambda: not any(map(is_running, pids)), seconds=seconds, pause=0.1)
    return {pid: name for pid, name in pids.items() if is_running(pid)}


def _health(port: int) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)
    except OSError:
        return 0, {}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tukro.cli", *words]


def _process_table() -> list[tuple[int, int]]:
    table = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            table.append((int(folder.name), int(fields[1])))
    return table


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
