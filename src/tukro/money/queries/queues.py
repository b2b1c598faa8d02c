"""What of money waits for a person: how much of each, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet

from tukro.money.models import Dispute, DisputeState, Payout, PayoutState, ProviderReport
from tukro.money.queries.balances import waiting_rates
from tukro.money.queries.deposits import refunds_for_staff, unmatched_money
from tukro.money.queries.holds import open_holds
from tukro.money.queries.payouts import open_signals
from tukro.money.queries.proposals import waiting_proposals
from tukro.vetting.queries.sanctions import open_hits

_STATES = {
    "approve": (PayoutState.REQUESTED, "requested_at"),
    "send": (PayoutState.APPROVED, "approved_at"),
    "unknown": (PayoutState.UNKNOWN, "claimed_at"),
    "sent": (PayoutState.SENT, "sent_at"),
}

_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Queue:
    """``since``: when what waits longest came; None: nothing waits, or it bears no time."""

    code: str
    count: int
    since: datetime | None


def money_queues(now: datetime) -> list[Queue]:
    """All of them, in the order in which staff look at them."""
    states: dict[str, dict[str, Any]] = {
        row["state"]: dict(row)
        for row in Payout.objects.filter(state__in=[state for state, _ in _STATES.values()])
        .values("state")
        .annotate(count=Count("pk"), **{name: Min(column) for name, (_, column) in _STATES.items()})
    }
    by_state = [
        Queue(code, states[state]["count"], states[state][code]) if state in states else Queue(code, 0, None)
        for code, (state, _) in _STATES.items()
    ]
    return [
        _queue("proposals", waiting_proposals(now), "proposed_at"),
        *by_state,
        _queue("holds", open_holds(), "held_at"),
        _queue("hits", open_hits().filter(worker=None), "found_at"),
        _queue("signals", open_signals(), "at"),
        _queue("unmatched", unmatched_money(), "arrived_at"),
        _queue("refunds", refunds_for_staff(now), "asked_at"),
        _queue("disputes", open_disputes(), "opened_at"),
        _queue("rates", waiting_rates(), "came_at"),
        _differences(),
        _queue("returned", _returned(now), "returned_at"),
    ]


def open_disputes() -> QuerySet[Dispute]:
    """Disputes that are neither won nor lost, the oldest first."""
    undecided = Dispute.objects.filter(state__in=(DisputeState.FROZEN, DisputeState.TAKEN))
    return undecided.select_related("deposit__requester__user").order_by("id")


def _returned(now: datetime) -> QuerySet[Payout]:
    """What came back lately: the worker has the money, and perhaps a wrong place."""
    return Payout.objects.filter(state=PayoutState.RETURNED, returned_at__gt=now - _LATELY)


def _queue(code: str, rows: QuerySet[Any], since: str) -> Queue:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(since))
    return Queue(code, found["count"], found["since"])


def _differences() -> Queue:
    """Of the last comparison of each provider and currency: those that did not agree."""
    last = ProviderReport.objects.order_by("side", "provider", "currency", "-id")
    open_ones = [one for one in last.distinct("side", "provider", "currency") if one.differences]
    since = min((one.compared_at for one in open_ones), default=None)
    return Queue("differences", sum(len(one.differences) for one in open_ones), since)
