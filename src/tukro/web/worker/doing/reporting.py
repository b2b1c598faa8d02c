"""Telling the staff that something is wrong with a task."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import NotFound
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_message, refusal_status
from tukro.web.words import reasons
from tukro.web.worker.data import as_json
from tukro.work.actions.doing.assigning import MAX_NOTE, BadReason
from tukro.work.actions.reporting import report_task
from tukro.work.queries import group_of_task
from tukro.work.queries.reports import report_by, title_of


@require_http_methods(["GET", "POST"])
@worker_required
def report(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """A reason, words where they are needed, and what became of it when it was reported before."""
    if group_of_task(task_id) != group_id:
        raise NotFound()
    problem, status = "", 200
    if request.method == "POST":
        try:
            report_task(
                worker=request.worker,
                task_id=task_id,
                reason_code=request.POST.get("reason", ""),
                text=request.POST.get("text", ""),
                now=timezone.now(),
            )
        except BadReason as no:
            if wants_json(request):
                raise
            problem, status = refusal_message(no), refusal_status(no)
        else:
            return _reported(request, group_id, task_id)
    made = report_by(request.worker, task_id)
    context = {
        "title": title_of(task_id),
        "group_id": group_id,
        "task_id": task_id,
        "assignment_id": _assignment_id(request),
        "reasons": reasons.REPORT.items(),
        "chosen": request.POST.get("reason", ""),
        "text": request.POST.get("text", ""),
        "limit": MAX_NOTE,
        "problem": problem,
        "made": made,
        "made_reason": reasons.REPORT.get(made.reason_code, "") if made else "",
    }
    return render(request, "worker/doing/report.html", context, status=status)


def _reported(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"task_id": task_id, "reported": True})
    messages.success(request, _("Thank you. Our staff look at it; the requester does not learn who told us."))
    assignment_id = _assignment_id(request)
    if assignment_id:
        return redirect(as_json.task_url(group_id, task_id, assignment_id))
    return redirect("worker:projects")


def _assignment_id(request: WorkerRequest) -> str:
    return request.GET.get("assignment_id", "")
