"""How a request is served: body received, seat taken, view run, answer sent, seat given back.

Who waits for the network, for a body that comes or an answer that is read, has no seat and holds up nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from tempfile import TemporaryFile
from threading import Lock, Thread
from typing import IO, Any, NamedTuple, cast

from django.core.signals import request_finished
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from tukro.web.transport.attendance import Attendance
from tukro.web.transport.bodies import Arrivals, BodyLost, Refusal, TooManyBodies
from tukro.web.transport.lines import LATER, Line
from tukro.web.transport.porter import Busy, Porter
from tukro.web.transport.requests import Handler, heads
from tukro.web.transport.seats import (
    Connection,
    Seats,
    get_up,
    new_connection,
    part_with_connection,
    sit_down,
)

log = logging.getLogger(__name__)

# How many streams of rows, in one process, keep a connection for as long as they are read. One more is
# written to a file before it is sent.
STREAMS = 4
# What supervisors ask, on whose word processes are ended: it waits for no seat.
HEALTH = "/healthz"
PIECE_BYTES = 256 * 1024  # what streams are sent in; one that has less is sent whole


class Request(NamedTuple):
    environ: dict[str, Any]
    line: Line
    kept: IO[bytes] | None  # the file that the body lies in


class Service:
    """Serves requests. It is called by many more threads than there are seats."""

    def __init__(self, handler: Handler, *, seats: int) -> None:
        # The signal would look at all connections; here it is known which one was used (_end).
        request_finished.disconnect(close_old_connections)
        self._handler = handler
        self._seats = Seats[Request](seats)
        self._porter = Porter()
        self.arrivals = Arrivals(self._refusal)
        self._streams = [True] * STREAMS
        self._aside: list[bool] = []
        self._watch = Lock()
        self._attendance = Attendance()

    def __call__(self, line: Line, environ: dict[str, Any]) -> None:
        """For a thread that has come from granian's door with a request, and goes back there."""
        self._attendance.come()
        try:
            self._bring(line, environ)
        finally:
            self._attendance.go()

    def _bring(self, line: Line, environ: dict[str, Any]) -> None:
        try:
            kept = self.arrivals.receive(line, environ)
        except BodyLost:
            line.response_bytes(400, [], b"")
            return
        except TooManyBodies:
            line.response_bytes(429, LATER, b"")
            return
        except (Busy, DatabaseError, InterfaceError):  # nobody can tell who sends it
            line.response_bytes(503, LATER, b"")
            return
        if environ.get("PATH_INFO") == HEALTH and kept is None:
            self._answer_at_the_door(line, environ)
            return
        request = Request(environ, line, kept)
        if seat := self._seats.take(request):
            self._work(seat, request)
        else:
            self._stand_by()

    def _refusal(self, environ: dict[str, Any]) -> Refusal | None:
        return self._porter.asks(lambda: self._handler.refusal(environ))

    def _answer_at_the_door(self, line: Line, environ: dict[str, Any]) -> None:
        try:
            response = self._porter.asks(lambda: self._handler.answer(environ))
        except Busy:
            line.response_bytes(503, LATER, b"")
            return
        line.response_bytes(response.status_code, heads(response), cast("HttpResponse", response).content)
        response.close()

    def _stand_by(self) -> None:
        """Wait aside: who works fetches the next request himself, and two would ask for Python's lock.

        Until a request has waited for long, which is then worked on; or until somebody is needed at granian's
        door, for what waits there is not seen here. One thread at a time is on the watch, the others wait
        for their turn; the last one stays while a request waits.
        """
        self._aside.append(True)
        found = None
        with self._watch:
            while not found and (self._is_needed_here() or not self._attendance.lacks_one()):
                self._attendance.look_away(briefly=self._seats.somebody_waits())
                found = self._seats.take_another()
            self._aside.pop()
            if not found:
                self._attendance.go()
        if found:
            self._work(*found)

    def _is_needed_here(self) -> bool:
        return len(self._aside) == 1 and self._seats.somebody_waits()

    def _work(self, seat: Connection, request: Request | None) -> None:
        """Serve this request, and then those that wait, until none does."""
        while request is not None:
            sit_down(seat)
            still = self._serve(seat, request)
            if still is None:
                return
            seat = still
            request = self._seats.go_on(seat)
        get_up()

    def _serve(self, seat: Connection, request: Request) -> Connection | None:
        """Returns what is the seat now. None when it was passed on, as a stream took long to be read."""
        line = request.line
        try:
            response = self._handler.answer(request.environ)
            if isinstance(response, StreamingHttpResponse):
                stream = self._begun(seat, response, line)
            else:
                stream = None
                content = cast("HttpResponse", response).content
                _end(seat, response)
                line.response_bytes(response.status_code, heads(response), content)
        except BaseException:
            log.exception("a request came to no end: %s", request.environ.get("PATH_INFO"))
            line.response_bytes(500, [], b"")  # nobody hears it who has an answer
            part_with_connection()  # nobody knows in what state it is
            return new_connection()
        finally:
            if request.kept is not None:
                request.kept.close()
        if stream is None:
            return seat
        line.response_iter(response.status_code, heads(response), stream)
        return None

    def _begun(self, seat: Connection, response: StreamingHttpResponse, line: Line) -> Stream | None:
        """What is left to be sent of a long answer, without the seat. None when it was short, and is sent."""
        pieces = _pieces(response)
        first = next(pieces, b"")
        if len(first) < PIECE_BYTES:
            _end(seat, response)
            line.response_bytes(response.status_code, heads(response), first)
            return None
        pieces = chain([first], pieces)
        if isinstance(response, FileResponse):
            seat.close_if_unusable_or_obsolete()  # as at the end of other requests
            get_up()
            self._pass_on(seat)
            return Stream(pieces, response.close)
        if self._may_keep_its_connection():
            self._pass_on(new_connection())
            return Stream(pieces, response.close, part_with_connection, self._has_been_read)
        kept = _in_a_file(pieces)
        _end(seat, response)
        get_up()
        self._pass_on(seat)
        return Stream(iter(lambda: kept.read(PIECE_BYTES), b""), kept.close)

    def _pass_on(self, seat: Connection) -> None:
        """Somebody else goes on with what waits: this thread is busy with its stream."""
        if request := self._seats.go_on(seat):
            Thread(target=self._work, args=(seat, request), daemon=True).start()

    def _may_keep_its_connection(self) -> bool:
        try:
            return self._streams.pop()
        except IndexError:
            return False

    def _has_been_read(self) -> None:
        self._streams.append(True)


class Stream:
    """An answer in pieces, and what is done when it has been read or its reader has hung up."""

    def __init__(self, pieces: Iterator[bytes], *at_end: Callable[[], object]) -> None:
        self._pieces = pieces
        self._at_end = at_end

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        with ExitStack() as ends:  # all of them, whatever one of them raises
            for end in reversed(self._at_end):
                ends.callback(end)


def _end(seat: Connection, response: HttpResponseBase) -> None:
    """What follows each request, before the seat goes to the next: a connection that broke is closed."""
    response.close()
    seat.close_if_unusable_or_obsolete()


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


def _in_a_file(pieces: Iterable[bytes]) -> IO[bytes]:
    kept = TemporaryFile()  # noqa: SIM115  # closed when it has been read
    try:
        kept.writelines(pieces)
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return kept
