"""The body of a request is received whole before anybody works on it: phones send slowly."""

from __future__ import annotations

from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

from django.core.exceptions import RequestDataTooBig

# More than the largest things that views take: a piece of a file (doors/resumable.py), and in a form the file
# of a batch's results (100 MB).
MOST_BYTES = 5_000_000
MOST_BYTES_OF_FORM = 128 * 1024 * 1024

_IN_MEMORY = 1024 * 1024
_AT_ONCE = 256 * 1024


class BodyLost(Exception):
    """The body ended before its announced length: nobody is there any more to be answered."""


def receive_body(environ: dict[str, Any]) -> IO[bytes] | None:
    """Put the whole body in the place of ``wsgi.input``. Returns the temporary file that holds it, if any.

    A body without an announced length is none, as ever with Django. One that is too large is not received:
    who looks at its length refuses it in words of their own, who reads it meets RequestDataTooBig.
    Raises BodyLost.
    """
    length = _announced(environ)
    if length <= 0:
        return None
    if length <= _IN_MEMORY:
        body = environ["wsgi.input"].read(length)
        if len(body) < length:
            raise BodyLost
        environ["wsgi.input"] = BytesIO(body)
        return None
    if length > _most(environ):
        environ["wsgi.input"] = _TooLarge()
        return None
    kept = environ["wsgi.input"] = _kept(environ["wsgi.input"], length)
    return kept


def _announced(environ: dict[str, Any]) -> int:
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _most(environ: dict[str, Any]) -> int:
    is_form = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    return MOST_BYTES_OF_FORM if is_form else MOST_BYTES


def _kept(source: IO[bytes], length: int) -> IO[bytes]:
    kept = TemporaryFile()  # noqa: SIM115  # closed when the request is done
    try:
        while length:
            piece = source.read(min(length, _AT_ONCE))
            if not piece:
                raise BodyLost
            kept.write(piece)
            length -= len(piece)
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return kept


class _TooLarge:
    """A body that was not received."""

    def read(self, _size: int = -1, /) -> NoReturn:
        raise RequestDataTooBig("The body is too large to be received.")

    readline = read
