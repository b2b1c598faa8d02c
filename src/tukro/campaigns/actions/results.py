"""The result file: one line per answer, with MTurk's 27 fixed columns, so that analysis scripts keep working.

Nothing in memory grows with the batch: lines are read by key, some hundreds at a time, and handed on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Prefetch

from tukro.campaigns.queries.reviewing import Rates, rates_of
from tukro.kernel.csv_lines import BYTE_ORDER_MARK, Lines, harmless
from tukro.kernel.money import Money
from tukro.people.aliases import alias
from tukro.questions import crowd
from tukro.questions.answers import JOINED_WITH
from tukro.work.models import Assignment, AssignmentState, Batch, BatchSource, ProofFile

FIXED_COLUMNS: Final = (
    "HITId", "HITTypeId", "Title", "Description", "Keywords", "Reward", "CreationTime", "MaxAssignments",
    "RequesterAnnotation", "AssignmentDurationInSeconds", "AutoApprovalDelayInSeconds", "Expiration",
    "NumberOfSimilarHITs", "LifetimeInSeconds", "AssignmentId", "WorkerId", "AssignmentStatus", "AcceptTime",
    "SubmitTime", "AutoApprovalTime", "ApprovalTime", "RejectionTime", "RequesterFeedback",
    "WorkTimeInSeconds", "LifetimeApprovalRate", "Last30DaysApprovalRate", "Last7DaysApprovalRate",
)  # fmt: skip
REVIEW_COLUMNS: Final = ("Approve", "Reject")
STATUSES: Final = {
    AssignmentState.SUBMITTED: "Submitted",
    AssignmentState.APPROVED: "Approved",
    AssignmentState.REJECTED: "Rejected",
}
CHUNK: Final = 500
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def result_file_name(batch: Batch) -> str:
    return f"Batch_{batch.public_id}_batch_results.csv"


def result_lines(
    batch: Batch,
    *,
    file_address: Callable[[str], str],
    now: datetime,
    for_spreadsheets: bool = False,
    spread_out: bool = False,
) -> Iterator[str]:
    """The file of a batch, in pieces of some hundred lines: handed in, approved and rejected answers by age.

    A file that was handed in stands in its field's column as its address (``file_address`` of its id).
    Every field is quoted. ``for_spreadsheets`` adds a byte order mark and puts an apostrophe before texts of
    strangers that a spreadsheet would run as a formula; without it values are exactly what was handed in.
    ``spread_out`` gives answers of crowd elements in a column per value (questions/crowd.py).
    """
    answer_names = _spread_names(batch) if spread_out else _answer_names(batch)
    lines = Lines()
    header = [
        *FIXED_COLUMNS,
        *(f"Input.{name}" for name in batch.input_columns),
        *(f"Answer.{name}" for name in answer_names),
        *REVIEW_COLUMNS,
    ]
    lines.write(harmless(header) if for_spreadsheets else header)
    yield (BYTE_ORDER_MARK if for_spreadsheets else "") + lines.taken()
    for assignments in _chunks(batch):
        rates = rates_of(
            {assignment.worker_id for assignment in assignments}, requester_id=batch.requester_id, now=now
        )
        for assignment in assignments:
            answers = _answers(assignment, file_address, spread_out=spread_out)
            line = [
                *_fixed(assignment, batch, rates.get(assignment.worker_id, Rates()), now),
                *(str(assignment.task.input.get(name, "")) for name in batch.input_columns),
                *(answers.get(name, "") for name in answer_names),
                *("" for _column in REVIEW_COLUMNS),
            ]
            lines.write(harmless(line) if for_spreadsheets else line)
        yield lines.taken()


def moment_text(moment: datetime | None) -> str:
    """A moment as MTurk writes it: ``Sat Oct 26 10:28:52 PDT 2019``. English, whatever the process speaks."""
    if moment is None:
        return ""
    there = moment.astimezone(_PACIFIC)
    day, month = _DAYS[there.weekday()], _MONTHS[there.month - 1]
    return f"{day} {month} {there:%d %H:%M:%S} {there.tzname()} {there.year}"


def rate_text(approved: int, judged: int) -> str:
    """``67% (2/3)``; nothing judged yet is ``0% (0/0)``."""
    percent = (200 * approved + judged) // (2 * judged) if judged else 0
    return f"{percent}% ({approved}/{judged})"


def reward_text(reward: Money) -> str:
    return f"${reward}"


def _answer_names(batch: Batch) -> list[str]:
    """Names of all answer fields of the batch, in alphabetical order (by code point, as in MTurk's files)."""
    assignments, files = (model._meta.db_table for model in (Assignment, ProofFile))
    sql = f"""
        SELECT field ->> 0 FROM {assignments} a
         CROSS JOIN jsonb_array_elements(a.answer -> 'fields') AS field
         WHERE a.batch_id = %(batch)s AND a.state::text = ANY(%(states)s)
         UNION
        SELECT f.field FROM {assignments} a
          JOIN {files} f ON f.assignment_id = a.id
         WHERE a.batch_id = %(batch)s AND a.state::text = ANY(%(states)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"batch": batch.pk, "states": list(STATUSES)})
        return sorted(name for (name,) in cursor.fetchall())


def _spread_names(batch: Batch) -> list[str]:
    """The same with every value of crowd elements for itself: their names stand in the answers alone."""
    names = set(_answer_names(batch))
    judged = Assignment.objects.filter(batch_id=batch.pk, state__in=list(STATUSES))
    if crowd.TASK_ANSWERS not in names:
        return sorted(names)
    names.discard(crowd.TASK_ANSWERS)
    for one in judged.only("answer").iterator(chunk_size=CHUNK):
        names.update(name for name, _value in crowd.spread(one.handed_in["fields"]))
    return sorted(names)


def _chunks(batch: Batch) -> Iterator[list[Assignment]]:
    """The batch's answers by key, not through a cursor: that would need one connection kept to the end."""
    after = 0
    judged = Assignment.objects.filter(batch_id=batch.pk, state__in=list(STATUSES))
    while chunk := list(
        judged.filter(pk__gt=after)
        .select_related("task", "worker")
        .prefetch_related(Prefetch("files", queryset=ProofFile.objects.order_by("pk")))
        .order_by("pk")[:CHUNK]
    ):
        yield chunk
        after = chunk[-1].pk


def _answers(
    assignment: Assignment, file_address: Callable[[str], str], *, spread_out: bool
) -> dict[str, str]:
    """What stands under each field's name: the value, or the addresses of the field's files."""
    fields = [(name, str(value)) for name, value in assignment.handed_in["fields"]]
    answers = dict(crowd.spread(fields) if spread_out else fields)
    addresses: dict[str, list[str]] = {}
    for file in assignment.files.all():
        addresses.setdefault(file.field, []).append(file_address(file.public_id))
    return answers | {name: JOINED_WITH.join(found) for name, found in addresses.items()}


def _fixed(assignment: Assignment, batch: Batch, rates: Rates, now: datetime) -> list[str]:
    task, terms = assignment.task, batch.task_type
    assert assignment.submitted_at is not None, "only work that was handed in has a line"
    # Also of work that was decided before, which no silence approves any more (mturk-api 3.5).
    silence = assignment.submitted_at + timedelta(seconds=assignment.auto_approve_seconds)
    status, approved_at = assignment.state, assignment.decided_at
    if status == AssignmentState.SUBMITTED and silence <= now:
        status, approved_at = AssignmentState.APPROVED, silence
    return [
        task.public_id,
        terms.public_id,
        terms.title,
        terms.description,
        terms.keywords,
        reward_text(terms.reward),
        moment_text(task.created_at),
        str(task.places),
        task.annotation or ("" if batch.source == BatchSource.WIRE else f"BatchId:{batch.public_id};"),
        str(terms.duration_seconds),
        str(terms.auto_approve_seconds),
        moment_text(task.expires_at),
        "",
        "",
        assignment.public_id,
        alias(assignment.worker, batch.requester),
        STATUSES[AssignmentState(status)],
        moment_text(assignment.accepted_at),
        moment_text(assignment.submitted_at),
        moment_text(silence),
        moment_text(approved_at) if status == AssignmentState.APPROVED else "",
        moment_text(assignment.rejected_at),
        assignment.feedback,
        str(assignment.time_worked),
        rate_text(*rates.ever),
        rate_text(*rates.month),
        rate_text(*rates.week),
    ]
