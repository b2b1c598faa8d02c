"""Addresses of the model's own worker site that have no page of their own here (mturk-sites 2.2, 2.6, 2.7).

What people typed or kept as a bookmark leads to our page for it; what programs read answers in the shape that
they know.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from tukro.kernel.errors import Refused
from tukro.kernel.ids import looks_like_id
from tukro.qualifications.queries import held_by, last_requests
from tukro.web.entry.access import WorkerRequest, looks_up_later, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_code, refusal_message
from tukro.web.worker.data import as_json, asked_json
from tukro.web.worker.doing import working
from tukro.web.worker.finding.filters import page_number, whole
from tukro.web.worker.finding.open_list import projects
from tukro.web.worker.standing.qualifying import held
from tukro.work.queries import history_of

DAY_PAGE = 20  # rows of a day page, as on the model's site
_MOST_OF_A_DAY = 4000  # more than one person does in a day


def is_asked(request: HttpRequest) -> bool:
    """Whether an address of the front page is meant for the open list: scripts send filters there."""
    return request.GET.get("format") == "json" or any(name.startswith("filters[") for name in request.GET)


def front_page(request: HttpRequest) -> HttpResponseBase:
    """``/?filters[…]``: the open list."""
    if wants_json(request):
        return projects(request)
    return redirect(f"{reverse('worker:projects')}?{request.META['QUERY_STRING']}")


@looks_up_later
def accept_random(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """Accept some task of the group: by POST, or, for scripts of the model's site, in their own way.

    They fetch this address from a page of ours. A browser says so in headers that no page writes, so what
    a stranger's page, a link or a mail makes a browser open takes nothing: it leads to the button.
    """
    if request.method == "POST":
        return working.accept(request, group_id)
    if _is_own_script(request):
        return _taken_by_script(request, group_id)
    if request.method == "GET" and not wants_json(request):
        return redirect("worker:preview", group_id)
    return HttpResponseNotAllowed(["POST"])


# What the model's page says, of which scripts look for parts (mturk-sites 2.10): the same in every language.
_NOT_TAKEN = {
    "queue_full": "You have already accepted the maximum number of HITs that you can hold at a time.",
    "nothing_left": "There are no more of these HITs available.",
    "not_eligible": "You do not meet those Qualifications.",
    "own_task": "You cannot work on your own HITs.",
    "blocked": "This requester's choices prevent you from working on these HITs.",
    "not_found": "The group's address is not valid.",
    "task_closed": "This HIT is no longer available.",
    "too_late": "This HIT is no longer available.",
}


def _taken_by_script(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """The accepted task, or why not: with the status and in the words that such scripts know."""
    try:
        return working.take(request, group_id)
    except Refused as refusal:
        code = refusal_code(refusal)
        message = _NOT_TAKEN.get(code) or refusal_message(refusal)
        return JsonResponse({"error": code, "message": message}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _is_own_script(request: HttpRequest) -> bool:
    headers = request.headers
    return (
        request.method == "GET"
        and wants_json(request)
        and headers.get("Sec-Fetch-Site") in ("same-origin", "none")
        and headers.get("Sec-Fetch-Mode") in ("cors", "same-origin")
        and headers.get("Sec-Fetch-Dest") == "empty"
        and "Sec-Purpose" not in headers
        and "Authorization" not in headers
    )


@require_GET
@worker_required
def day(request: WorkerRequest, day: str) -> HttpResponse:
    """What was handed in on one day and what came of it; people see it as part of their history."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not wants_json(request):
        return redirect(f"{reverse('worker:history')}?day={wanted.isoformat()}")
    rows = history_of(request.worker, day=wanted, limit=_MOST_OF_A_DAY).rows
    return JsonResponse(as_json.day(rows, page_number=page_number(request), page_size=DAY_PAGE))


@require_GET
@worker_required
def assigned(request: WorkerRequest) -> HttpResponse:
    """Qualifications held, by pages of ``page_size`` from ``next_token`` on."""
    rows = [one for one in held_by(request.worker) if one.revoked_at is None]
    size, start = whole(request, "page_size", 100, most=100), whole(request, "next_token", 0, least=0)
    following = str(start + size) if start + size < len(rows) else None
    shown = rows[start : start + size]
    asked = last_requests(request.worker, [one.type for one in shown])
    return JsonResponse(asked_json.qualifications(shown, asked, next_token=following, now=timezone.now()))


@require_GET
@worker_required
def qualifications(request: WorkerRequest) -> HttpResponseBase:
    """The page of qualifications, or the same as data."""
    return assigned(request) if wants_json(request) else held(request)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The model's forms of messages about a group or about finished work: our conversation about it."""
    asked = request.GET
    about = next((asked[name] for name in _ABOUT if asked.get(name)), "")
    return redirect("worker:message_begin", about) if looks_like_id(about) else redirect("worker:messages")


# Names under which the model's forms carry what a message is about.
_ABOUT = (
    "assignment_message[assignment_id]",
    "hit_type_message[hit_set_id]",
    "hit_type_message[hit_type_id]",
)


@require_safe
def moved(request: HttpRequest, page: str) -> HttpResponse:
    """Pages about money: where they are here."""
    del request
    return redirect(page)


urlpatterns = [
    path("status_details/<str:day>", day, name="day"),
    path("qualifications/assigned", qualifications, name="qualifications"),
    path("qualifications/assigned.json", assigned),
    path("contact_requester/hit_type_messages/new", contact),
    path("contact_requester/assignment_messages/new", contact),
    path("payment_schedule", moved, {"page": "worker:earnings"}),
    path("payment_schedule/submit", moved, {"page": "worker:earnings"}),
    path("payment_schedule/confirm", moved, {"page": "worker:earnings"}),
    path("direct_deposit", moved, {"page": "worker:earnings"}),
]
