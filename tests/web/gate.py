"""A line to the live site that can be cut, for tests of bad networks: a forwarder of TCP in threads.

Browsers' own "offline" switch does not reach service workers, and it cannot lose an answer on its way back.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Gate:
    """Forwards ``port`` to ``target`` while it is open."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lines: set[socket.socket] = set()
        self._is_open, self._answers = True, True
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing goes through any more, and what was on its way is lost."""
        self._is_open = False
        self._hang_up()

    def lose_answers(self) -> None:
        """What is sent arrives; nothing comes back."""
        self._answers = False

    def mend(self) -> None:
        self._is_open = self._answers = True
        self._hang_up()

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _hang_up(self) -> None:
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            if not self._is_open:
                caller.close()
                continue
            site = socket.create_connection(("127.0.0.1", self._target))
            self._lines |= {caller, site}
            threading.Thread(target=self._forward, args=(caller, site, False), daemon=True).start()
            threading.Thread(target=self._forward, args=(site, caller, True), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if is_answer and not self._answers:
                    break
                sink.sendall(data)
        for line in (source, sink):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
            self._lines.discard(line)


@contextmanager
def gate_to(port: int) -> Iterator[Gate]:
    gate = Gate(port)
    try:
        yield gate
    finally:
        gate.close()
