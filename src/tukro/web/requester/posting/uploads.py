"""Files: upload, the report of faults, a look at every row, what it costs, and publishing."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from tukro.campaigns.actions.publishing import publish, publish_chunk
from tukro.campaigns.actions.uploads import (
    MEGABYTE,
    CsvTooLarge,
    discard_upload,
    prepare_without_file,
    read_upload,
)
from tukro.campaigns.models import Project, ProjectKind, Upload, UploadRow
from tukro.campaigns.queries.posting import (
    columns_needed,
    cost_of,
    hourly_of_project,
    project_of,
    staged_rows,
    upload_of,
)
from tukro.campaigns.rules.tables import MAX_FILE_BYTES, MAX_ROWS
from tukro.kernel.csv_lines import BYTE_ORDER_MARK, Echo
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.queries import debt_of, requester_can_spend
from tukro.questions.proof import Form, fill, read_fields
from tukro.web import formats
from tukro.web.alike.downloads import whole_file
from tukro.web.entry.access import RequesterRequest, requester_required
from tukro.web.entry.senders import takes_files
from tukro.web.forms.amounts import agreed_sum
from tukro.web.forms.proof_forms import rows as proof_rows
from tukro.web.refusals import refusal_mend, refusal_message, refusal_status
from tukro.web.requester.posting.projects import preview_context
from tukro.web.requester.posting.words import fault_line, note_words

_TOO_LARGE = CsvTooLarge(limit=MAX_FILE_BYTES // MEGABYTE)
_FORM_OVERHEAD = MEGABYTE  # the other fields of the form and the borders between them
_ROWS_SHOWN = 10
_SAMPLE_ROWS = 3


def _limits() -> str:
    size, rows = formats.number(MAX_FILE_BYTES // MEGABYTE), formats.number(MAX_ROWS)
    return _("One task per row. UTF-8, up to %(size)s MB and %(rows)s rows.") % {"size": size, "rows": rows}


class FileForm(forms.Form):
    """The one file that is uploaded."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=lazy(_limits, str)(),
        allow_empty_file=True,  # the report says what an empty file lacks
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,text/csv", "data-limit": str(MAX_FILE_BYTES)}
        ),
    )


@takes_files
@csrf_exempt  # checked below, after the size: the check reads the whole body
def upload_file(request: HttpRequest, project_id: str) -> HttpResponseBase:
    """Read a CSV. What announces itself as too large is refused before a byte of it is read."""
    if _announced_size(request) > MAX_FILE_BYTES + _FORM_OVERHEAD:
        return _too_large(request, project_id)
    return _upload_file(request, project_id)


@requester_required
def _too_large(request: RequesterRequest, project_id: str) -> HttpResponse:
    project = project_of(request.requester, project_id)
    return _file_page(request, project, FileForm(), status=refusal_status(_TOO_LARGE))


@csrf_protect
@requester_required
def _upload_file(request: RequesterRequest, project_id: str) -> HttpResponse:
    project = project_of(request.requester, project_id)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        assert isinstance(file, UploadedFile)
        upload = read_upload(file=file, project=project, now=timezone.now())
        return redirect("requester:upload", upload.public_id)
    return _file_page(request, project, form, status=422 if form.errors else 200)


def _file_page(request: RequesterRequest, project: Project, form: FileForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "project": project,
        "columns": columns_needed(project),
        "too_large": status == 413,
        "too_large_words": refusal_message(_TOO_LARGE),
    }
    return render(request, "requester/posting/upload_file.html", context, status=status)


def _announced_size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


@require_GET
@requester_required
def sample_csv(request: RequesterRequest, project_id: str) -> HttpResponse:
    """A file to begin with: the columns that the project needs and a few rows of example."""
    project = project_of(request.requester, project_id)
    columns = columns_needed(project)
    writer = csv.writer(Echo())
    rows = ([_sample_value(name, no) for name in columns] for no in range(1, _SAMPLE_ROWS + 1))
    text = BYTE_ORDER_MARK + "".join(writer.writerow(row) for row in (columns, *rows))
    return whole_file(text, name="sample.csv", media_type="text/csv; charset=utf-8")


def _sample_value(column: str, no: int) -> str:
    if "url" in column.lower() or "link" in column.lower():
        return f"https://example.org/{no}"
    return f"{column} {no}"


