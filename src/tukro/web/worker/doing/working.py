"""Doing work: accept, the work page with its draft and files, submit, return, what comes next.

Accept and submit are the hot doors: in their JSON form they cost the verb's own call and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.errors import NotFound, Refused
from tukro.questions.answers import RESERVED_NAMES
from tukro.questions.proof import Problem
from tukro.web import uploads
from tukro.web.alike.handing_in import hand_in
from tukro.web.entry.access import WorkerActing, WorkerRequest, looked_up, worker_acts, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.entry.senders import takes_files
from tukro.web.formats import money
from tukro.web.refusals import refusal_message, refusal_status
from tukro.web.uploads.keeping import keep_file
from tukro.web.words import reasons
from tukro.web.worker.asked import asking
from tukro.web.worker.data import as_json
from tukro.web.worker.doing import in_hand
from tukro.web.worker.finding import lots
from tukro.web.worker.finding.open_list import preview
from tukro.work.actions.doing.answer_checks import BadAnswer
from tukro.work.actions.doing.assigning import (
    ByLot,
    NothingLeft,
    TooLate,
    WrongState,
    accept_next,
    accept_task,
    save_draft,
)
from tukro.work.actions.doing.proof_files import RecordingLength, TooManyFiles, WrongKindOfFile, remove_file
from tukro.work.models import BEING_DONE, AssignmentState
from tukro.work.queries import WorkPage, group_of, group_of_task, nothing_left, queue_beside, work_page
from tukro.work.rules import QUEUE_LIMIT

_ACCEPT_NEXT = "accept_next"
# Our own controls in an answer's form. No field of a requester can have a colon in its name.
_UPLOAD, _REMOVE_FILE, _NEXT_TOO = ":upload", ":remove_file", ":accept_next"
# The page's script sends the same form, and goes on by itself where a browser would follow a redirect.
_OUTBOX = "HTTP_TUKRO_OUTBOX"  # in META: request.headers would first read all of them
# The page that says "handed in" has gone on by itself: the next one says so in its place.
_HANDED_IN = ":handed_in"
_OURS = frozenset({"csrfmiddlewaretoken", _UPLOAD, _REMOVE_FILE, _NEXT_TOO})


@worker_acts(when=wants_json)
def take(request: WorkerActing, group_id: str) -> HttpResponse:
    """Reserve some task of the group and go to its work page. The id may be the task type's, too."""
    try:
        return _take(request, group_id)
    except NotFound:
        return _take(request, group_of(group_id))


def _take(request: WorkerActing, group_id: str) -> HttpResponse:
    now = timezone.now()
    try:
        taken = accept_next(worker=request.worker, group_id=group_id, now=now)
    except ByLot as refusal:
        return lots.enter(looked_up(request), group_id, refusal, now)
    except Refused as refusal:
        if _HANDED_IN in request.POST:
            messages.success(request, _("Handed in."))
            return _without_next(request, group_id, refusal)
        if isinstance(refusal, NothingLeft):
            code, done = nothing_left(looked_up(request).worker, group_id, now=now)
            raise NothingLeft(code=code, done=done) from None
        raise
    if wants_json(request):
        return JsonResponse(as_json.accepted(taken, now=now))
    if _HANDED_IN in request.POST:
        messages.success(request, _("Handed in. Here is the next task."))
    return redirect(as_json.task_url(taken.group_id, taken.task_id, taken.assignment_id))


accept = require_POST(take)


