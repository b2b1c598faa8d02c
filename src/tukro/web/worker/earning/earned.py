"""Earnings looked at in every way: by day, week, month and requester; and goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tukro.kernel.money import Money
from tukro.money.actions.balances.goals import set_goals
from tukro.money.models import EarningsGoal
from tukro.money.queries import goal_of
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.forms.amounts import AmountField
from tukro.work.queries.of_worker.earned import PERIODS, By, earned_by

WORDS: dict[By, Promise] = {
    "day": gettext_lazy("By day"),
    "week": gettext_lazy("By week"),
    "month": gettext_lazy("By month"),
    "requester": gettext_lazy("By requester"),
}
_LOOK_BACK = {
    "day": timedelta(days=30),
    "week": timedelta(weeks=26),
    "month": timedelta(days=730),
    "requester": timedelta(days=730),
}


class GoalForm(forms.Form):
    daily = AmountField(
        label=gettext_lazy("In a day, in US dollars"), required=False, minimum=Money.parse("0.01")
    )
    weekly = AmountField(
        label=gettext_lazy("In seven days, in US dollars"), required=False, minimum=Money.parse("0.01")
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal is: ``percent`` ends at 100."""

    words: str | Promise
    earned: Money
    goal: Money

    @property
    def percent(self) -> int:
        return min(100, self.earned.units * 100 // self.goal.units)

    @property
    def is_reached(self) -> bool:
        return self.earned >= self.goal


def progress_of(goal: EarningsGoal | None, *, today: Money, week: Money) -> list[Progress]:
    """The goals that are set, with what was earned towards them."""
    if goal is None:
        return []
    rows = ((_("Today"), today, goal.daily), (_("Seven days"), week, goal.weekly))
    return [Progress(words, earned, wanted) for words, earned, wanted in rows if wanted]


@require_GET
@worker_required
def report(request: WorkerRequest) -> HttpResponse:
    """One table in the chosen way, with the time that was not paid."""
    asked = request.GET.get("by", "day")
    by: By = next((period for period in PERIODS if period == asked), "day")
    rows = earned_by(request.worker, by, since=timezone.now() - _LOOK_BACK[by])
    context = {
        "by": by,
        "ways": [(period, WORDS[period]) for period in PERIODS],
        "rows": rows,
        "unpaid": sum(row.unpaid_seconds for row in rows),
        "paid": sum(row.paid_seconds for row in rows),
        "total": sum((row.total for row in rows), Money.zero()),
    }
    return render(request, "worker/earning/earned.html", context)


@require_http_methods(["GET", "POST"])
@worker_required
def goals(request: WorkerRequest) -> HttpResponseBase:
    """Set, change and take away goals."""
    known = goal_of(request.worker)
    initial = {"daily": known.daily or None, "weekly": known.weekly or None} if known else {}
    form = GoalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        none = Money.zero()
        set_goals(worker=request.worker, daily=wanted["daily"] or none, weekly=wanted["weekly"] or none)
        messages.success(request, _("Your goals are saved."))
        return redirect("worker:earnings")
    return render(request, "worker/earning/goals.html", {"form": form}, status=422 if form.is_bound else 200)


urlpatterns = [
    path("earnings/report", report, name="earned"),
    path("earnings/goals", goals, name="goals"),
]
