"""Keeps the processes of the house alive: starts them, again when they die, and stops them in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from tukro.runtime.processes import ending_with_us

_PATIENCE = (
    0.2,
    1.0,
    2.0,
    5.0,
    10.0,
)  # seconds before the next start of something that dies at once, again and again
_STEADY_SECONDS = 30.0


class Kept:
    """One process that must run. Start it from the main thread: it ends with that thread."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._command, self._environment = list(command), dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = self._start_again_at = 0.0
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the keeper, who stops its processes in order
            preexec_fn=ending_with_us(signal.SIGKILL),  # without us nobody would wait for a kind end
        )
        self._started_at = time.monotonic()

    def look_after(self, tell: Callable[[str], None]) -> None:
        """Start the process again if it has died; wait longer each time if it dies at once."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._end_group()
            self._process = None
            self._deaths = 0 if now - self._started_at > _STEADY_SECONDS else self._deaths + 1
            pause = _PATIENCE[min(self._deaths, len(_PATIENCE) - 1)]
            self._start_again_at = now + pause
            tell(f"{self.name} has ended ({_how(code)}); it is started again in {pause:g} s")
        elif now >= self._start_again_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def wait(self, *, until: float) -> None:
        """Wait for the end of a process that was asked to stop; at ``until`` (monotonic) it is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._end_group()
        self._process = None

    def _end_group(self) -> None:
        # Children of a process that was killed with -9 (it is the leader of their group).
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def stop_all(kept: Sequence[Kept], *, seconds: float) -> None:
    """Ask all to stop at once, then wait for each."""
    for one in kept:
        one.ask_to_stop()
    until = time.monotonic() + seconds
    for one in kept:
        one.wait(until=until)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
