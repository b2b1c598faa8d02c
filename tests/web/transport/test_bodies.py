"""What stands in the place of a body that has been received, or has not."""

from __future__ import annotations

import tempfile
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig

from tukro.campaigns.actions import reviewing
from tukro.campaigns.rules.tables import MAX_FILE_BYTES
from tukro.web.doors.resumable import MAX_PIECE_BYTES
from tukro.web.staff.law import sanctions
from tukro.web.transport.bodies import MOST_BYTES, MOST_BYTES_OF_FORM, BodyLost, receive_body
from tukro.web.uploads import MAX_RECORDING_BYTES


@pytest.mark.parametrize(("length", "in_a_file"), [(1, False), (1024 * 1024, False), (1024 * 1024 + 1, True)])
def test_a_body_is_received_whole_and_no_further(length: int, *, in_a_file: bool) -> None:
    sent = bytes(range(256)) * (length // 256 + 1)
    environ = _environ(sent + b"the next request", length)
    kept = receive_body(environ)
    assert environ["wsgi.input"].read() == sent[:length]
    assert (kept is not None) == in_a_file
    if kept is not None:
        kept.close()


@pytest.mark.parametrize("length", [5, 2_000_000])
def test_a_body_that_ends_early_is_lost_and_leaves_nothing(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def note() -> Any:
        made.append(tempfile.TemporaryFile())  # noqa: SIM115  # the body closes it
        return made[-1]

    monkeypatch.setattr("tukro.web.transport.bodies.TemporaryFile", note)
    with pytest.raises(BodyLost):
        receive_body(_environ(b"x" * (length - 1), length))
    assert all(file.closed for file in made)
    assert len(made) == (length > 5)


@pytest.mark.parametrize("said", [None, "", "0", "-5", "five"])
def test_without_a_length_nothing_is_read(said: str | None) -> None:
    source = BytesIO(b"something")
    environ = {"wsgi.input": source, **({} if said is None else {"CONTENT_LENGTH": said})}
    assert receive_body(environ) is None
    assert environ["wsgi.input"] is source
    assert source.tell() == 0


@pytest.mark.parametrize(
    ("kind", "most"),
    [("application/json", MOST_BYTES), ("multipart/form-data; boundary=x", MOST_BYTES_OF_FORM)],
)
def test_what_is_too_large_is_not_received(kind: str, most: int) -> None:
    source = BytesIO(b"something")
    said = {"CONTENT_LENGTH": str(most + 1), "CONTENT_TYPE": kind}
    environ: dict[str, Any] = {"wsgi.input": source, **said}
    assert receive_body(environ) is None
    assert source.tell() == 0
    for read in (environ["wsgi.input"].read, environ["wsgi.input"].readline):
        with pytest.raises(RequestDataTooBig):
            read(10)


def test_every_file_that_views_take_is_received() -> None:
    largest = max(MAX_RECORDING_BYTES, MAX_FILE_BYTES, reviewing.MAX_BYTES, sanctions._MOST_BYTES)
    assert largest + 1024 * 1024 < MOST_BYTES_OF_FORM
    assert MAX_PIECE_BYTES < MOST_BYTES


def _environ(body: bytes, length: int) -> dict[str, Any]:
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)}
