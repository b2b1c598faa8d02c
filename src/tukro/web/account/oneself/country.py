"""The country where a worker works, and asking to have it changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import Refused
from tukro.people.actions.country import ask_country
from tukro.people.queries import country_request_of
from tukro.web.account.forms import CountryForm
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message

_ASKED = gettext_lazy("Our staff look at it and write to you.")


@require_http_methods(["GET", "POST"])
@worker_required
def country(request: WorkerRequest) -> HttpResponseBase:
    """Which country it is, what goes by it, what was asked; and the form to ask with."""
    form = CountryForm(request.POST or None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            ask_country(worker=request.worker, country=told["country"], said=told["said"], now=timezone.now())
        except Refused as refusal:
            form.add_error("country", refusal_message(refusal))
        else:
            messages.success(request, _ASKED)
            return redirect("account:country")
    page = {"form": form, "worker": request.worker, "asked": country_request_of(request.worker)}
    return render(request, "account/country.html", page, status=422 if form.is_bound else 200)


urlpatterns = [path("country", country, name="country")]
