"""What the operator asks of workers' records: a level for dear work, and the rule of the success rate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.money import Money
from tukro.money.actions.proposals.rule_acts import ChangeLevelRewards
from tukro.money.queries import policy
from tukro.money.queries.proposals import waiting_for
from tukro.people.queries.named import worker_named
from tukro.qualifications.actions.standing import change_success_rule, end_pause, success_rule
from tukro.qualifications.rules.levels import LEVELS, SuccessRule
from tukro.web import formats
from tukro.web.alike.acts import act, done_by_form
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField


class RewardsForm(forms.Form):
    """From which reward on which level is asked; an empty field asks nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in LEVELS:
            label = _("Level %(level)s from this reward on") % {"level": formats.number(one.no)}
            self.fields[f"level_{one.no}"] = AmountField(label=label, required=False)

    @property
    def rewards(self) -> list[Money]:
        return [self.cleaned_data[f"level_{one.no}"] or Money(0) for one in LEVELS]


class RuleForm(forms.Form):
    is_on = forms.BooleanField(
        label=gettext_lazy("Workers with a low success rate take a pause"), required=False
    )
    least_percent = forms.IntegerField(
        label=gettext_lazy("Least share approved, in percent"), min_value=1, max_value=100
    )
    window_days = forms.IntegerField(
        label=gettext_lazy("Counted over so many days"), min_value=1, max_value=365
    )
    minimum = forms.IntegerField(label=gettext_lazy("From so many decisions on"), min_value=1, max_value=1000)
    pause_days = forms.IntegerField(label=gettext_lazy("Days without new work"), min_value=1, max_value=90)


@require_GET
@staff_required
def levels(request: StaffRequest) -> HttpResponse:
    """Both rules, each with its own form."""
    return _page(request)


@require_POST
@staff_required
def rewards(request: StaffRequest) -> HttpResponse:
    """Ask levels for dear work; what is published stays as it is."""
    form = RewardsForm(request.POST)
    if not form.is_valid():
        return _page(request, rewards_form=form, status=422)
    done = _("The rule for levels was saved.")
    if not done_by_form(request, form, lambda: ChangeLevelRewards.to(form.rewards), done=done):
        return _page(request, rewards_form=form, status=422)
    return redirect("staff:levels")


@require_POST
@staff_required
def success(request: StaffRequest) -> HttpResponse:
    """The rule of the success rate."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, rule_form=form, status=422)
    change_success_rule(by=request.user.actor, rule=SuccessRule(**form.cleaned_data), now=timezone.now())
    messages.success(request, _("The rule for the success rate was saved."))
    return redirect("staff:levels")


@require_POST
@staff_required
def go_on(request: StaffRequest, worker_id: str) -> HttpResponse:
    """End a worker's pause."""
    worker = worker_named(worker_id)
    now = timezone.now()
    return act(
        request,
        lambda: end_pause(by=request.user.actor, worker=worker, now=now),
        done=_("The worker can take new work again."),
        back=reverse("staff:worker", args=[worker_id]),
    )


def _page(
    request: StaffRequest,
    *,
    rewards_form: RewardsForm | None = None,
    rule_form: RuleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = policy().level_rewards
    typed = {f"level_{no}": Money(units) for no, units in enumerate(kept, start=1) if units}
    rule = success_rule()
    names = ("is_on", "least_percent", "window_days", "minimum", "pause_days")
    context = {
        "rewards_form": rewards_form or RewardsForm(initial=typed),
        "rewards_wait": waiting_for("money_policy:levels", timezone.now()),
        "rule_form": rule_form or RuleForm(initial={name: getattr(rule, name) for name in names}),
    }
    return render(request, "staff/persons/levels.html", context, status=status)
