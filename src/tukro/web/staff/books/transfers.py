"""Single transfers and how a wrong one is put right: nothing is changed, a new transfer is made.

A correction is reversed. What else was wrong is made good from the house's goodwill, or taken back into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.days import day_after
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id, new_id
from tukro.kernel.money import CENT, Money
from tukro.money.actions.proposals.acts import CorrectBalance, ReverseCorrection
from tukro.money.actions.two_persons import needs_two
from tukro.money.queries import requester_available, worker_balance
from tukro.money.queries.transfers import correction_of, corrections, find_transfers, sides_of, transfer_of
from tukro.people.models import Requester, Worker
from tukro.people.queries import find_people
from tukro.people.queries.named import person_named
from tukro.web import formats
from tukro.web.alike.acts import done_by_form, propose
from tukro.web.alike.paging import one_page, page_ended_at, row_number
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.staff.who import names_of, people_named

PAGE = 50


class FindForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Number of a transfer, or id of a thing"), max_length=120, required=False
    )
    person = forms.CharField(
        label=gettext_lazy("E-mail address, name or id of a person"), max_length=120, required=False
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CorrectForm(forms.Form):
    direction = forms.ChoiceField(
        label=gettext_lazy("What is put right"),
        choices=[
            ("give", gettext_lazy("The person gets money from the house")),
            ("take", gettext_lazy("The house takes money back from the person")),
        ],
        widget=forms.RadioSelect,
        initial="give",
    )
    amount = AmountField(minimum=Money(CENT), label=gettext_lazy("Amount in US dollars"))
    reason = forms.CharField(label=gettext_lazy("Why, for the person to read"), max_length=300)

    @property
    def signed(self) -> Money:
        """What the person gets; below zero, what is taken."""
        amount: Money = self.cleaned_data["amount"]
        return -amount if self.cleaned_data["direction"] == "take" else amount


@require_GET
@staff_required
def transfers(request: StaffRequest) -> HttpResponse:
    """The latest transfers, or those that are looked for."""
    form = FindForm(request.GET if request.GET else None)
    before = page_ended_at(request)
    looked_for: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    owners = _owners(person) if (person := looked_for.get("person")) else None
    since, until = _day(looked_for.get("day"))
    text = looked_for.get("text", "").strip()
    found = find_transfers(text=text, owners=owners, since=since, until=until, before=before, limit=PAGE + 1)
    rows, next_cursor = one_page(found, PAGE, lambda row: row.pk)
    context = {
        "form": form if form.is_bound else FindForm(),
        "rows": rows,
        "next_cursor": next_cursor,
    }
    return render(request, "staff/books/transfers.html", context, status=422 if form.errors else 200)


@require_GET
@staff_required
def transfer(request: StaffRequest, number: int) -> HttpResponse:
    """One transfer, its entries, and what can be done when it was wrong."""
    found = transfer_of(number)
    if found is None:
        raise Http404
    sides = sides_of(found)
    made = correction_of(found)
    context = {
        "transfer": found,
        "sides": sides,
        "people": _people({side.owner for side in sides if side.owner}),
        "correction": made,
        "can_reverse": made is not None and not made.is_reversal and not made.reversed,
    }
    if made is not None and context["can_reverse"]:
        now = balance_of(person_named(made.person))
        context |= {"before": now, "after": now - made.amount, "needs_two": needs_two(made.amount)}
    return render(request, "staff/books/transfer.html", context)


@require_POST
@staff_required
def reverse_it(request: StaffRequest, correction: str) -> HttpResponse:
    """Take a correction back. The form tells on which transfer's page it stands."""
    transfer = row_number(request.POST.get("transfer", ""))
    return propose(
        request,
        ReverseCorrection(correction, request.POST.get("reason", "")),
        done=_("The correction is reversed by a new transfer."),
        back=reverse("staff:corrections"),
        page=reverse("staff:transfer", args=[transfer]) if transfer else "",
    )


