"""The news server: granian in front of the ASGI application, one process whose streams wait on one loop."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import signal
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from tukro.runtime.processes import end_with_parent

_APPLICATION = "tukro.asgi"
_BESIDES = 200  # connections for those who are turned away, and files of the process itself


def serve(*, host: str, port: int, streams: int) -> None:
    """Serve until SIGINT or SIGTERM; the process is replaced when it dies."""
    _allow_open_files(streams + _BESIDES)
    server = Granian(
        _APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        workers=1,
        backlog=1024,
        backpressure=streams + _BESIDES,
        respawn_failed_workers=True,
        workers_kill_timeout=1,  # streams never end by themselves
        websockets=False,
        log_level=LogLevels.warning,
    )
    parent = os.getpid()
    server.serve(target_loader=lambda: _load_in_worker(parent), wrap_loader=False)


def _allow_open_files(count: int) -> None:
    """Each stream is a socket; many systems begin with 1,024 and allow more to who asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _load_in_worker(parent: int) -> Callable[..., Any]:
    # A worker whose main process was killed with -9 would keep the port from the next start.
    end_with_parent(signal.SIGKILL, parent)
    application: Callable[..., Any] = importlib.import_module(_APPLICATION).application
    gc.collect()
    gc.freeze()
    return application
