"""Finding work: the open list and the look at a task before accepting it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from tukro.kernel.errors import NotFound
from tukro.kernel.formats import iso
from tukro.people.models import Worker
from tukro.questions import proof
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.forms.proof_forms import kind_names, kinds_asked
from tukro.web.words.categories import category_name
from tukro.web.worker.asked import asking
from tukro.web.worker.data import as_json
from tukro.web.worker.finding import conditional, lots, marking
from tukro.web.worker.finding.filters import filters_of, page_number
from tukro.web.worker.finding.obstacles import needed, obstacles
from tukro.work.queries import (
    GroupDetails,
    GroupPage,
    GroupRow,
    Preview,
    asked_by,
    count_open,
    group_details,
    group_of,
    open_groups,
    questions_of,
    task_for_preview,
    this_task_for_preview,
)


class Offer(NamedTuple):
    """One row of the open list."""

    group: GroupRow
    proof_kinds: tuple[str, ...]

    @property
    def category(self) -> str | Promise:
        return category_name(self.group.category)


@require_GET
@worker_required
def projects(request: WorkerRequest) -> HttpResponse:
    """The open list: search, filters, order, page by page; JSON for scripts."""
    if (
        "HTTP_IF_NONE_MATCH" in request.META
        and wants_json(request)
        and (told := conditional.unchanged(request))
    ):
        return told
    filters = filters_of(request)
    now = timezone.now()
    number = page_number(request)
    page = open_groups(
        request.worker,
        now=now,
        wanted=filters.wanted,
        skip=(number - 1) * filters.page_size,
        sort=filters.sort or "updated_desc",
        done_too=filters.done,
        hidden_too=filters.hidden,
        after=request.GET.get("after", ""),
        limit=filters.page_size,
    )
    if wants_json(request):
        return conditional.answer(request, _as_data(request, page))
    context = {
        "worker": request.worker,
        "filters": filters,
        "offers": offers_of(page.rows),
        "next_cursor": page.next_cursor,
        "here": request.get_full_path(),
        "paused_until": page.paused_until,
        "seen_at": iso(now),
        "unmarked": marking.just_hidden(request),
    }
    return render(request, "worker/finding/projects.html", context)


@require_GET
@worker_required
def preview(request: WorkerRequest, group_id: str, task_id: str = "") -> HttpResponse:
    """The terms of a group, what it asks of workers, and one of its tasks to look at: some task, or this."""
    now = timezone.now()
    try:
        details = group_details(group_id, worker=request.worker, now=now)
    except NotFound:
        return _by_type_id(request, group_id)
    if to_work := lots.on_to_work(request, details.group):
        return to_work
    shown = _to_look_at(request.worker, details, task_id, request.GET.get("after", ""), now)
    if wants_json(request):
        asked = {details.group.requirement_set_id: details.asked}
        return JsonResponse(as_json.preview(details.group, shown, asked))
    context = {
        "group": details.group,
        "category": category_name(details.group.category),
        "requirements": [needed(one) for one in details.asked],
        "obstacles": (in_the_way := obstacles(request.worker, details)),
        "barred": next((one for one in in_the_way if one.bars), None),
        "closed": details.closed,
        "is_open": _is_open(details.group, now) and bool(shown or details.closed or not task_id),
        "task_id": task_id,
        "shown_id": shown.task_id if shown else "",
    }
    question = asking.to_preview(request, shown) if shown else asking.Asked({})
    page = question.on(render(request, "worker/finding/preview.html", {**context, **question.context}))
    return lots.look_again(request, page, details.group)


def _by_type_id(request: WorkerRequest, type_id: str) -> HttpResponse:
    """The same page under the id of its group, when it was asked for by that of the task type."""
    group_id = group_of(type_id)
    if group_id == type_id:  # it is a group: there is nothing to find in it for this worker
        raise NotFound()
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("worker:preview", args=[group_id]) + (f"?{query}" if query else ""))


def _as_data(request: WorkerRequest, page: GroupPage) -> as_json.Data:
    """The list as data. All open groups are counted only for those who count pages."""
    counts = "page_number" in request.GET
    return as_json.groups(
        page,
        asked_by((row.requirement_set_id for row in page.rows), worker=request.worker),
        number=page_number(request),
        total=count_open(now=timezone.now()) if counts else None,
    )


def _to_look_at(
    worker: Worker, details: GroupDetails, task_id: str, after: str, now: datetime
) -> Preview | None:
    if details.closed:
        return None
    group_id = details.group.group_id
    if task_id:
        return this_task_for_preview(group_id, task_id, now=now)
    return task_for_preview(group_id, worker=worker, after=after, now=now)


def offers_of(groups: list[GroupRow]) -> list[Offer]:
    """The rows with their words."""
    questions = questions_of([group.group_id for group in groups]) if groups else {}
    return [Offer(group, _proof_kinds(questions.get(group.group_id))) for group in groups]


def _proof_kinds(question: tuple[str, str] | None) -> tuple[str, ...]:
    if question is None:
        return ()
    kind, body = question
    return tuple(kind_names(_kinds_in(body))) if kind == "proof" else (asking.on_the_page(),)


@lru_cache(5000)  # of a few words each; taking a form apart costs more than drawing its row
def _kinds_in(body: str) -> tuple[proof.Kind, ...]:
    return kinds_asked(proof.load(body))


def _is_open(group: GroupRow, now: datetime) -> bool:
    return group.open_places > 0 and group.expires_at > now
