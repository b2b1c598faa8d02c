"""Reviewing: the grid of a batch's answers, one answer at a time, and every verdict on them."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.queries.reviewing import (
    Filters,
    Line,
    batch_of,
    line_of,
    matching,
    neighbours,
    page_of,
    totals_of,
)
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import BASIS_POINTS
from tukro.money.queries import policy
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.questions import codes
from tukro.web import formats
from tukro.web.access import RequesterActing, RequesterRequest, requester_acts, requester_required
from tukro.web.answers import wants_json
from tukro.web.refusals import refusal_message
from tukro.web.requester.messages import party
from tukro.web.requester.review_forms import (
    ALL,
    STATES,
    ApproveForm,
    BonusForm,
    FilterForm,
    RejectForm,
    ReviseForm,
    filter_query,
)
from tukro.web.talking import thread_about
from tukro.web.words import reasons
from tukro.work.actions import reviewing
from tukro.work.actions.assigning import TooLate
from tukro.work.models import AssignmentState, Batch
from tukro.work.queries.appeals import appeal_of
from tukro.work.queries.repairs import Version, versions_of

PAGE = 25
_APPEALABLE = (AssignmentState.REJECTED, AssignmentState.APPROVED)
MOST_AT_ONCE = 1000  # ids that one posted list may hold; "all that match" goes in chunks of this


@require_GET
@requester_required
def grid(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Answers of a batch, oldest first, with the filters that stand in the address."""
    now = timezone.now()
    batch = batch_of(request.requester, batch_id)
    form = FilterForm(request.GET)
    filters = form.filters
    totals = totals_of(batch)
    page = page_of(batch, filters, after=request.GET.get("after", ""), limit=PAGE, now=now)
    return render(
        request,
        "requester/review.html",
        {
            "batch": batch,
            "form": form,
            "filters": filters,
            "lines": page.lines,
            "next_cursor": page.next_cursor,
            "tabs": _tabs(filters, totals.by_state, totals.handed_in),
            "to_review": totals.by_state.get(AssignmentState.SUBMITTED, 0),
            "matching": _count(batch, filters, totals.by_state, totals.handed_in),
            "query": filter_query(filters),
            "reasons": reasons.REJECTION,
            "here": request.get_full_path(),
            "shows_code": _shows_code(batch),
        },
    )


