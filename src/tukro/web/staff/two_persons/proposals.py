"""What waits for a second person: a colleague looks at it and confirms it, or declines it and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tukro.money.actions.proposals.waiting import act_of, confirm_proposal, decline_proposal
from tukro.money.models import Proposal
from tukro.money.queries import policy
from tukro.money.queries.proposals import ended_proposals, waiting_proposals
from tukro.people.models import User
from tukro.web import formats
from tukro.web.alike.acts import act
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.staff.two_persons.fact import Fact, Named
from tukro.web.staff.two_persons.facts import facts_of, named_in
from tukro.web.staff.two_persons.titles import STATES, title_of

SHOWN = 100
PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    row: Proposal
    title: str
    facts: list[Fact]
    state: str | Promise
    proposer: str
    decider: str
    own: bool


@require_GET
@staff_required
def proposals(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first; below it what was decided, the newest first."""
    before = page_ended_at(request)
    waiting = [] if before else list(waiting_proposals(timezone.now())[:SHOWN])
    ended, next_cursor = one_page(ended_proposals(before=before), PAGE, lambda one: one.pk)
    rows = [*waiting, *ended]
    names, named = _names(rows), named_in(map(act_of, rows))
    context: dict[str, Any] = {
        "waiting": [_line(one, names, named, request.user) for one in waiting],
        "ended": [_line(one, names, named, request.user) for one in ended],
        "is_first": before is None,
        "next_cursor": next_cursor,
        "limit": policy().two_persons_above,
    }
    return render(request, "staff/two_persons/proposals.html", context)


@require_POST
@staff_required
def confirm(request: StaffRequest, proposal_id: str) -> HttpResponse:
    """A second person does it."""
    by, now = request.user.actor, timezone.now()
    return act(
        request,
        lambda: confirm_proposal(by=by, proposal_id=proposal_id, now=now),
        done=_("Confirmed: it is done."),
        back=reverse("staff:proposals"),
    )


@require_POST
@staff_required
def decline(request: StaffRequest, proposal_id: str) -> HttpResponse:
    """It is not done: declined by a colleague, or taken back by who proposed it."""
    by, now, reason = request.user.actor, timezone.now(), request.POST.get("reason", "")
    return act(
        request,
        lambda: decline_proposal(by=by, proposal_id=proposal_id, reason=reason, now=now),
        done=_("It is not done, and waits no more."),
        back=reverse("staff:proposals"),
    )


def _line(row: Proposal, names: dict[str, str], named: Named, reader: User) -> Line:
    proposed = act_of(row)
    return Line(
        row=row,
        title=title_of(proposed),
        facts=_without_amount(row, facts_of(proposed, named)),
        state=STATES[row.state],
        proposer=names.get(row.proposed_by, row.proposed_by),
        decider=names.get(row.decided_by, ""),
        own=row.proposed_by == str(reader.actor),
    )


def _without_amount(row: Proposal, facts: list[Fact]) -> list[Fact]:
    """The amount in dollars stands above the facts: those that say it again are left out."""
    above = formats.money(row.amount) if row.amount is not None else ""
    return [one for one in facts if (str(one.label), one.value) != (_("Amount"), above)]


def _names(rows: list[Proposal]) -> dict[str, str]:
    """The addresses of the members of staff who are named in these rows, by actor."""
    named = {name for row in rows for name in (row.proposed_by, row.decided_by)}
    ids = [name.removeprefix("staff:") for name in named if name.startswith("staff:")]
    people = User.objects.filter(pk__in=[one for one in ids if one.isdecimal()])
    return {f"staff:{one.pk}": one.email for one in people}
