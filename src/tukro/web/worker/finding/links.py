"""Links to tasks as MTurk's clients print them: by group, by task type or by task (mturk-api 3.3)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.work.queries import group_of, group_of_task


@require_GET
@worker_required
def preview(request: WorkerRequest) -> HttpResponse:
    """Go to the page of the group or the task that a link means. Refuses NotFound.

    Links that also accept lead to the same page: reading an address takes no task, its button does.
    """
    if task_id := request.GET.get("hitId"):
        return redirect(reverse("worker:work", args=[group_of_task(task_id), task_id]))
    asked = request.GET.get("groupId") or request.GET.get("hitTypeId") or ""
    return redirect("worker:preview", group_of(asked))
