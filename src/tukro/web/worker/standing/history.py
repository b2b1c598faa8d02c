"""What a worker did: the list, the file of it, and the page of one piece of work with its appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.csv_lines import harmless, spreadsheet
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.formats import iso
from tukro.web import uploads
from tukro.web.alike.downloads import csv_file
from tukro.web.alike.talking import thread_about
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_message
from tukro.web.uploads.keeping import stored_file
from tukro.web.words import reasons
from tukro.web.worker.data import as_json
from tukro.web.worker.messages import party
from tukro.work.actions.doing.appealing import appeal, withdraw_appeal
from tukro.work.actions.doing.proof_files import StoredFile
from tukro.work.models import BEING_DONE, AssignmentState
from tukro.work.queries import HistoryRow, history_of
from tukro.work.queries.of_worker.history import APPEALED, BONUS, Record, record_of, whole_history
from tukro.work.rules import MAX_APPEAL, MAX_APPEAL_FILES, SKIPPED

# What an assignment's state is called, and the colour of its badge.
STATES: dict[str, tuple[str | Promise, str]] = {
    AssignmentState.ACCEPTED: (_("Being done"), "badge-accent"),
    AssignmentState.SUBMITTED: (_("Waits for review"), "badge-info"),
    AssignmentState.REVISING: (_("Sent back for repair"), "badge-warn"),
    AssignmentState.APPROVED: (_("Approved"), "badge-ok"),
    AssignmentState.REJECTED: (_("Rejected"), "badge-bad"),
    AssignmentState.RETURNED: (_("Returned"), ""),
    AssignmentState.ABANDONED: (_("Time ran out"), ""),
}
OUTCOMES: list[tuple[str, str | Promise]] = [
    *((code, words) for code, (words, _colour) in STATES.items()),
    (BONUS, _("Brought a bonus")),
    (APPEALED, _("Appealed")),
]
APPEALS: dict[str, tuple[str | Promise, str]] = {
    "open": (_("Appeal open"), "badge-info"),
    "overturned": (_("Appeal won"), "badge-ok"),
    "withdrawn": (_("Appeal taken back"), ""),
}
COLUMNS = (
    "AssignmentId", "TaskId", "Title", "RequesterId", "Requester", "State", "AcceptTime", "SubmitTime",
    "DecisionTime", "RewardUSD", "BonusUSD", "BonusReasons", "ReasonCode", "RequesterFeedback", "Appeal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """One row of the history, with its words."""

    row: HistoryRow
    state: str | Promise
    colour: str
    reason: str | Promise
    appeal: str | Promise
    appeal_colour: str
    rejection: str | Promise  # the reason of one that was taken back

    @property
    def is_paid(self) -> bool:
        return self.row.state == AssignmentState.APPROVED


@require_GET
@worker_required
def history(request: WorkerRequest) -> HttpResponse:
    """What the worker took, did and was paid for, however long ago; narrowed by what the address says."""
    asked = _asked(request)
    page = history_of(request.worker, **asked, after=request.GET.get("after", ""))
    if wants_json(request):
        return JsonResponse(as_json.history(page))
    context = {
        "rows": [_done(row) for row in page.rows],
        "next_cursor": page.next_cursor,
        "states": OUTCOMES,
        "is_narrowed": any(asked.values()),
        **asked,
        "requester_name": next((row.requester_name for row in page.rows if asked["requester_id"]), ""),
    }
    return render(request, "worker/standing/history.html", context)


@require_GET
@worker_required
def download(request: WorkerRequest) -> StreamingHttpResponse:
    """The same rows as a file, all of them; amounts in dollars, moments in UTC."""
    rows = whole_history(request.worker, **_asked(request))
    lines = spreadsheet(COLUMNS, (harmless(_cells(row)) for row in rows))
    return csv_file(lines, name=f"tukro-history-{timezone.localdate().isoformat()}.csv")


@require_GET
@worker_required
def record(request: WorkerRequest, assignment_id: str) -> HttpResponse:
    """One piece of work: what was handed in, what came of it, and what can be done about it."""
    return _page(request, assignment_id)


@takes_files
@require_POST
@worker_required
def make_appeal(request: WorkerRequest, assignment_id: str) -> HttpResponse:
    """Appeal against the rejection, with words and files."""
    text, paths = request.POST.get("text", ""), list[str]()
    try:
        appeal(
            worker=request.worker,
            assignment_id=assignment_id,
            text=text,
            files=_kept(request.FILES.getlist("files"), paths),
            now=timezone.now(),
        )
    except Refused as refusal:
        for path in paths:
            uploads.discard(path)
        if isinstance(refusal, NotFound):
            raise
        return _page(request, assignment_id, said=text, wrong=refusal_message(refusal), status=422)
    messages.success(request, gettext("Your appeal is recorded. The money stays set aside while it is open."))
    return redirect("worker:record", assignment_id)


@require_POST
@worker_required
def take_back(request: WorkerRequest, assignment_id: str) -> HttpResponseRedirect:
    """Let the appeal rest."""
    withdraw_appeal(worker=request.worker, assignment_id=assignment_id, now=timezone.now())
    messages.success(request, gettext("You took the appeal back."))
    return redirect("worker:record", assignment_id)


def _page(
    request: WorkerRequest, assignment_id: str, *, said: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    found, now = record_of(request.worker, assignment_id), timezone.now()
    context = {
        "record": found,
        "done": _done(found.row),
        "versions": [(one, reasons.REVISION.get(one.reason_code, "")) for one in found.versions],
        "can_appeal": _can_appeal(found) and found.release_at is not None and found.release_at > now,
        "is_live": found.row.state in BEING_DONE and found.row.deadline_at > now,
        "thread": thread_about(party(request), assignment_id),
        "said": said,
        "wrong": wrong,
        "longest": MAX_APPEAL,
        "most_files": MAX_APPEAL_FILES,
    }
    return render(request, "worker/standing/record.html", context, status=status)


def _can_appeal(found: Record) -> bool:
    return found.row.state == AssignmentState.REJECTED and found.appeal is None and found.released_at is None


def _kept(files: list[UploadedFile[bytes]], paths: list[str]) -> list[StoredFile]:
    """Look at each file and keep it; ``paths`` names what is to be discarded when the verb refuses."""
    stored = []
    for file in files[: MAX_APPEAL_FILES + 1]:
        stored.append(stored_file(file))
        paths.append(stored[-1].path)
    return stored


def _asked(request: WorkerRequest) -> dict[str, Any]:
    return {
        "state": request.GET.get("state", ""),
        "day": _day(request.GET.get("day", "")),
        "requester_id": request.GET.get("requester", "")[:30],
        "words": request.GET.get("search", "").strip()[:100],
    }


def _cells(row: HistoryRow) -> list[str]:
    return [
        row.assignment_id,
        row.task_id,
        row.title,
        row.requester_id,
        row.requester_name,
        row.state,
        iso(row.accepted_at),
        iso(row.submitted_at) if row.submitted_at else "",
        iso(row.decided_at) if row.decided_at else "",
        str(row.reward),
        str(row.bonus),
        "\n".join(one.reason for one in row.bonuses),
        row.reason_code,
        row.feedback,
        row.appeal,
    ]


def _done(row: HistoryRow) -> Done:
    words, colour = STATES[row.state]
    appeal_words, appeal_colour = APPEALS.get(row.appeal, ("", ""))
    rejection = reasons.REJECTION.get(row.taken_back.reason_code, "") if row.taken_back else ""
    return Done(row, words, colour, _reason(row), appeal_words, appeal_colour, rejection)


def _reason(row: HistoryRow) -> str | Promise:
    """The reason code of a rejection, a repair or a return, in words."""
    of_state = {
        AssignmentState.REJECTED: reasons.REJECTION,
        AssignmentState.REVISING: reasons.REVISION,
        AssignmentState.RETURNED: {**reasons.RETURN, SKIPPED: reasons.SKIPPED},
    }
    return of_state.get(AssignmentState(row.state), {}).get(row.reason_code, "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
