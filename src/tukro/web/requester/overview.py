"""The requester's first page: the balance, what runs, what waits for review, and the way to post more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tukro.campaigns.queries.posting import projects_of
from tukro.money.queries import requester_balance
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.requester.running.batches import view_of
from tukro.work.queries import batches_of, waiting_for
from tukro.work.queries.of_requester.appeals import open_appeals

_LATEST_BATCHES = 12
_URGENT_BATCHES = 12
_LATEST_PROJECTS = 5


@require_GET
@requester_required
def home(request: RequesterRequest) -> HttpResponse:
    now = timezone.now()
    available, set_aside = requester_balance(request.requester)
    latest = [view_of(row, now) for row in batches_of(request.requester, limit=_LATEST_BATCHES).rows]
    context = {
        "available": available,
        "set_aside": set_aside,
        "to_review": waiting_for(request.requester, limit=_URGENT_BATCHES),
        "running": [view for view in latest if view.state in {"publishing", "running", "paused", "held"}],
        "appeals": open_appeals(of=request.requester).count(),
        "projects": projects_of(request.requester, archived=False, limit=_LATEST_PROJECTS),
    }
    return render(request, "requester/home.html", context)
