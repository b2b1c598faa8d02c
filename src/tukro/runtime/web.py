"""The web server: granian in front of the WSGI application, a few processes with a few threads each."""

from __future__ import annotations

import gc
import importlib
import os
import signal
from collections.abc import Callable
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tukro.runtime.processes import end_with_parent

_APPLICATION = "tukro.wsgi"


def serve(*, host: str, port: int, processes: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM; a process that dies is replaced."""
    server = Granian(
        _APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,  # an ended thread closes its connection to the database
        respawn_failed_workers=True,
        workers_kill_timeout=4,
        websockets=False,
        log_level=LogLevels.warning,
    )
    parent = os.getpid()
    server.serve(target_loader=lambda: _load_in_worker(parent), wrap_loader=False)


def _load_in_worker(parent: int) -> Callable[..., Any]:
    # A worker whose main process was killed with -9 would keep the port from the next start.
    end_with_parent(signal.SIGKILL, parent)
    application: Callable[..., Any] = importlib.import_module(_APPLICATION).application
    importlib.import_module(settings.ROOT_URLCONF)  # now, not while the first visitor waits
    # What is loaded stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    return application
