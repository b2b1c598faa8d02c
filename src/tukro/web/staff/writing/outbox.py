"""Every mail that the house wrote, sent or not: without a mail server this is where people's links are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tukro.notices import queries
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required

SHOWN = 30


@require_GET
@staff_required
def outbox(request: StaffRequest) -> HttpResponse:
    """Mails, newest first; ``?to=`` shows those to one address."""
    to = request.GET.get("to", "").strip()[:254]
    found = queries.outbox(page_ended_at(request), SHOWN + 1, to=to)
    mails, next_cursor = one_page(found, SHOWN, lambda mail: mail.pk)
    return render(
        request, "staff/writing/outbox.html", {"mails": mails, "next_cursor": next_cursor, "to": to}
    )


@require_GET
@staff_required
def mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """One mail, its links clickable."""
    return render(request, "staff/writing/mail.html", {"mail": queries.mail_of(mail_id)})
