"""The house's own money: where it lies, what of it is free, and what staff book about it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.books.bookings import exchange_result
from tukro.money.actions.proposals.booking_acts import Book, ReverseBooking
from tukro.money.actions.two_persons import needs_two
from tukro.money.models import Booking, BookingKind
from tukro.money.queries.house import house_standing
from tukro.web.alike.acts import done_by_form
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.forms.amounts import AmountField
from tukro.web.refusals import refusal_message
from tukro.web.staff.who import names_of
from tukro.web.words.bookings import BOOKING_HELP, BOOKINGS, PLACE_NAMES, place_name
from tukro.web.words.places import country_name

SHOWN = 30
_CURRENCIES = [(code, code) for code in SCALES]


class BookingForm(forms.Form):
    """All that a booking may have; each kind keeps what it needs."""

    place = forms.ChoiceField(label=gettext_lazy("At which place"), choices=lambda: PLACE_NAMES.items())
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=_CURRENCIES)
    amount = AmountField(label=gettext_lazy("Amount"))
    cost = AmountField(label=gettext_lazy("Of it kept as cost"), initial=Money.zero())
    to_place = forms.ChoiceField(label=gettext_lazy("Came to"), choices=lambda: PLACE_NAMES.items())
    got_currency = forms.ChoiceField(label=gettext_lazy("Currency that came"), choices=_CURRENCIES)
    got = AmountField(label=gettext_lazy("Amount that came"))
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("The bank's or provider's own number for it. The same one is booked once."),
        max_length=120,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    booking = forms.CharField(widget=forms.HiddenInput, max_length=30)

    def __init__(self, data: Mapping[str, Any] | None, *, kind: str) -> None:
        super().__init__(data, initial={"booking": new_id()})
        keep = {*_FIELDS[kind], "reason", "booking"}
        for name in [name for name in self.fields if name not in keep]:
            del self.fields[name]
        self.fields["reason"].required = kind in ("capital_out", "loss")
        if kind == "provider_cost":
            self.fields["amount"].help_text = _("Below zero: so much was given back, for example -1.50.")

    def clean_booking(self) -> str:
        booking = str(self.cleaned_data["booking"])
        return booking if looks_like_id(booking) else new_id()

    def said(self) -> dict[str, Any]:
        """As the verbs take it: amounts in their currencies."""
        said = dict(self.cleaned_data)
        currency = said.pop("currency", "USD")
        for name in ("amount", "cost"):
            if name in said:
                said[name] = Money.parse(str(said[name]), currency)
        if "got" in said:
            said["got"] = Money.parse(str(said["got"]), said.pop("got_currency"))
            said["paid"] = said.pop("amount")
        return said | {"booking_id": said.pop("booking")}


_AT = ("place", "currency", "amount", "reference")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "provider_cost": _AT,
    "settlement": (*_AT, "cost", "to_place"),
    "capital_in": _AT,
    "capital_out": _AT,
    "currency_bought": (*_AT, "got", "got_currency", "to_place"),
    "exchange_result": (),
    "loss": _AT,
}


class ReverseForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What was wrong"), max_length=300)


@require_GET
@staff_required
def treasury(request: StaffRequest) -> HttpResponse:
    """Every currency: what lies where, what is owed, what is free; and the latest bookings."""
    bookings = Booking.objects.order_by("-pk")
    if before := page_ended_at(request):
        bookings = bookings.filter(pk__lt=before)
    rows, next_cursor = one_page(bookings, SHOWN, lambda one: one.pk)
    standings = [
        (one, [(place_name(place), amount) for place, amount in one.places if amount])
        for one in house_standing().values()
    ]
    context = {
        "standings": standings,
        "kinds": [(kind, BOOKINGS[kind], BOOKING_HELP[kind]) for kind in _FIELDS],
        "bookings": [_line(one) for one in rows],
        "next_cursor": next_cursor,
    }
    return render(request, "staff/books/treasury.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def book(request: StaffRequest, kind: str) -> HttpResponse:
    """Book one thing."""
    if kind not in _FIELDS:
        raise Http404
    form = BookingForm(request.POST or None, kind=kind)
    if (
        request.method == "POST"
        and form.is_valid()
        and done_by_form(request, form, lambda: Book.of(kind, form.said()), done=_("Booked."))
    ):
        return redirect("staff:treasury")
    context = {"form": form, "kind": BOOKINGS[kind], "help": BOOKING_HELP[kind]}
    if kind == BookingKind.EXCHANGE_RESULT:
        context |= _result_now()
    return render(request, "staff/books/booking_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def booking(request: StaffRequest, booking_id: str) -> HttpResponse:
    """One booking, and taking it back."""
    found = Booking.objects.filter(public_id=booking_id).first()
    if found is None:
        raise NotFound(booking=booking_id)
    form = ReverseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reversed_ = partial(ReverseBooking, booking_id, form.cleaned_data["reason"])
        if done_by_form(request, form, reversed_, done=_("The booking is reversed.")):
            return redirect("staff:treasury")
    context = {"form": form, "booking": _line(found), "by": names_of([found.booked_by])[found.booked_by]}
    return render(request, "staff/books/booking.html", context, status=422 if form.errors else 200)


def _result_now() -> dict[str, object]:
    """What would be booked, or why nothing can be."""
    try:
        result = exchange_result(now=timezone.now())
    except Refused as refusal:
        return {"cannot": refusal_message(refusal)}
    return {
        "result": Money(abs(result.gain.units)),
        "won": result.gain > Money.zero(),
        "rates": [(one, f"{one.rate.normalize():f}") for one in result.rates],
        "needs_two": needs_two(result.gain),
    }


def _line(one: Booking) -> dict[str, object]:
    return {
        "row": one,
        "kind": BOOKINGS[one.kind],
        "place": place_name(one.place) if one.place else "",
        "to_place": _came_to(one),
        "amount": one.amount,
        "got": one.got,
        "is_tax": one.kind == BookingKind.TAX_REMITTED,
    }


def _came_to(one: Booking) -> str | Promise:
    """Another place of ours; tax that was kept goes to the authority of the country that stands there."""
    if one.kind == BookingKind.TAX_REMITTED:
        return _("Tax authority, %(country)s") % {"country": country_name(one.to_place)}
    return place_name(one.to_place) if one.to_place else ""


urlpatterns = [
    path("treasury", treasury, name="treasury"),
    path("treasury/book/<str:kind>", book, name="book"),
    path("treasury/<str:booking_id>", booking, name="booking"),
]
