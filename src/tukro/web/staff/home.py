"""The staff's first page: what waits, and how long."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tukro.campaigns.queries.posting import projects_waiting
from tukro.money.queries import payout_counts
from tukro.money.queries.balances import waiting_rates
from tukro.money.queries.deposits import unmatched_money
from tukro.money.queries.holds import open_holds
from tukro.money.queries.proposals import waiting_proposals
from tukro.notices.queries import unsent_count
from tukro.notices.queries.conversations import open_reports
from tukro.people.queries import country_requests, letters_to_send, workers_to_review
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.work.queries.of_requester.appeals import open_appeals
from tukro.work.queries.reports import reports_waiting_count


@require_GET
@staff_required
def home(request: StaffRequest) -> HttpResponse:
    """Counts of every queue, each a link to it."""
    counts = payout_counts()
    context = {
        "workers": workers_to_review().count() + country_requests().count(),
        "requested": counts["requested"] + counts["approved"] + counts["held"],
        "sent": counts["sent"] + counts["sending"],
        "unknown": counts["unknown"],
        "holds": open_holds().count(),
        "letters": letters_to_send(),
        "rates": waiting_rates().count(),
        "unmatched": unmatched_money().count(),
        "proposals": waiting_proposals(timezone.now()).count(),
        "projects": len(projects_waiting()),
        "reports": reports_waiting_count(),
        "mails": unsent_count(),
        "appeals": open_appeals().count(),
        "message_reports": open_reports().count(),
    }
    return render(request, "staff/home.html", context)
