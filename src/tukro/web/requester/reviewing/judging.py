"""Reviewing one answer: beside its input, with every verdict that its state allows."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.queries.reviewing import (
    Line,
    line_of,
    neighbours,
)
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import BASIS_POINTS
from tukro.money.queries import policy
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.questions import codes
from tukro.web import formats
from tukro.web.alike.talking import thread_about
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.refusals import refusal_mend
from tukro.web.requester.messages import party
from tukro.web.requester.reviewing.review import address, in_words, shows_code
from tukro.web.requester.reviewing.review_forms import (
    ApproveForm,
    BonusForm,
    FilterForm,
    RejectForm,
    ReviseForm,
    filter_query,
)
from tukro.web.words import reasons
from tukro.work.actions import reviewing
from tukro.work.models import AssignmentState, Batch
from tukro.work.queries.of_requester.appeals import appeal_of
from tukro.work.queries.of_worker.history import taken_back
from tukro.work.queries.of_worker.repairs import Version, versions_of
from tukro.work.rules import REVISIONS_AT_MOST

_OFFERED_IN = {  # a bonus is offered in every state
    "approve": AssignmentState.SUBMITTED,
    "reject": AssignmentState.SUBMITTED,
    "revise": AssignmentState.SUBMITTED,
    "overturn": AssignmentState.REJECTED,
}
_APPEALABLE = (AssignmentState.REJECTED, AssignmentState.APPROVED)


@require_GET
@requester_required
def single(request: RequesterRequest, assignment_id: str) -> HttpResponse:
    """One answer beside its input, with every verdict that its state allows."""
    return _single(request, assignment_id, {})


@require_POST
@requester_required
def judge(request: RequesterRequest, assignment_id: str, verdict: str) -> HttpResponse:
    """One verdict from the single view; then the next answer that matches."""
    forms: dict[str, Any] = {
        "approve": ApproveForm,
        "overturn": ApproveForm,
        "reject": RejectForm,
        "revise": ReviseForm,
        "bonus": BonusForm,
    }
    form = forms[verdict](request.POST, auto_id=f"{verdict}_%s")
    if not form.is_valid():
        return _single(request, assignment_id, {verdict: form}, status=422)
    batch, line = line_of(request.requester, assignment_id, now=timezone.now())
    filters = FilterForm(request.GET).filters
    _before, following = neighbours(batch, filters, line.assignment)
    try:
        told = _carry_out(request.requester, assignment_id, verdict, form.cleaned_data)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, in_words(refusal))
        return _single(request, assignment_id, {verdict: form}, status=422, mend=refusal_mend(refusal))
    messages.success(request, told)
    if verdict == "bonus":
        following = assignment_id
    if following:
        return redirect(address("requester:assignment", filter_query(filters), assignment_id=following))
    return redirect(address("requester:review", filter_query(filters), batch_id=batch.public_id))


def _single(
    request: RequesterRequest,
    assignment_id: str,
    forms: dict[str, Any],
    *,
    status: int = 200,
    mend: tuple[str, str] | None = None,
) -> HttpResponse:
    now = timezone.now()
    batch, line = line_of(request.requester, assignment_id, now=now)
    filters = FilterForm(request.GET).filters
    before, following = neighbours(batch, filters, line.assignment)
    state = line.assignment.state
    versions = _versions(line)
    fees = policy()
    appeal, appeal_files = appeal_of(line.assignment) if state in _APPEALABLE else (None, [])
    context = {
        "batch": batch,
        "line": line,
        "query": filter_query(filters),
        "before": before,
        "following": following,
        "price": batch.task_type.price,
        "proof_code": _proof_code(batch, line.assignment.public_id),
        "is_submitted": state == AssignmentState.SUBMITTED,
        "is_rejected": state == AssignmentState.REJECTED,
        "is_revising": state == AssignmentState.REVISING,
        "reason": _reason_in_words(line),
        "taken_back": (overturned := taken_back(line.assignment)),
        "rejection": reasons.REJECTION.get(overturned.reason_code, "") if overturned else "",
        "versions": versions,
        "repairs_left": max(0, REVISIONS_AT_MOST - sum(1 for one, _reason in versions if one.asked_at)),
        "appeal": appeal,
        "thread": thread_about(party(request), assignment_id),
        "appeal_files": appeal_files,
        "policy": fees,
        "fee_share": fees.fee_basis_points / BASIS_POINTS,
        "approve_form": ApproveForm(auto_id="approve_%s"),
        "overturn_form": ApproveForm(auto_id="overturn_%s"),
        "reject_form": RejectForm(auto_id="reject_%s"),
        "revise_form": ReviseForm(auto_id="revise_%s"),
        "bonus_form": BonusForm(auto_id="bonus_%s", initial={"token": secrets.token_urlsafe(16)}),
        "open_form": next(iter(forms), ""),
        "overtaken": _overtaken(forms, state),
        "mend": mend,
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "requester/reviewing/assignment.html", context, status=status)


def _overtaken(forms: dict[str, Any], state: str) -> object:
    """Why a verdict was refused whose form this page has no more: the answer was decided meanwhile."""
    for verdict, form in forms.items():
        if _OFFERED_IN.get(verdict, state) != state:
            return next(iter(form.non_field_errors()), _("This answer was decided meanwhile."))
    return ""


def _carry_out(requester: Requester, assignment_id: str, verdict: str, given: dict[str, Any]) -> str:
    """Call the verb of a verdict and say what was done."""
    now = timezone.now()
    match verdict:
        case "approve" | "overturn":
            reviewing.approve_assignment(
                requester=requester,
                assignment_id=assignment_id,
                now=now,
                override=verdict == "overturn",
                **given,
            )
            return _("The answer is approved and paid.")
        case "reject":
            reviewing.reject_assignments(
                requester=requester, assignment_ids=[assignment_id], now=now, **given
            )
            return _("The answer is rejected. The worker sees your reason.")
        case "revise":
            reviewing.ask_revision(requester=requester, assignment_id=assignment_id, now=now, **given)
            return _("The answer went back to the worker with your words.")
        case _:
            reviewing.send_bonus(requester=requester, assignment_id=assignment_id, now=now, **given)
            fee = fee_for(given["amount"], policy())
            return _("A bonus of %(amount)s is paid; the fee was %(fee)s.") % {
                "amount": formats.money(given["amount"]),
                "fee": formats.money(fee),
            }


def _proof_code(batch: Batch, assignment_id: str) -> str:
    """The code that the worker saw in the task, when the task shows one."""
    return codes.proof_code(settings.SECRET_KEY, assignment_id) if shows_code(batch) else ""


def _reason_in_words(line: Line) -> object:
    words = reasons.REVISION if line.assignment.state == AssignmentState.REVISING else reasons.REJECTION
    return words.get(line.assignment.reason_code, "")


def _versions(line: Line) -> list[tuple[Version, object]]:
    """Every version when the worker was asked to repair; one that nobody sent back is the answer itself."""
    found = versions_of(line.assignment)
    return [(one, reasons.REVISION.get(one.reason_code, "")) for one in found] if found[0].asked_at else []
