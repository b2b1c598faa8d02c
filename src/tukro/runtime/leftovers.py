"""What a killed PostgreSQL leaves behind: a pid file, and sometimes a server that has lost its owner."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

from tukro.runtime.faults import CannotRun
from tukro.runtime.processes import is_running, wait_until


def clear_leftovers(data: Path) -> None:
    """Remove the pid file of a server that is dead; end one that has lost its owner.

    The caller holds the lock of the folder around ``data``, so no living process of Tukro owns a server here.
    Raises CannotRun when the server does not end.
    """
    pid_file = data / "postmaster.pid"
    pid = _pid_in(pid_file)
    if pid is None:
        return
    if not wait_until(lambda: not _serves(pid, data), seconds=5):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
        if not wait_until(lambda: not _serves(pid, data), seconds=5):
            raise CannotRun(
                f"A PostgreSQL that was not started by this Tukro (process {pid}) uses {data}.",
                mend=f"Stop it: kill -INT {pid}",
            )
    pid_file.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Whether ``pid`` is a live server of this data directory, and not a stranger who got its number."""
    if not is_running(pid):
        return False
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return sys.platform != "linux"


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
