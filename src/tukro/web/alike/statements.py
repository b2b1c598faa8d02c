"""A statement of a period on a page, as CSV and as PDF; requesters and workers get the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tukro.kernel.csv_lines import harmless, spreadsheet
from tukro.kernel.days import day_after
from tukro.kernel.formats import iso
from tukro.money.queries import KindSum, PeriodStatement, StatementRow, period_rows, period_statement
from tukro.web import formats
from tukro.web.alike.downloads import csv_file, whole_file
from tukro.web.paper.statement import statement_pdf

Details = Callable[[Sequence[StatementRow]], Sequence[str]]
ON_PAPER = 500  # lines; the file for spreadsheets has them all
COLUMNS = ("at", "transfer", "kind", "subject", "amount_usd", "balance_usd", "steps")


class PeriodForm(forms.Form):
    """Days of the reader's own clock, both included."""

    since = forms.DateField(
        label=gettext_lazy("From, with this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To, with this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Named:
    """A sum with its words."""

    sum: KindSum
    words: str | Promise


def no_details(rows: Sequence[StatementRow]) -> list[str]:
    """The kind of each line says all."""
    return [""] * len(rows)


def statement_page(
    request: HttpRequest,
    *,
    owner: str,
    name: str,
    words: Mapping[str, str | Promise],
    template: str,
    details: Details = no_details,
) -> HttpResponseBase:
    """This month until today, or the period that is asked for; ``?as=csv`` and ``?as=pdf`` are files.

    ``details``: what is said of each line on paper, beside what it is called.
    """
    today = timezone.localdate(timezone=formats.current_reader().time_zone)
    asked = {"since": today.replace(day=1), "until": today}
    form = PeriodForm(request.GET if "since" in request.GET else None, initial=asked)
    if form.is_bound and not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    first, last = (form.cleaned_data if form.is_bound else asked)["since"], asked["until"]
    if form.is_bound:
        last = form.cleaned_data["until"]
    since, until = _moment(first), _moment(day_after(last))
    file = f"tukro-statement-{first}-{last}"
    if request.GET.get("as") == "csv":
        rows = map(_cells, period_rows(owner, since=since, until=until))
        return csv_file(spreadsheet(COLUMNS, rows), name=f"{file}.csv")
    statement = period_statement(owner, since=since, until=until)
    sums = [Named(one, words.get(one.kind, _("Other movement"))) for one in statement.sums]
    if request.GET.get("as") == "pdf":
        shown = list(islice(period_rows(owner, since=since, until=until), ON_PAPER))
        pdf = _pdf(statement, sums, shown, words, details, name=name, owner=owner, first=first, last=last)
        return whole_file(pdf, name=f"{file}.pdf")
    context = {"form": form, "statement": statement, "sums": sums, "first": first, "last": last}
    return render(request, template, context)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, formats.current_reader().time_zone)


def _cells(row: StatementRow) -> list[str]:
    texts = harmless([row.kind, row.subject])
    return [iso(row.at), str(row.id), *texts, str(row.amount), str(row.balance_after), str(row.steps)]


def _pdf(
    statement: PeriodStatement,
    sums: list[Named],
    rows: list[StatementRow],
    words: Mapping[str, str | Promise],
    details: Details,
    *,
    name: str,
    owner: str,
    first: date,
    last: date,
) -> bytes:
    period = {"first": formats.day(first), "last": formats.day(last)}
    return statement_pdf(
        language=get_language() or "en",
        head=[
            name,
            _("Account %(id)s") % {"id": owner},
            _("From %(first)s to %(last)s, both included") % period,
        ],
        sums=[
            (_("Available before"), formats.money(statement.opening)),
            *(
                (f"{one.words} ({formats.number(one.sum.count)})", formats.money(one.sum.amount))
                for one in sums
            ),
            (_("Available after"), formats.money(statement.closing)),
        ],
        rows=[
            (
                formats.moment(row.at),
                _what(row, said, words),
                formats.money(row.amount),
                formats.money(row.balance_after),
            )
            for row, said in zip(rows, details(rows), strict=True)
        ],
        more=len(rows) == ON_PAPER,
    )


def _what(row: StatementRow, said: str, words: Mapping[str, str | Promise]) -> str:
    called = str(words.get(row.kind, _("Other movement")))
    return f"{called} ({said})" if said else called
