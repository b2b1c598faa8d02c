"""Resumable uploads: the server's side of the tus protocol 1.0.0 (tus.io/protocols/resumable-upload).

Core, and the extensions creation, creation-defer-length, termination and expiration. Pieces are appended to a
file of their own in the folder of partial files; with the last one the whole is looked at and becomes a proof
file, whose id the answer names in ``Tukro-File``. Who did not hear that answer asks how far the file is and
hears it then; had the looking not come to its end, it is done then. Why a file is not kept stands in
``Tukro-Refused``, too, since an answer to HEAD has no body. A page without script posts its form as ever.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import NotFound, Refused
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_code, refusal_message, refusal_status
from tukro.web.uploads import MAX_RECORDING_BYTES, FileEmpty, FileTooLarge
from tukro.web.uploads.keeping import keep_file
from tukro.work.actions.doing import partial_files
from tukro.work.actions.doing.partial_files import (
    BeingLookedAt,
    WrongOffset,
    add_piece,
    drop_file,
    finish_file,
    partial_file,
    start_file,
)
from tukro.work.models import PartialFile
from tukro.work.rules import PARTIAL_FILE_HOURS

VERSION = "1.0.0"
MAX_PIECE_BYTES = 4_000_000
_PIECES = "application/offset+octet-stream"
_EXTENSIONS = "creation,creation-defer-length,termination,expiration"


class _Wrong(Exception):
    """The request does not follow the protocol: an HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@require_http_methods(["OPTIONS", "POST"])
@worker_required
def uploads(request: WorkerRequest) -> HttpResponse:
    """What this server can do; or the beginning of a file."""
    if request.method == "OPTIONS":
        return _answer(204, {"Tus-Version": VERSION, "Tus-Extension": _EXTENSIONS, **_LIMIT})
    return _told(request, _begin)


@takes_files
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@worker_required
def upload(request: WorkerRequest, file_id: str) -> HttpResponse:
    """How far a file is, its next piece, or its end without a use."""
    acts = {"HEAD": _how_far, "PATCH": _go_on, "DELETE": _drop}
    act = acts[str(request.method)]
    return _told(request, lambda asked: act(asked, file_id))


def forget_old_files(now: datetime) -> int:
    """Uploads that stood still for a day go, rows and bytes. Returns how many."""
    gone = partial_files.forget_old(now=now)
    for file_id in gone:
        _place(file_id).unlink(missing_ok=True)
    return len(gone)


_LIMIT = {"Tus-Max-Size": str(MAX_RECORDING_BYTES)}


def _told(request: WorkerRequest, act: Callable[[WorkerRequest], HttpResponse]) -> HttpResponse:
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    try:
        return act(request)
    except _Wrong as wrong:
        return _answer(wrong.status)
    except Refused as refusal:
        return _refused(refusal)


def _begin(request: WorkerRequest) -> HttpResponse:
    deferred = request.headers.get("Upload-Defer-Length")
    if deferred not in (None, "1"):
        raise _Wrong(400)
    size = None if deferred else _number(request, "Upload-Length")
    if size == 0:  # no piece will come with which to say it
        raise FileEmpty
    if size is not None and size > MAX_RECORDING_BYTES:
        raise FileTooLarge(limit=MAX_RECORDING_BYTES)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    now = timezone.now()
    begun = start_file(
        worker=request.worker,
        assignment_id=said.get("assignment", ""),
        field=said.get("field", ""),
        name=said.get("filename", ""),
        size=size,
        now=now,
    )
    _place(begun.public_id).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _place(begun.public_id).touch(mode=0o600)
    return _answer(201, {"Location": reverse("upload", args=[begun.public_id]), **_until(begun)})


def _how_far(request: WorkerRequest, file_id: str) -> HttpResponse:
    partial = partial_file(worker=request.worker, file_id=file_id)
    if partial.is_whole:
        return _finish(request, file_id, status=200)
    return _answer(200, _state(partial))


