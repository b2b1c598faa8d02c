"""A worker's own side: what to do next, the queue, and everything done so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.web import reasons
from tukro.web.access import WorkerRequest, worker_required
from tukro.web.answers import wants_json
from tukro.web.worker import as_json
from tukro.work.models import AssignmentState
from tukro.work.queries import (
    HistoryRow,
    QueueRow,
    counts_of,
    earnings_by_day,
    history_of,
    hourly_rate,
    pending_earnings,
    queue_of,
)
from tukro.work.rules import QUEUE_LIMIT

DAYS_ON_DASHBOARD = 45  # as long as the model's own dashboard looks back
_QUEUE_ON_DASHBOARD = 3
# What an assignment's state is called, and the colour of its badge.
STATES: dict[str, tuple[str | Promise, str]] = {
    AssignmentState.ACCEPTED: (_("Being done"), "badge-accent"),
    AssignmentState.SUBMITTED: (_("Waits for review"), "badge-info"),
    AssignmentState.REVISING: (_("Sent back for repair"), "badge-warn"),
    AssignmentState.APPROVED: (_("Approved"), "badge-ok"),
    AssignmentState.REJECTED: (_("Rejected"), "badge-bad"),
    AssignmentState.RETURNED: (_("Returned"), ""),
    AssignmentState.ABANDONED: (_("Time ran out"), ""),
}


@dataclass(frozen=True, slots=True)
class Done:
    """One row of the history, with its words."""

    row: HistoryRow
    state: str | Promise
    colour: str
    reason: str | Promise

    @property
    def is_paid(self) -> bool:
        return self.row.state == AssignmentState.APPROVED


@require_GET
@worker_required
def dashboard(request: WorkerRequest) -> HttpResponse:
    """Earnings, record, queue, and one thing to do next."""
    now, worker = timezone.now(), request.worker
    available, _reserved, _in_transit = worker_balance(worker)
    pending, counts = pending_earnings(worker), counts_of(worker)
    days = earnings_by_day(worker, days=DAYS_ON_DASHBOARD, now=now)
    if wants_json(request):
        return JsonResponse(as_json.dashboard(available=available, pending=pending, counts=counts, days=days))
    queue = queue_of(worker, now=now)
    decided = counts["approved"] + counts["rejected"]
    context = {
        "worker": worker,
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
    """Accepted tasks, the most urgent first."""
    now = timezone.now()
    rows = queue_of(request.worker, now=now)
    if wants_json(request):
        return JsonResponse(as_json.queue(rows, limit=QUEUE_LIMIT, now=now))
    context = {
        "rows": rows,
        "value": _value(rows),
        "limit": QUEUE_LIMIT,
        "now": now,
        "return_reasons": reasons.RETURN.items(),
    }
    return render(request, "worker/queue.html", context)


@require_GET
@worker_required
def history(request: WorkerRequest) -> HttpResponse:
    """What the worker took, did and was paid for; one state or one day when asked."""
    state, day = request.GET.get("state", ""), _day(request.GET.get("day", ""))
    page = history_of(request.worker, state=state, day=day, after=request.GET.get("after", ""))
    if wants_json(request):
        return JsonResponse(as_json.history(page))
    context = {
        "rows": [_done(row) for row in page.rows],
        "next_cursor": page.next_cursor,
        "states": [(code, words) for code, (words, _colour) in STATES.items()],
        "state": state,
        "day": day,
    }
    return render(request, "worker/history.html", context)


def _value(rows: list[QueueRow]) -> Money:
    return sum((row.reward for row in rows), Money.zero())


def _done(row: HistoryRow) -> Done:
    words, colour = STATES[row.state]
    return Done(row, words, colour, _reason(row))


def _reason(row: HistoryRow) -> str | Promise:
    """The reason code of a rejection, a repair or a return, in words."""
    of_state = {
        AssignmentState.REJECTED: reasons.REJECTION,
        AssignmentState.REVISING: reasons.REVISION,
        AssignmentState.RETURNED: reasons.RETURN,
    }
    return of_state.get(AssignmentState(row.state), {}).get(row.reason_code, "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
