"""Tax withheld of withdrawals: the rules, what is still to be remitted, and the list for the authority."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from django import forms
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tukro.journal.actions import record
from tukro.kernel.csv_lines import harmless, spreadsheet
from tukro.kernel.formats import iso
from tukro.kernel.ids import looks_like_id, new_id
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.proposals.booking_acts import Book
from tukro.money.actions.proposals.house_acts import ChangeTax
from tukro.money.models import Payout, TaxRule
from tukro.money.queries.taxes import taxed_payouts, withheld
from tukro.web import formats
from tukro.web.alike.acts import done_by_form
from tukro.web.alike.downloads import csv_file
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.words.bookings import PLACE_NAMES
from tukro.web.words.places import country_choices, country_name

COLUMNS = ("sent_at", "withdrawal", "worker", "country", "amount_usd", "tax_usd")


class RuleForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country of the worker"), choices=country_choices)
    percent = AmountField(
        label=gettext_lazy("Share of each withdrawal, in percent"),
        help_text=gettext_lazy("0 keeps nothing. Withdrawals that were asked for before keep their tax."),
    )
    authority = forms.CharField(label=gettext_lazy("Tax authority"), max_length=120, required=False)


class RemitForm(forms.Form):
    """What of the withheld dollars was paid to the authority, and as what."""

    amount = AmountField(label=gettext_lazy("How much of what was kept, in US dollars"))
    place = forms.ChoiceField(label=gettext_lazy("Paid from"), choices=lambda: PLACE_NAMES.items())
    currency = forms.ChoiceField(label=gettext_lazy("Paid in"), choices=[(code, code) for code in SCALES])
    paid = AmountField(label=gettext_lazy("Amount that was paid, in this currency"))
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("The bank's or provider's own number for it. The same one is booked once."),
        max_length=120,
    )
    booking = forms.CharField(widget=forms.HiddenInput, max_length=30)


@require_http_methods(["GET", "POST"])
@staff_required
def taxes(request: StaffRequest) -> HttpResponse:
    """Every country: its rule, what is still to be remitted; and the form for a rule."""
    now = timezone.now()
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        share = said["percent"].units // 10_000
        changed = partial(ChangeTax.to, said["country"], share, said["authority"])
        if done_by_form(request, form, changed, done=_("Saved.")):
            return redirect("staff:taxes")
    rules, kept = TaxRule.objects.in_bulk(), withheld()
    context = {
        "form": form,
        "rows": [
            {
                "code": code,
                "name": country_name(code),
                "rule": rules.get(code),
                "percent": _percent(rules.get(code)),
                "withheld": kept.get(code, Money.zero()),
            }
            for code in sorted({*rules, *kept})
        ],
        "years": [now.year, now.year - 1],
    }
    return render(request, "staff/law/taxes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def remit(request: StaffRequest, country: str) -> HttpResponse:
    """Write down what was paid to the authority."""
    kept = withheld().get(country)
    if kept is None:
        raise Http404
    shown = {"amount": kept.whole_cents(), "paid": kept.whole_cents(), "place": "bank", "booking": new_id()}
    form = RemitForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid() and _remitted(request, form, country):
        return redirect("staff:taxes")
    context = {"form": form, "country": country_name(country), "withheld": kept, "code": country}
    return render(request, "staff/law/tax_remit.html", context, status=422 if form.errors else 200)


def _remitted(request: StaffRequest, form: RemitForm, country: str) -> bool:
    said = dict(form.cleaned_data)
    booking = said.pop("booking")
    said["paid"] = Money.parse(str(said["paid"]), said.pop("currency"))
    said |= {"country": country, "booking_id": booking if looks_like_id(booking) else new_id()}
    return done_by_form(request, form, lambda: Book.of("tax_remitted", said), done=_("Booked."))


@require_GET
@staff_required
def year(request: StaffRequest, number: int) -> StreamingHttpResponse:
    """What was withheld of whom in a year (UTC), for the authority. Who took the list is written down."""
    if not 2000 <= number <= 9998:
        raise Http404
    since, until = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
    now, facts = timezone.now(), {"year": number}
    record(name="TaxListTaken", actor=request.user.actor, subject="taxes", at=now, facts=facts)
    rows = taxed_payouts(since, until).iterator(500)
    return csv_file(spreadsheet(COLUMNS, map(_cells, rows)), name=f"tukro-taxes-{number}.csv")


def _cells(one: Payout) -> list[str]:
    assert one.sent_at is not None, "the query asks for it"
    texts = harmless([one.public_id, one.worker.public_id, one.tax_country])
    return [iso(one.sent_at), *texts, str(one.amount), str(one.tax)]


def _percent(rule: TaxRule | None) -> str:
    return formats.percent(Decimal(rule.basis_points) / 10_000, decimals=2) if rule else ""


urlpatterns = [
    path("treasury/taxes", taxes, name="taxes"),
    path("treasury/taxes/<int:number>.csv", year, name="tax_year"),
    path("treasury/taxes/<str:country>", remit, name="tax_remit"),
]
