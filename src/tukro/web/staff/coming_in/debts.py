"""Debts of requesters: who owes, what was given up, and taking it up again."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.ids import looks_like_id, new_id
from tukro.money.actions.deposits.write_offs import reinstate_debt
from tukro.money.actions.proposals.house_acts import GiveUpDebt
from tukro.money.models import DebtWriteOff
from tukro.money.queries.deposits import debt_of, owing
from tukro.people.queries.named import requester_named
from tukro.web.alike.acts import act, done_by_form
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField

SHOWN = 50


class WriteOffForm(forms.Form):
    amount = AmountField(label=gettext_lazy("Amount to give up"))
    reason = forms.CharField(label=gettext_lazy("Why, for the person to read"), max_length=300)
    write_off = forms.CharField(widget=forms.HiddenInput, max_length=30)


@require_GET
@staff_required
def debts(request: StaffRequest) -> HttpResponse:
    """Who owes, the most first, and what was given up, the latest first."""
    given_up = DebtWriteOff.objects.select_related("requester__user").order_by("-pk")
    context = {"owing": owing(SHOWN), "given_up": list(given_up[:SHOWN])}
    return render(request, "staff/coming_in/debts.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def write_off(request: StaffRequest, requester_id: str) -> HttpResponse:
    """Give up a debt, or a part of it."""
    requester = requester_named(requester_id)
    debt = debt_of(requester)
    form = WriteOffForm(request.POST or None, initial={"amount": debt, "write_off": new_id()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        write_off = said["write_off"] if looks_like_id(said["write_off"]) else new_id()
        given_up = partial(GiveUpDebt, write_off, requester_id, said["amount"].units, said["reason"])
        done = _("Given up; the requester is told.")
        if done_by_form(request, form, given_up, done=done):
            return redirect("staff:debts")
    context = {"form": form, "requester": requester, "debt": debt}
    return render(request, "staff/coming_in/debt.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def take_up(request: StaffRequest, write_off_id: str) -> HttpResponse:
    """The debt is owed again."""
    reason, now = request.POST.get("reason", ""), timezone.now()
    return act(
        request,
        lambda: reinstate_debt(by=request.user.actor, write_off_id=write_off_id, reason=reason, now=now),
        done=_("The debt is owed again."),
        back="staff:debts",
    )


urlpatterns = [
    path("treasury/debts", debts, name="debts"),
    path("treasury/debts/<str:requester_id>", write_off, name="debt"),
    path("treasury/debts/<str:write_off_id>/again", take_up, name="debt_again"),
]