@require_POST
@requester_required
def prepare(request: RequesterRequest, project_id: str) -> HttpResponse:
    """The way to publishing of a project that needs no file."""
    project = project_of(request.requester, project_id)
    upload = prepare_without_file(project=project, now=timezone.now())
    return redirect("requester:upload", upload.public_id)


@require_GET
@never_cache  # the way back from a published batch leads to the batch, not to another "Publish"
@requester_required
def upload(request: RequesterRequest, upload_id: str) -> HttpResponse:
    """The report of a faulty file; of a good one its rows, how each will look, the cost, and publishing."""
    shown = upload_of(request.requester, upload_id)
    if shown.batch_id:
        return redirect("requester:batch", shown.batch_id)
    return _upload_page(request, shown)


@require_POST
@requester_required
def publish_upload(request: RequesterRequest, upload_id: str) -> HttpResponse:
    """Set the money aside that the page said, and publish. Pressed twice, it leads to the same batch."""
    now, shown_cost = timezone.now(), agreed_sum(request.POST.get("cost", ""))
    try:
        batch = publish(requester=request.requester, upload_id=upload_id, shown=shown_cost, now=now)
    except Refused as refusal:
        if refusal_status(refusal) == 404:
            raise
        shown = upload_of(request.requester, upload_id)
        return _upload_page(request, shown, refusal=refusal)
    # A small batch is open before the page is; a large one goes on in the background.
    publish_chunk(batch_id=batch.public_id, now=now)
    return redirect("requester:batch", batch.public_id)


@require_POST
@requester_required
def discard(request: RequesterRequest, upload_id: str) -> HttpResponse:
    shown = upload_of(request.requester, upload_id)
    discard_upload(requester=request.requester, upload_id=upload_id, now=timezone.now())
    messages.success(request, _("The file is discarded. Nothing was published."))
    return redirect("requester:project", shown.project.public_id)


def _upload_page(request: RequesterRequest, shown: Upload, refusal: Refused | None = None) -> HttpResponse:
    project = shown.project
    context: dict[str, Any] = {"upload": shown, "project": project}
    status = 200
    if shown.fault_count:
        context["faults"] = [fault_line(fault) for fault in shown.faults]
    else:
        context |= _rows_context(request, shown) | _cost_context(request, shown)
        context["notes"] = note_words(shown.notes)
    if refusal is not None:
        context |= {"refusal": refusal_message(refusal), "mend": refusal_mend(refusal)}
        status = refusal_status(refusal)
    return render(request, "requester/posting/upload.html", context, status=status)


def _cost_context(request: RequesterRequest, shown: Upload) -> dict[str, Any]:
    cost = cost_of(shown.project, shown.row_count)
    available = requester_can_spend(request.requester)
    debt = Money.zero() if available else debt_of(request.requester)  # whoever owes can spend nothing
    return {
        "cost": cost,
        "hourly": hourly_of_project(shown.project),
        "available": available,
        "after": available - cost.total,
        "debt": debt,
        "missing": max(cost.total - available + debt, Money.zero()),
    }


def _rows_context(request: RequesterRequest, shown: Upload) -> dict[str, Any]:
    """Ten rows as a table, and one of them as workers will see it."""
    row_no = _row_no(request, shown)
    first = (row_no - 1) // _ROWS_SHOWN * _ROWS_SHOWN
    rows = staged_rows(shown, after=first, limit=_ROWS_SHOWN)
    current = next((row for row in rows if row.no == row_no), None)
    return {
        "row_no": row_no,
        "rows": [(row.no, [row.input.get(name, "") for name in shown.columns]) for row in rows],
        "previous_no": row_no - 1,
        "next_no": row_no + 1 if row_no < shown.row_count else 0,
        "preview": _row_preview(shown.project, shown, current),
    }


def _row_preview(project: Project, shown: Upload, row: UploadRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    if project.kind == ProjectKind.PROOF:
        form = fill(Form(project.instructions, read_fields(project.proof)), row.input)
        return {"form": form, "rows": proof_rows(form)}
    return preview_context(project, upload_id=shown.public_id, row_no=row.no)


def _row_no(request: RequesterRequest, shown: Upload) -> int:
    """The row to look at, kept within the file; Bengali digits are fine."""
    text = request.GET.get("row", "").strip()
    number = int(text) if text.isdecimal() and len(text) < 10 else 1
    return min(max(number, 1), max(shown.row_count, 1))