@require_http_methods(["GET", "POST"])
@staff_required
def correct(request: StaffRequest, kind: str, public_id: str) -> HttpResponse:
    """Correct a person's balance: first what it would be is shown, then it is done."""
    named = f"{kind}:{public_id}"
    try:
        person = person_named(named)
    except NotFound:
        raise Http404 from None
    form = CorrectForm(request.POST or None)
    preview: Mapping[str, object] = {}
    if request.method == "POST" and form.is_valid():
        now, asked = balance_of(person), form.signed
        if now + asked < Money.zero():
            form.add_error("amount", _("There is only %(amount)s.") % {"amount": formats.money(now)})
        elif request.POST.get("act") != "do":
            preview = {"before": now, "after": now + asked, "needs_two": needs_two(asked)}
        elif _done(request, form, named):
            return redirect("staff:corrections")
    context = {
        "form": form,
        "person": person,
        "named": named,
        "is_worker": isinstance(person, Worker),
        "balance": balance_of(person),
        "preview": preview,
        "correction": _id_given(request),
    }
    return render(request, "staff/books/correct.html", context, status=422 if form.errors else 200)


@require_GET
@staff_required
def corrections_page(request: StaffRequest) -> HttpResponse:
    """Corrections so far, the latest first, with who and why."""
    found = corrections(before=page_ended_at(request), limit=PAGE + 1)
    rows, next_cursor = one_page(found, PAGE, lambda one: one.transfer.pk)
    names, people = names_of(one.by for one in rows), people_named({one.person for one in rows})
    context = {
        "rows": [(one, people[one.person], names[one.by]) for one in rows],
        "next_cursor": next_cursor,
    }
    return render(request, "staff/books/corrections.html", context)


def balance_of(person: Worker | Requester) -> Money:
    """What lies on the person's balance."""
    return worker_balance(person)[0] if isinstance(person, Worker) else requester_available(person)


def _done(request: StaffRequest, form: CorrectForm, named: str) -> bool:
    """Whether it was done or waits; else the form says why not."""
    said = form.signed.units, form.cleaned_data["reason"]
    corrected = partial(CorrectBalance, _id_given(request), named, *said)
    return done_by_form(request, form, corrected, done=_("Corrected by a new transfer."))


def _id_given(request: StaffRequest) -> str:
    """The id under which the page asks: pressing twice corrects once."""
    given = request.POST.get("correction", "")
    return given if looks_like_id(given) else new_id()


def _owners(text: str) -> list[str]:
    """Public ids of whom the text finds."""
    found = [one.pk for one in find_people(text.strip(), limit=20)]
    workers = Worker.objects.filter(user__in=found).values_list("public_id", flat=True)
    requesters = Requester.objects.filter(user__in=found).values_list("public_id", flat=True)
    return [*workers, *requesters]


def _people(owners: set[str]) -> list[tuple[str, str, str]]:
    """(kind, public id, address) of those whose balance can be corrected."""
    workers = Worker.objects.filter(public_id__in=owners).select_related("user")
    requesters = Requester.objects.filter(public_id__in=owners).select_related("user")
    return [
        *(("worker", one.public_id, one.user.email) for one in workers),
        *(("requester", one.public_id, one.user.email) for one in requesters),
    ]


def _day(day: Any) -> tuple[datetime | None, datetime | None]:
    """From its first moment to the next day's, by the reader's clock."""
    if day is None:
        return None, None
    zone = formats.current_reader().time_zone
    first = datetime.combine(day, time(), tzinfo=zone)
    return first, datetime.combine(day_after(day), time(), tzinfo=zone)


urlpatterns = [
    path("money/transfers", transfers, name="transfers"),
    path("money/transfers/<int:number>", transfer, name="transfer"),
    path("money/corrections", corrections_page, name="corrections"),
    path("money/corrections/<str:correction>/reverse", reverse_it, name="correction_reverse"),
    path("money/correct/<str:kind>/<str:public_id>", correct, name="correct"),
]
