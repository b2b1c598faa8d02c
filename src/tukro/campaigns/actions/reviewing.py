"""The result file comes back with verdicts: read it, show what would happen, then do it in one go.

``X`` in Approve approves, a text in Reject rejects with that text as the reason; lines with both empty stay
as they are. Only AssignmentId, Approve and Reject are needed, in any order and case (mturk-sites 3.7), and a
spreadsheet may have saved the file in its own way: other separators, other encodings.
"""

from __future__ import annotations

import io
import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import BinaryIO, Final, TypeVar

from django.db import transaction

from tukro.campaigns.models import ReviewFile, ReviewLine, Verdict
from tukro.campaigns.queries.verdicts import standing
from tukro.campaigns.rules.faults import Fault, Unreadable
from tukro.campaigns.rules.tables import Table, open_records
from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Requester, WorkerState
from tukro.work.actions.reviewing import approve_assignment, approve_assignments, reject_assignments
from tukro.work.models import HANDED_IN, Assignment, AssignmentState, Batch
from tukro.work.rules import OVERTURN_DAYS

T = TypeVar("T")

MAX_BYTES: Final = 100 * 1024 * 1024
MAX_REASON: Final = 2000
FAULTS_KEPT: Final = 100
_CHUNK: Final = 1000
_NEEDED: Final = ("AssignmentId", "Approve", "Reject")


class ReviewFileTooLarge(Refused):
    """The file is larger than ``limit`` bytes."""


class ReviewFileUnreadable(Refused):
    """The file is empty, or no text that can be read. ``code``: of the first fault of the file."""


class ReviewColumnsMissing(Refused):
    """The file lacks columns that say what is meant. ``columns``: their names."""


class FileHasFaults(Refused):
    """Lines of the file cannot be done (``count``); a file is done as a whole or not at all."""


@dataclass(frozen=True, slots=True)
class _Line:
    no: int
    assignment_id: str
    task_id: str
    approve: str
    reject: str


@dataclass(frozen=True, slots=True)
class _Fault:
    line: int
    code: str
    facts: Mapping[str, object]

    def kept(self) -> dict[str, object]:
        return {"line": self.line, "code": self.code, "facts": dict(self.facts)}


def read_review_file(
    *, requester: Requester, batch_id: str, file: BinaryIO, file_name: str, now: datetime
) -> ReviewFile:
    """Read a result file with verdicts and keep them for confirmation; nobody is paid or rejected yet.

    Faults are kept by line. Refuses NotFound (not the requester's batch), ReviewFileTooLarge,
    ReviewFileUnreadable, ReviewColumnsMissing.
    """
    batch = Batch.objects.filter(public_id=batch_id, requester=requester).first()
    if batch is None:
        raise NotFound(batch_id=batch_id)
    if file.seek(0, io.SEEK_END) > MAX_BYTES:
        raise ReviewFileTooLarge(limit=MAX_BYTES)
    try:
        table = open_records(file, _NEEDED)
    except Unreadable as unreadable:
        raise ReviewFileUnreadable(code=unreadable.faults[0].code) from None
    with transaction.atomic():
        review_file = ReviewFile.objects.create(
            public_id=new_id(),
            requester=requester,
            batch=batch,
            file_name=PurePath(file_name).name[:200],
            uploaded_at=now,
        )
        _keep_lines(review_file, table, now)
    return review_file


@transaction.atomic
def apply_review_file(*, requester: Requester, review_id: str, reopen: bool, now: datetime) -> ReviewFile:
    """Do everything that the file says and that can still be done, in one go. Doing it twice does it once.

    Approves, overturns and rejects through the verbs of ``work``; ``reopen`` offers rejected places to
    others. What was decided otherwise since the file was read stays so; each line keeps what it met
    (``queries.verdicts``). Refuses NotFound, FileHasFaults, and what those verbs refuse (InsufficientFunds
    for overturned rejections whose money has gone back, for instance).
    """
    review_file = (
        ReviewFile.objects.select_for_update(of=("self",))
        .select_related("batch__task_type")
        .filter(public_id=review_id, requester=requester)
        .first()
    )
    if review_file is None:
        raise NotFound(review_id=review_id)
    if review_file.applied_at is not None:
        return review_file
    if review_file.fault_count:
        raise FileHasFaults(count=review_file.fault_count)
    _lock(review_file)
    review_file.lines.update(met=standing(now))
    _approve(review_file, requester, now)
    _reject(review_file, requester, reopen=reopen, now=now)
    review_file.applied_at = now
    review_file.save(update_fields=["applied_at"])
    record(
        name="ReviewFileApplied",
        actor=requester.actor,
        subject=review_file.public_id,
        at=now,
        facts={"batch": review_file.batch.public_id, "lines": review_file.line_count},
    )
    return review_file


def _lock(review_file: ReviewFile) -> None:
    """All work of the file, in one order: its verbs go through it several times, others go beside them."""
    work = Assignment.objects.filter(pk__in=review_file.lines.values("assignment")).order_by("pk")
    deque(work.select_for_update(no_key=True).values_list("pk").iterator(_CHUNK), maxlen=0)


def _approve(review_file: ReviewFile, requester: Requester, now: datetime) -> None:
    approved = review_file.lines.filter(verdict=Verdict.APPROVE).order_by("assignment")
    ids = approved.values_list("assignment__public_id", flat=True)
    for chunk in _in_chunks(ids.filter(met=AssignmentState.SUBMITTED).iterator(_CHUNK)):
        approve_assignments(requester=requester, assignment_ids=chunk, now=now)
    for assignment_id in ids.filter(met=AssignmentState.REJECTED).iterator(_CHUNK):
        approve_assignment(
            requester=requester, assignment_id=assignment_id, feedback="", now=now, override=True
        )


