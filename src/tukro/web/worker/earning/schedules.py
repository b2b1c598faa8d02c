"""Withdrawals that ask for themselves every so many days; the form stands on the page of withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tukro.kernel.errors import Refused
from tukro.money.actions.paying_out.schedules import set_schedule
from tukro.money.models import PayoutMethod
from tukro.money.queries import (
    is_usable,
    payout_methods_of,
    schedule_of,
)
from tukro.money.rules.payouts import SCHEDULES
from tukro.people.models import Worker
from tukro.web import formats
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message
from tukro.web.words.payouts import method_label


class ScheduleForm(forms.Form):
    """Every how many days all that is above the minimum goes where."""

    every = forms.TypedChoiceField(label=_("Withdraw by itself"), coerce=int)
    method = forms.ChoiceField(label=_("Send it to"), required=False)

    def __init__(self, *args: Any, methods: list[PayoutMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every, method = self.fields["every"], self.fields["method"]
        assert isinstance(every, forms.ChoiceField)
        assert isinstance(method, forms.ChoiceField)
        every.choices = [
            (0, _("Never")),
            *((days, _("Every %(days)s days") % {"days": formats.number(days)}) for days in SCHEDULES),
        ]
        method.choices = [(str(one.pk), method_label(one)) for one in methods]


def schedule_now(worker: Worker) -> dict[str, object]:
    """What the form shows at first."""
    schedule = schedule_of(worker)
    return {"every": schedule.every_days, "method": schedule.method_id} if schedule else {"every": 0}


@require_POST
@worker_required
def schedule(request: WorkerRequest) -> HttpResponse:
    """Have it done every so many days, or no more."""
    now = timezone.now()
    methods = [one for one in payout_methods_of(request.worker) if is_usable(one, now)]
    form = ScheduleForm(request.POST, methods=methods)
    if not form.is_valid() or (form.cleaned_data["every"] and not form.cleaned_data["method"]):
        messages.error(request, _("Choose a place that can be used, and every how many days."))
        return redirect("worker:withdraw")
    try:
        set_schedule(
            worker=request.worker,
            every_days=form.cleaned_data["every"],
            method_id=int(form.cleaned_data["method"] or 0),
            now=now,
        )
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("worker:withdraw")


urlpatterns = [
    path("earnings/withdraw/schedule", schedule, name="withdraw_schedule"),
]
