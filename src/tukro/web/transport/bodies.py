"""The body of a request is received whole before anybody works on it: phones send slowly."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig

from tukro.people.rules.phones import network_of
from tukro.web.transport.lines import LAST, Line

# What anybody may send: as much as Django takes of fields (DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST_BYTES = 2_621_440
# What is received where files are taken, of somebody who is signed in: more than the largest things that
# views take, a piece of a file (doors/resumable.py), and in a form the file of a batch's results (100 MB).
MOST_BYTES_OF_PIECE = 5_000_000
MOST_BYTES_OF_FORM = 128 * 1024 * 1024

# How slowly a body may come: so many seconds behind one that has this many bytes a second. A phone on 2G
# is faster.
LATENESS = 30.0
BYTES_A_SECOND = 1000

# How many bodies may be on their way to one process, fewer than it has threads; and how many of one network.
MOST_BODIES = 150
MOST_BODIES_OF_ONE = 50
_FEW = 20  # with no more than these nobody counts

REFUSAL = "tukro.refusal"  # where an environ says why its body was not received

_IN_MEMORY = 1024 * 1024
_AT_ONCE = 16 * 1024

Environ = dict[str, Any]
_network_of = lru_cache(maxsize=1024)(network_of)


class Refusal(Enum):
    """Why a body was not received. The view that says so is Handler's to find."""

    TOO_LARGE = "too large"
    NO_LENGTH = "no length"
    NOT_SIGNED_IN = "not signed in"


class BodyLost(Exception):
    """The body ended before its announced length: nobody is there any more to be answered."""


class TooManyBodies(Exception):
    """So many bodies are on their way, from this network or from all together, that one more must wait."""


class Arrival:
    """A body on its way. ``due``: until when its next part must be there."""

    __slots__ = ("_begun", "_clock", "due", "environ", "line")

    def __init__(self, line: Line, environ: Environ, clock: Callable[[], float]) -> None:
        self.line = line
        self.environ = environ
        self._clock = clock
        self._begun = clock()
        self.due = self._begun + LATENESS

    def expect(self, size: int) -> None:
        """So many bytes must be there when the next part is."""
        self.due = self._begun + LATENESS + size / BYTES_A_SECOND

    def waited(self) -> float:
        return self._clock() - self._begun

    def refuse(self) -> None:
        """The sender hears it; who reads here goes on waiting until the connection is closed."""
        self.line.response_bytes(408, LAST, b"")


class Arrivals:
    """The bodies that are on their way to one process. ``refusal``: why a large one may not come."""

    def __init__(
        self, refusal: Callable[[Environ], Refusal | None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._refusal = refusal
        self._clock = clock
        self._underway: dict[int, Arrival] = {}

    def receive(self, line: Line, environ: Environ) -> IO[bytes] | None:
        """Put the whole body in the place of ``wsgi.input``. Returns the file that holds it, if any.

        One that is too large, has no length, or is large and may not come, is not received: whoever reads it
        meets RequestDataTooBig, and the environ says why. One that comes too slowly is found by who keeps
        watch (``late``). Raises BodyLost and TooManyBodies.
        """
        if "HTTP_TRANSFER_ENCODING" in environ:
            # It tells no length, and one that broke off looks as if it were whole. So that nobody takes it
            # for none, it counts as too large.
            environ["CONTENT_LENGTH"] = str(MOST_BYTES + 1)
            _leave(environ, Refusal.NO_LENGTH)
            return None
        length = _announced(environ)
        if length <= 0:
            return None
        if length > MOST_BYTES:
            if no := self._refusal(environ):
                _leave(environ, no)
                return None
            if length > _most(environ):  # the view has words of its own for what is too large
                environ["wsgi.input"] = _NotReceived()
                return None
        arrival = Arrival(line, environ, self._clock)
        if len(self._underway) >= _FEW:
            self._count(environ)
        self._underway[id(arrival)] = arrival
        try:
            return _received(environ, length, arrival)
        finally:
            del self._underway[id(arrival)]

    def late(self) -> list[Arrival]:
        """Those that come too slowly."""
        now = self._clock()
        return [each for each in list(self._underway.values()) if each.due < now]

    def _count(self, environ: Environ) -> None:
        underway = list(self._underway.values())
        ours = _network(environ)
        of_one = sum(_network(each.environ) == ours for each in underway)
        if len(underway) >= MOST_BODIES or of_one >= MOST_BODIES_OF_ONE:
            raise TooManyBodies


def _network(environ: Environ) -> str:
    """The visitor's, as the last proxy that is ours saw it (TUKRO_PROXIES)."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    passed = environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else ()
    return _network_of(passed[-proxies].strip() if 0 < proxies <= len(passed) else environ["REMOTE_ADDR"])


def _announced(environ: Environ) -> int:
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _most(environ: Environ) -> int:
    is_form = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    return MOST_BYTES_OF_FORM if is_form else MOST_BYTES_OF_PIECE


def _leave(environ: Environ, refusal: Refusal) -> None:
    environ["wsgi.input"] = _NotReceived()
    environ[REFUSAL] = refusal


def _received(environ: Environ, length: int, arrival: Arrival) -> IO[bytes] | None:
    pieces = _pieces(environ["wsgi.input"], length, arrival)
    if length <= _IN_MEMORY:
        environ["wsgi.input"] = BytesIO(b"".join(pieces))
        return None
    kept = environ["wsgi.input"] = _kept(pieces)
    return kept


def _pieces(source: IO[bytes], length: int, arrival: Arrival) -> Iterator[bytes]:
    got = 0
    while got < length:
        size = min(length - got, _AT_ONCE)
        arrival.expect(got + size)
        piece = source.read(size)
        if len(piece) < size:
            raise BodyLost
        yield piece
        got += size


def _kept(pieces: Iterator[bytes]) -> IO[bytes]:
    kept = TemporaryFile()  # noqa: SIM115  # closed when the request is done
    try:
        kept.writelines(pieces)
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return kept


class _NotReceived:
    """A body that was not received."""

    def read(self, _size: int = -1, /) -> NoReturn:
        raise RequestDataTooBig("The body was not received.")

    readline = read
