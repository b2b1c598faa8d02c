"""What the world needs to trust a work record: our key, the list of those taken back, a page that checks."""

from __future__ import annotations

from datetime import date

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tukro.kernel.signing import public_text, signing_key
from tukro.records.queries import public_record, revoked_bits
from tukro.records.rules.credentials import Checked, check_record
from tukro.records.rules.files import MOST_PDF_BYTES, record_in
from tukro.records.rules.keys import did_document, did_of
from tukro.records.rules.proofs import BadProof, signed
from tukro.records.rules.status import status_list
from tukro.web.words.categories import category_name

_STATUS_SECONDS = 300
UNPROCESSABLE = 422
FAULTS: dict[str, Promise] = {
    "unreadable": _("There is no work record in this file."),
    "no_record": _("This file is signed, but it is not a work record."),
    "no_proof": _("This file carries no signature."),
    "unknown_proof": _("This file is signed in a way that we do not know."),
    "no_key": _("This file names no key that we know."),
    "other_key": _("Another site signed this record. Ask that site, or check with its key."),
    "changed": _("The signature does not fit: the file was changed."),
}


class CheckForm(forms.Form):
    file = forms.FileField(label=_("The file of the record, JSON or PDF"))


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """Which key signs here, where did:web looks for it."""
    del request
    key = signing_key(settings.RECORD_KEY).public_key()
    return _open(JsonResponse(did_document(settings.SITE_URL, key), content_type="application/did+json"))


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list of records that were taken back. Refuses NotFound."""
    del request
    issuer, now = did_of(settings.SITE_URL), timezone.now()
    unsigned = status_list(
        site=settings.SITE_URL, issuer=issuer, number=number, revoked=revoked_bits(number), now=now
    )
    document = signed(unsigned, key=signing_key(settings.RECORD_KEY), issuer=issuer, now=now)
    answer = JsonResponse(document, content_type="application/vc")
    answer["Cache-Control"] = f"public, max-age={_STATUS_SECONDS}"
    return _open(answer)


@require_safe
def record(request: HttpRequest, record_id: str) -> HttpResponse:
    """Where the code of a printed record leads: what it says, and whether it holds. Refuses NotFound."""
    found = public_record(record_id)
    checked = check_record(found.document)
    context = _shown(checked) | {"revoked_at": found.revoked_at}
    return render(request, "public/record.html", context)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponseBase:
    """Check a file that somebody was shown."""
    form = CheckForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        page = {"form": form}
        return render(
            request, "public/record_check.html", page, status=UNPROCESSABLE if form.is_bound else 200
        )
    own = public_text(signing_key(settings.RECORD_KEY).public_key())
    try:
        checked = check_record(record_in(form.cleaned_data["file"].read(MOST_PDF_BYTES)), key=own)
        found = public_record(str(checked.document["id"]).rpartition("/")[2])
    except BadProof as fault:
        context = {"form": form, "fault": FAULTS[fault.reason]}
        return render(request, "public/record_check.html", context, status=UNPROCESSABLE)
    return render(request, "public/record.html", _shown(checked) | {"revoked_at": found.revoked_at})


def _shown(checked: Checked) -> dict[str, object]:
    by_category = checked.work.get("approvedByCategory") or {}
    return {
        "checked": checked,
        "subject": checked.subject,
        "work": checked.work,
        "share": float(checked.work.get("approvalShare", "0")),
        "days": [_day(checked.work.get(which)) for which in ("firstDay", "lastDay")],
        "kinds": [(category_name(code), count) for code, count in by_category.items()],
    }


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _open(answer: HttpResponse) -> HttpResponse:
    """Programs of any site may read it: it is public by its nature."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


urlpatterns = [
    path(".well-known/did.json", did, name="did"),
    path("records/status/<int:number>", status, name="record_status"),
    path("records/check", check, name="record_check"),
    path("records/<str:record_id>", record, name="record"),
]
