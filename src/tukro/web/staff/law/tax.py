"""Tax: what each person was paid in a year, who gave which form, and forms opened with a reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.journal.actions import record
from tukro.kernel.csv_lines import BYTE_ORDER_MARK, Echo, harmless
from tukro.kernel.errors import Refused, WordsMissing
from tukro.money.queries.tax import YearTotal, paid_in_year, tax_standing, year_totals
from tukro.people.models import Worker
from tukro.people.queries.named import worker_named
from tukro.vetting.actions.tax import open_form
from tukro.vetting.models import TaxForm
from tukro.vetting.queries.tax import forms_of, tax_policy, tax_year
from tukro.vetting.rules.tax import TAX_FIELDS, masked_form
from tukro.web.alike.acts import again
from tukro.web.alike.downloads import csv_file
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.refusals import refusal_message
from tukro.web.words.places import country_name
from tukro.web.words.taxes import FORMS, in_words

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
    return render(request, "staff/law/tax.html", context)


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
        why = _("Say what the file is for: it is kept in the journal.")
        return again(request, f"{reverse('staff:tax')}?year={year}", str(why), ["reason"])
    now = timezone.now()
    record(
        name="TaxYearExported",
        actor=request.user.actor,
        subject=f"tax_year:{year}",
        at=now,
        facts={"reason": reason, "in_full": full},
    )
    return csv_file(_csv_lines(year, full=full), name=f"tax-{year}.csv")


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
        except WordsMissing as refusal:
            return again(request, request.path, refusal_message(refusal), refusal.asked)
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
    return render(request, "staff/law/tax_person.html", context)


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
]
