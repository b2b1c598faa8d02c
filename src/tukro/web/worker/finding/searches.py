"""Saved searches: kept from the open list with a name, told by alerts, changed and removed on their page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.formats import iso
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_message
from tukro.web.worker.finding.filters import FilterForm, filters_of, typed_from
from tukro.work.actions.finding.searches import (
    BadSearch,
    SearchNameTaken,
    TooManySearches,
    change_search,
    forget_search,
    save_search,
)
from tukro.work.models import SavedSearch
from tukro.work.queries import read_wanted, search_of, searches_of
from tukro.work.rules import MAX_SEARCH_NAME

EVERY: dict[int, str | Promise] = {
    900: _("at most every 15 minutes"),
    3600: _("at most once an hour"),
    6 * 3600: _("at most every 6 hours"),
    24 * 3600: _("at most once a day"),
}


class SearchForm(forms.Form):
    """What a saved search is called and how it tells."""

    name = forms.CharField(
        label=_("Name of the search"), help_text=_("So that you know it again."), max_length=MAX_SEARCH_NAME
    )
    alert = forms.BooleanField(
        label=_("Tell me about new work that it finds"),
        help_text=_("Only work that you may take. By which way, you choose in your notification settings."),
        required=False,
    )
    every = forms.TypedChoiceField(label=_("How often"), choices=list(EVERY.items()), coerce=int)


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search with its words."""

    search: SavedSearch
    query: str  # of the open list
    filters: list[str]
    every: str | Promise


@require_GET
@worker_required
def searches(request: WorkerRequest) -> HttpResponse:
    """All saved searches."""
    found = searches_of(request.worker)
    if wants_json(request):
        return JsonResponse({"results": [_as_json(search) for search in found]})
    return render(request, "worker/finding/searches.html", {"searches": [_shown(search) for search in found]})


@require_http_methods(["GET", "POST"])
@worker_required
def new_search(request: WorkerRequest) -> HttpResponse:
    """Keep what the address asks for, in the words of the open list."""
    filters = filters_of(request)
    form = SearchForm(
        request.POST or None, initial={"alert": True, "every": 3600, "name": filters.wanted.search}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            save_search(
                worker=request.worker,
                name=typed["name"],
                wanted=filters.wanted,
                alert=typed["alert"],
                every_seconds=typed["every"],
                now=timezone.now(),
            )
        except (BadSearch, SearchNameTaken, TooManySearches) as no:
            form.add_error("name", refusal_message(no))
        else:
            messages.success(request, _("The search is saved."))
            return redirect("worker:searches")
    context = {"form": form, "filters": _words(typed_from(filters.wanted))}
    return render(request, "worker/finding/search_form.html", context, status=422 if form.errors else 200)


@require_GET
@worker_required
def results(request: WorkerRequest, search_id: str) -> HttpResponse:
    """What the search finds now: the open list with its filters."""
    return redirect(f"{reverse('worker:projects')}?{_shown(search_of(request.worker, search_id)).query}")


@require_http_methods(["GET", "POST"])
@worker_required
def search(request: WorkerRequest, search_id: str) -> HttpResponse:
    """Another name or other alerts."""
    kept = search_of(request.worker, search_id)
    shown = {"name": kept.name, "alert": kept.alert, "every": kept.every_seconds}
    form = SearchForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            change_search(
                worker=request.worker,
                search_id=search_id,
                name=typed["name"],
                alert=typed["alert"],
                every_seconds=typed["every"],
                now=timezone.now(),
            )
        except (BadSearch, SearchNameTaken) as no:
            form.add_error("name", refusal_message(no))
        else:
            messages.success(request, _("Saved."))
            return redirect("worker:searches")
    context = {"form": form, "search": kept, "filters": _shown(kept).filters}
    return render(request, "worker/finding/search_form.html", context, status=422 if form.errors else 200)


@require_POST
@worker_required
def forget(request: WorkerRequest, search_id: str) -> HttpResponse:
    """Remove a saved search; its filters come back as an address, so that it can be saved again."""
    query = _shown(search_of(request.worker, search_id)).query
    forget_search(worker=request.worker, search_id=search_id)
    return redirect(f"{reverse('worker:searches')}?{urlencode({'removed': query or 'sort='})}")


def _shown(search: SavedSearch) -> Shown:
    typed = typed_from(read_wanted(search.wanted))
    return Shown(search, urlencode(typed), _words(typed), EVERY[search.every_seconds])


def _words(typed: dict[str, str]) -> list[str]:
    """The filters in words: ``Kind of work: Survey``, or the label alone of what is on or off."""
    said = []
    for bound in FilterForm(typed):
        value = typed.get(bound.name)
        if value and isinstance(bound.field, forms.BooleanField):
            said.append(str(bound.label))
        elif value and isinstance(bound.field, forms.ChoiceField):
            choices = dict(bound.field.widget.choices)
            said.append(f"{bound.label}: {choices.get(value, value)}")
        elif value:
            said.append(f"{bound.label}: {value}")
    return said


def _as_json(search: SavedSearch) -> dict[str, object]:
    return {
        "search_id": search.public_id,
        "name": search.name,
        "alert": search.alert,
        "alert_every_seconds": search.every_seconds,
        "last_alert": iso(search.told_at) if search.told_at else None,
        "projects_url": f"{reverse('worker:projects')}?{_shown(search).query}",
    }
