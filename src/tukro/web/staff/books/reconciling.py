"""Providers' reports against our books: bring a report in, see each difference to the smallest unit."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.books.reconciling import compare_report, differences_of
from tukro.money.actions.proposals.booking_acts import Book
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.models import ProviderReport, ReportSide
from tukro.money.rules import PAYOUT_KINDS
from tukro.money.rules.csv_tables import MOST_BYTES
from tukro.web.alike.acts import say
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_message
from tukro.web.words.deposits import WAYS
from tukro.web.words.payouts import KINDS

SHOWN = 50
_DIFFERENCES: dict[str, str | Promise] = {
    "amount": _("Another amount"),
    "foreign": _("We do not know it"),
    "missing": _("Not in the report"),
    "twice": _("In the report again"),
}


def _sources() -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be compared, in two groups: ``payouts:bkash``, ``deposits:stripe``."""
    sent = [(f"payouts:{kind}", str(KINDS[kind])) for kind in PAYOUT_KINDS]
    came = [(f"deposits:{code}", str(words)) for code, words in WAYS.items() if code != "play"]
    return [(str(_("Withdrawals")), sent), (str(_("Deposits")), came)]


class ReportForm(forms.Form):
    source = forms.ChoiceField(label=_("Of what"), choices=_sources)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in SCALES])
    first = forms.DateField(
        label=_("First day (UTC)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day (UTC)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("The provider's report as CSV"),
        help_text=_("The first line names the columns: one for the reference or ID, one for the amount."),
    )


@takes_files
@require_http_methods(["GET", "POST"])
@staff_required
def reports(request: StaffRequest) -> HttpResponse:
    """The comparisons so far, and the form for another one."""
    today = timezone.now().date()
    initial = {"first": today - timedelta(days=7), "last": today - timedelta(days=1), "currency": "USD"}
    form = ReportForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and (report := _compare(request, form)):
        return redirect("staff:reconciled", report.public_id)
    context = {
        "form": form,
        "reports": [_line(one) for one in ProviderReport.objects.order_by("-pk")[:SHOWN]],
    }
    return render(request, "staff/books/reconciling.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def reconciled(request: StaffRequest, report_id: str) -> HttpResponse:
    """One comparison: totals, every difference, and what the provider kept, to be booked once as its cost."""
    report = ProviderReport.objects.filter(public_id=report_id).first()
    if report is None:
        raise NotFound(report=report_id)
    if request.method == "POST" and report.costs_units:
        _book_costs(request, report)
        return redirect("staff:reconciled", report_id)
    rows = [(_DIFFERENCES[one.code], one) for one in differences_of(report)]
    return render(request, "staff/books/reconciled.html", {"report": _line(report), "rows": rows})


def _compare(request: StaffRequest, form: ReportForm) -> ProviderReport | None:
    """The comparison that the form asks for; None when something is wrong, which then stands in the form."""
    said, file = form.cleaned_data, form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        form.add_error("file", str(_("The file has more lines than are read at once; split it.")))
        return None
    side, _colon, provider = said["source"].partition(":")
    try:
        return compare_report(
            by=request.user.actor,
            side=ReportSide(side),
            provider=provider,
            currency=said["currency"],
            first=said["first"],
            last=said["last"],
            name=file.name,
            data=file.read(),
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return None


def _book_costs(request: StaffRequest, report: ProviderReport) -> None:
    said: dict[str, str | Money] = {
        "place": report.provider,
        "amount": Money(report.costs_units, report.currency),
        "reference": f"report {report.public_id}",
        "reason": report.name,
    }
    try:
        act = Book.of("provider_cost", said | {"booking_id": new_id()})
        waits = do_or_propose(act=act, by=request.user.actor, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        say(request, waits is not None, done=_("Booked."))


def _line(report: ProviderReport) -> dict[str, object]:
    words = KINDS if report.side == ReportSide.PAYOUTS else WAYS
    theirs, ours = Money(report.theirs_units, report.currency), Money(report.ours_units, report.currency)
    return {
        "row": report,
        "of": words.get(report.provider, report.provider),
        "side": _("Withdrawals") if report.side == ReportSide.PAYOUTS else _("Deposits"),
        "theirs": theirs,
        "ours": ours,
        "difference": theirs - ours,
        "count": len(report.differences),
        "costs": Money(report.costs_units, report.currency),
    }


urlpatterns = [
    path("reconciling", reports, name="reconciling"),
    path("reconciling/<str:report_id>", reconciled, name="reconciled"),
]
