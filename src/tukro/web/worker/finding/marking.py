"""Favourite and hidden requesters and groups: marking wherever they are seen, undoing, the list of all."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.ids import looks_like_id
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.work.actions.finding.marking import mark_group, mark_requester, unmark_group, unmark_requester
from tukro.work.models import Liking
from tukro.work.queries import marks_of

_JUST_HIDDEN = "just_hidden"  # in the address of the list: what an undo would bring back
_OF = ("group", "requester")


@require_POST
@worker_required
def mark(request: WorkerRequest) -> HttpResponse:
    """Mark a ``group`` or a ``requester`` as ``liking``: favourite, hidden, or '' for neither."""
    now, worker, liking = timezone.now(), request.worker, request.POST.get("liking", "")
    of, public_id = next(((of, request.POST[of]) for of in _OF if request.POST.get(of)), ("group", ""))
    if liking and of == "group":
        mark_group(worker=worker, group_id=public_id, liking=liking, now=now)
    elif liking:
        mark_requester(worker=worker, requester_id=public_id, liking=liking, now=now)
    elif of == "group":
        unmark_group(worker=worker, group_id=public_id)
    else:
        unmark_requester(worker=worker, requester_id=public_id)
    if wants_json(request):
        return JsonResponse({of: public_id, "liking": liking or None})
    hidden = {_JUST_HIDDEN: f"{of}:{public_id}"} if liking == Liking.HIDDEN else {}
    return redirect(_back(request, **hidden))


@require_GET
@worker_required
def marks(request: WorkerRequest) -> HttpResponse:
    """All that the worker likes and all that they hid."""
    found = marks_of(request.worker)
    context = {
        "favourites": [mark for mark in found if mark.liking == Liking.FAVOURITE],
        "hidden": [mark for mark in found if mark.liking == Liking.HIDDEN],
    }
    return render(request, "worker/finding/marks.html", context)


def just_hidden(request: HttpRequest) -> dict[str, str]:
    """What was hidden a moment ago, as fields of the form that undoes it."""
    of, _colon, public_id = request.GET.get(_JUST_HIDDEN, "").partition(":")
    return {"of": of, "id": public_id} if of in _OF and looks_like_id(public_id) else {}


def _back(request: HttpRequest, **query: str) -> str:
    """To where the mark was made, with ``query``; only to a page of ours."""
    page = request.POST.get("next", "")
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        page = reverse("worker:projects")
    return f"{page}{'&' if '?' in page else '?'}{urlencode(query)}" if query else page
