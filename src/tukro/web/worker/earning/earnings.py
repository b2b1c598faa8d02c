"""A worker's money: what is earned, what still waits for review, what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.money import Money
from tukro.money.queries import (
    StatementRow,
    all_terms,
    goal_of,
    payout_methods_of,
    places_to_ask_for,
    smallest_withdrawal,
    statement,
    withdrawn_total,
    worker_balance,
)
from tukro.money.queries.unclaimed import unclaimed_of
from tukro.web.alike import claiming
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.alike.statements import statement_page
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.words.transfers import TRANSFERS
from tukro.web.worker.earning.earned import progress_of
from tukro.work.queries import bonuses_of, earnings_by_day, hourly_rate, pending_earnings, titles_of
from tukro.work.rules import HOURLY_SAMPLE

DAYS_SHOWN = 14
STATEMENT_ROWS = 30
SHOWN = 50
_CHART_HEIGHT = 100
_COLUMN_WIDTH = 20


@require_GET
@worker_required
def earnings(request: WorkerRequest) -> HttpResponse:
    """The one page about money: figures, the last two weeks, pay per hour, bonuses, every movement."""
    now = timezone.now()
    worker = request.worker
    available, reserved, in_transit = worker_balance(worker)
    rows = statement(worker.public_id, before=page_ended_at(request), limit=STATEMENT_ROWS + 1)
    shown, next_cursor = one_page(rows, STATEMENT_ROWS, lambda row: row.id)
    terms, hourly = all_terms(), hourly_rate(worker)
    days = earnings_by_day(worker, days=DAYS_SHOWN, now=now)
    week = sum((amount for _day, amount in days[-7:]), Money.zero())
    context = {
        "goals": progress_of(goal_of(worker), today=days[-1][1], week=week),
        "available": available,
        "pending": pending_earnings(worker),
        "withdrawing": reserved + in_transit,
        "withdrawn": withdrawn_total(worker),
        "unclaimed": unclaimed_of(worker),
        "minimum": smallest_withdrawal(places_to_ask_for(payout_methods_of(worker), terms, now), terms),
        "chart": day_chart(days),
        "hourly": hourly,
        "hourly_rate": hourly.rate,
        "hourly_needed": HOURLY_SAMPLE,
        "bonuses": bonuses_of(worker, limit=10),
        "rows": _in_words(shown),
        "next_cursor": next_cursor,
    }
    return render(request, "worker/earning/earnings.html", context)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the statement, with the title of the work that it is about, if it is about work."""

    row: StatementRow
    words: str | Promise
    title: str


def _in_words(rows: list[StatementRow]) -> list[Movement]:
    titles = titles_of([row.subject for row in rows])
    return [Movement(row, TRANSFERS[row.kind], titles.get(row.subject, "")) for row in rows]


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the chart, in units of its viewBox."""

    day: date
    amount: Money
    left: int
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    total: Money
    width: int

    @property
    def latest_first(self) -> list[Column]:
        return self.columns[::-1]


def day_chart(days: list[tuple[date, Money]]) -> Chart:
    """Columns as high as the day's share of the best day; a day with any pay can be seen."""
    largest = max((amount for _, amount in days), default=Money.zero())
    columns = []
    for no, (day, amount) in enumerate(days):
        height = max(2, amount.units * _CHART_HEIGHT // largest.units) if amount else 0
        columns.append(Column(day, amount, no * _COLUMN_WIDTH + 3, _CHART_HEIGHT - height, height))
    total = sum((amount for _, amount in days), Money.zero())
    return Chart(columns, total, max(len(days), 1) * _COLUMN_WIDTH)


@require_GET
@worker_required
def statement_of_period(request: WorkerRequest) -> HttpResponseBase:
    """What moved the available balance in a period, on the page and as a file."""
    worker = request.worker
    return statement_page(
        request,
        owner=worker.public_id,
        name=worker.user.email,
        words=TRANSFERS,
        template="worker/earning/statement.html",
    )


@require_POST
@worker_required
def claim(request: WorkerRequest) -> HttpResponse:
    """Take back what was set apart."""
    return claiming.claim(request, request.worker, back="worker:earnings")


urlpatterns = [
    path("earnings", earnings, name="earnings"),
    path("earnings/claim", claim, name="claim"),
    path("earnings/statement", statement_of_period, name="statement"),
]