@require_POST
@worker_required
def accept_this(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """Reserve this very task, which a link led to, and go to its work page."""
    if group_of_task(task_id) != group_id:
        raise Http404
    now = timezone.now()
    try:
        taken = accept_task(worker=request.worker, task_id=task_id, now=now)
    except ByLot as refusal:
        return lots.enter(request, group_id, refusal, now)
    if wants_json(request):
        return JsonResponse(as_json.accepted(taken, now=now))
    return redirect(as_json.task_url(taken.group_id, taken.task_id, taken.assignment_id))


@require_http_methods(["GET", "POST"])
@worker_required
def work(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """The work page; a POST with ``_method=delete`` gives the task back, as on the model's site.

    Without an assignment it is the preview of the task.
    """
    if request.method == "POST":
        if request.POST.get("_method") != "delete":
            raise Http404
        return in_hand.returned(request)
    if "assignment_id" not in request.GET:
        return cast("HttpResponse", preview(request, group_id, task_id))
    page = work_page(request.worker, _assignment_id(request))
    if page.task_id != task_id or page.group_id != group_id:
        raise Http404
    if wants_json(request):
        return JsonResponse(as_json.work(page, now=timezone.now()))
    return _draw(request, page)


def _is_program(request: HttpRequest) -> bool:
    return wants_json(request) and _OUTBOX not in request.META


@takes_files
@require_POST
@worker_acts(when=_is_program)
def submit(request: WorkerActing, group_id: str, task_id: str) -> HttpResponse:
    """Hand in the answer; other buttons of the form hand in or take back a file and keep the draft."""
    if not _is_program(request):
        return _submit_form(looked_up(request), group_id, task_id)
    fields, now = _answers(request), timezone.now()
    handed_in = hand_in(worker=request.worker, assignment_id=_assignment_id(request), fields=fields, now=now)
    return JsonResponse(as_json.submitted(handed_in))


def _submit_form(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    if request.POST.get(_REMOVE_FILE):
        return _take_file_back(request, group_id, task_id)
    problems = _keep_files(request)
    if problems or _UPLOAD in request.POST:
        return _draw_again(request, problems, status=422 if problems else 303)
    answer = _hand_in(request)
    if _OUTBOX in request.META and isinstance(answer, HttpResponseRedirect):
        return JsonResponse({"next": answer.url})
    return answer


@require_POST
@worker_required
def of_frame(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """An answer of the task's own page whose way was cut off; this worker's browser has kept it.

    Perhaps it did arrive, and only the receipt was lost: what was handed in first counts, as in the frame.
    """
    page = work_page(request.worker, _assignment_id(request))
    if page.task_id != task_id or page.group_id != group_id or page.question.kind != "html":
        raise Http404
    if page.state in BEING_DONE:
        fields = [pair for pair in _answers(request) if pair[0] not in RESERVED_NAMES]
        if not fields:
            raise BadAnswer(problems=[])
        hand_in(worker=request.worker, assignment_id=page.assignment_id, fields=fields, now=timezone.now())
    next_url = reverse("worker:done", args=[group_id, task_id])
    return JsonResponse({"next": f"{next_url}?assignment_id={page.assignment_id}"})


@require_POST
@worker_required
def draft(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:  # noqa: ARG001  # the address names it
    """Keep what is typed so far; the page's script calls this, and nothing is lost when a phone goes dark."""
    now = timezone.now()
    save_draft(
        worker=request.worker, assignment_id=_assignment_id(request), fields=_answers(request), now=now
    )
    return HttpResponse(status=204)


@require_GET
@worker_required
def done(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    """Where a task's own page leads when it has handed in: say so and offer the next task.

    Reading a page takes no task: when the worker wants the next one by itself, the page's script presses
    the button.
    """
    page = work_page(request.worker, _assignment_id(request))
    if page.task_id != task_id or page.group_id != group_id:
        raise Http404
    if page.state in BEING_DONE:  # the button was pressed before anything was handed in
        messages.warning(request, _("Nothing is handed in yet. Use the button inside the task's page."))
        return redirect(as_json.task_url(group_id, task_id, page.assignment_id))
    context = {"work": page, "accept_next": bool(request.session.get(_ACCEPT_NEXT))}
    return render(request, "worker/doing/handed_in.html", context)


@require_POST
@worker_required
def next_automatically(request: WorkerRequest) -> HttpResponse:
    """Keep whether the next task is accepted by itself; the work page's script calls this."""
    _keep_accept_next(request)
    return HttpResponse(status=204)


def _hand_in(request: WorkerRequest) -> HttpResponse:
    page = work_page(request.worker, _assignment_id(request))
    if not page.is_alone:  # whose form asks nothing about a next one
        _keep_accept_next(request)
    try:
        handed_in = hand_in(
            worker=request.worker,
            assignment_id=page.assignment_id,
            fields=_answers(request),
            now=timezone.now(),
        )
    except BadAnswer as refusal:
        problems = cast("list[asking.Problem]", refusal.facts["problems"])
        return _draw(request, page, pairs=_answers(request), problems=problems, status=422)
    return _go_on(request, page, paid=handed_in.state == AssignmentState.APPROVED)


def _go_on(request: WorkerRequest, page: WorkPage, *, paid: bool) -> HttpResponse:
    """After work was handed in: accept the next task of the group when asked to, else back to the group.

    ``paid``: it was approved at once.
    """
    reward = {"reward": money(page.reward)}
    if paid:
        handed_in = _("Handed in and approved. %(reward)s is in your balance.") % reward
        more = _("Handed in and approved. %(reward)s is in your balance. Here is the next task.") % reward
    else:
        handed_in = _("Handed in. %(reward)s is yours when the work is approved.") % reward
        more = _("Handed in. %(reward)s is yours when the work is approved. Here is the next task.") % reward
    if not request.session.get(_ACCEPT_NEXT):
        messages.success(request, handed_in)
        return redirect("worker:preview", page.group_id)
    try:
        taken = accept_next(worker=request.worker, group_id=page.group_id, now=timezone.now())
    except Refused as refusal:
        messages.success(request, handed_in)
        return _without_next(request, page.group_id, refusal)
    # The next task's page looks like this one: it says that it is another.
    messages.success(request, more)
    return redirect(as_json.task_url(taken.group_id, taken.task_id, taken.assignment_id))


def _without_next(request: HttpRequest, group_id: str, refusal: Refused) -> HttpResponse:
    """Where one stands who has handed in and cannot have a next task: that it is over is no error."""
    if isinstance(refusal, NothingLeft):
        messages.info(request, _("That was the last task of this work for you."))
        return redirect("worker:preview", group_id)
    messages.warning(request, refusal_message(refusal))
    return redirect("worker:queue")


def _draw(
    request: WorkerRequest,
    page: WorkPage,
    *,
    pairs: list[tuple[str, str]] | None = None,
    problems: Sequence[asking.Problem] = (),
    status: int = 200,
) -> HttpResponse:
    """The work page in the state that the assignment is in."""
    now = timezone.now()
    if page.state not in BEING_DONE or page.deadline_at < now:
        return _draw_over(request, page)
    context: dict[str, object] = {
        "work": page,
        "now": now,
        "accept_next": bool(request.session.get(_ACCEPT_NEXT)),
        "return_reasons": reasons.RETURN.items(),
        "revision_reason": reasons.REVISION.get(page.reason_code, ""),
        "queue": queue_beside(request.worker, page.deadline_at, now=now),
        "queue_limit": QUEUE_LIMIT,
    }
    asked = asking.to_work(request, page, pairs=pairs, problems=problems)
    answer = asked.on(render(request, "worker/doing/work.html", {**context, **asked.context}, status=status))
    # The browser's "back" would bring the form again as it was, long after it was handed in.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _draw_over(request: WorkerRequest, page: WorkPage) -> HttpResponse:
    """The page of work that is not open any more: what became of it, and where to go."""
    over = page.state in BEING_DONE
    refusal = TooLate(deadline_at=page.deadline_at) if over else WrongState(state=page.state)
    context = {"work": page, "message": refusal_message(refusal)}
    return render(request, "worker/doing/work_over.html", context, status=refusal_status(refusal))


def _keep_files(request: WorkerRequest) -> list[Problem]:
    """Look at, store and record each posted file, and keep the draft with them. Returns what was refused.

    A refused file becomes a problem of its field, so that the rest of the form is drawn as it was.
    """
    posted = [(name, file) for name, files in request.FILES.lists() for file in files]
    if not posted:
        return []
    now, assignment_id = timezone.now(), _assignment_id(request)
    save_draft(worker=request.worker, assignment_id=assignment_id, fields=_answers(request), now=now)
    problems = []
    for name, file in posted:
        try:
            keep_file(worker=request.worker, assignment_id=assignment_id, field=name, file=file, now=now)
        except (uploads.BadFile, RecordingLength, TooManyFiles, WrongKindOfFile) as no:
            problems.append(Problem(name, "refused_file", {"message": refusal_message(no)}))
    return problems


def _take_file_back(request: WorkerRequest, group_id: str, task_id: str) -> HttpResponse:
    now, assignment_id = timezone.now(), _assignment_id(request)
    path = remove_file(
        worker=request.worker, assignment_id=assignment_id, file_id=request.POST[_REMOVE_FILE], now=now
    )
    if path:
        uploads.discard(path)
    save_draft(worker=request.worker, assignment_id=assignment_id, fields=_answers(request), now=now)
    return redirect(as_json.task_url(group_id, task_id, assignment_id))


def _draw_again(request: WorkerRequest, problems: list[Problem], *, status: int) -> HttpResponse:
    page = work_page(request.worker, _assignment_id(request))
    if status == 303:
        answer = HttpResponseRedirect(as_json.task_url(page.group_id, page.task_id, page.assignment_id))
        answer.status_code = status
        return answer
    return _draw(request, page, pairs=_answers(request), problems=problems, status=status)


def _answers(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, in posted order and without our own names."""
    return [
        (name, str(value)) for name, values in request.POST.lists() if name not in _OURS for value in values
    ]


def _assignment_id(request: HttpRequest) -> str:
    return request.GET.get("assignment_id", "")


def _keep_accept_next(request: WorkerRequest) -> None:
    wanted = _NEXT_TOO in request.POST
    if wanted != bool(request.session.get(_ACCEPT_NEXT)):
        request.session[_ACCEPT_NEXT] = wanted
