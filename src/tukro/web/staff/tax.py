"""Tax: what each person was paid in a year, who gave which form, forms opened with a reason, the rules."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.journal.actions import record
from tukro.kernel.csv_lines import BYTE_ORDER_MARK, Echo, harmless
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.proposals import do_or_propose
from tukro.money.actions.vetting_acts import AskTaxForm, ChangeTaxYear, FormRule
from tukro.money.queries.tax import YearTotal, paid_in_year, tax_standing, year_totals
from tukro.people.models import Worker
from tukro.people.queries.named import worker_named
from tukro.vetting.actions.tax import open_form
from tukro.vetting.models import TaxForm
from tukro.vetting.queries.tax import forms_of, tax_policy, tax_rules, tax_year
from tukro.vetting.rules.tax import TAX_FIELDS, masked_form
from tukro.web.access import StaffRequest, staff_required
from tukro.web.acts import propose, say
from tukro.web.amounts import AmountField
from tukro.web.paging import one_page, page_ended_at
from tukro.web.places import country_choices, country_name
from tukro.web.refusals import refusal_message
from tukro.web.words.taxes import FORMS, STEPS, in_words

SHOWN = 50
_YEARS_BACK = 6
_CHUNK = 500


@require_GET
@staff_required
def totals(request: StaffRequest) -> HttpResponse:
    """What everybody was paid in one tax year, and the form that they gave."""
    years, year = _years(), _year(request)
    found = list(year_totals(year, after=page_ended_at(request) or 0, limit=SHOWN + 1))
    rows, next_cursor = one_page(found, SHOWN, lambda row: row.worker_id)
    context = {
        "year": str(year),
        "years": [str(one) for one in years],
        "rows": list(_with_people(rows)),
        "next_cursor": next_cursor,
    }
    return render(request, "staff/tax.html", context)


def _with_people(rows: list[YearTotal]) -> Iterator[dict[str, object]]:
    ids = [row.worker_id for row in rows]
    workers = Worker.objects.select_related("user").in_bulk(ids)
    current = {one.worker_id: one for one in TaxForm.objects.filter(worker__in=ids, replaced_at=None)}
    for row in rows:
        form = current.get(row.worker_id)
        worker = workers[row.worker_id]
        yield {
            "total": row,
            "worker": worker,
            "country": country_name(worker.country),
            "form": form,
            "form_name": FORMS[form.form] if form else "",
        }


@require_POST
@staff_required
def export(request: StaffRequest) -> HttpResponseBase:
    """A tax year as CSV, one line per person. Numbers in full only if asked for; written down either way."""
    year, reason, full = _year(request), request.POST.get("reason", "").strip(), "full" in request.POST
    if not reason:
        messages.error(request, _("Say what the file is for: it is kept in the journal."))
        return redirect(f"{reverse('staff:tax')}?year={year}")
    now = timezone.now()
    record(
        name="TaxYearExported",
        actor=request.user.actor,
        subject=f"tax_year:{year}",
        at=now,
        facts={"reason": reason, "in_full": full},
    )
    lines = _csv_lines(year, full=full)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tax-{year}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _csv_lines(year: int, *, full: bool) -> Iterator[str]:
    sheet = csv.writer(Echo())
    asked = list(dict.fromkeys(field.name for fields in TAX_FIELDS.values() for field in fields))
    asked = [name for name in asked if name != "agreed"]
    head = ["worker", "email", "year", "withdrawals", "paid", "fee", "form", "signed_at", "good_until"]
    yield BYTE_ORDER_MARK + sheet.writerow([*head, *asked])
    all_rows = year_totals(year)
    while some := list(islice(all_rows, _CHUNK)):
        for row in _with_people(some):
            total, worker, form = row["total"], row["worker"], row["form"]
            assert isinstance(total, YearTotal)
            assert isinstance(worker, Worker)
            details: dict[str, str] = {}
            if isinstance(form, TaxForm):
                details = form.details if full else masked_form(form.details)
            cells = [
                worker.public_id,
                worker.user.email,
                str(year),
                str(total.sent),
                str(total.paid),
                str(total.fee),
                form.form if isinstance(form, TaxForm) else "",
                form.signed_at.isoformat(timespec="seconds") if isinstance(form, TaxForm) else "",
                str(form.good_until or "") if isinstance(form, TaxForm) else "",
                *(details.get(name, "") for name in asked),
            ]
            yield sheet.writerow(harmless(cells))


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def person(request: StaffRequest, worker_id: str) -> HttpResponse:
    """One person's forms, masked; a post with a reason shows one in clear, once, and is journalled."""
    worker = worker_named(worker_id)
    now, opened, clear = timezone.now(), request.POST.get("form", ""), None
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            clear = open_form(by=request.user.actor, form_id=opened, reason=reason, now=now)
        except Refused as refusal:
            messages.error(request, refusal_message(refusal))
    versions = list(forms_of(worker))
    context = {
        "worker": worker,
        "standing": tax_standing(worker, now),
        "years": [(str(year), paid_in_year(worker, year)) for year in _years()[:3]],
        "versions": [
            {
                "row": one,
                "name": FORMS[one.form],
                "in_clear": clear is not None and one.public_id == opened,
                "lines": in_words(
                    one.form,
                    clear if clear is not None and one.public_id == opened else masked_form(one.details),
                ),
            }
            for one in versions
        ],
    }
    return render(request, "staff/tax_person.html", context)


