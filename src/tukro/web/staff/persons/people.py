"""Find a person by e-mail address, name or public id, also by the id under which a requester knows them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tukro.people.aliases import whose_alias
from tukro.people.queries import find_people
from tukro.web.entry.access import StaffRequest, staff_required

SHOWN = 30


@require_GET
@staff_required
def people(request: StaffRequest) -> HttpResponse:
    """A search field and who was found."""
    text = request.GET.get("q", "").strip()[:120]
    found = find_people(text, limit=SHOWN) if text else []
    meant = whose_alias(text.upper()) if not found else None
    return render(request, "staff/persons/people.html", {"q": text, "found": found, "meant": meant})
