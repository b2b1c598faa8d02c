"""Text messages with codes: to whom and how far; where nobody is set up to send them, what they say."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound
from tukro.people.actions.phones import free_phones
from tukro.people.models import CodeState, PhoneCode
from tukro.people.providers.registry import OUTBOX, text_provider
from tukro.people.queries import phones
from tukro.people.queries.named import worker_named
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.words.texts import code_words

SHOWN = 30
STATES = {
    CodeState.ASKED.value: (gettext_lazy("waits"), "badge"),
    CodeState.SENDING.value: (gettext_lazy("is being sent"), "badge"),
    CodeState.SENT.value: (gettext_lazy("sent"), "badge badge-ok"),
    CodeState.UNKNOWN.value: (gettext_lazy("unknown"), "badge badge-warn"),
    CodeState.FAILED.value: (gettext_lazy("failed"), "badge badge-bad"),
    CodeState.ENTERED.value: (gettext_lazy("entered"), "badge badge-ok"),
    CodeState.TAKEN.value: (gettext_lazy("belongs to another account"), "badge badge-warn"),
    CodeState.REPLACED.value: (gettext_lazy("replaced"), "badge"),
}


@require_GET
@staff_required
def texts(request: StaffRequest) -> HttpResponse:
    """All of them, the newest first. Numbers are masked."""
    found, next_cursor = one_page(phones.texts(page_ended_at(request), SHOWN + 1), SHOWN, lambda one: one.pk)
    context = {
        "texts": [_line(one) for one in found],
        "next_cursor": next_cursor,
        "provider": text_provider().name,
        "is_outbox": text_provider().name == OUTBOX,
    }
    return render(request, "staff/writing/texts.html", context)


@require_GET
@staff_required
def text(request: StaffRequest, text_id: str) -> HttpResponse:
    """One message that no provider took. It holds a code, so who opened it is written down."""
    found = phones.text_of(text_id)
    if found is None or not _may_open(found):
        raise NotFound(text=text_id)
    number, code = found.content() or ("", "")
    record(
        name="TextOpened",
        actor=request.user.actor,
        subject=found.worker.public_id,
        at=timezone.now(),
        facts={"code": found.public_id},
    )
    context = {"line": _line(found), "number": number, "body": code_words(found, code)}
    response = render(request, "staff/writing/text.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@staff_required
def free(request: StaffRequest, worker_id: str) -> HttpResponse:
    """A phone company sold the number again: another account may prove it."""
    worker = worker_named(worker_id)
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: free_phones(by=request.user.actor, worker=worker, reason=reason, now=now),
        done=_("The worker's numbers are free."),
        back=reverse("staff:worker", args=[worker_id]),
    )


def _line(one: PhoneCode) -> dict[str, object]:
    words, badge = STATES[one.state]
    return {"row": one, "state": words, "badge": badge, "may_open": _may_open(one)}


def _may_open(one: PhoneCode) -> bool:
    return one.provider == OUTBOX and one.sealed is not None


urlpatterns = [
    path("texts", texts, name="texts"),
    path("texts/<str:text_id>", text, name="text"),
    path("workers/<str:worker_id>/free-phones", free, name="worker_free_phones"),
]
