"""The house's own qualifications: Masters and premium types, which staff give to workers."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.people.models import Worker
from tukro.people.queries.named import worker_named
from tukro.qualifications.actions.granting import grant_house_type, revoke_house_type
from tukro.qualifications.actions.types import create_house_type
from tukro.qualifications.models import QualificationType
from tukro.qualifications.queries import house_types, qualification_of
from tukro.qualifications.rules import TYPE_LIMITS
from tukro.web.alike.acts import act
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.refusals import refusal_message
from tukro.web.words.requirements import type_name


class HouseTypeForm(forms.Form):
    """A premium qualification."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=TYPE_LIMITS["name"][1])
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=TYPE_LIMITS["description"][1],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    type_id = forms.RegexField(
        r"^[A-Z0-9]{1,30}$",
        label=gettext_lazy("ID"),
        help_text=gettext_lazy("One that programs know already; leave it empty for a new one."),
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """A type of the house beside a worker."""

    kind: QualificationType
    name: str
    held: bool


@require_http_methods(["GET", "POST"])
@staff_required
def types(request: StaffRequest) -> HttpResponse:
    """The types that staff give. A POST makes one."""
    form = HouseTypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_house_type(by=request.user.actor, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("type_id", refusal_message(refusal))
        else:
            messages.success(request, _("The qualification is made."))
            return redirect("staff:qualifications")
    kinds = [(kind, type_name(kind.public_id, kind.name)) for kind in house_types()]
    context = {"form": form, "kinds": kinds}
    return render(request, "staff/persons/qualifications.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def give(request: StaffRequest, worker_id: str) -> HttpResponse:
    worker, type_id = worker_named(worker_id), request.POST.get("type_id", "")
    return act(
        request,
        lambda: grant_house_type(by=request.user.actor, type_id=type_id, worker=worker, now=timezone.now()),
        done=_("Granted; an e-mail tells the worker."),
        back=reverse("staff:worker", args=[worker_id]),
    )


@require_POST
@staff_required
def take_back(request: StaffRequest, worker_id: str) -> HttpResponse:
    worker, type_id = worker_named(worker_id), request.POST.get("type_id", "")
    reason = request.POST.get("reason", "")[:1000]
    return act(
        request,
        lambda: revoke_house_type(
            by=request.user.actor, type_id=type_id, worker=worker, reason=reason, now=timezone.now()
        ),
        done=_("Taken back; an e-mail tells the worker."),
        back=reverse("staff:worker", args=[worker_id]),
    )


def given_to(worker: Worker) -> list[Given]:
    """Each type of the house, and whether the worker holds it."""
    rows = [(kind, qualification_of(worker, kind)) for kind in house_types()]
    return [
        Given(kind, type_name(kind.public_id, kind.name), held is not None and held.revoked_at is None)
        for kind, held in rows
    ]
