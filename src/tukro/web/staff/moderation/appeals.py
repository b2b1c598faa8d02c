"""Open appeals against rejections, for staff to see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tukro.web.alike.paging import one_page
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.words import reasons
from tukro.work.queries.of_requester.appeals import open_appeals

PAGE_SIZE = 20


@require_GET
@staff_required
def appeals(request: StaffRequest) -> HttpResponse:
    """The longest waiting first, with everything that both sides said."""
    found, next_cursor = one_page(
        open_appeals(after=request.GET.get("after", "")), PAGE_SIZE, lambda one: one.public_id
    )
    rows = [(one, reasons.REJECTION.get(one.assignment.reason_code, "")) for one in found]
    context = {"appeals": rows, "next_cursor": next_cursor}
    return render(request, "staff/moderation/appeals.html", context)