def _reject(review_file: ReviewFile, requester: Requester, *, reopen: bool, now: datetime) -> None:
    rejected = (
        review_file.lines.filter(verdict=Verdict.REJECT, met=AssignmentState.SUBMITTED)
        .order_by("reason", "assignment")
        .values_list("reason", "assignment__public_id")
    )
    for reason, lines in itertools.groupby(rejected.iterator(_CHUNK), key=lambda line: line[0]):
        for chunk in _in_chunks(public_id for _reason, public_id in lines):
            reject_assignments(
                requester=requester,
                assignment_ids=chunk,
                reason_code="other",
                feedback=reason,
                reopen=reopen,
                now=now,
            )


def _lines_of(table: Table) -> Iterator[_Line]:
    """The lines that carry a verdict or part of one; broken ones become the table's faults.

    Refuses ReviewColumnsMissing.
    """
    at = {name.strip().lower(): place for place, name in reversed(list(enumerate(table.columns)))}
    missing = [name for name in _NEEDED if name.lower() not in at]
    if missing:
        raise ReviewColumnsMissing(columns=missing)
    for line, row in table.records():
        cell = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        if not (cell["approve"] or cell["reject"]):
            continue
        found = _Line(line, cell["assignmentid"], cell.get("hitid", ""), cell["approve"], cell["reject"])
        if any("\x00" in text for text in (found.assignment_id, found.task_id, found.approve, found.reject)):
            table.faults.add(Fault(line, "", "nul_character"))
        else:
            yield found


def _keep_lines(review_file: ReviewFile, table: Table, now: datetime) -> None:
    """Store the verdicts of good lines and the faults of others."""
    for chunk in _in_chunks(_lines_of(table)):
        found = {
            assignment.public_id: assignment
            for assignment in Assignment.objects.select_related("task", "worker").filter(
                batch_id=review_file.batch.pk, public_id__in=[line.assignment_id for line in chunk]
            )
        }
        seen = set(
            review_file.lines.filter(assignment__in=found.values()).values_list(
                "assignment__public_id", flat=True
            )
        )
        good: list[ReviewLine] = []
        for line in chunk:
            fault = _fault_of(line, found.get(line.assignment_id), seen, now)
            if fault is not None:
                _keep_fault(review_file, fault)
                continue
            seen.add(line.assignment_id)
            good.append(_verdict_of(line, found[line.assignment_id], review_file))
        ReviewLine.objects.bulk_create(good)
        review_file.line_count += len(chunk)
    for broken in table.faults.first:
        _keep_fault(review_file, _Fault(broken.line, broken.code, broken.facts))
    review_file.fault_count += table.faults.count - len(table.faults.first)
    review_file.save(update_fields=["line_count", "faults", "fault_count"])


def _fault_of(line: _Line, assignment: Assignment | None, seen: set[str], now: datetime) -> _Fault | None:
    """Why a line cannot be done. What belongs to another batch or requester is unknown here."""
    code = None
    facts = {"assignment": line.assignment_id[:64]}
    if assignment is None or (line.task_id and line.task_id != assignment.task.public_id):
        code = "unknown"
    elif line.assignment_id in seen:
        code = "repeated"
    elif line.approve and line.reject:
        code = "both"
    elif line.approve and line.approve.lower() != "x":
        code, facts = "not_x", {"text": line.approve[:64]}
    elif len(line.reject) > MAX_REASON:
        code, facts = "reason_too_long", {"limit": str(MAX_REASON)}
    elif assignment.state not in HANDED_IN:
        code = "not_handed_in"
    elif line.reject and (assignment.state == AssignmentState.APPROVED or _is_overdue(assignment, now)):
        code = "paid_already"
    elif line.approve and assignment.state == AssignmentState.REJECTED and _is_too_old(assignment, now):
        code, facts = "rejected_too_long_ago", {"days": str(OVERTURN_DAYS)}
    elif line.approve and _has_left(assignment):
        code = "worker_gone"
    return None if code is None else _Fault(line.no, code, facts)


def _is_too_old(assignment: Assignment, now: datetime) -> bool:
    return assignment.submitted_at is None or now - assignment.submitted_at > timedelta(days=OVERTURN_DAYS)


def _is_overdue(assignment: Assignment, now: datetime) -> bool:
    """It is approved by silence, though the sweep has not come to it yet."""
    return assignment.auto_approve_at is not None and assignment.auto_approve_at <= now


def _has_left(assignment: Assignment) -> bool:
    """Whether the worker closed the account since the rejection's money went back."""
    rejected = assignment.state == AssignmentState.REJECTED
    return rejected and assignment.worker.state == WorkerState.CLOSED


def _verdict_of(line: _Line, assignment: Assignment, review_file: ReviewFile) -> ReviewLine:
    verdict = Verdict.APPROVE if line.approve else Verdict.REJECT
    return ReviewLine(
        review_file=review_file, assignment=assignment, verdict=verdict, reason=line.reject, no=line.no
    )


def _keep_fault(review_file: ReviewFile, fault: _Fault) -> None:
    review_file.fault_count += 1
    if len(review_file.faults) < FAULTS_KEPT:
        review_file.faults.append(fault.kept())


def _in_chunks(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(itertools.islice(rest, _CHUNK)):
        yield chunk
