"""What workers reported: the staff read it beside the task, and decide."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.questions import proof
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.words import reasons
from tukro.work.actions.publishing import release_batch
from tukro.work.actions.reporting import dismiss_report, uphold_report
from tukro.work.models import Report
from tukro.work.queries.reports import held_batches, reports_waiting

PAGE_SIZE = 20


@require_GET
@staff_required
def reports(request: StaffRequest) -> HttpResponse:
    """What waits, the longest waiting first, with the task as its requester wrote it."""
    page = reports_waiting(after=request.GET.get("after", ""))
    rows = [
        {"row": one, "reason": reasons.REPORT.get(one.reason_code, one.reason_code), "source": _source(one)}
        for one in page.rows
    ]
    return render(
        request, "staff/moderation/reports.html", {"reports": rows, "next_cursor": page.next_cursor}
    )


@require_POST
@staff_required
def dismiss(request: StaffRequest, report_id: str) -> HttpResponse:
    now, note = timezone.now(), request.POST.get("note", "")
    return act(
        request,
        lambda: dismiss_report(by=request.user.actor, report_id=report_id, note=note, now=now),
        done=_("The report is closed; the worker reads your words."),
        back="staff:reports",
    )


@require_POST
@staff_required
def uphold(request: StaffRequest, report_id: str) -> HttpResponse:
    """Agree; the same reports of the same work are upheld with it, and their batches may be stopped."""
    now, note, hold = timezone.now(), request.POST.get("note", ""), bool(request.POST.get("hold"))
    return act(
        request,
        lambda: uphold_report(by=request.user.actor, report_id=report_id, note=note, hold=hold, now=now),
        done=_("The report is upheld."),
        back="staff:reports",
    )


@require_GET
@staff_required
def held(request: StaffRequest) -> HttpResponse:
    """Batches that staff have stopped, the latest first."""
    found = held_batches(after=request.GET.get("after", ""))
    shown, next_cursor = one_page(found, PAGE_SIZE, lambda one: one.public_id)
    return render(request, "staff/moderation/held.html", {"batches": shown, "next_cursor": next_cursor})


@require_POST
@staff_required
def release(request: StaffRequest, batch_id: str) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: release_batch(by=request.user.actor, batch_id=batch_id, now=now),
        done=_("The batch is released; its requester is told."),
        back="staff:held",
    )


def _source(report: Report) -> str:
    """What the task asks, as text to read: never drawn as a page here."""
    question = report.task.question
    if question.kind != "proof":
        return question.body
    form = proof.fill(proof.load(question.body), report.task.input)
    return "\n".join([form.instructions, "", *(f"• {one.label}" for one in form.fields)])
