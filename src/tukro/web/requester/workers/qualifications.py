"""A requester's qualifications: types, who holds them, requests to decide, and workers who are blocked."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.qualifications.actions.blocking import block_worker, unblock_worker
from tukro.qualifications.actions.granting import grant, revoke
from tukro.qualifications.actions.requesting import accept_request, reject_request
from tukro.qualifications.actions.types import create_type_as, update_type
from tukro.qualifications.models import QualificationRequest
from tukro.qualifications.queries import (
    blocks_of,
    own_type_of,
    qualifications_of_type,
    requests_to_decide,
    types_of,
)
from tukro.questions.answers import read_answers
from tukro.web.alike.acts import act, tell_or_raise
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.refusals import refusal_message
from tukro.web.requester.workers.named import worker_named
from tukro.web.requester.workers.qualification_forms import BlockForm, GrantForm, TypeForm, typed_from_type
from tukro.work.actions.qualifying import delete_qualification_type

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request with the answers of its test in one line each."""

    row: QualificationRequest
    answers: list[tuple[str, str]]


@require_GET
@requester_required
def types(request: RequesterRequest) -> HttpResponse:
    """The requester's own types by name."""
    return render(request, "requester/workers/qualifications.html", {"types": types_of(request.requester)})


@require_http_methods(["GET", "POST"])
@requester_required
def new(request: RequesterRequest) -> HttpResponse:
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_type_as(requester=request.requester, plan=form.plan(), now=timezone.now())
        except Refused as refusal:
            form.say(refusal)
        else:
            messages.success(request, _("The qualification is made."))
            return redirect("requester:qualification", made.public_id)
    status = 422 if form.errors else 200
    return render(request, "requester/workers/qualification_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@requester_required
def edit(request: RequesterRequest, type_id: str) -> HttpResponse:
    kind = own_type_of(request.requester, type_id)
    form = TypeForm(request.POST or None, of=kind, initial=dict(typed_from_type(kind)))
    if request.method == "POST" and form.is_valid():
        try:
            update_type(
                requester=request.requester, type_id=type_id, change=form.change(), now=timezone.now()
            )
        except Refused as refusal:
            form.say(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("requester:qualification", type_id)
    context = {"form": form, "kind": kind}
    return render(
        request, "requester/workers/qualification_form.html", context, status=422 if form.errors else 200
    )


@require_GET
@requester_required
def one(request: RequesterRequest, type_id: str) -> HttpResponse:
    """One type: what it is, and who holds it, the latest grant first."""
    kind = own_type_of(request.requester, type_id)
    holders = qualifications_of_type(kind)
    if (after := page_ended_at(request)) and (last := holders.filter(pk=after).first()):
        holders = holders.filter(granted_at__lte=last.granted_at).exclude(
            granted_at=last.granted_at, pk__gte=last.pk
        )
    rows, next_cursor = one_page(holders, PAGE_SIZE, lambda one: one.pk)
    context = {
        "kind": kind,
        "rows": rows,
        "next_cursor": next_cursor,
        "form": GrantForm(),
        "waiting": requests_to_decide(request.requester).filter(type=kind).count(),
    }
    return render(request, "requester/workers/qualification.html", context)


@require_POST
@requester_required
def give(request: RequesterRequest, type_id: str) -> HttpResponse:
    form = GrantForm(request.POST)
    back = redirect("requester:qualification", type_id)
    if not form.is_valid():
        messages.error(request, _("Give the ID of a worker and a whole number."))
        return back
    try:
        worker = worker_named(request, form.cleaned_data["worker"])
        value = form.cleaned_data["value"]
        grant(requester=request.requester, type_id=type_id, worker=worker, value=value, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("Granted; an e-mail tells the worker."))
    return back


@require_POST
@requester_required
def take_back(request: RequesterRequest, type_id: str, worker_id: str) -> HttpResponse:
    reason, now = request.POST.get("reason", "")[:1000], timezone.now()

    def take() -> None:
        worker = worker_named(request, worker_id)
        revoke(requester=request.requester, type_id=type_id, worker=worker, reason=reason, now=now)

    back = reverse("requester:qualification", args=[type_id])
    return act(request, take, done=_("Taken back; an e-mail tells the worker."), back=back)


@require_http_methods(["GET", "POST"])
@requester_required
def delete(request: RequesterRequest, type_id: str) -> HttpResponse:
    """Ask once, then take the type away."""
    kind = own_type_of(request.requester, type_id)
    if request.method == "GET":
        return render(request, "requester/workers/qualification_delete.html", {"kind": kind})
    delete_qualification_type(requester=request.requester, type_id=type_id, now=timezone.now())
    messages.success(request, _("The qualification is deleted."))
    return redirect("requester:qualifications")


@require_GET
@requester_required
def requests(request: RequesterRequest) -> HttpResponse:
    """What workers ask for, the oldest first."""
    waiting = requests_to_decide(request.requester)
    if type_id := request.GET.get("type", ""):
        waiting = waiting.filter(type__public_id=type_id)
    context = {"waiting": [_waiting(one) for one in waiting[:PAGE_SIZE]], "count": waiting.count()}
    return render(request, "requester/workers/qualification_requests.html", context)


@require_POST
@requester_required
def decide(request: RequesterRequest, request_id: str) -> HttpResponse:
    """Accept with a value, or decline with a reason, as the pressed button says."""
    now, requester = timezone.now(), request.requester
    try:
        if request.POST.get("do") == "accept":
            value = GrantForm.base_fields["value"].clean(request.POST.get("value") or "1")
            accept_request(requester=requester, request_id=request_id, value=value, now=now)
            said = _("Granted; an e-mail tells the worker.")
        else:
            reason = request.POST.get("reason", "")[:1000]
            reject_request(requester=requester, request_id=request_id, reason=reason, now=now)
            said = _("Declined; an e-mail tells the worker.")
    except Refused as refusal:
        tell_or_raise(request, refusal)
    except ValidationError:
        messages.error(request, _("The value is a whole number."))
    else:
        messages.success(request, said)
    return redirect("requester:qualification_requests")


@require_http_methods(["GET", "POST"])
@requester_required
def blocks(request: RequesterRequest) -> HttpResponse:
    """Workers who see nothing of this requester, the latest first. A POST adds one."""
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            block_worker(
                requester=request.requester,
                worker=worker_named(request, form.cleaned_data["worker"]),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("worker", refusal_message(refusal))
        else:
            messages.success(request, _("The worker is blocked."))
            return redirect("requester:blocks")
    found = blocks_of(request.requester)
    if after := page_ended_at(request):
        found = found.filter(pk__lt=after)
    rows, next_cursor = one_page(found, PAGE_SIZE, lambda one: one.pk)
    context = {"form": form, "rows": rows, "next_cursor": next_cursor}
    return render(request, "requester/workers/blocks.html", context, status=422 if form.errors else 200)


@require_POST
@requester_required
def unblock(request: RequesterRequest, worker_id: str) -> HttpResponse:
    unblock_worker(requester=request.requester, worker=worker_named(request, worker_id), now=timezone.now())
    messages.success(request, _("The block is lifted."))
    return redirect("requester:blocks")


def _waiting(asked: QualificationRequest) -> Waiting:
    answers = read_answers(asked.answer) if asked.answer else []
    return Waiting(asked, [(one.question, one.text) for one in answers])
