"""What this house says of each kind of withdrawal: offered, limits, fee, what needs no approval; the wait."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.money import Money
from tukro.money.actions.paying_out.terms import LONGEST_COOLING
from tukro.money.actions.proposals.rule_acts import ChangeCooling, ChangeTerms
from tukro.money.models import PayoutTerms
from tukro.money.providers.registry import senders
from tukro.money.queries import all_terms, policy
from tukro.money.queries.proposals import waiting_for
from tukro.web.alike.acts import done_by_form, propose
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.words.payouts import KINDS


class TermsForm(forms.Form):
    """One kind. What is left empty is as for all kinds, or has no limit."""

    offered = forms.BooleanField(label=_("Workers may choose it"), required=False)
    minimum = AmountField(label=_("Smallest withdrawal"), required=False)
    maximum = AmountField(label=_("Largest at once"), required=False)
    daily_maximum = AmountField(label=_("Largest in a day for one worker"), required=False)
    fee = AmountField(label=_("Fee per withdrawal"), required=False)
    approved_up_to = AmountField(
        label=_("Approved by itself up to"),
        help_text=_("0: staff approve each. Where a provider is set up, what is approved is sent at once."),
    )


class CoolingForm(forms.Form):
    hours = forms.IntegerField(
        label=_("Hours that a new place waits"),
        help_text=_("Meanwhile its worker, who is told by mail, can object. 72 is three days."),
        min_value=0,
        max_value=LONGEST_COOLING,
    )


@require_GET
@staff_required
def terms(request: StaffRequest) -> HttpResponse:
    """All kinds in one table."""
    return _page(request, CoolingForm(initial={"hours": policy().payout_cooling_hours}))


@require_POST
@staff_required
def cooling(request: StaffRequest) -> HttpResponse:
    """Change how long a new place waits."""
    form = CoolingForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    what = ChangeCooling.to(form.cleaned_data["hours"])
    return propose(request, what, done=_("Saved."), back=reverse("staff:payout_terms"))


@require_http_methods(["GET", "POST"])
@staff_required
def kind(request: StaffRequest, kind: str) -> HttpResponse:
    """Change one kind."""
    if kind not in KINDS:
        raise Http404
    form = TermsForm(request.POST or None, initial=_now(kind))
    if request.method == "POST" and form.is_valid():
        amounts = dict(form.cleaned_data)
        offered = amounts.pop("offered")
        changed = partial(ChangeTerms.to, kind, offered=offered, amounts=amounts)
        if done_by_form(request, form, changed, done=_("Saved.")):
            return redirect("staff:payout_terms")
    waits = waiting_for(f"payout_terms:{kind}", timezone.now())
    context = {"form": form, "kind": KINDS[kind], "code": kind, "waits": waits}
    return render(
        request, "staff/paying_out/payout_terms_kind.html", context, status=422 if form.errors else 200
    )


def _page(request: StaffRequest, form: CoolingForm, *, status: int = 200) -> HttpResponse:
    by = senders()
    context = {
        "cooling_form": form,
        "cooling_waits": waiting_for("money_policy:cooling", timezone.now()),
        "rows": [(KINDS[one.kind], one, by.get(one.kind, "")) for one in all_terms().values()],
    }
    return render(request, "staff/paying_out/payout_terms.html", context, status=status)


def _now(kind: str) -> dict[str, object]:
    said = PayoutTerms.objects.filter(kind=kind).first() or PayoutTerms(kind=kind)
    amounts = {name: getattr(said, name) for name in ("minimum", "maximum", "daily_maximum", "fee")}
    return {name: None if units is None else Money(units) for name, units in amounts.items()} | {
        "offered": said.offered,
        "approved_up_to": said.approved_up_to,
    }
