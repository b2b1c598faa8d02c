"""Hire groups of a requester: workers who were asked, and said yes, find work that nobody else sees."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import NotFound, Refused
from tukro.qualifications.actions.groups import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Invited,
    change_group,
    close_group,
    create_group,
    invite,
    remove_member,
    withdraw_invitation,
)
from tukro.qualifications.models import InvitationState
from tukro.qualifications.queries import groups_of, invitations_to, own_group_of
from tukro.web import formats
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.refusals import refusal_message
from tukro.web.requester.workers.named import worker_named
from tukro.work.queries.of_worker.decided import past_workers

PAGE_SIZE = 50
STATES: dict[str, tuple[Promise, str]] = {
    InvitationState.INVITED: (gettext_lazy("invited"), "badge-info"),
    InvitationState.ACCEPTED: (gettext_lazy("in the group"), "badge-ok"),
    InvitationState.DECLINED: (gettext_lazy("declined"), ""),
    InvitationState.LEFT: (gettext_lazy("left the group"), ""),
    InvitationState.REMOVED: (gettext_lazy("removed"), ""),
    InvitationState.WITHDRAWN: (gettext_lazy("invitation withdrawn"), ""),
}


class GroupForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=LONGEST_NAME)
    description = forms.CharField(
        label=gettext_lazy("What its work is like"),
        help_text=gettext_lazy("Workers read it when you invite them."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InviteForm(forms.Form):
    workers = forms.CharField(
        label=gettext_lazy("Worker IDs"),
        help_text=gettext_lazy("Separated by commas, spaces or lines."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to the workers"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PastForm(forms.Form):
    least_approved = forms.IntegerField(
        label=gettext_lazy("At least this many approved by you"), min_value=1, required=False
    )
    least_percent = forms.IntegerField(
        label=gettext_lazy("At least this share approved, in percent"),
        min_value=0,
        max_value=100,
        required=False,
    )


@require_http_methods(["GET", "POST"])
@requester_required
def groups(request: RequesterRequest) -> HttpResponse:
    """The requester's groups by name; a POST makes one."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_group(requester=request.requester, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", refusal_message(refusal))
        else:
            messages.success(request, _("The group is made. Invite workers now."))
            return redirect("requester:group", made.public_id)
    context = {"groups": groups_of(request.requester), "form": form}
    return render(request, "requester/workers/groups.html", context, status=422 if form.errors else 200)


@require_GET
@requester_required
def group(request: RequesterRequest, group_id: str) -> HttpResponse:
    """One group: who is in it, who was asked."""
    return _page(request, group_id)


@require_http_methods(["GET", "POST"])
@requester_required
def edit(request: RequesterRequest, group_id: str) -> HttpResponse:
    kept = own_group_of(request.requester, group_id)
    form = GroupForm(request.POST or None, initial={"name": kept.name, "description": kept.description})
    if request.method == "POST" and form.is_valid():
        try:
            change_group(
                requester=request.requester, group_id=group_id, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("name", refusal_message(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("requester:group", group_id)
    context = {"group": kept, "form": form}
    return render(request, "requester/workers/group_form.html", context, status=422 if form.errors else 200)


@require_GET
@requester_required
def past(request: RequesterRequest, group_id: str) -> HttpResponse:
    """Workers whose work this requester approved, the best first, to be ticked and invited."""
    form = PastForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    found = past_workers(
        request.requester,
        least_approved=typed.get("least_approved") or 1,
        least_percent=typed.get("least_percent") or 0,
    )
    context = {"group": own_group_of(request.requester, group_id), "form": form, "rows": found}
    return render(request, "requester/workers/group_past.html", context)


@require_POST
@requester_required
def ask(request: RequesterRequest, group_id: str) -> HttpResponse:
    """Invite workers by id: typed, or ticked in the list of past work."""
    typed = " ".join([request.POST.get("workers", ""), *request.POST.getlist("worker")])
    note = request.POST.get("note", "")
    try:
        outcome = invite(
            requester=request.requester,
            group_id=group_id,
            worker_ids=re.split(r"[\s,;]+", typed),
            note=note,
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        form = InviteForm(initial={"workers": request.POST.get("workers", ""), "note": note})
        return _page(request, group_id, form=form, wrong=refusal_message(refusal), status=422)
    _say(request, outcome)
    return redirect("requester:group", group_id)


@require_POST
@requester_required
def drop(request: RequesterRequest, group_id: str, worker_id: str) -> HttpResponse:
    """Take a worker out, or an invitation back, as the pressed button says."""
    worker = worker_named(request, worker_id)
    verb, now = remove_member if request.POST.get("do") == "remove" else withdraw_invitation, timezone.now()
    return act(
        request,
        lambda: verb(requester=request.requester, group_id=group_id, worker=worker, now=now),
        done=_("Done."),
        back=reverse("requester:group", args=[group_id]),
    )


@require_http_methods(["GET", "POST"])
@requester_required
def close(request: RequesterRequest, group_id: str) -> HttpResponse:
    kept = own_group_of(request.requester, group_id)
    if request.method == "POST":
        close_group(requester=request.requester, group_id=group_id, now=timezone.now())
        messages.success(request, _("The group is closed."))
        return redirect("requester:groups")
    return render(request, "requester/workers/group_close.html", {"group": kept})


def _page(
    request: RequesterRequest,
    group_id: str,
    *,
    form: InviteForm | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = own_group_of(request.requester, group_id)
    found = invitations_to(kept, after=page_ended_at(request) or 0)
    rows, next_cursor = one_page(found, PAGE_SIZE, lambda one: one.pk)
    context = {
        "group": kept,
        "rows": [(one, *STATES[one.state]) for one in rows],
        "next_cursor": next_cursor,
        "form": form or InviteForm(),
        "wrong": wrong,
    }
    return render(request, "requester/workers/group.html", context, status=status)


def _say(request: RequesterRequest, outcome: Invited) -> None:
    if outcome.invited:
        said = _("Invited: %(count)s. They can accept or decline.")
        messages.success(request, said % {"count": formats.number(len(outcome.invited))})
    for ids, words in (
        (outcome.already, _("In the group or invited already: %(ids)s")),
        (outcome.declined, _("Said no lately, so they are not asked again yet: %(ids)s")),
        (outcome.unknown, _("No such worker: %(ids)s")),
    ):
        if ids:
            messages.warning(request, words % {"ids": ", ".join(ids[:20])})
