"""Taking part in the draw of a scarce group, and leaving it; what came of it is on the page of the group."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tukro.kernel.formats import iso
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.worker.data import as_json
from tukro.work.actions.doing.assigning import ByLot
from tukro.work.actions.finding.lots import forget_wish, wish_for
from tukro.work.queries import GroupRow, work_page

_LOOKS_AGAIN = 3  # seconds
_WAITS = "lot"  # in the address of the group's page: the person waits for the draw


def enter(request: WorkerRequest, group_id: str, refusal: ByLot, now: datetime) -> HttpResponse:
    """Wish for a task of the group, where accepting is not possible yet."""
    wish_for(worker=request.worker, group_id=group_id, now=now)
    if wants_json(request):
        draw_at = refusal.facts["draw_at"]
        assert isinstance(draw_at, datetime)
        told = {"state": "InDraw", "hit_set_id": group_id, "draw_at": iso(draw_at), "assignment_id": None}
        return JsonResponse(told, status=HTTPStatus.ACCEPTED)
    return redirect(f"{reverse('worker:preview', args=[group_id])}?{urlencode({_WAITS: '1'})}")


@require_POST
@worker_required
def leave(request: WorkerRequest, group_id: str) -> HttpResponse:
    """Not wished for any more."""
    forget_wish(worker=request.worker, group_id=group_id)
    if wants_json(request):
        return JsonResponse({"state": None, "hit_set_id": group_id})
    return redirect("worker:preview", group_id)


def on_to_work(request: WorkerRequest, group: GroupRow) -> HttpResponse | None:
    """The work page, for whoever waited for the draw and won."""
    if _WAITS not in request.GET or group.wish != "won":
        return None
    page = work_page(request.worker, group.won)
    messages.success(request, _("The lot fell on you: the task is yours."))
    return redirect(as_json.task_url(page.group_id, page.task_id, page.assignment_id))


def look_again(request: WorkerRequest, answer: HttpResponse, group: GroupRow) -> HttpResponse:
    """While a wish waits, the page comes again by itself, with or without scripts."""
    if group.wish == "waiting":
        answer.headers["Refresh"] = f"{_LOOKS_AGAIN}; url={request.path}?{_WAITS}=1"
    return answer
