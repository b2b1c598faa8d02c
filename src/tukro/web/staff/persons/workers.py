"""Worker accounts that staff look at: approve, refuse or suspend, with a reason that the person reads."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tukro.journal.queries import history
from tukro.money.queries import payouts_of, worker_balance
from tukro.money.queries.holds import holds_of
from tukro.people.actions.country import change_country, keep_country
from tukro.people.actions.joining import approve_worker, refuse_worker, suspend_worker
from tukro.people.queries import (
    contact_of,
    country_request_of,
    country_requests,
    is_proved,
    place_of,
    workers_to_review,
)
from tukro.people.queries.named import worker_named
from tukro.people.rules import next_worker_state
from tukro.privacy.queries import known_to
from tukro.web.alike.acts import act
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.staff.paying_out.holds import hold_lines
from tukro.web.staff.persons.qualifications import given_to
from tukro.web.staff.who import names_of
from tukro.web.words.holds import CHOICES
from tukro.web.words.payouts import payout_line
from tukro.web.words.places import country_choices
from tukro.web.words.workers import STATES

SHOWN = 50


@require_GET
@staff_required
def workers(request: StaffRequest) -> HttpResponse:
    """Accounts that nobody has looked at, and other countries asked for, the longest waiting first."""
    waiting = {"workers": workers_to_review(SHOWN), "moved": country_requests(SHOWN)}
    return render(request, "staff/persons/workers.html", waiting)


@require_GET
@staff_required
def worker(request: StaffRequest, worker_id: str) -> HttpResponse:
    """One worker: who, where, money, withdrawals, history."""
    found = worker_named(worker_id)
    available, reserved, in_transit = worker_balance(found)
    words, badge = STATES[found.state]
    looked_at = found.reviewed_at is not None
    context = {
        "worker": found,
        "state": {"words": words, "badge": badge},
        "can_approve": bool(next_worker_state(found.state, "approve"))
        and not (looked_at and found.state == "active"),
        "can_refuse": bool(next_worker_state(found.state, "refuse")) and not looked_at,
        "can_suspend": bool(next_worker_state(found.state, "suspend")) and looked_at,
        "reviewed_by": names_of([found.reviewed_by]).get(found.reviewed_by, ""),
        "paused_until": found.paused_until
        if found.paused_until and found.paused_until > timezone.now()
        else None,
        "contact": contact_of(found.user),
        "asked_country": country_request_of(found),
        "countries": country_choices(),
        "is_proved": is_proved(found, place_of(found)),
        "phones": found.phones.order_by("-proved_at"),
        "available": available,
        "withdrawing": reserved + in_transit,
        "qualifications": given_to(found),
        "payouts": [payout_line(one) for one in payouts_of(found)[:10]],
        "holds": hold_lines(holds_of(found)),
        "hold_codes": CHOICES,
        "known_to": known_to(found, limit=SHOWN),
        "events": history(found.public_id).reverse()[:SHOWN],
    }
    return render(request, "staff/persons/worker.html", context)


@require_POST
@staff_required
def approve(request: StaffRequest, worker_id: str) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: approve_worker(by=request.user.actor, worker_id=worker_id, now=now),
        done=_("The worker account was approved; an e-mail tells the person."),
        back=_back(request, worker_id),
    )


@require_POST
@staff_required
def refuse(request: StaffRequest, worker_id: str) -> HttpResponse:
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: refuse_worker(by=request.user.actor, worker_id=worker_id, reason=reason, now=now),
        done=_("The worker account was refused; an e-mail tells the person why."),
        back=_back(request, worker_id),
    )


@require_POST
@staff_required
def suspend(request: StaffRequest, worker_id: str) -> HttpResponse:
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: suspend_worker(by=request.user.actor, worker_id=worker_id, reason=reason, now=now),
        done=_("The worker account was suspended."),
        back=_back(request, worker_id),
    )


@require_POST
@staff_required
def country(request: StaffRequest, worker_id: str) -> HttpResponse:
    """Another country where the worker works, whether or not they asked for it."""
    now, told = timezone.now(), {name: request.POST.get(name, "") for name in ("country", "reason")}
    return act(
        request,
        lambda: change_country(by=request.user.actor, worker_id=worker_id, now=now, **told),
        done=_("The country was changed; the person is told why."),
        back=_back(request, worker_id),
    )


@require_POST
@staff_required
def country_kept(request: StaffRequest, worker_id: str) -> HttpResponse:
    """The country stays, though the worker asked for another one."""
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: keep_country(by=request.user.actor, worker_id=worker_id, reason=reason, now=now),
        done=_("The country stays; the person is told why."),
        back=_back(request, worker_id),
    )


def _back(request: StaffRequest, worker_id: str) -> str:
    """To the queue when the button stood there, else to the worker's page."""
    return reverse("staff:workers") if "queue" in request.POST else reverse("staff:worker", args=[worker_id])
