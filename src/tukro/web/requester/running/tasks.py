"""Tasks one by one: those of a batch with their state, and what can be done to a single one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.campaigns.queries.reviewing import batch_of
from tukro.kernel.errors import NotFound, Refused
from tukro.people.models import Requester
from tukro.web.alike.paging import one_page
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.formats import duration
from tukro.web.refusals import refusal_mend, refusal_message, refusal_status
from tukro.web.requester.posting.words import TASK_STATUSES
from tukro.web.requester.running.extending import MoreForm, at_most
from tukro.work.actions.once import AlreadyProcessed
from tukro.work.actions.publishing import BadTerms
from tukro.work.actions.publishing.task_changes import change_expiry, dispose_task, extend_task
from tukro.work.models import Batch, Task
from tukro.work.queries.of_requester.tasks import TaskRow, task_row, tasks_of_batch
from tukro.work.rules import TASK_LIMITS

PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with the words for its state."""

    row: TaskRow
    batch: Batch

    @property
    def words(self) -> object:
        return TASK_STATUSES[self._state][0]

    @property
    def badge(self) -> str:
        return TASK_STATUSES[self._state][1]

    @property
    def _state(self) -> str:
        """MTurk has no word for a paused task: nobody can take it, so it says Unassignable."""
        is_held_back = self.row.tally.paused and self.row.status == "Unassignable"
        return "Paused" if is_held_back else self.row.status

    @property
    def handed_in(self) -> int:
        return self.row.tally.submitted + self.row.tally.decided

    @property
    def can_be_ended(self) -> bool:
        """Time has not ended it: full or paused ones count, because their places may come free again."""
        return not (self.row.tally.expired or self.row.tally.disposed)

    @property
    def can_be_deleted(self) -> bool:
        return self.row.status in ("Reviewable", "Reviewing") and not self.row.tally.submitted


class ExtendForm(MoreForm):
    """More answers or time for one task."""

    def say_bounds(self, refusal: BadTerms) -> None:
        """Put a value outside its limits beside the field that it was typed into."""
        if refusal.facts["field"] != "expires_at":
            self.add_error("places", at_most(TASK_LIMITS["places"][1]))
        else:
            longest = duration(TASK_LIMITS["lifetime_seconds"][1])
            self.add_error(
                "time", _("A task can be open for at most %(longest)s from now.") % {"longest": longest}
            )


@require_GET
@requester_required
def tasks(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """The tasks of a batch with their state, the newest first."""
    batch = batch_of(request.requester, batch_id)
    found = tasks_of_batch(
        request.requester, batch, after=request.GET.get("after", ""), limit=PAGE + 1, now=timezone.now()
    )
    shown, next_cursor = one_page(found, PAGE, lambda row: row.task_id)
    context = {
        "batch": batch,
        "tasks": [TaskView(row, batch) for row in shown],
        "next_cursor": next_cursor,
    }
    return render(request, "requester/running/tasks.html", context)


@require_GET
@requester_required
def task(request: RequesterRequest, task_id: str) -> HttpResponse:
    """One task: how far it is, what it asks, and what can be done to it."""
    return _page(request, _own(request.requester, task_id, timezone.now()), ExtendForm())


@require_POST
@requester_required
def extend(request: RequesterRequest, task_id: str) -> HttpResponse:
    """Offer the task to more workers, for longer, or both: all of it or nothing."""
    now = timezone.now()
    shown = _own(request.requester, task_id, now)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    try:
        extend_task(
            requester=request.requester,
            task_id=task_id,
            places=form.cleaned_data["places"] or 0,
            seconds=form.cleaned_data["time"] or 0,
            token=form.cleaned_data["token"],
            now=now,
        )
    except AlreadyProcessed:
        pass  # by this same form a moment ago
    except BadTerms as refusal:
        form.say_bounds(refusal)
        return _page(request, shown, form, status=refusal_status(refusal))
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return _page(request, shown, form, status=refusal_status(refusal), mend=refusal_mend(refusal))
    messages.success(request, _("The task is extended."))
    return redirect("requester:task", task_id)


@require_http_methods(["GET", "POST"])
@requester_required
def end(request: RequesterRequest, task_id: str) -> HttpResponse:
    """Ask once, then end the task now: free places are withdrawn, work in hand may be finished."""
    now = timezone.now()
    shown = _own(request.requester, task_id, now)
    if request.method == "GET":
        if not shown.can_be_ended:
            return redirect("requester:task", task_id)
        return render(request, "requester/running/task_end.html", {"view": shown, "task": shown.row})
    change_expiry(requester=request.requester, task_id=task_id, expires_at=now, now=now)
    messages.success(request, _("Ended. Nobody can start this task; the money of its free places is back."))
    return redirect("requester:task", task_id)


@require_http_methods(["GET", "POST"])
@requester_required
def delete(request: RequesterRequest, task_id: str) -> HttpResponse:
    """Ask once, then delete a task that is over and reviewed."""
    now = timezone.now()
    shown = _own(request.requester, task_id, now)
    if request.method == "GET":
        if not shown.can_be_deleted:
            return redirect("requester:task", task_id)
        return render(request, "requester/running/task_delete.html", {"view": shown, "task": shown.row})
    dispose_task(requester=request.requester, task_id=task_id, now=now)
    messages.success(request, _("The task is deleted. What was paid stays on your statement."))
    return redirect("requester:batch_tasks", shown.batch.public_id)


def _own(requester: Requester, task_id: str, now: datetime) -> TaskView:
    """The requester's task with its batch. Refuses NotFound."""
    row = task_row(requester, task_id, now=now)
    batch = Batch.objects.select_related("task_type").get(tasks=Task(pk=row.pk))
    return TaskView(row, batch)


def _page(
    request: RequesterRequest,
    shown: TaskView,
    form: ExtendForm,
    *,
    status: int = 200,
    mend: tuple[str, str] | None = None,
) -> HttpResponse:
    context = {
        "view": shown,
        "task": shown.row,
        "batch": shown.batch,
        "terms": shown.batch.task_type,
        "form": form,
        "mend": mend,
    }
    return render(request, "requester/running/task.html", context, status=status)
