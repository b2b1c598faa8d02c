"""Every mail that the house wrote, sent or not: without a mail server this is where people's links are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.notices import queries
from tukro.notices.actions.outbox import delete_mail, try_mail_again
from tukro.web.alike.acts import act
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


@require_POST
@staff_required
def try_again(request: StaffRequest, mail_id: int) -> HttpResponse:
    return act(
        request,
        lambda: try_mail_again(by=request.user.actor, mail_id=mail_id, now=timezone.now()),
        done=_("It goes with the next mails."),
        back=reverse("staff:mail", args=[mail_id]),
    )


@require_POST
@staff_required
def delete(request: StaffRequest, mail_id: int) -> HttpResponse:
    return act(
        request,
        lambda: delete_mail(by=request.user.actor, mail_id=mail_id, now=timezone.now()),
        done=_("The mail is deleted."),
        back=reverse("staff:outbox"),
    )
