"""Connections on which nothing moves are closed: each may hold a thread, for a body or an answer on its way.

A phone that loses its network says no good-bye, and granian knows no limit for bodies. The system knows of
each connection when data last went either way.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from contextlib import suppress
from threading import Thread

LONGEST_QUIET = 600.0  # seconds; phones go through tunnels
_LOOK_EVERY = 60.0

# The beginning of Linux's tcp_info: the state, and milliseconds since data was last sent and last received.
_TCP_INFO = struct.Struct("=B43xI4xI")
_ESTABLISHED = 1


def watch(port: int) -> None:
    """Close quiet connections to this port of this process, in a thread of its own, as long as it lives."""
    if hasattr(socket, "TCP_INFO"):
        Thread(target=_watch, args=[port], name="quiet", daemon=True).start()


def _watch(port: int) -> None:
    while True:
        time.sleep(_LOOK_EVERY)
        close_quiet(port, longer_than=LONGEST_QUIET)


def close_quiet(port: int, *, longer_than: float) -> None:
    """Close each connection to this port on which no data went either way for so many seconds."""
    for handle in os.listdir("/proc/self/fd"):
        # It may be closed at any moment, or be something else.
        with suppress(OSError), _second_handle(int(handle)) as connection:
            if connection.getsockname()[1:2] == (port,) and _quiet_for(connection) > longer_than:
                connection.shutdown(socket.SHUT_RDWR)


def _second_handle(handle: int) -> socket.socket:
    """The same socket, once more. Raises OSError when it is none."""
    second = os.dup(handle)
    try:
        return socket.socket(fileno=second)
    except OSError:
        os.close(second)
        raise


def _quiet_for(connection: socket.socket) -> float:
    """Seconds since data was last sent or received; 0 when it is no open connection."""
    known = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    state, sent, received = _TCP_INFO.unpack(known)
    return float(min(sent, received) / 1000) if state == _ESTABLISHED else 0
