"""Processes: whether one lives, children that end with their parent, locks that end with their holder."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from tukro.runtime.faults import CannotRun

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def is_running(pid: int) -> bool:
    """Whether the process does anything. A zombie, which nobody has collected, is as dead as can be."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return sys.platform != "linux" and _answers_signals(pid)
    return stat.rpartition(")")[2].split()[0] not in "ZX"  # the name in brackets may hold anything


def _answers_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_with_parent(end_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel to send ``end_signal`` to this process when the thread that started it ends.

    Linux only; elsewhere a child outlives a parent that was killed with -9, and the next start ends it.
    To be called in the child, after its user was changed (the change forgets the request).
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(end_signal), 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before we asked
        os.kill(os.getpid(), end_signal)


def ending_with_us(end_signal: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn`` for children that must not outlive this process. Start them from the main thread."""
    parent = os.getpid()
    return lambda: end_with_parent(end_signal, parent)


def let_others_finish() -> None:
    """Do not push others off the processor when something comes for this process: they are done in a moment.

    Linux's SCHED_BATCH, sched(7), for the threads and children that are made from now on. Web processes and
    the database's wake each other up several times in a request, and who is pushed off loses what the caches
    hold (docs/decisions/0034). Who was given another rank by the operator keeps it.
    """
    if sys.platform == "linux" and os.sched_getscheduler(0) == os.SCHED_OTHER:
        with suppress(OSError):  # a sandbox may forbid it: everything works, and costs more
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Poll ``condition`` until it holds (True) or the time is over (False)."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= limit:
            return False
        time.sleep(pause)
    return True


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now.

    Raises CannotRun when it never could: the address is not this machine's, or the port not for this user.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            if error.errno in (errno.EACCES, errno.EPERM):
                raise CannotRun(
                    f"This user may not open port {port}: {error.strerror}.",
                    mend="Choose a port above 1023 (TUKRO_PORT), and let a proxy stand before it.",
                ) from None
            raise CannotRun(
                f"Nothing can listen on {host}:{port} here: {error.strerror}.",
                mend="Set TUKRO_HOST to an address of this machine, or to 0.0.0.0 for all of them.",
            ) from None
    return True


class FileLock:
    """An advisory lock on a file: it is free again when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock without waiting; False when another process holds it."""
        assert self._file is None, "taken twice"
        file = self._path.open("a")
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back; harmless when it was not taken."""
        if self._file is not None:
            self._file.close()
            self._file = None
