"""Finding work: the open list and the look at a task before accepting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.questions import proof
from tukro.web.access import WorkerRequest, worker_required
from tukro.web.amounts import AmountField
from tukro.web.answers import wants_json
from tukro.web.categories import category_name
from tukro.web.proof_forms import kinds_asked
from tukro.web.requirements import sentence
from tukro.web.worker import as_json, asking
from tukro.work.queries import (
    Asked,
    GroupDetails,
    GroupRow,
    Preview,
    categories,
    group_details,
    group_of,
    open_groups,
    questions_of,
    task_for_preview,
    this_task_for_preview,
)

SORTS: dict[str, str | Promise] = {
    "updated_desc": _("Newest first"),
    "reward_desc": _("Highest reward first"),
    "hourly_desc": _("Highest pay per hour first"),
    "num_hits_desc": _("Most tasks left first"),
    "updated_asc": _("Oldest first"),
    "reward_asc": _("Lowest reward first"),
    "num_hits_asc": _("Fewest tasks left first"),
}
PAGE_SIZE = 20
# The names that scripts for the model's own worker site send (mturk-sites 2.3).
_ALIASES = {
    "search": "filters[search_term]",
    "min_reward": "filters[min_reward]",
    "qualified": "filters[qualified]",
    "done": "filters[done]",
}


def _kinds() -> list[tuple[str, str | Promise]]:
    """Asked for, once, when a kind is chosen or the form is drawn: a script's page does neither."""
    return [("", _("All kinds")), *((code, category_name(code)) for code in categories())]


class FilterForm(forms.Form):
    """What the worker is looking for. Anything unreadable filters nothing."""

    search = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(SORTS.items()))
    category = forms.ChoiceField(label=_("Kind of work"), required=False)
    min_reward = AmountField(label=_("Smallest reward in US dollars"), required=False, minimum=None)
    qualified = forms.BooleanField(label=_("Only work that I qualify for"), required=False)
    done = forms.BooleanField(label=_("Also work of which I have done all"), required=False)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = cache(_kinds)

    @property
    def filters_in_use(self) -> int:
        """How many of the filters below the search narrow the list."""
        asked = self.cleaned_data
        return sum(bool(asked.get(name)) for name in ("category", "min_reward", "qualified", "done"))


@dataclass(frozen=True, slots=True)
class Offer:
    """One row of the open list."""

    group: GroupRow
    category: str | Promise
    proof_kinds: list[str]


@require_GET
@worker_required
def projects(request: WorkerRequest) -> HttpResponse:
    """The open list: search, filters, order, page by page; JSON for scripts."""
    form = FilterForm(_asked(request))
    form.is_valid()
    asked = form.cleaned_data
    min_reward = asked.get("min_reward")
    page = open_groups(
        request.worker,
        now=timezone.now(),
        search=asked.get("search", ""),
        sort=asked.get("sort") or "updated_desc",
        category=asked.get("category", ""),
        min_reward=min_reward if isinstance(min_reward, Money) else None,
        qualified_only=bool(asked.get("qualified")),
        done_too=bool(asked.get("done")),
        requester_id=request.GET.get("requester", ""),
        after=request.GET.get("after", ""),
        limit=_page_size(request),
    )
    if wants_json(request):
        return JsonResponse(as_json.groups(page))
    context = {"form": form, "offers": _offers(page.rows), "next_cursor": page.next_cursor}
    return render(request, "worker/projects.html", context)


@require_GET
@worker_required
def preview(request: WorkerRequest, group_id: str, task_id: str = "") -> HttpResponse:
    """The terms of a group, what it asks of workers, and one of its tasks to look at: some task, or this."""
    now = timezone.now()
    try:
        details = group_details(group_id, worker=request.worker, now=now)
    except NotFound:
        return _by_type_id(request, group_id)
    shown = _to_look_at(request.worker, details, task_id, now)
    if wants_json(request):
        return JsonResponse(as_json.preview(details.group, shown))
    context = {
        "group": details.group,
        "category": category_name(details.group.category),
        "requirements": [_requirement(asked) for asked in details.asked],
        "closed": details.closed,
        "is_open": _is_open(details.group, now) and bool(shown or details.closed or not task_id),
        "task_id": task_id,
    }
    asked = asking.to_preview(request, shown) if shown else asking.Asked({})
    return asked.on(render(request, "worker/preview.html", {**context, **asked.context}))


def _by_type_id(request: WorkerRequest, type_id: str) -> HttpResponse:
    """The same page under the id of its group, when it was asked for by that of the task type."""
    group_id = group_of(type_id)
    if group_id == type_id:  # it is a group: there is nothing to find in it for this worker
        raise NotFound()
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("worker:preview", args=[group_id]) + (f"?{query}" if query else ""))


def _to_look_at(worker: Worker, details: GroupDetails, task_id: str, now: datetime) -> Preview | None:
    if details.closed:
        return None
    group_id = details.group.group_id
    if task_id:
        return this_task_for_preview(group_id, task_id, now=now)
    return task_for_preview(group_id, worker=worker, now=now)


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, request.GET.get(alias, "")) for name, alias in _ALIASES.items()}
    return asked | {name: request.GET.get(name, "") for name in ("sort", "category")}


def _page_size(request: HttpRequest) -> int:
    try:
        return min(max(int(request.GET.get("page_size", PAGE_SIZE)), 1), 100)
    except ValueError:
        return PAGE_SIZE


def _offers(groups: list[GroupRow]) -> list[Offer]:
    questions = questions_of([group.group_id for group in groups]) if groups else {}
    return [
        Offer(group, category_name(group.category), _proof_kinds(questions.get(group.group_id)))
        for group in groups
    ]


def _proof_kinds(question: tuple[str, str] | None) -> list[str]:
    if question is None:
        return []
    kind, body = question
    return kinds_asked(proof.load(body)) if kind == "proof" else [asking.on_the_page()]


def _requirement(asked: Asked) -> tuple[str, bool, str]:
    """What is asked, whether the worker has it, and the qualification's id when it can be asked for."""
    way = asked.requirement.type_id if asked.obtainable else ""
    return sentence(asked.requirement, name=asked.name), asked.met, way


def _is_open(group: GroupRow, now: datetime) -> bool:
    return group.open_places > 0 and group.expires_at > now