@require_POST
@requester_required
def decide(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """A verdict on ticked answers or on all that match. Rejecting asks for its reason first."""
    batch = batch_of(request.requester, batch_id)
    one = request.POST.get("approve_one", "")
    if one:
        count = reviewing.approve_assignments(
            requester=request.requester, assignment_ids=[one], now=timezone.now()
        )
        return _back_to_grid(request, batch, _told_approved(count))
    ids = _chosen(request, batch)
    if not ids:
        messages.warning(request, _("Nothing was chosen. Tick the answers that you mean."))
        return _back_to_grid(request, batch)
    if request.POST.get("action") == "reject":
        return _ask_reason(request, batch, RejectForm(), ids)
    count = sum(
        reviewing.approve_assignments(requester=request.requester, assignment_ids=chunk, now=timezone.now())
        for chunk in _chunks(ids)
    )
    return _back_to_grid(request, batch, _told_approved(count))


@require_POST
@requester_required
def reject(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Reject ticked answers or all that match, with one reason for all of them: all or none."""
    batch = batch_of(request.requester, batch_id)
    ids = _chosen(request, batch)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _ask_reason(request, batch, form, ids, status=422)
    try:
        reviewing.reject_assignments(
            requester=request.requester, assignment_ids=ids, now=timezone.now(), **form.cleaned_data
        )
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, _in_words(refusal))
        return _ask_reason(request, batch, form, ids, status=422)
    told = _("Rejected: %(count)s. The workers see your reason.")
    return _back_to_grid(request, batch, told % {"count": formats.number(len(ids))})


@require_POST
@requester_required
def approve_all(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Approve everything of the batch that waits for review."""
    batch = batch_of(request.requester, batch_id)
    count = reviewing.approve_all_submitted(
        requester=request.requester, batch_id=batch.public_id, now=timezone.now()
    )
    return _back_to_grid(request, batch, _told_approved(count))


def _is_program(request: HttpRequest) -> bool:
    return wants_json(request) or request.content_type == "application/json"


@require_POST
@requester_acts(when=_is_program)
def approve(request: RequesterActing) -> HttpResponse:
    """Approve answers named in a JSON body or a form; the address for programs: ``{"approved": n}``."""
    ids, feedback = _named(request)
    count = reviewing.approve_assignments(
        requester=request.requester, assignment_ids=ids, feedback=feedback, now=timezone.now()
    )
    if _is_program(request):
        return JsonResponse({"approved": count})
    messages.success(request, _told_approved(count))
    return redirect("requester:batches")


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
        form.add_error(None, _in_words(refusal))
        return _single(request, assignment_id, {verdict: form}, status=422)
    messages.success(request, told)
    if verdict == "bonus":
        following = assignment_id
    if following:
        return redirect(_address("requester:assignment", filter_query(filters), assignment_id=following))
    return redirect(_address("requester:review", filter_query(filters), batch_id=batch.public_id))


def _single(
    request: RequesterRequest, assignment_id: str, forms: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    batch, line = line_of(request.requester, assignment_id, now=now)
    filters = FilterForm(request.GET).filters
    before, following = neighbours(batch, filters, line.assignment)
    state = line.assignment.state
    fees = policy()
    appeal, appeal_files = appeal_of(line.assignment) if state in _APPEALABLE else (None, [])
    context = {
        "batch": batch,
        "line": line,
        "query": filter_query(filters),
        "before": before,
        "following": following,
        "price": batch.task_type.reward + batch.task_type.fee,
        "proof_code": _proof_code(batch, line.assignment.public_id),
        "is_submitted": state == AssignmentState.SUBMITTED,
        "is_rejected": state == AssignmentState.REJECTED,
        "is_revising": state == AssignmentState.REVISING,
        "reason": _reason_in_words(line),
        "versions": _versions(line),
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
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "requester/assignment.html", context, status=status)


def _proof_code(batch: Batch, assignment_id: str) -> str:
    """The code that the worker saw in the task, when the task shows one."""
    return codes.proof_code(settings.SECRET_KEY, assignment_id) if _shows_code(batch) else ""


def _shows_code(batch: Batch) -> bool:
    question = batch.question
    return question.kind == "proof" and codes.PROOF_CODE in question.body


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


def _ask_reason(
    request: RequesterRequest, batch: Batch, form: RejectForm, ids: list[str], *, status: int = 200
) -> HttpResponse:
    price = batch.task_type.reward + batch.task_type.fee
    filters = _posted_filters(request)
    context = {
        "batch": batch,
        "form": form,
        "count": len(ids),
        "ids": request.POST.getlist("ids"),
        "scope": request.POST.get("scope", "selected"),
        "query": filter_query(filters),
        "price": price,
        "reopen_cost": price * len(ids),
    }
    return render(request, "requester/reject.html", context, status=status)


def _chosen(request: HttpRequest, batch: Batch) -> list[str]:
    """Ids that a posted choice means: the ticked ones, or all to review that match the posted filters."""
    if request.POST.get("scope") != "matching":
        return list(dict.fromkeys(request.POST.getlist("ids")))[:MOST_AT_ONCE]
    found = matching(batch, _posted_filters(request)).filter(state=AssignmentState.SUBMITTED)
    return list(found.values_list("public_id", flat=True))


def _posted_filters(request: HttpRequest) -> Filters:
    return FilterForm(QueryDict(request.POST.get("query", ""))).filters


def _named(request: HttpRequest) -> tuple[list[str], str]:
    """Assignment ids and feedback of a JSON body or a form. Raises BadRequest."""
    if request.content_type != "application/json":
        ids = request.POST.getlist("assignment_ids")
        feedback = request.POST.get("feedback", "")
    else:
        try:
            body = json.loads(request.body)
            ids, feedback = body["assignment_ids"], body.get("feedback", "")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BadRequest from None
    is_text = isinstance(ids, list) and all(isinstance(text, str) for text in [*ids, feedback])
    if not is_text or not ids or len(ids) > MOST_AT_ONCE:
        raise BadRequest
    return ids, feedback.strip()


def _tabs(filters: Filters, by_state: dict[str, int], handed_in: int) -> list[dict[str, object]]:
    now_shown = filters.state or ALL
    return [
        {
            "label": label,
            "count": handed_in if state == ALL else by_state.get(state, 0),
            "query": filter_query(filters, state=str(state)),
            "is_current": state == now_shown,
        }
        for state, label in STATES
    ]


def _count(batch: Batch, filters: Filters, by_state: dict[str, int], handed_in: int) -> int:
    if filters.only_state:
        return by_state.get(filters.state, 0) if filters.state else handed_in
    return matching(batch, filters).count()


def _in_words(refusal: Refused) -> str:
    """The refusal as a requester understands it: what is late here is the review, not the work."""
    if isinstance(refusal, TooLate):
        return _("The time to review is over: the answer is approved by that.")
    return refusal_message(refusal)


def _reason_in_words(line: Line) -> object:
    words = reasons.REVISION if line.assignment.state == AssignmentState.REVISING else reasons.REJECTION
    return words.get(line.assignment.reason_code, "")


def _versions(line: Line) -> list[tuple[Version, object]]:
    """Every version when the worker was asked to repair; one that nobody sent back is the answer itself."""
    found = versions_of(line.assignment)
    return [(one, reasons.REVISION.get(one.reason_code, "")) for one in found] if found[0].asked_at else []


def _back_to_grid(request: HttpRequest, batch: Batch, told: str = "") -> HttpResponse:
    if told:
        messages.success(request, told)
    return redirect(
        _address("requester:review", filter_query(_posted_filters(request)), batch_id=batch.public_id)
    )


def _told_approved(count: int) -> str:
    return _("Approved and paid: %(count)s.") % {"count": formats.number(count)}


def _address(view_name: str, query: str, **kwargs: str) -> str:
    address = reverse(view_name, kwargs=kwargs)
    return f"{address}?{query}" if query else address


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + MOST_AT_ONCE] for at in range(0, len(ids), MOST_AT_ONCE)]
