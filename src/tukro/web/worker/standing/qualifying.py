"""A worker's qualifications: those held, how to get others, tests, and what became of requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.ids import looks_like_id
from tukro.people.actions.contact import save_subdivision
from tukro.people.rules import US_SUBDIVISIONS
from tukro.qualifications.actions.granting import declare_adult
from tukro.qualifications.actions.requesting import (
    FaultyTest,
    refusal_to_come,
    request_qualification,
    submit_test,
)
from tukro.qualifications.models import Qualification, QualificationRequest, QualificationType, RequestState
from tukro.qualifications.queries import (
    facts_of,
    find_types,
    held_by,
    held_page,
    last_request,
    lost_by,
    own_request,
    qualification_of,
    requests_by,
    type_of,
)
from tukro.qualifications.rules import (
    ADULT,
    LEVEL,
    NUMBER_APPROVED,
    PERCENT_ABANDONED,
    PERCENT_APPROVED,
    PERCENT_RETURNED,
)
from tukro.questions.answering import Problem
from tukro.questions.xml import stored_form
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.forms import content, question_forms
from tukro.web.refusals import refusal_message
from tukro.web.transport.policy import HEADER, policy_with
from tukro.web.words.requirements import country, type_name, value_words

PAGE_SIZE = 20
HELD_PAGE = 50
SORTS: dict[str, str | Promise] = {
    "granted": gettext_lazy("Latest first"),
    "name": gettext_lazy("By name"),
    "value": gettext_lazy("Highest value first"),
}
_RECORD = (LEVEL, PERCENT_APPROVED, NUMBER_APPROVED, PERCENT_RETURNED, PERCENT_ABANDONED)
STATES: dict[str, tuple[str | Promise, str]] = {
    RequestState.TAKING: (gettext_lazy("The test is open"), "badge-accent"),
    RequestState.PENDING: (gettext_lazy("Waits for the requester"), "badge-info"),
    RequestState.GRANTED: (gettext_lazy("Granted"), "badge-ok"),
    RequestState.REJECTED: (gettext_lazy("Declined"), "badge-bad"),
    RequestState.LAPSED: (gettext_lazy("Time ran out"), ""),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification with its words."""

    row: Qualification
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with its words."""

    row: QualificationRequest
    state: str | Promise
    badge: str

    @property
    def value(self) -> str:
        return "" if self.row.value is None else value_words(self.row.type.public_id, self.row.value)


@require_GET
@worker_required
def held(request: WorkerRequest) -> HttpResponse:
    """What the worker holds, the record that requesters ask for, and what the worker says of themselves."""
    worker = request.worker
    facts = facts_of(worker)
    query, sort = request.GET.get("search", "").strip()[:200], request.GET.get("sort", "")
    found = held_page(worker, query=query, sort=sort, after=page_ended_at(request) or 0, limit=HELD_PAGE)
    rows, next_cursor = one_page(found, HELD_PAGE, lambda one: one.pk)
    context = {
        "held": [_held(one) for one in rows],
        "next_cursor": next_cursor,
        "search": query,
        "sort": sort if sort in SORTS else "granted",
        "sorts": SORTS.items(),
        "revoked": [_held(one) for one in lost_by(worker)],
        "record": [(type_name(one), value_words(one, facts.values[one] or 0)) for one in _RECORD],
        "place": country(facts.locale) if facts.locale else "",
        "adult": bool(facts.values[ADULT]),
        "states": sorted(US_SUBDIVISIONS.items(), key=lambda one: one[1]) if worker.country == "US" else [],
        "subdivision": worker.subdivision,
    }
    return render(request, "worker/standing/qualifications.html", context)


@require_GET
@worker_required
def find(request: WorkerRequest) -> HttpResponse:
    """Qualifications that can be asked for, by name; those that hold the words looked for."""
    query, after = request.GET.get("search", "")[:200], request.GET.get("after", "")
    found = find_types(query=query, requestable=True).filter(is_active=True)
    if looks_like_id(after) and (last := found.filter(public_id=after).first()):
        found = found.filter(name__gte=last.name).exclude(name=last.name, pk__lte=last.pk)
    rows, next_cursor = one_page(found, PAGE_SIZE, lambda kind: kind.public_id)
    mine = {one.type_id for one in held_by(request.worker) if one.revoked_at is None}
    context = {
        "rows": [(kind, kind.pk in mine) for kind in rows],
        "search": query,
        "next_cursor": next_cursor,
    }
    return render(request, "worker/standing/qualifications_find.html", context)


@require_GET
@worker_required
def requests(request: WorkerRequest) -> HttpResponse:
    """What the worker asked for, and what became of it."""
    found = requests_by(request.worker, after=page_ended_at(request) or 0, limit=HELD_PAGE + 1)
    rows, next_cursor = one_page(found, HELD_PAGE, lambda one: one.pk)
    context = {"lines": [_line(one) for one in rows], "next_cursor": next_cursor}
    return render(request, "worker/standing/qualifications_pending.html", context)


@require_GET
@worker_required
def qualification(request: WorkerRequest, type_id: str) -> HttpResponse:
    """One qualification: what it says, whether the worker has it, how to get it."""
    if type_id == LEVEL:  # has a page of its own, which says more
        return redirect("worker:level")
    now, kind = timezone.now(), type_of(type_id)
    last = last_request(request.worker, kind)
    refusal = refusal_to_come(worker=request.worker, type_id=type_id, now=now)
    mine = qualification_of(request.worker, kind)
    context = {
        "kind": kind,
        "name": type_name(kind.public_id, kind.name),
        "mine": _held(mine) if mine and mine.revoked_at is None else None,
        "taken_back": mine if mine and mine.revoked_at else None,
        "last": _line(last) if last else None,
        "refused": refusal_message(refusal) if refusal else "",
        "is_open": _is_open(last, now),
    }
    return render(request, "worker/standing/qualification.html", context)


@require_http_methods(["GET", "POST"])
@worker_required
def ask(request: WorkerRequest, type_id: str) -> HttpResponse:
    """Ask: to the test where there is one, else back with what happened.

    A link asks for nothing: it leads to the page with the button.
    """
    if request.method == "GET":
        return redirect("worker:qualification", type_id)
    asked = request_qualification(worker=request.worker, type_id=type_id, now=timezone.now())
    if asked.state == RequestState.TAKING:
        return redirect("worker:qualification_test", asked.public_id)
    messages.success(request, _said(asked))
    return redirect("worker:qualification", type_id)


@require_http_methods(["GET", "POST"])
@worker_required
def test(request: WorkerRequest, request_id: str) -> HttpResponse:
    """The test while its time runs; afterwards what came of it. A POST hands it in."""
    now = timezone.now()
    asked = own_request(request.worker, request_id)
    if request.method == "POST":
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
        try:
            asked = submit_test(worker=request.worker, request_id=request_id, fields=fields, now=now)
        except FaultyTest as faulty:
            problems = faulty.facts["problems"]
            assert isinstance(problems, list)
            return _show_test(request, asked, now, fields=fields, problems=problems)
        messages.success(request, _said(asked))
        return redirect("worker:qualification", asked.type.public_id)
    if not _is_open(asked, now):
        return redirect("worker:qualification", asked.type.public_id)
    return _show_test(request, asked, now)


@require_POST
@worker_required
def adult(request: WorkerRequest) -> HttpResponse:
    """The worker says whether they take work with adult content."""
    declare_adult(worker=request.worker, accepts="accepts" in request.POST, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("worker:qualifications")


@require_POST
@worker_required
def subdivision(request: WorkerRequest) -> HttpResponse:
    """The worker says in which of the United States they live."""
    chosen, now = request.POST.get("subdivision", ""), timezone.now()
    return act(
        request,
        lambda: save_subdivision(worker=request.worker, subdivision=chosen, now=now),
        done=_("Saved."),
        back="worker:qualifications",
    )


def _show_test(
    request: WorkerRequest,
    asked: QualificationRequest,
    now: datetime,
    *,
    fields: Sequence[tuple[str, str]] = (),
    problems: Iterable[Problem] = (),
) -> HttpResponse:
    form = stored_form(asked.test)
    parts = question_forms.parts(form, pairs=fields, problems=problems)
    faulty = [row for row in question_forms.rows_of(parts) if row.error]
    clock = {"accepted_at": asked.requested_at, "deadline_at": asked.deadline_at}
    context = {"asked": asked, "parts": parts, "faulty": faulty, "clock": clock, "now": now}
    response = render(
        request, "worker/standing/qualification_test.html", context, status=422 if faulty else 200
    )
    if sources := content.sources(form):
        response.headers[HEADER] = policy_with(sources)
    return response


def _is_open(asked: QualificationRequest | None, now: datetime) -> bool:
    """A test whose time runs."""
    return (
        asked is not None
        and asked.state == RequestState.TAKING
        and asked.deadline_at is not None
        and asked.deadline_at > now
    )


def _said(asked: QualificationRequest) -> str:
    if asked.state == RequestState.GRANTED:
        if asked.value is None or not asked.test:
            return _("You have the qualification now.")
        return _("You have the qualification now. Your score: %(value)s.") % {
            "value": value_words(asked.type.public_id, asked.value)
        }
    return _("Handed in. The requester decides.") if asked.test else _("Asked. The requester decides.")


def _held(one: Qualification) -> Held:
    kind: QualificationType = one.type
    value = "" if one.value is None else value_words(kind.public_id, one.value)
    return Held(one, type_name(kind.public_id, kind.name), value)


def _line(one: QualificationRequest) -> RequestLine:
    words, badge = STATES[one.state]
    return RequestLine(one, words, badge)
