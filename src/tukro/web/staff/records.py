"""What was written down: the journal of one thing, and the proof that the ledger adds up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tukro.journal.actions import record
from tukro.journal.queries import history
from tukro.money.queries import ledger_faults
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.staff.journal.lines import HOUSE_SUBJECTS
from tukro.work.queries.faults import work_faults

SHOWN = 300


@require_GET
@staff_required
def journal(request: StaffRequest) -> HttpResponse:
    """Everything that happened to one subject, newest first."""
    subject = request.GET.get("subject", "").strip()[:64]
    events = list(history(subject).reverse()[:SHOWN]) if subject else []
    context = {"subject": subject, "events": events, "house_subjects": HOUSE_SUBJECTS}
    return render(request, "staff/journal.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def ledger(request: StaffRequest) -> HttpResponse:
    """Run every proof of money and of work now, and show what is wrong.

    Nothing is kept but that it was run, by whom, and how many faults there were.
    """
    if request.method == "GET":
        return render(request, "staff/ledger.html", {"was_run": False})
    now = timezone.now()
    money, work = ledger_faults(clock=True), work_faults()
    record(
        name="LedgerProved",
        actor=request.user.actor,
        subject="ledger",
        at=now,
        facts={"broken": [fault.name for fault in money], "work_faults": len(work)},
    )
    context = {"was_run": True, "at": now, "money": money, "work": work, "holds": not (money or work)}
    return render(request, "staff/ledger.html", context)
