"""Serving proof files: private, and with headers that keep a browser from running anything in them."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from tukro.journal.actions import record
from tukro.kernel.ids import looks_like_id
from tukro.web.entry.access import UserRequest, requester_of, user_required, worker_of
from tukro.work.models import AppealFile, EarlierFile, ProofFile
from tukro.work.queries.of_requester.handed_in import file_behind

Stored = ProofFile | EarlierFile | AppealFile

_SHOWN_IN_PLACE = ("image/", "audio/", "video/")


@require_safe
@user_required
def proof_file(request: UserRequest, file_id: str) -> HttpResponseBase:
    """A file of an answer, an earlier answer or an appeal: for the worker who handed it in, the requester of
    its task, and staff."""
    file = _of_a_party(request, file_id) if looks_like_id(file_id) else None
    if file is not None:
        return _served(file, cache="private, max-age=3600")
    return _served(_looked_at_by_staff(request, file_id), cache="private, no-store")


@require_safe
def linked_file(_request: HttpRequest, link: str) -> HttpResponseBase:
    """A file, for whoever has its address of a minute: programs of the requester get it on the wire."""
    return _served(file_behind(link, timezone.now()), cache="private, no-store")


def _served(file: Stored, *, cache: str) -> HttpResponseBase:
    try:
        stored = (settings.FILES_ROOT / file.path).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(stored, content_type=file.media_type)
    disposition = "inline" if file.media_type.startswith(_SHOWN_IN_PLACE) else "attachment"
    answer.headers["Content-Disposition"] = (
        f"{disposition}; filename*=UTF-8''{quote(file.name or file.public_id)}"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = cache
    return answer


def _looked_at_by_staff(request: UserRequest, file_id: str) -> Stored:
    """The file for a member of staff, whose look the journal keeps. Raises Http404."""
    file = _found(file_id, Q(), Q()) if request.user.is_staff and looks_like_id(file_id) else None
    if file is None:
        raise Http404
    facts = {"name": file.name, "media_type": file.media_type}
    record(name="FileViewed", actor=request.user.actor, subject=file_id, at=timezone.now(), facts=facts)
    return file


def _of_a_party(request: UserRequest, file_id: str) -> Stored | None:
    """The file, if this person handed it in or asked for it."""
    return _found(file_id, _own(request, "assignment__"), _own(request, "appeal__assignment__"))


def _found(file_id: str, whose: Q, whose_appeal: Q) -> Stored | None:
    return (
        ProofFile.objects.filter(whose, public_id=file_id).first()
        or EarlierFile.objects.filter(whose, public_id=file_id).first()
        or AppealFile.objects.filter(whose_appeal, public_id=file_id).first()
    )


def _own(request: UserRequest, way: str) -> Q:
    """``way``: from the file to the assignment that it belongs to."""
    worker, requester = worker_of(request.user), requester_of(request.user)
    own = Q(**{f"{way}worker": worker}) if worker else Q(pk=None)
    reviewed = Q(**{f"{way}requester_id": requester.pk}) if requester else Q(pk=None)
    return own | reviewed
