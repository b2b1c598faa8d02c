"""Answers short questions at the door, on a connection beside the seats: who asks waits for no slow page."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from tukro.web.transport.seats import get_up, new_connection, sit_down

T = TypeVar("T")

# For how long somebody waits who finds him busy, in seconds: a question takes milliseconds, or the database
# is not there.
PATIENCE = 0.8


class Busy(Exception):
    """The question before this one has no answer yet."""


class Porter:
    def __init__(self) -> None:
        self._connection = new_connection()
        self._free = Lock()

    def asks(self, question: Callable[[], T]) -> T:
        """The answer, found on his own connection. Raises Busy, and what the question raises."""
        if not self._free.acquire(timeout=PATIENCE):
            raise Busy
        try:
            sit_down(self._connection)
            try:
                return question()
            finally:
                self._connection.close_if_unusable_or_obsolete()
                get_up()
        finally:
            self._free.release()
