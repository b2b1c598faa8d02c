"""Holds: whose withdrawals wait, since when and why; put one on a person, let one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tukro.money.actions.holds import hold_person, release_hold
from tukro.money.models import PayoutHold
from tukro.money.queries.holds import open_holds, released_holds
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.staff.who import names_of
from tukro.web.words.holds import NAMES, note_in_words
from tukro.web.words.payouts import method_label

SHOWN = 50
STATES: dict[str, Promise] = {"open": _("Held now"), "released": _("Let go")}
# Where holds end that are not released by hand.
_OWN_PAGES = {"sanctions": "staff:sanctions"}


@dataclass(frozen=True, slots=True)
class HoldLine:
    row: PayoutHold
    name: Promise
    note: str | Promise
    what: str  # the withdrawal; empty: all of the person's
    own_page: str
    by: str
    released_by: str


def hold_lines(holds: Iterable[PayoutHold]) -> list[HoldLine]:
    found = list(holds)
    names = names_of(by for hold in found for by in (hold.held_by, hold.released_by))
    return [
        HoldLine(
            row=hold,
            name=NAMES[hold.code],
            note=note_in_words(hold.note),
            what=method_label(hold.payout) if hold.payout else "",
            own_page=reverse(_OWN_PAGES[hold.code]) if hold.code in _OWN_PAGES else "",
            by=names.get(hold.held_by, ""),
            released_by=names.get(hold.released_by, ""),
        )
        for hold in found
    ]


@require_GET
@staff_required
def holds(request: StaffRequest) -> HttpResponse:
    """The queue: what is held, the longest first; or what was let go, the latest first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    found = open_holds() if state == "open" else released_holds()
    if after := page_ended_at(request):
        found = found.filter(pk__gt=after) if state == "open" else found.filter(pk__lt=after)
    rows, next_cursor = one_page(found, SHOWN, lambda one: one.pk)
    context = {
        "state": state,
        "states": STATES.items(),
        "count": open_holds().count(),
        "holds": hold_lines(rows),
        "next_cursor": next_cursor,
    }
    return render(request, "staff/paying_out/holds.html", context)


@require_POST
@staff_required
def release(request: StaffRequest, hold_id: str) -> HttpResponse:
    now, reason = timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: release_hold(by=request.user.actor, hold_id=hold_id, reason=reason, now=now),
        done=_("Released; what nothing else keeps goes on."),
        back=_back(request),
    )


@require_POST
@staff_required
def hold(request: StaffRequest, worker_id: str) -> HttpResponse:
    """Stop all withdrawals of one person."""
    now, asked = timezone.now(), request.POST
    return act(
        request,
        lambda: hold_person(
            by=request.user.actor,
            worker_id=worker_id,
            code=asked.get("code", ""),
            note=asked.get("note", ""),
            told=asked.get("told", ""),
            now=now,
        ),
        done=_("All withdrawals of this person wait; they are told why."),
        back=reverse("staff:worker", args=[worker_id]),
    )


def _back(request: StaffRequest) -> str:
    """To the worker's page when the button stood there, else to the queue."""
    worker = request.POST.get("worker", "")
    return reverse("staff:worker", args=[worker]) if worker.isalnum() else reverse("staff:holds")


urlpatterns = [
    path("holds", holds, name="holds"),
    path("holds/<str:hold_id>/release", release, name="hold_release"),
    path("workers/<str:worker_id>/hold", hold, name="worker_hold"),
]
