"""Workers from before: the list that came from Mechanical Turk, and who here says to be one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.qualifications.actions.pool import confirm_claim
from tukro.qualifications.models import FormerWorker
from tukro.qualifications.queries import Claimant, claims_on, former_workers
from tukro.web.alike.paging import one_page
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.requester.workers.named import worker_named

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A former worker and who here says to be that one."""

    former: FormerWorker
    claimants: list[Claimant]


@require_GET
@requester_required
def page(request: RequesterRequest) -> HttpResponse:
    """The list, those first who wait for a word, when the requester asks for them."""
    waiting = request.GET.get("show") == "waiting"
    after = request.GET.get("after", "")
    found = former_workers(request.requester, after=after, claimed=waiting, limit=_PAGE + 1)
    rows, next_cursor = one_page(found, _PAGE, lambda row: row.former_id)
    claims = claims_on(row.former_id for row in rows if row.worker is None)
    context = {
        "lines": [Line(row, claims.get(row.former_id, [])) for row in rows],
        "waiting": waiting,
        "next_cursor": next_cursor,
    }
    return render(request, "requester/workers/former_workers.html", context)


@require_POST
@requester_required
def confirm(request: RequesterRequest) -> HttpResponse:
    """Agree that a worker here is that former one."""
    former_id, worker_id = request.POST.get("former_id", ""), request.POST.get("worker_id", "")
    worker = worker_named(request, worker_id)
    confirm_claim(requester=request.requester, former_id=former_id, worker=worker, now=timezone.now())
    messages.success(
        request,
        _("%(former_id)s is known to be %(worker_id)s now.")
        % {"former_id": former_id, "worker_id": worker_id},
    )
    return redirect("requester:former_workers")
