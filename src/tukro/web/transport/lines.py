"""granian's way to who asked."""

from __future__ import annotations

from typing import Protocol

Headers = list[tuple[str, str]]

LAST: Headers = [("Connection", "close")]
LATER: Headers = [*LAST, ("Retry-After", "30")]


class Pieces(Protocol):
    """An answer in pieces. ``close``: it has been read, or nobody reads any more."""

    def __next__(self) -> bytes: ...

    def close(self) -> None: ...


class Line(Protocol):
    """For one answer, from any thread; a second one is heard by nobody."""

    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None: ...

    def response_iter(self, status: int, headers: Headers, body: Pieces, /) -> None:
        """Returns when all is sent, or nobody reads any more; closes the pieces."""
