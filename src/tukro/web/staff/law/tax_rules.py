"""Which tax forms are asked of whom, and the tax year; two members of staff change them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.proposals.vetting_acts import AskTaxForm, ChangeTaxYear, FormRule
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.queries.proposals import waiting_about
from tukro.vetting.queries.tax import tax_policy, tax_rules
from tukro.web.alike.acts import done_by_form, propose, say
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals import refusal_message
from tukro.web.words.places import country_choices, country_name
from tukro.web.words.taxes import FORMS, STEPS


class RuleForm(forms.Form):
    """One country's rule."""

    country = forms.ChoiceField(label=_("People who live in"), required=False)
    form = forms.ChoiceField(label=_("Form"), choices=FORMS.items())
    above = AmountField(
        label=_("Asked above so much paid in a tax year"), help_text=_("0: before the first withdrawal.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in SCALES])
    step = forms.ChoiceField(
        label=_("While it is missing"), choices=STEPS.items(), widget=forms.RadioSelect, initial="hold"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("all other countries")), *country_choices()[1:]]


class TaxPolicyForm(forms.Form):
    first_month = forms.IntegerField(
        label=_("First month of the tax year"),
        help_text=_("1 is January; 7 in Bangladesh, 4 in India."),
        min_value=1,
        max_value=12,
    )
    keep_years = forms.IntegerField(
        label=_("Keep forms that no longer hold for so many years"), min_value=1, max_value=30
    )


_YEAR = ChangeTaxYear([], []).about
# What an operator in one place usually has to ask: (country, form, above in dollars, step).
PRESETS = {
    "us": (("US", "w9", 0, "hold"), ("", "w8ben", 0, "hold")),
    "local": (("", "local", 0, "ask"),),
}


@require_http_methods(["GET", "POST"])
@staff_required
def rules(request: StaffRequest) -> HttpResponse:
    """Which forms are asked of whom. A post sets one rule."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        amount: Money = said["above"]
        above = _in_currency(amount, said["currency"])
        asked = FormRule(said["form"], said["currency"], above, said["step"])
        if done_by_form(request, form, partial(AskTaxForm.to, said["country"], asked), done=_("Saved.")):
            return redirect("staff:tax_rules")
    return _page(request, form)


def _page(request: StaffRequest, form: RuleForm, year: TaxPolicyForm | None = None) -> HttpResponse:
    house, rules = tax_policy(), tax_rules()
    failed = bool(form.errors or (year and year.errors))
    places = [code for code, _name in country_choices()]
    waiting = waiting_about([_YEAR, *map(_subject, places)], timezone.now())
    with_rule = {rule.country for rule in rules}
    context = {
        "form": form,
        "rules": [
            {
                "row": rule,
                "who": _who(rule.country),
                "waits": waiting.get(_subject(rule.country)),
                "form": FORMS[rule.form],
                "above": Money(rule.above_units, rule.currency) if rule.above_units else None,
                "step": STEPS[rule.step],
            }
            for rule in rules
        ],
        "waiting_new": [
            (_who(code), waiting[_subject(code)])
            for code in places
            if code not in with_rule and _subject(code) in waiting
        ],
        "year_waits": waiting.get(_YEAR),
        "policy_form": year
        or TaxPolicyForm(initial={"first_month": house.first_month, "keep_years": house.keep_years}),
    }
    return render(request, "staff/law/tax_rules.html", context, status=422 if failed else 200)


@require_POST
@staff_required
def drop(request: StaffRequest) -> HttpResponse:
    return propose(
        request,
        AskTaxForm.to(request.POST.get("country", "")[:2], None),
        done=_("This form is asked no more."),
        back=reverse("staff:tax_rules"),
    )


@require_POST
@staff_required
def preset(request: StaffRequest) -> HttpResponse:
    """Set the usual rules of an operator in one place."""
    now, waits = timezone.now(), False
    chosen = PRESETS.get(request.POST.get("preset", ""))
    if chosen is None:
        raise NotFound(preset=request.POST.get("preset", ""))

    try:
        for country, form, above, step in chosen:
            change = AskTaxForm.to(country, FormRule(form, "USD", above, step))
            waits |= do_or_propose(act=change, by=request.user.actor, now=now) is not None
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        say(request, waits, done=_("Saved."))
    return redirect("staff:tax_rules")


@require_POST
@staff_required
def policy(request: StaffRequest) -> HttpResponse:
    form = TaxPolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, RuleForm(), form)
    return propose(
        request,
        ChangeTaxYear.to(**form.cleaned_data),
        done=_("Saved."),
        back=reverse("staff:tax_rules"),
    )


def _who(country: str) -> str | Promise:
    return country_name(country) if country else _("all other countries")


def _subject(country: str) -> str:
    """What a proposal to change a country's rule is about."""
    return AskTaxForm(country, {}, {}).about


def _in_currency(amount: Money, currency: str) -> int:
    """The field reads dollars; the number typed is meant in ``currency``."""
    return int(amount.amount.scaleb(SCALES[currency]))


urlpatterns = [
    path("policy/tax", rules, name="tax_rules"),
    path("policy/tax/drop", drop, name="tax_rule_drop"),
    path("policy/tax/preset", preset, name="tax_preset"),
    path("policy/tax/year", policy, name="tax_policy"),
]
