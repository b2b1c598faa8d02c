"""A worker's own side: what to do next, the queue, and everything done so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.words import reasons
from tukro.web.worker.data import as_json
from tukro.web.worker.doing.practice import first_day
from tukro.work.models import AssignmentState
from tukro.work.queries import (
    QueueRow,
    asked_by,
    counts_of,
    days_of,
    earnings_by_day,
    hourly_rate,
    pending_earnings,
    queue_of,
    totals_of,
)
from tukro.work.rules import QUEUE_LIMIT

DAYS_ON_DASHBOARD = 45  # as long as the model's own dashboard looks back
_QUEUE_ON_DASHBOARD = 3
QUEUE_SORTS: dict[str, str | Promise] = {
    "deadline": _("Most urgent first"),
    "reward": _("Highest reward first"),
    "newest": _("Last accepted first"),
    "title": _("By title"),
}


@require_GET
@worker_required
def dashboard(request: WorkerRequest) -> HttpResponse:
    """Earnings, record, queue, and one thing to do next."""
    now, worker = timezone.now(), request.worker
    available, _reserved, _in_transit = worker_balance(worker)
    pending, counts = pending_earnings(worker), counts_of(worker)
    if wants_json(request):
        return JsonResponse(
            as_json.dashboard(
                available=available,
                pending=pending,
                counts=counts,
                days=days_of(worker, days=DAYS_ON_DASHBOARD, now=now),
                totals=totals_of(worker, now=now),
            )
        )
    days = earnings_by_day(worker, days=DAYS_ON_DASHBOARD, now=now)
    queue = queue_of(worker, now=now)
    decided = counts["approved"] + counts["rejected"]
    context = {
        "worker": worker,
        "first_day": first_day(worker, submitted=counts["submitted"] + decided, paid=counts["approved"]),
        "now": now,
        "available": available,
        "pending": pending,
        "today": days[-1][1],
        "week": sum((earned for _day, earned in days[-7:]), Money.zero()),
        "counts": counts,
        "approval": counts["approved"] / decided if decided else None,
        "hourly": hourly_rate(worker),
        "queue": queue[:_QUEUE_ON_DASHBOARD],
        "queue_length": len(queue),
        "queue_value": _value(queue),
        "repairs": [row for row in queue if row.state == AssignmentState.REVISING],
    }
    return render(request, "worker/dashboard.html", context)


@require_GET
@worker_required
def queue(request: WorkerRequest) -> HttpResponse:
    """Accepted tasks, the most urgent first unless another order is asked for."""
    now = timezone.now()
    sort = request.GET.get("sort", "")
    rows = queue_of(request.worker, now=now)
    rows.sort(key=_QUEUE_KEYS.get(sort, _most_urgent))
    if wants_json(request):
        asked = asked_by((row.requirement_set_id for row in rows), worker=request.worker)
        return JsonResponse(as_json.queue(rows, asked, limit=QUEUE_LIMIT, now=now))
    context = {
        "rows": rows,
        "value": _value(rows),
        "limit": QUEUE_LIMIT,
        "now": now,
        "return_reasons": reasons.RETURN.items(),
        "sorts": QUEUE_SORTS.items(),
        "sort": sort,
        "shown": _shown(rows),
    }
    return render(request, "worker/queue.html", context)


def _shown(rows: list[QueueRow]) -> str:
    """What the page shows, as js/news.js compares it with the news."""
    return ",".join(f"{row.assignment_id} {as_json.state_name(row.state)}" for row in rows)


def _most_urgent(row: QueueRow) -> Any:
    return row.deadline_at


_QUEUE_KEYS: dict[str, Callable[[QueueRow], Any]] = {
    "deadline": _most_urgent,
    "reward": lambda row: (-row.reward.units, row.deadline_at),
    "newest": lambda row: -row.accepted_at.timestamp(),
    "title": lambda row: (row.title, row.deadline_at),
}


def _value(rows: list[QueueRow]) -> Money:
    return sum((row.reward for row in rows), Money.zero())
