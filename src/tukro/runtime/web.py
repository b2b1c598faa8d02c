"""The web server: granian in front of the WSGI application, a few processes with a few seats each.

Threads are many, for most of them wait for somebody's network; seats are what works, and what the database
sees (web/transport/serving.py).
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal

from django.conf import settings
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import mp

from tukro.runtime import quiet
from tukro.runtime.processes import end_with_parent, let_others_finish
from tukro.web.transport import addresses
from tukro.web.transport.serving import Service

_APPLICATION = "tukro.wsgi"
# In each process: bodies that are on their way and answers that are read, at the same time. A thread is made
# when it is wanted, and ends when it was not for a while.
WAITING_THREADS = 200
_CONNECTIONS = 512  # of visitors, idle ones counted


def serve(*, host: str, port: int, processes: int, seats: int) -> None:
    """Serve until SIGINT or SIGTERM; a process that dies is replaced."""
    logging.getLogger("_granian").addFilter(_is_no_surprise)
    vars(mp)["_wsgi_call_wrap"] = _as_it_is  # granian's own, which its types do not show
    server = Granian(
        _APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=seats + WAITING_THREADS,
        blocking_threads_idle_timeout=60,
        backpressure=_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=4,
        http=HTTPModes.http1,  # nobody speaks HTTP/2 without TLS, and its streams have no limits here
        websockets=False,
        log_level=LogLevels.warning,
    )
    parent = os.getpid()
    server.serve(target_loader=lambda: _load_in_worker(parent, port, seats), wrap_loader=False)


def _load_in_worker(parent: int, port: int, seats: int) -> Service:
    # The main process's handlers came along with the fork, and would swallow what tells this one to stop.
    # granian sets its own once this is loaded.
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_DFL)
    # A worker whose main process was killed with -9 would keep the port from the next start.
    end_with_parent(signal.SIGKILL, parent)
    let_others_finish()
    service = Service(importlib.import_module(_APPLICATION).application, seats=seats)
    addresses.find("/", settings.ROOT_URLCONF)  # views are loaded now, not while the first visitor waits
    quiet.watch(port, service.arrivals.late)
    # What is loaded stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    return service


def _as_it_is(service: Service, _scope: object, _log_format: object) -> Service:
    """granian would wait for each answer in the thread that brought the request: Service answers from any."""
    return service


def _is_no_surprise(record: logging.LogRecord) -> bool:
    """granian warns of more threads, and more processes, than cores: right where each works all the time."""
    said = record.getMessage()
    return "Python threads" not in said and "number of workers" not in said
