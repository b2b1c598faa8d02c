"""What requesters know of a worker: each of them another id, and never who it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tukro.privacy.queries import known_to
from tukro.qualifications.queries import former_id_of
from tukro.web.alike.paging import one_page
from tukro.web.entry.access import WorkerRequest, worker_required

PAGE_SIZE = 50


@require_GET
@worker_required
def page(request: WorkerRequest) -> HttpResponse:
    """Which requester knows the worker by which id, and what else they see."""
    found = known_to(request.worker, after=request.GET.get("after", ""), limit=PAGE_SIZE + 1)
    rows, next_cursor = one_page(found, PAGE_SIZE, lambda row: row.requester.public_id)
    context = {
        "rows": rows,
        "next_cursor": next_cursor,
        "former_id": former_id_of(request.worker),
    }
    return render(request, "account/known_to.html", context)


urlpatterns = [path("known", page, name="known_to")]
