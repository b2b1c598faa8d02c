"""Messages that people reported, and the rules for what people write to each other."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.notices.actions.relaying import change_relay_policy, relay_policy
from tukro.notices.actions.talking import settle_report
from tukro.notices.models import Message
from tukro.notices.queries.conversations import messages_of, open_reports
from tukro.notices.rules.relay import Treatment
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required

PAGE_SIZE = 20
CONTEXT = 6  # messages shown around the one that was reported
TREATMENTS: dict[str, Promise] = {
    "mask": _("taken out"),
    "warn": _("kept, with a warning to the reader"),
    "allow": _("left as they are"),
}


class RelayForm(forms.Form):
    contacts = forms.ChoiceField(
        label=_("Mail addresses and phone numbers in messages are"),
        choices=TREATMENTS.items,
        widget=forms.RadioSelect,
    )
    links = forms.ChoiceField(
        label=_("Links to other sites in messages are"), choices=TREATMENTS.items, widget=forms.RadioSelect
    )
    worker_per_day = forms.IntegerField(
        label=_("Messages that a worker may send in a day"), min_value=1, max_value=100_000
    )
    requester_per_day = forms.IntegerField(
        label=_("Messages that a requester may send in a day"), min_value=1, max_value=100_000
    )


@require_GET
@staff_required
def reports(request: StaffRequest) -> HttpResponse:
    """What was reported and not dealt with, the longest waiting first, with what was written before."""
    found = open_reports(after=page_ended_at(request) or 0)
    rows, next_cursor = one_page(found, PAGE_SIZE, lambda one: one.pk)
    context = {"reports": [(one, _before(one.message)) for one in rows], "next_cursor": next_cursor}
    return render(request, "staff/writing/relayed.html", context)


@require_POST
@staff_required
def settle(request: StaffRequest, report_id: int) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: settle_report(by=request.user.actor, report_id=report_id, now=now),
        done=_("The report is settled."),
        back="staff:message_reports",
    )


@require_http_methods(["GET", "POST"])
@staff_required
def rules(request: StaffRequest) -> HttpResponse:
    """What becomes of addresses and links, and how much one person may write."""
    policy = relay_policy()
    fields = ("contacts", "links", "worker_per_day", "requester_per_day")
    form = RelayForm(request.POST or None, initial={name: getattr(policy, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        change_relay_policy(
            by=request.user.actor,
            contacts=cast(Treatment, typed["contacts"]),
            links=cast(Treatment, typed["links"]),
            worker_per_day=typed["worker_per_day"],
            requester_per_day=typed["requester_per_day"],
            now=timezone.now(),
        )
        messages.success(request, _("The rules for messages were saved."))
        return redirect("staff:relay")
    return render(request, "staff/writing/relay.html", {"form": form}, status=422 if form.errors else 200)


def _before(reported: Message) -> list[Message]:
    """What was written just before, and the message itself."""
    earlier = messages_of(reported.conversation, before=reported.public_id, limit=CONTEXT)
    return [*earlier, reported]
