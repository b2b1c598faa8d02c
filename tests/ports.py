"""A port for a server that a test starts."""

from __future__ import annotations

import random
import socket


def free_port() -> int:
    """A free port of this machine below 32768: above, outgoing connections take theirs and may be faster."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