# --- rules --------------------------------------------------------------------------------------


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


# What an operator in one place usually has to ask: (country, form, above in dollars, step).
PRESETS = {
    "us": (("US", "w9", 0, "hold"), ("", "w8ben", 0, "hold")),
    "local": (("", "local", 0, "ask"),),
}


@require_http_methods(["GET", "POST"])
@staff_required
def rules(request: StaffRequest) -> HttpResponse:
    """Which forms are asked of whom. A post sets one rule."""
    form, now = RuleForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        amount: Money = said["above"]
        above = _in_currency(amount, said["currency"])
        asked = FormRule(said["form"], said["currency"], above, said["step"])
        try:
            change = AskTaxForm.to(said["country"], asked)
            waits = do_or_propose(act=change, by=request.user.actor, now=now)
        except Refused as refusal:
            form.add_error(None, refusal_message(refusal))
        else:
            say(request, waits is not None, done=_("Saved."))
            return redirect("staff:tax_rules")
    house = tax_policy()
    context = {
        "form": form,
        "rules": [
            {
                "row": rule,
                "who": country_name(rule.country) if rule.country else _("all other countries"),
                "form": FORMS[rule.form],
                "above": Money(rule.above_units, rule.currency) if rule.above_units else None,
                "step": STEPS[rule.step],
            }
            for rule in tax_rules()
        ],
        "policy_form": TaxPolicyForm(
            initial={"first_month": house.first_month, "keep_years": house.keep_years}
        ),
    }
    return render(request, "staff/tax_rules.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def drop(request: StaffRequest) -> HttpResponseRedirect:
    return propose(
        request,
        AskTaxForm.to(request.POST.get("country", "")[:2], None),
        done=_("This form is asked no more."),
        back=reverse("staff:tax_rules"),
    )


@require_POST
@staff_required
def preset(request: StaffRequest) -> HttpResponseRedirect:
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
def policy(request: StaffRequest) -> HttpResponseRedirect:
    form = TaxPolicyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A month from 1 to 12, and 1 to 30 years."))
        return redirect("staff:tax_rules")
    return propose(
        request,
        ChangeTaxYear.to(**form.cleaned_data),
        done=_("Saved."),
        back=reverse("staff:tax_rules"),
    )


def _in_currency(amount: Money, currency: str) -> int:
    """The field reads dollars; the number typed is meant in ``currency``."""
    return int(amount.amount.scaleb(SCALES[currency]))


def _years() -> list[int]:
    this = tax_year(timezone.now(), tax_policy().first_month)
    return [this - back for back in range(_YEARS_BACK)]


def _year(request: StaffRequest) -> int:
    asked = request.POST.get("year") or request.GET.get("year", "")
    years = _years()
    return int(asked) if asked in {str(year) for year in years} else years[0]


urlpatterns = [
    path("tax", totals, name="tax"),
    path("tax/export", export, name="tax_export"),
    path("workers/<str:worker_id>/tax", person, name="worker_tax"),
    path("policy/tax", rules, name="tax_rules"),
    path("policy/tax/drop", drop, name="tax_rule_drop"),
    path("policy/tax/preset", preset, name="tax_preset"),
    path("policy/tax/year", policy, name="tax_policy"),
]
