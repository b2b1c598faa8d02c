"""The worker's id on Mechanical Turk, for requesters who knew them there."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tukro.kernel.errors import Refused
from tukro.qualifications.actions.pool import claim_former_id
from tukro.qualifications.queries import former_id_of
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message, refusal_status


class FormerIdForm(forms.Form):
    former_id = forms.CharField(
        label=gettext_lazy("Your worker ID on Mechanical Turk"),
        help_text=gettext_lazy("It begins with A. Leave it empty to take it back."),
        required=False,
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "POST"])
@worker_required
def former_id(request: WorkerRequest) -> HttpResponse:
    """Say the id, or take it back."""
    now_said = former_id_of(request.worker)
    form = FormerIdForm(request.POST or None, initial={"former_id": now_said})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            claim_former_id(
                worker=request.worker, former_id=form.cleaned_data["former_id"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("former_id", str(refusal_message(refusal)))
            status = refusal_status(refusal)
        else:
            messages.success(request, _("Saved. Requesters who knew you decide what it brings you here."))
            return redirect("worker:former_id")
    return render(request, "worker/proving/former_id.html", {"form": form, "said": now_said}, status=status)
