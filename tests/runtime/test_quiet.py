"""Which connections of this process are quiet, and what becomes of them."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tukro.runtime import quiet
from tukro.runtime.quiet import close_quiet, refuse


def test_connections_on_which_nothing_moves_are_closed() -> None:
    with ExitStack() as open_ones:
        door = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = door.getsockname()[1]

        def visitor() -> tuple[socket.socket, socket.socket]:
            outside = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            inside = open_ones.enter_context(door.accept()[0])
            outside.sendall(b"half")
            assert inside.recv(4) == b"half"
            return outside, inside

        stopped, sends, reads = visitor(), visitor(), visitor()
        time.sleep(0.6)
        sends[0].sendall(b"more")
        reads[1].sendall(b"row")
        assert reads[0].recv(3) == b"row"

        handles = len(os.listdir("/proc/self/fd"))
        close_quiet(port, longer_than=0.5)
        assert len(os.listdir("/proc/self/fd")) == handles

        assert (stopped[1].recv(1), stopped[0].recv(1)) == (b"", b"")
        assert sends[1].recv(4) == b"more"
        reads[1].sendall(b"row")
        assert reads[0].recv(3) == b"row"
        assert open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))  # the door is open


class Body:
    """One that comes too slowly over this connection, since it was opened."""

    def __init__(self, inside: socket.socket) -> None:
        self._inside = inside
        self._begun = time.monotonic()

    def waited(self) -> float:
        return time.monotonic() - self._begun

    def refuse(self) -> None:
        self._inside.sendall(b"408")


def test_connections_of_bodies_that_are_late_are_closed_and_no_others() -> None:
    with ExitStack() as open_ones:
        door = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = door.getsockname()[1]

        def visitor() -> tuple[socket.socket, socket.socket]:
            outside = open_ones.enter_context(socket.socket())
            outside.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            outside.connect(("127.0.0.1", port))
            return outside, open_ones.enter_context(door.accept()[0])

        slow, reads_nothing, idle, talks = visitor(), visitor(), visitor(), visitor()
        reads_nothing[1].settimeout(5)
        reads_nothing[1].sendall(b"page" * 20_000)
        bodies = [Body(slow[1]), Body(reads_nothing[1])]
        time.sleep(0.6)
        slow[0].sendall(b"a")
        talks[1].sendall(b"an answer")

        handles = len(os.listdir("/proc/self/fd"))
        refuse(bodies, port)
        assert len(os.listdir("/proc/self/fd")) == handles

        assert slow[0].recv(10) == b"408"
        assert (slow[0].recv(1), slow[1].recv(10), slow[1].recv(1)) == (b"", b"a", b"")
        assert reads_nothing[1].recv(1) == b""
        for outside, inside in (idle, talks):
            outside.sendall(b"more")
            assert inside.recv(4) == b"more"


def test_the_watch_goes_on_after_a_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(quiet, "_LOOK_FOR_LATE_EVERY", 0.01)
    looks: Iterator[BaseException] = iter([OSError("gone"), KeyboardInterrupt()])

    def late() -> list[quiet.Late]:
        raise next(looks)

    with pytest.raises(KeyboardInterrupt):  # the second look, which ends it here
        quiet._watch(1, late)
    assert "late bodies could not be refused" in caplog.text
