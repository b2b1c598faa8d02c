"""Withdrawing: choose place and amount, see fee and what arrives, confirm.

The confirming page carries the id that the withdrawal will have, so that a double click asks once.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.asking import payout_quote, request_payout
from tukro.money.actions.paying_out.payouts import cancel_payout
from tukro.money.models import PayoutMethod
from tukro.money.queries import (
    Terms,
    all_terms,
    is_usable,
    missing_proofs,
    payout_methods_of,
    payouts_of,
    places_to_ask_for,
    schedule_of,
    smallest_withdrawal,
    terms_of,
    worker_balance,
)
from tukro.money.queries.holds import holds_of
from tukro.people.models import PayoutProof
from tukro.people.queries.phones import phone_of
from tukro.web import formats
from tukro.web.alike.acts import act
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals import refusal_message
from tukro.web.words.holds import against_payouts, against_person
from tukro.web.words.payouts import KINDS, method_label, payout_line
from tukro.web.worker.earning.schedules import ScheduleForm, schedule_now

SHOWN = 50


class WithdrawForm(forms.Form):
    """Which method, and all of it or an amount."""

    method = forms.ChoiceField(label=_("Send it to"), widget=forms.RadioSelect)
    which = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect)
    amount = AmountField(label=_("Another amount in US dollars"), required=False)

    def __init__(self, *args: Any, methods: list[PayoutMethod], available: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.available = available
        method, which = self.fields["method"], self.fields["which"]
        assert isinstance(method, forms.ChoiceField)
        assert isinstance(which, forms.ChoiceField)
        method.choices = [(str(one.pk), method_label(one)) for one in methods]
        which.choices = [("all", _("All that is available")), ("other", _("Another amount"))]
        method.initial, which.initial = (str(methods[0].pk) if methods else ""), "all"

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("which") == "all":
            cleaned["amount"] = self.available.whole_cents()
        elif "amount" in cleaned and cleaned["amount"] is None:
            self.add_error("amount", ValidationError(_("Write how much you want to withdraw.")))
        return cleaned


@require_http_methods(["GET", "POST"])
@worker_required
def withdraw(request: WorkerRequest) -> HttpResponse:
    """Choose method and amount; a good choice is shown once more with fee, arrival and what arrives."""
    now = timezone.now()
    available, _reserved, _in_transit = worker_balance(request.worker)
    methods, terms = list(payout_methods_of(request.worker)), all_terms()
    usable = places_to_ask_for(methods, terms, now)
    form = WithdrawForm(request.POST or None, methods=usable, available=available)
    if request.method == "POST" and form.is_valid():
        amount: Money = form.cleaned_data["amount"]
        chosen = next(one for one in usable if str(one.pk) == form.cleaned_data["method"])
        if fault := _amount_fault(amount, available=available, terms=terms[chosen.kind]):
            form.add_error("amount", fault)
        else:
            return _confirm(request, method=chosen, amount=amount)
    offered = [one for one in terms.values() if one.offered]
    minimum = smallest_withdrawal(usable, terms)
    schedule, holds = schedule_of(request.worker), holds_of(request.worker)
    waits = against_payouts(holds)
    unproved = missing_proofs(request.worker, now=now)
    payouts = [payout_line(one, waits.get(one.pk)) for one in payouts_of(request.worker)[:SHOWN]]
    context = {
        "form": form,
        "available": available,
        "methods": [
            {
                "id": one.pk,
                "label": method_label(one),
                "row": one,
                "usable": is_usable(one, now),
                "offered": terms[one.kind].offered,
            }
            for one in methods
        ],
        "some_usable": bool(usable),
        "some_offered": any(terms[one.kind].offered for one in methods),
        "some_unconfirmed": any(terms[one.kind].offered and one.confirmed_at is None for one in methods),
        "kinds": [(one.kind, KINDS[one.kind]) for one in offered],
        "minimum": minimum,
        "missing": minimum - available,
        "asks_letter": PayoutProof.LETTER in unproved,
        "asks_phone": PayoutProof.PHONE in unproved,
        "phone": phone_of(request.worker),
        "enough": available >= minimum,
        "holds": against_person(holds),
        "on_their_way": [one for one in payouts if one.on_its_way],
        "ended": [one for one in payouts if not one.on_its_way],
        "schedule": schedule,
        "schedule_to": method_label(schedule.method) if schedule else "",
        "schedule_form": ScheduleForm(methods=usable, initial=schedule_now(request.worker)),
    }
    return render(request, "worker/earning/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
@worker_required
def confirm(request: WorkerRequest) -> HttpResponse:
    """Do what the page before showed. A second press of the button finds the withdrawal of the first."""
    form, now = ConfirmForm(request.POST), timezone.now()
    if not form.is_valid():
        return redirect("worker:withdraw")
    said, quoted = form.cleaned_data, None
    method = payout_methods_of(request.worker).filter(pk=said["method"]).first()
    if method and not payouts_of(request.worker).filter(public_id=said["payout"]).exists():
        quoted = payout_quote(worker=request.worker, kind=method.kind, amount=said["amount"], now=now)
        if (quoted.rate.pk if quoted.rate else None) != said["rate"]:
            messages.error(request, _("The exchange rate has changed. Look at what arrives once more."))
            return redirect("worker:withdraw")
        if quoted.fee != said["fee"]:
            messages.error(request, _("The fee has changed. Look at what arrives once more."))
            return redirect("worker:withdraw")
        if quoted.tax != said["tax"]:
            messages.error(request, _("The tax has changed. Look at what arrives once more."))
            return redirect("worker:withdraw")
    try:
        request_payout(
            worker=request.worker,
            method_id=said["method"],
            amount=said["amount"],
            payout_id=said["payout"],
            currency=quoted.receives.currency if quoted else "USD",
            now=now,
        )
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("Your withdrawal is asked for. You see below how far it is."))
    return redirect("worker:withdraw")


class ConfirmForm(forms.Form):
    """What the confirming page carries along."""

    method = forms.IntegerField()
    amount = AmountField()
    payout = forms.RegexField(r"^[A-Z0-9]{30}$")
    rate = forms.IntegerField(required=False)  # the exchange rate that was shown
    tax = AmountField()
    fee = AmountField()


@require_POST
@worker_required
def cancel(request: WorkerRequest, payout_id: str) -> HttpResponse:
    """Take back a withdrawal that nobody has sent yet."""
    now = timezone.now()
    return act(
        request,
        lambda: cancel_payout(worker=request.worker, payout_id=payout_id, now=now),
        done=_("The withdrawal was cancelled; the money is available again."),
        back="worker:withdraw",
    )


def _amount_fault(amount: Money, *, available: Money, terms: Terms) -> ValidationError | None:
    """What the verb would refuse, said beside the field while there is still time to change it."""
    if amount < terms.minimum:
        return ValidationError(
            _("The smallest withdrawal is %(minimum)s."), params={"minimum": formats.money(terms.minimum)}
        )
    if terms.maximum is not None and amount > terms.maximum:
        return ValidationError(
            _("At most %(maximum)s at once this way."), params={"maximum": formats.money(terms.maximum)}
        )
    if amount > available:
        return ValidationError(
            _("You have %(available)s available: write that much or less."),
            params={"available": formats.money(available)},
        )
    return None


def _confirm(request: WorkerRequest, *, method: PayoutMethod, amount: Money) -> HttpResponse:
    terms = terms_of(method.kind)
    quoted = payout_quote(worker=request.worker, kind=method.kind, amount=amount, now=timezone.now())
    rate = quoted.rate.pk if quoted.rate else ""
    shown = {"method": method.pk, "amount": amount, "payout": new_id(), "rate": rate}
    carried = ConfirmForm(initial=shown | {"tax": quoted.tax, "fee": quoted.fee})
    for name in carried.fields:
        carried.fields[name].widget = forms.HiddenInput()
    context = {
        "form": carried,
        "method": method_label(method),
        "amount": amount,
        "fee": quoted.fee,
        "tax": quoted.tax,
        "arrives": quoted.receives,
        "rate": quoted.rate,
        "rate_in_digits": f"{quoted.rate.offered.normalize():f}" if quoted.rate else "",
        "terms": terms,
        "at_once": amount <= terms.approved_up_to,
    }
    return render(request, "worker/earning/confirm.html", context)


urlpatterns = [
    path("earnings/withdraw", withdraw, name="withdraw"),
    path("earnings/withdraw/confirm", confirm, name="withdraw_confirm"),
    path("earnings/withdrawals/<str:payout_id>/cancel", cancel, name="withdraw_cancel"),
]
