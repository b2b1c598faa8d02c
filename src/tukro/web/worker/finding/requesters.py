"""A requester as workers see them: what the record says of their conduct, and what they offer now."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.worker.data import as_json
from tukro.web.worker.finding.filters import filters_of
from tukro.web.worker.finding.open_list import offers_of
from tukro.work.queries import Wanted, asked_by, open_groups, requester_profile
from tukro.work.rules import CONDUCT_KEPT, CONDUCT_SAMPLE


@require_GET
@worker_required
def requester(request: WorkerRequest, requester_id: str) -> HttpResponse:
    """The profile with the open groups, hidden ones too: the worker came to look at this requester."""
    profile = requester_profile(requester_id, worker=request.worker)
    filters = filters_of(request)
    page = open_groups(
        request.worker,
        now=timezone.now(),
        sort=filters.sort or "updated_desc",
        done_too=True,
        hidden_too=True,
        wanted=Wanted(requester_id=requester_id),
        after=request.GET.get("after", ""),
        limit=filters.page_size,
    )
    if wants_json(request):
        asked = asked_by((row.requirement_set_id for row in page.rows), worker=request.worker)
        return JsonResponse(as_json.requester(profile) | as_json.groups(page, asked))
    context = {
        "profile": profile,
        "conduct": profile.conduct,
        "needed": CONDUCT_SAMPLE,
        "kept": CONDUCT_KEPT,
        "offers": offers_of(page.rows),
        "next_cursor": page.next_cursor,
        "here": request.path,
        "paused_until": page.paused_until,
    }
    return render(request, "worker/finding/requester.html", context)
