"""Staff's money home: every queue of money with how much waits and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tukro.money.queries.queues import Queue, money_queues, open_disputes
from tukro.web.entry.access import StaffRequest, staff_required

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Words:
    """What a queue is called, what is to be done, what is said when it is empty; and where it is."""

    name: Promise
    what: Promise
    empty: Promise
    view: str
    query: str = ""


QUEUES: Mapping[str, Words] = {
    "proposals": Words(
        _("Second persons"),
        _("Confirm or decline what a colleague proposed."),
        _("No act waits for a second person."),
        "proposals",
    ),
    "approve": Words(
        _("Withdrawals to approve"),
        _("Look at them and say that they may go out."),
        _("No withdrawal waits for your word."),
        "payouts",
        "?state=requested",
    ),
    "send": Words(
        _("Withdrawals to send"),
        _("A provider, a file or you by hand."),
        _("Nothing approved waits to be sent."),
        "payouts",
        "?state=approved",
    ),
    "unknown": Words(
        _("Withdrawals without an answer"),
        _("Perhaps paid, perhaps not: find out."),
        _("Every provider has answered."),
        "payouts",
        "?state=unknown",
    ),
    "sent": Words(
        _("Withdrawals on the way"),
        _("Sent, not yet known to have arrived."),
        _("Nothing is on the way."),
        "payouts",
        "?state=sent",
    ),
    "holds": Words(
        _("Holds"),
        _("Look at what is held, and let it go with a reason."),
        _("Nothing is held."),
        "holds",
    ),
    "signals": Words(
        _("Shared places and contradictions"),
        _("Two workers with one account, or a provider that says otherwise."),
        _("No contradiction."),
        "payout_signals",
    ),
    "unmatched": Words(
        _("Money without an owner"),
        _("Find whose it is, or send it back."),
        _("All money that came has an owner."),
        "unmatched",
    ),
    "hits": Words(
        _("Requesters like somebody on a sanctions list"),
        _("Nothing is paid in by them or back to them until you have decided."),
        _("No name of a requester is like one on the lists."),
        "sanctions",
    ),
    "refunds": Words(
        _("Refunds to send back"),
        _("Send them by hand, or find out what became of them."),
        _("No refund waits for you."),
        "refunds",
    ),
    "disputes": Words(
        _("Disputes"),
        _("A payer asks for the money back, or their bank has taken it: answer at the provider."),
        _("No dispute is open."),
        "disputes",
    ),
    "rates": Words(
        _("Exchange rates that jumped"),
        _("A source told them; nothing uses them until you say that they are right."),
        _("No rate waits for your word."),
        "rates",
    ),
    "differences": Words(
        _("Differences in reports"),
        _("Of the last report of each provider."),
        _("Every report that was compared agrees with the books."),
        "reconciling",
    ),
    "returned": Words(
        _("Withdrawals that came back"),
        _("In the last 30 days; the workers have their money again."),
        _("Nothing came back in the last 30 days."),
        "payouts",
        "?state=returned",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    queue: Queue
    words: Words
    url: str


@require_GET
@staff_required
def money(request: StaffRequest) -> HttpResponse:
    """All queues of money, those with something in them first to be seen."""
    queues = money_queues(timezone.now())
    lines = [_line(queue) for queue in queues]
    waiting = [one for one in lines if one.queue.count]
    context = {"waiting": waiting, "empty": [one for one in lines if not one.queue.count]}
    return render(request, "staff/books/money.html", context)


@require_GET
@staff_required
def disputes(request: StaffRequest) -> HttpResponse:
    """Disputes that are open, the oldest first, each with its deposit."""
    return render(request, "staff/books/disputes.html", {"disputes": open_disputes()[:SHOWN]})


def _line(queue: Queue) -> Line:
    words = QUEUES[queue.code]
    return Line(queue, words, f"{reverse(f'staff:{words.view}')}{words.query}")


urlpatterns = [
    path("money", money, name="money"),
    path("money/disputes", disputes, name="disputes"),
]
