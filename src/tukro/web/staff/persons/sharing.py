"""Accounts that share something: signals that they may be of one person. Nothing follows by itself."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tukro.journal.actions import record
from tukro.money.queries.sharing import shared_places
from tukro.people.models import Worker
from tukro.people.queries.named import worker_named
from tukro.people.queries.sharing import KINDS, Shared, shared
from tukro.people.rules.sharing import SIGN_INS_KEPT
from tukro.web import formats
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.words.workers import STATES

SHOWN = 30
WORDS = {
    "payout": (
        _("Place for money"),
        _("Somebody gave a bank account, wallet or address that another account had. It was refused."),
    ),
    "phone": (
        _("Phone number"),
        _("Codes for one number were asked from several accounts, or the number changed hands."),
    ),
    "address": (
        _("Postal address"),
        _(
            "Several accounts live at one address. Families and hostels do; so does one person with many "
            "names."
        ),
    ),
    "name": (
        _("Name and town"),
        _("Several accounts have one name in one town. Common names meet often: look for a second signal."),
    ),
    "line": (
        _("Line and browser"),
        _(
            "Several accounts signed in from one line with browsers of one name, within %(days)s days. "
            "Neighbours share lines, above all behind phone companies: this alone says little."
        ),
    ),
}


@require_GET
@staff_required
def sharing(request: StaffRequest) -> HttpResponse:
    """All accounts that share one kind of thing; or, with ``worker``, all that one account shares.

    It shows personal data of several people at once, so who looked is written down.
    """
    worker_id, asked = request.GET.get("worker", ""), request.GET.get("kind", "")
    worker = worker_named(worker_id) if worker_id else None
    kind = asked if asked in WORDS else "payout"
    record(
        name="SharedSignalsRead",
        actor=request.user.actor,
        subject=worker.public_id if worker else "sharing",
        at=timezone.now(),
        facts={} if worker else {"kind": kind},
    )
    after = None if worker else _cursor(request.GET.get("after", ""))
    wanted = list(WORDS) if worker else [kind]
    found = {one: _shared(one, worker, after) for one in wanted}
    rows = [_line(one) for each in found.values() for one in each[:SHOWN]]
    last = found[kind][SHOWN - 1] if not worker and len(found[kind]) > SHOWN else None
    context = {
        "worker": worker,
        "kind": kind,
        "kinds": [(code, label) for code, (label, _help) in WORDS.items()],
        "help": WORDS[kind][1] % {"days": formats.number(SIGN_INS_KEPT.days)},
        "rows": rows,
        "next_cursor": f"{last.last_at.isoformat()}|{last.key}" if last else "",
    }
    return render(request, "staff/persons/sharing.html", context)


def _shared(kind: str, worker: Worker | None, before: tuple[datetime, str] | None) -> list[Shared]:
    if kind == "payout":
        return shared_places(worker=worker, before=before, limit=SHOWN + 1)
    known = next(one for one in KINDS if one == kind)
    return shared(known, worker=worker, before=before, limit=SHOWN + 1)


def _cursor(text: str) -> tuple[datetime, str] | None:
    moment, _bar, key = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, key) if at.tzinfo else None


def _line(one: Shared) -> dict[str, object]:
    return {
        "shared": one,
        "label": WORDS[one.kind][0],
        "more": one.count - len(one.workers),
        "workers": [{"row": each, "state": STATES.get(each.state)} for each in one.workers],
    }


urlpatterns = [path("sharing", sharing, name="sharing")]
