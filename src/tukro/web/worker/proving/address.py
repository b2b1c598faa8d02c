"""Proving an address before the first withdrawal: ask for the letter, and enter the PIN that it brought."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.people.actions.letters import ask_for_letter, cancel_letter, enter_pin
from tukro.people.models import LetterState
from tukro.people.queries import is_proved, letter_of, place_of
from tukro.people.rules.letters import ANNOUNCED, PIN_DIGITS
from tukro.web.alike.acts import act
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message
from tukro.web.words.places import country_name

_CAN_ENTER = (LetterState.UNKNOWN, LetterState.HANDED, LetterState.PRINTED, LetterState.POSTED)
_BEING_MADE = (
    LetterState.ASKED,
    LetterState.SENDING,
    LetterState.UNKNOWN,
    LetterState.HANDED,
    LetterState.PRINTED,
)


class PinForm(forms.Form):
    pin = forms.CharField(
        label=gettext_lazy("PIN of the letter"),
        help_text=gettext_lazy("Eight digits, in Bengali or English figures."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": PIN_DIGITS + 2}
        ),
    )


@require_http_methods(["GET", "POST"])
@worker_required
def address(request: WorkerRequest) -> HttpResponse:
    """How far the proof is, and the one thing that can be done next. A post enters the PIN."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_pin(worker=request.worker, pin=form.cleaned_data["pin"], now=timezone.now())
        except Refused as refusal:
            form.add_error("pin", refusal_message(refusal))
        else:
            messages.success(request, _("Your address is verified. You can withdraw now."))
            return redirect("worker:withdraw")
    worker, letter = request.worker, letter_of(request.worker)
    place = place_of(worker)
    context = {
        "form": form,
        "place": place,
        "country": country_name(place.country) if place else "",
        "proved": is_proved(worker, place),
        "letter": letter,
        "may_enter": letter is not None and letter.state in _CAN_ENTER,
        "being_made": letter is not None and letter.state in _BEING_MADE,
        "may_cancel": letter is not None and letter.state in (LetterState.ASKED, LetterState.PRINTED),
        "arrives_by": letter.posted_at + ANNOUNCED if letter and letter.posted_at else None,
        "days": ANNOUNCED.days,
        "moved": letter is not None and place is not None and letter.place != place.digest,
    }
    return render(request, "worker/proving/address.html", context, status=422 if form.errors else 200)


@require_POST
@worker_required
def ask(request: WorkerRequest) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: ask_for_letter(worker=request.worker, now=now),
        done=_("Your letter is in the queue. We tell you when it is posted."),
        back="worker:address",
    )


@require_POST
@worker_required
def cancel(request: WorkerRequest) -> HttpResponse:
    now = timezone.now()
    return act(
        request,
        lambda: cancel_letter(worker=request.worker, now=now),
        done=_("The letter was cancelled."),
        back="worker:address",
    )


urlpatterns = [
    path("earnings/address", address, name="address"),
    path("earnings/address/letter", ask, name="address_letter"),
    path("earnings/address/cancel", cancel, name="address_cancel"),
]
