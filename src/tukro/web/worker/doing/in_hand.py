"""A task in hand, beside handing it in: more time, another task of the same work, and giving it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tukro.kernel.formats import iso
from tukro.web import formats
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_message
from tukro.web.worker.data import as_json
from tukro.work.actions.doing.assigning import (
    NoMoreTime,
    NothingElse,
    QueueFull,
    extend_deadline,
    return_assignment,
    skip_task,
)


@require_POST
@worker_required
def give_back(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:  # noqa: ARG001  # the address names it
    """Return the task unpaid, with a reason that its requester sees as a count."""
    return returned(request)


def returned(request: WorkerRequest) -> HttpResponse:
    """The same, for the address that the model's own site has for it."""
    given_back = return_assignment(
        worker=request.worker,
        assignment_id=_assignment_id(request),
        reason_code=request.POST.get("reason", "other"),
        note=request.POST.get("note", ""),
        now=timezone.now(),
    )
    if wants_json(request):
        state = "Submitted" if given_back.stands else "Returned"
        return JsonResponse({"assignment_id": _assignment_id(request), "state": state})
    messages.success(
        request,
        _("Your answer counts as you handed it in, and waits for review again.")
        if given_back.stands
        else _("The task was returned. It costs you nothing, and its place is free again."),
    )
    if given_back.stands:
        return redirect("worker:record", _assignment_id(request))
    if request.POST.get("next") == "queue":
        return redirect("worker:queue")
    return redirect("worker:preview", given_back.group_id)


@require_POST
@worker_required
def extend(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """More time, where the requester allows it; then the same page with the new deadline."""
    assignment_id = _assignment_id(request)
    try:
        deadline_at = extend_deadline(worker=request.worker, assignment_id=assignment_id, now=timezone.now())
    except NoMoreTime as no:
        if wants_json(request):
            raise
        messages.warning(request, refusal_message(no))
    else:
        if wants_json(request):
            return JsonResponse({"assignment_id": assignment_id, "deadline": iso(deadline_at)})
        messages.success(
            request, _("You have more time now: until %(when)s.") % {"when": formats.moment(deadline_at)}
        )
    return redirect(as_json.task_url(group_id, task_id, assignment_id))


@require_POST
@worker_required
def skip(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """Another task of the same work in place of this one; when there is none, this one stays."""
    now, assignment_id = timezone.now(), _assignment_id(request)
    try:
        taken = skip_task(worker=request.worker, assignment_id=assignment_id, now=now)
    except (NothingElse, QueueFull) as no:
        if wants_json(request):
            raise
        messages.warning(request, refusal_message(no))
        return redirect(as_json.task_url(group_id, task_id, assignment_id))
    if wants_json(request):
        return JsonResponse(as_json.accepted(taken, now=now))
    messages.info(request, _("Here is another task of the same work."))
    return redirect(as_json.task_url(taken.group_id, taken.task_id, taken.assignment_id))


def _assignment_id(request: HttpRequest) -> str:
    return request.GET.get("assignment_id", "")
