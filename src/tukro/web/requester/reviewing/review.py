"""Reviewing many answers: the grid of a batch, ticked ones approved or rejected, the door for programs."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.queries.reviewing import (
    Filters,
    batch_of,
    matching,
    next_to_review,
    page_of,
    totals_of,
)
from tukro.kernel.errors import NotFound, Refused
from tukro.questions import codes
from tukro.web import formats
from tukro.web.entry.access import RequesterActing, RequesterRequest, requester_acts, requester_required
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_mend, refusal_message
from tukro.web.requester.reviewing.review_forms import (
    ALL,
    STATES,
    FilterForm,
    RejectForm,
    filter_query,
)
from tukro.web.words import reasons
from tukro.work.actions import reviewing
from tukro.work.actions.doing.assigning import TooLate
from tukro.work.models import Assignment, AssignmentState, Batch
from tukro.work.rules import OVERTURN_DAYS

PAGE = 25
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
    after = request.GET.get("after", "")
    page = page_of(batch, filters, after=after, limit=PAGE, now=now)
    if after and not page.lines:  # the last page, and all of it is decided: what waits is before it
        return redirect(address("requester:review", filter_query(filters), batch_id=batch.public_id))
    return render(
        request,
        "requester/reviewing/review.html",
        {
            "batch": batch,
            "form": form,
            "filters": filters,
            "lines": page.lines,
            "next_cursor": page.next_cursor,
            "tabs": _tabs(filters, totals.by_state, totals.handed_in),
            "to_review": (waiting := totals.by_state.get(AssignmentState.SUBMITTED, 0)),
            "to_pay": batch.task_type.reward * waiting,
            "drawn": now.isoformat(),
            "matching": _count(batch, filters, totals.by_state, totals.handed_in),
            "query": filter_query(filters),
            "reasons": reasons.REJECTION,
            "here": request.get_full_path(),
            "shows_code": shows_code(batch),
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
        following = next_to_review(batch, _posted_filters(request), after=one)
        return _back_to_grid(request, batch, _told_approved(count), at=following)
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
    return _back_to_grid(request, batch, _told_approved(count) + _told_newer(_newer(request, batch)))


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
        form.add_error(None, in_words(refusal))
        return _ask_reason(request, batch, form, ids, status=422, mend=refusal_mend(refusal))
    told = _(
        "Rejected: %(count)s. The workers see your reason. Was one a slip? Overturn it under “Rejected”, "
        "within %(days)s days after it was handed in."
    )
    numbers = {"count": formats.number(len(ids)), "days": formats.number(OVERTURN_DAYS)}
    return _back_to_grid(request, batch, told % numbers + _told_newer(_newer(request, batch)))


@require_POST
@requester_required
def approve_all(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Approve everything of the batch that waited for review when the page was drawn."""
    batch = batch_of(request.requester, batch_id)
    count = reviewing.approve_all_submitted(
        requester=request.requester,
        batch_id=batch.public_id,
        handed_in_by=_drawn(request),
        now=timezone.now(),
    )
    return _back_to_grid(request, batch, _told_approved(count) + _told_newer(_newer(request, batch)))


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


def shows_code(batch: Batch) -> bool:
    """Whether its task shows each worker a code."""
    question = batch.question
    return question.kind == "proof" and codes.PROOF_CODE in question.body


def _ask_reason(
    request: RequesterRequest,
    batch: Batch,
    form: RejectForm,
    ids: list[str],
    *,
    status: int = 200,
    mend: tuple[str, str] | None = None,
) -> HttpResponse:
    price = batch.task_type.price
    filters = _posted_filters(request)
    context = {
        "batch": batch,
        "form": form,
        "count": len(ids),
        "ids": request.POST.getlist("ids"),
        "scope": request.POST.get("scope", "selected"),
        "drawn": _drawn(request).isoformat(),
        "newer": _newer(request, batch),
        "query": filter_query(filters),
        "after": request.POST.get("after", ""),
        "back": _grid_address(request, batch),
        "price": price,
        "reopen_cost": price * len(ids),
        "mend": mend,
    }
    return render(request, "requester/reviewing/reject.html", context, status=status)


def _chosen(request: HttpRequest, batch: Batch) -> list[str]:
    """Ids that a posted choice means: the ticked ones, or all to review that match the posted filters.

    What was handed in after the page was drawn does not count as chosen: nobody has seen it.
    """
    if request.POST.get("scope") != "matching":
        return list(dict.fromkeys(request.POST.getlist("ids")))[:MOST_AT_ONCE]
    found = _to_review(request, batch).filter(submitted_at__lte=_drawn(request))
    return list(found.values_list("public_id", flat=True))


def _newer(request: HttpRequest, batch: Batch) -> int:
    """How many answers were left out of "all" because they came after the page was drawn."""
    if request.POST.get("scope") != "matching":
        return 0
    return _to_review(request, batch).filter(submitted_at__gt=_drawn(request)).count()


def _to_review(request: HttpRequest, batch: Batch) -> QuerySet[Assignment]:
    return matching(batch, _posted_filters(request)).filter(state=AssignmentState.SUBMITTED)


def _drawn(request: HttpRequest) -> datetime:
    """When the page was drawn that this was sent from; a program that names no moment means now."""
    try:
        drawn = datetime.fromisoformat(request.POST.get("drawn", ""))
    except ValueError:
        return timezone.now()
    return drawn if drawn.tzinfo is not None else timezone.now()


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


def in_words(refusal: Refused) -> str:
    """The refusal as a requester understands it: what is late here is the review, not the work."""
    if isinstance(refusal, TooLate):
        return _("The time to review is over: the answer is approved by that.")
    return refusal_message(refusal)


def _back_to_grid(request: HttpRequest, batch: Batch, told: str = "", *, at: str = "") -> HttpResponse:
    """The grid as it was left: the same filters and page, at the answer ``at``."""
    if told:
        messages.success(request, told)
    grid = _grid_address(request, batch)
    return redirect(f"{grid}#answer-{at}" if at else grid)


def _grid_address(request: HttpRequest, batch: Batch) -> str:
    query = filter_query(_posted_filters(request))
    if after := request.POST.get("after"):
        query = "&".join(filter(None, [query, urlencode({"after": after})]))
    return address("requester:review", query, batch_id=batch.public_id)


def _told_approved(count: int) -> str:
    return _("Approved and paid: %(count)s.") % {"count": formats.number(count)}


def _told_newer(count: int) -> str:
    told = _("Handed in since you opened the page, and left as they are: %(count)s.")
    return " " + told % {"count": formats.number(count)} if count else ""


def address(view_name: str, query: str, **kwargs: str) -> str:
    """The address of a page of reviewing, with the filters in ``query``."""
    address = reverse(view_name, kwargs=kwargs)
    return f"{address}?{query}" if query else address


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + MOST_AT_ONCE] for at in range(0, len(ids), MOST_AT_ONCE)]
