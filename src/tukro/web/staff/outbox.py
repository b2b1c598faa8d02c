"""Every mail that the house wrote, sent or not: without a mail server this is where people's links are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tukro.notices import queries
from tukro.web.access import StaffRequest, staff_required

SHOWN = 30


@require_GET
@staff_required
def outbox(request: StaffRequest) -> HttpResponse:
    """Mails, newest first; ``?to=`` shows those to one address."""
    to, after = request.GET.get("to", "").strip()[:254], request.GET.get("after", "")
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    mails = queries.outbox(before, SHOWN + 1, to=to)
    next_cursor = str(mails[SHOWN - 1].pk) if len(mails) > SHOWN else ""
    return render(
        request, "staff/outbox.html", {"mails": mails[:SHOWN], "next_cursor": next_cursor, "to": to}
    )


@require_GET
@staff_required
def mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """One mail, its links clickable."""
    return render(request, "staff/mail.html", {"mail": queries.mail_of(mail_id)})
