"""Why something did not arrive."""

from __future__ import annotations


class NotDelivered(Exception):
    """A channel could not hand over. The text is for the requester whose destination it is."""


class Unreachable(NotDelivered):
    """Nobody answered in time: the destination is left alone for a while, whatever waits for it."""


class NotTaken(NotDelivered):
    """The destination answered, and did not take this one; with which HTTP status, if there was one."""

    def __init__(self, text: str, *, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status
