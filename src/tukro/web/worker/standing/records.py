"""A worker's signed record: choose what it shows, take it along, take it back."""

from __future__ import annotations

import json

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.kernel.signing import public_text, signing_key
from tukro.people.queries import contact_of
from tukro.records.actions.giving import Shown, give_record, take_record_back
from tukro.records.queries import record_of, records_of, work_of
from tukro.records.rules.credentials import check_record
from tukro.web.alike.downloads import whole_file
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.paper.work_record import work_record_pdf


class RecordForm(forms.Form):
    """What the record shows beside the numbers."""

    name = forms.BooleanField(label=gettext_lazy("My name"), required=False)
    worker_id = forms.BooleanField(
        label=gettext_lazy("My worker ID"),
        help_text=gettext_lazy("It is the same for everybody; requesters here know you by other IDs."),
        required=False,
    )
    categories = forms.BooleanField(label=gettext_lazy("Kinds of work"), required=False, initial=True)
    qualifications = forms.BooleanField(label=gettext_lazy("Qualifications"), required=False, initial=True)


@require_http_methods(["GET", "POST"])
@worker_required
def records(request: WorkerRequest) -> HttpResponseBase:
    """The records given so far, and making one (S1-60…62)."""
    form = RecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = give_record(worker=request.worker, shown=Shown(**form.cleaned_data), now=timezone.now())
        messages.success(request, _("Your record is signed. Download it below."))
        return redirect(f"{request.path}#{made.public_id}")
    context = {
        "form": form,
        "work": work_of(request.worker),
        "has_name": contact_of(request.user) is not None,
        "rows": records_of(request.worker),
        "key": public_text(signing_key(settings.RECORD_KEY).public_key()),
    }
    return render(request, "worker/standing/records.html", context)


@require_GET
@worker_required
def record_json(request: WorkerRequest, record_id: str) -> HttpResponse:
    record = record_of(request.worker, record_id)
    body = json.dumps(record.document, ensure_ascii=False, indent=1)
    return whole_file(body, name=f"work-record-{record_id}.json", media_type="application/vc")


@require_GET
@worker_required
def record_pdf(request: WorkerRequest, record_id: str) -> HttpResponse:
    record = record_of(request.worker, record_id)
    pdf = work_record_pdf(check_record(record.document))
    return whole_file(pdf, name=f"work-record-{record_id}.pdf")


@require_POST
@worker_required
def take_back(request: WorkerRequest, record_id: str) -> HttpResponseBase:
    """The worker no longer wants it to hold, as after losing a phone."""
    take_record_back(
        by=request.worker.actor, record_id=record_id, reason="", now=timezone.now(), of=request.worker
    )
    messages.success(request, _("The record no longer holds. Who checks it is told so."))
    return redirect("worker:records")


urlpatterns = [
    path("record", records, name="records"),
    path("record/<str:record_id>/json", record_json, name="record_file_json"),
    path("record/<str:record_id>/pdf", record_pdf, name="record_file_pdf"),
    path("record/<str:record_id>/take_back", take_back, name="record_take_back"),
]
