"""Which connections of this process are quiet, and what becomes of them."""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack

from tukro.runtime.quiet import close_quiet


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
