"""How a request is served: body received, seat taken, view run, seat given back, answer sent.

Who waits for the network, for a body that comes or an answer that is read, has no seat and holds up nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tukro.web.transport.bodies import BodyLost, receive_body
from tukro.web.transport.seats import Connection, Seats, part_with_connection

# How many streams of rows, in one process, keep a connection for as long as they are read. One more is
# written to a file before it is sent.
STREAMS = 4
PIECE_BYTES = 256 * 1024  # what streams are sent in; one that has less is sent whole


class Served:
    """The WSGI application, for a server that has many more threads than there are seats."""

    def __init__(self, handler: WSGIHandler, *, seats: int) -> None:
        self._handler = handler
        self._seats = Seats(seats)
        self._streams = [True] * STREAMS

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            kept = receive_body(environ)
        except BodyLost:
            start_response("400 Bad Request", [])
            return []
        seat, response = self._seats.take(), None
        try:
            response = self._handler(environ, start_response)
            if isinstance(response, StreamingHttpResponse):
                return self._streamed(seat, response)
            return self._whole(seat, cast("HttpResponse", response))
        except BaseException:
            self._give_up(response)
            raise
        finally:
            if kept is not None:
                kept.close()

    def _whole(self, seat: Connection, response: HttpResponse) -> Iterable[bytes]:
        content = response.content
        response.close()  # what follows each request looks at the connection: it is done on the seat
        self._seats.give_back(seat)
        return [content]

    def _streamed(self, seat: Connection, response: StreamingHttpResponse) -> Iterable[bytes]:
        pieces = _pieces(response)
        first = next(pieces, b"")
        if len(first) < PIECE_BYTES:
            response.close()
            self._seats.give_back(seat)
            return [first]
        pieces = chain([first], pieces)
        if isinstance(response, FileResponse):
            seat.close_if_unusable_or_obsolete()  # as is done at the end of other requests
            self._seats.give_back(seat)
            return _Stream(pieces, response.close)
        if self._may_keep_its_connection():
            self._seats.leave_with_connection()
            return _Stream(pieces, response.close, part_with_connection, self._has_been_read)
        return self._from_file(seat, response, pieces)

    def _from_file(
        self, seat: Connection, response: StreamingHttpResponse, pieces: Iterable[bytes]
    ) -> Iterable[bytes]:
        with ExitStack() as unless_done:
            kept = unless_done.enter_context(TemporaryFile())
            kept.writelines(pieces)
            kept.seek(0)
            response.close()
            unless_done.pop_all()
        self._seats.give_back(seat)
        return _Stream(iter(lambda: kept.read(PIECE_BYTES), b""), kept.close)

    def _may_keep_its_connection(self) -> bool:
        try:
            return self._streams.pop()
        except IndexError:
            return False

    def _has_been_read(self) -> None:
        self._streams.append(True)

    def _give_up(self, response: HttpResponseBase | None) -> None:
        """Nobody knows in what state the connection is: the seat gets a new one."""
        try:
            if response is not None:
                response.close()
        finally:
            self._seats.leave_with_connection()
            part_with_connection()


class _Stream:
    """An answer in pieces, and what is done when it has been read or its reader has hung up."""

    def __init__(self, pieces: Iterator[bytes], *at_end: Callable[[], object]) -> None:
        self._pieces = pieces
        self._at_end = at_end

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        with ExitStack() as ends:  # all of them, whatever one of them raises
            for end in reversed(self._at_end):
                ends.callback(end)


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer, larger pieces: each is a way from thread to thread. The last may be short."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