def _go_on(request: WorkerRequest, file_id: str) -> HttpResponse:
    if request.content_type != _PIECES:
        raise _Wrong(415)
    offset = _number(request, "Upload-Offset")
    size = _number(request, "Upload-Length") if "Upload-Length" in request.headers else None
    piece = request.read(MAX_PIECE_BYTES + 1)
    if len(piece) > MAX_PIECE_BYTES:
        raise _Wrong(413)
    if offset + len(piece) > MAX_RECORDING_BYTES:
        raise FileTooLarge(limit=MAX_RECORDING_BYTES)

    def write() -> None:
        with _place(file_id).open("r+b") as kept:
            kept.truncate(offset)
            kept.seek(offset)
            kept.write(piece)

    try:
        partial = add_piece(
            worker=request.worker,
            file_id=file_id,
            offset=offset,
            length=len(piece),
            keep=write,
            size=size,
            now=timezone.now(),
        )
    except FileNotFoundError:
        return _begin_anew(request, file_id)
    if partial.is_whole:
        return _finish(request, file_id, status=204)
    return _answer(204, _state(partial))


def _finish(request: WorkerRequest, file_id: str, *, status: int) -> HttpResponse:
    """The whole is here: look at it and keep it; what is refused is gone, and the answer says why."""

    def keep(partial: PartialFile) -> str:
        with _place(file_id).open("rb") as whole:
            return keep_file(
                worker=request.worker,
                assignment_id=partial.assignment.public_id,
                field=partial.field,
                file=UploadedFile(whole, partial.name, size=partial.size),
                now=timezone.now(),
            )

    try:
        partial = finish_file(worker=request.worker, file_id=file_id, keep=keep)
    except FileNotFoundError:
        return _begin_anew(request, file_id)
    except BeingLookedAt:
        raise
    except Refused as refusal:
        _place(file_id).unlink(missing_ok=True)
        answer = _refused(refusal)
        if not isinstance(refusal, NotFound):  # a new upload is told why
            answer.headers["Tukro-Refused"] = quote(refusal_message(refusal))
        return answer
    # Not before it is kept: until then whoever asks after a crash finishes it.
    _place(file_id).unlink(missing_ok=True)
    return _answer(status, _state(partial))


def _begin_anew(request: WorkerRequest, file_id: str) -> HttpResponse:
    """The bytes were lost; a new upload begins at the beginning."""
    drop_file(worker=request.worker, file_id=file_id)
    return _answer(410)


def _drop(request: WorkerRequest, file_id: str) -> HttpResponse:
    drop_file(worker=request.worker, file_id=file_id)
    _place(file_id).unlink(missing_ok=True)
    return _answer(204)


def _state(partial: PartialFile) -> dict[str, str]:
    state = {"Upload-Offset": str(partial.received), "Cache-Control": "no-store", **_until(partial)}
    if partial.size is None:
        state["Upload-Defer-Length"] = "1"
    else:
        state["Upload-Length"] = str(partial.size)
    if partial.file_id:
        state["Tukro-File"] = partial.file_id
    return state


def _until(partial: PartialFile) -> dict[str, str]:
    return {
        "Upload-Expires": http_date((partial.touched_at + timedelta(hours=PARTIAL_FILE_HOURS)).timestamp())
    }


def _place(file_id: str) -> Path:
    """Where the bytes lie. ``file_id`` is the id of a row that was found, or is about to be looked for."""
    assert file_id.isalnum()
    return settings.FILES_ROOT / "partial" / file_id


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        raise _Wrong(400)
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Names and values as the protocol writes them: ``name base64, name base64``."""
    said = {}
    for pair in filter(None, header.split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            said[name] = base64.b64decode(value, validate=True).decode().replace("\x00", "")
        except (binascii.Error, UnicodeDecodeError):
            raise _Wrong(400) from None
    return said


def _refused(refusal: Refused) -> HttpResponse:
    facts = {"error": refusal_code(refusal), "message": refusal_message(refusal)}
    answer = JsonResponse(facts, status=409 if isinstance(refusal, WrongOffset) else refusal_status(refusal))
    answer.headers["Tus-Resumable"] = VERSION
    if isinstance(refusal, BeingLookedAt):
        answer.headers["Retry-After"] = "1"
    return answer


def _answer(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer.headers["Tus-Resumable"] = VERSION
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer
