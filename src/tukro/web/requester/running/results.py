"""The result file of a batch: out with the answers, and back with verdicts."""

from __future__ import annotations

from typing import BinaryIO, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.campaigns.actions.results import result_file_name, result_lines
from tukro.campaigns.actions.reviewing import apply_review_file, read_review_file
from tukro.campaigns.models import ReviewFile
from tukro.campaigns.queries.reviewing import batch_of, review_file_of, totals_of
from tukro.campaigns.queries.verdicts import Plan, overtaken, plan_of
from tukro.kernel.errors import NotFound, Refused
from tukro.questions.crowd import names_in
from tukro.web import formats
from tukro.web.alike.downloads import csv_file
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_message, refusal_status
from tukro.web.requester.posting.words import FAULTS as FAULTS_OF_FILES

# What is wrong with a line of a file that came back; facts are named as in campaigns/actions/reviewing.py.
FAULTS: dict[str, str | Promise] = {
    "unknown": _("No answer of this batch has the id %(assignment)s."),
    "repeated": _("The answer %(assignment)s stands in the file twice."),
    "both": _("Approve and Reject are both filled. Leave one of them empty."),
    "not_x": _("Approve takes only an X; the file says “%(text)s”."),
    "reason_too_long": _("The reason is longer than %(limit)s characters."),
    "not_handed_in": _("The answer %(assignment)s is with its worker now and cannot be judged."),
    "paid_already": _("The answer %(assignment)s is approved and paid; it cannot be rejected any more."),
    "worker_gone": _("The worker has closed their account: nobody could take the money."),
    "rejected_too_long_ago": _("A rejection can be overturned for %(days)s days after the answer came in."),
    **{
        code: FAULTS_OF_FILES[code].cause
        for code in ("quote_not_closed", "text_after_quote", "cell_too_long", "broken_row", "nul_character")
    },
}

OVERTAKEN_SHOWN = 100


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Result file with your verdicts"),
        help_text=_("Put X in the column Approve, or your reason in the column Reject, and save it as CSV."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
    )


class ConfirmForm(forms.Form):
    reopen = forms.BooleanField(label=_("Offer the rejected places to other workers"), required=False)


@require_GET
@requester_required
def page(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Totals of a batch, its result file, and the way back in."""
    return _page(request, batch_id, UploadForm())


@require_GET
@requester_required
def download(request: RequesterRequest, batch_id: str) -> StreamingHttpResponse:
    """The result file, streamed.

    ``?for=spreadsheet`` makes it safe to open in one; ``?answers=columns`` gives answers of crowd elements a
    column per value.
    """
    batch = batch_of(request.requester, batch_id)
    lines = result_lines(
        batch,
        file_address=_file_address,
        now=timezone.now(),
        for_spreadsheets=request.GET.get("for") == "spreadsheet",
        spread_out=request.GET.get("answers") == "columns",
    )
    return csv_file(lines, name=result_file_name(batch))


@takes_files
@require_POST
@requester_required
def upload(request: RequesterRequest, batch_id: str) -> HttpResponse:
    """Take a result file back and show what it would do. Nothing is decided yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, batch_id, form, status=422)
    file = form.cleaned_data["file"]
    try:
        review_file = read_review_file(
            requester=request.requester,
            batch_id=batch_id,
            file=cast(BinaryIO, file.file),
            file_name=file.name,
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error("file", refusal_message(refusal))
        return _page(request, batch_id, form, status=refusal_status(refusal))
    return redirect("requester:verdicts", review_id=review_file.public_id)


@require_http_methods(["GET", "POST"])
@requester_required
def verdicts(request: RequesterRequest, review_id: str) -> HttpResponse:
    """What a returned file would do; the confirmation that does it."""
    review_file = review_file_of(request.requester, review_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _verdicts(request, review_file, form)
    now = timezone.now()
    try:
        done = apply_review_file(
            requester=request.requester, review_id=review_id, reopen=form.cleaned_data["reopen"], now=now
        )
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return _verdicts(request, review_file, form, status=refusal_status(refusal))
    return _done(request, done, plan_of(done, now=now))


def _done(request: RequesterRequest, done: ReviewFile, what: Plan) -> HttpResponse:
    """Say how many verdicts were applied. Those that were not are named on the page of the file."""
    counts = {name: formats.number(getattr(what, name)) for name in ("applies", "unchanged", "overtaken")}
    if what.overtaken:
        words = _(
            "Applied: %(applies)s. Stood so already: %(unchanged)s. "
            "Not applied, because they were decided otherwise meanwhile: %(overtaken)s."
        )
        messages.warning(request, words % counts)
        return redirect("requester:verdicts", review_id=done.public_id)
    words = _("Your verdicts are done. Applied: %(applies)s. Stood so already: %(unchanged)s.")
    messages.success(request, words % counts)
    return redirect("requester:results", batch_id=done.batch.public_id)


def _file_address(file_id: str) -> str:
    """Where the requester's own browser finds a file."""
    return f"{settings.SITE_URL}{reverse('proof_file', args=[file_id])}"


def _page(request: RequesterRequest, batch_id: str, form: UploadForm, *, status: int = 200) -> HttpResponse:
    batch = batch_of(request.requester, batch_id)
    totals = totals_of(batch)
    context = {
        "batch": batch,
        "totals": totals,
        "form": form,
        "file_name": result_file_name(batch),
        "has_elements": bool(names_in(batch.question.body)),
        "review_files": batch.review_files.order_by("-pk")[:10],
    }
    return render(request, "requester/running/results.html", context, status=status)


def _verdicts(
    request: RequesterRequest, review_file: ReviewFile, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    batch = review_file.batch
    now = timezone.now()
    plan = plan_of(review_file, now=now)
    price = batch.task_type.price
    context = {
        "review_file": review_file,
        "batch": batch,
        "plan": plan,
        "overtaken": overtaken(review_file, now=now, limit=OVERTAKEN_SHOWN) if plan.overtaken else [],
        "overtaken_more": max(plan.overtaken - OVERTAKEN_SHOWN, 0),
        "faults": [_in_words(fault) for fault in review_file.faults],
        "faults_more": review_file.fault_count - len(review_file.faults),
        "form": form,
        "reopen_cost": price * plan.reject,
    }
    return render(request, "requester/running/verdicts.html", context, status=status)


def _in_words(fault: dict[str, object]) -> dict[str, object]:
    facts = cast(dict[str, object], fault["facts"])
    code = cast(str, fault["code"])
    return {"line": formats.number(cast(int, fault["line"])), "text": str(FAULTS[code]) % facts}
