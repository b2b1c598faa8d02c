"""Connections on which too little moves are closed: each may hold a thread, for what is on its way.

A phone that loses its network says no good-bye, and granian knows no limit for bodies. The system knows of
each connection when data last went either way.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import struct
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import NamedTuple, Protocol

log = logging.getLogger(__name__)

LONGEST_QUIET = 600.0  # seconds; phones go through tunnels
_LOOK_EVERY = 60.0
_LOOK_FOR_LATE_EVERY = 1.0
_HEARD_WITHIN = 1.0  # what is answered has been sent by then, in seconds

# The beginning of Linux's tcp_info: the state, and milliseconds since data was last sent and last received.
_TCP_INFO = struct.Struct("=B43xI4xI")
_ESTABLISHED = 1


class Late(Protocol):
    """A body that comes too slowly."""

    def waited(self) -> float:
        """Since when it is on its way, in seconds."""

    def refuse(self) -> None:
        """Answer who sends it."""


def watch(port: int, late: Callable[[], Sequence[Late]]) -> None:
    """Close quiet connections to this port of this process, and refuse bodies that are late.

    In a thread of its own, as long as the process lives.
    """
    Thread(target=_watch, args=[port, late], name="quiet", daemon=True).start()


def _watch(port: int, late: Callable[[], Sequence[Late]]) -> None:
    looked_at = time.monotonic()
    while True:
        time.sleep(_LOOK_FOR_LATE_EVERY)
        try:
            if bodies := late():
                refuse(bodies, port)
        except Exception:  # the watch goes on: without it, whoever is slow holds a thread for ever
            log.exception("late bodies could not be refused")
        if time.monotonic() - looked_at >= _LOOK_EVERY:
            looked_at = time.monotonic()
            close_quiet(port, longer_than=LONGEST_QUIET)


def close_quiet(port: int, *, longer_than: float) -> None:
    """Close each connection to this port on which no data went either way for so many seconds."""
    with _connections(port) as found:
        for connection in found:
            if min(_silent_for(connection)) > longer_than:
                _close(connection)


def refuse(bodies: Sequence[Late], port: int) -> None:
    """Answer who sends these bodies, and close their connections, whoever is to hear it.

    Nobody tells which those are: on them nothing was sent for as long as the bodies are on their way, and
    something is now that they are answered; or it waits to be sent, for some visitors read nothing.
    """
    since = 0.9 * min(body.waited() for body in bodies)
    with _connections(port) as found:
        silent = {one: _unsent(one) for one in found if _silent_for(one).to_visitor > since}
        for body in bodies:
            body.refuse()
        until = time.monotonic() + _HEARD_WITHIN
        while silent and time.monotonic() < until:
            time.sleep(_HEARD_WITHIN / 20)
            for one, unsent in list(silent.items()):
                if _silent_for(one).to_visitor <= since or _unsent(one) > unsent:
                    _close(one)
                    del silent[one]


@contextmanager
def _connections(port: int) -> Iterator[list[socket.socket]]:
    """The connections to this port that are open. None on systems that cannot tell."""
    with ExitStack() as handles:
        yield [
            handles.enter_context(one)
            for handle in (os.listdir("/proc/self/fd") if hasattr(socket, "TCP_INFO") else ())
            if (one := _second_handle(int(handle), port))
        ]


def _second_handle(handle: int, port: int) -> socket.socket | None:
    """The same socket once more, if it is an open connection to this port. It may be closed at any moment."""
    try:
        second = os.dup(handle)
    except OSError:
        return None
    try:
        found = socket.socket(fileno=second)
    except OSError:
        os.close(second)
        return None
    with suppress(OSError):
        if found.getsockname()[1:2] == (port,) and found.getpeername():
            return found
    found.close()
    return None


class _Silent(NamedTuple):
    to_visitor: float  # seconds since data was last sent
    from_visitor: float


def _silent_for(connection: socket.socket) -> _Silent:
    """0 when it is no open connection any more."""
    known = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    state, sent, received = _TCP_INFO.unpack(known)
    return _Silent(sent / 1000, received / 1000) if state == _ESTABLISHED else _Silent(0, 0)


def _unsent(connection: socket.socket) -> int:
    """Bytes that the visitor has not taken yet."""
    (count,) = struct.unpack("=i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))
    return int(count)


def _close(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
