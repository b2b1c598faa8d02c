"""Reports: a worker tells the staff of a task that is wrong, and the staff say what becomes of it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import MAX_NOTE, BadReason
from tukro.work.actions.publishing import hold_batch
from tukro.work.models import Report, ReportOutcome, Task
from tukro.work.rules import REPORT_REASONS, REPORTS_A_DAY


class AlreadyReported(Refused):
    """This worker has reported this task. ``made_at``."""


class TooManyReports(Refused):
    """As many reports as one worker may make in a day. ``limit``."""


class ReportDecided(Refused):
    """Somebody has decided on it. ``outcome``."""


@transaction.atomic
def report_task(*, worker: Worker, task_id: str, reason_code: str, text: str = "", now: datetime) -> Report:
    """Tell the staff. Whether the worker has the task, had it or only looked at it does not matter.

    ``other`` needs words. Refuses NotFound, BadReason, AlreadyReported, TooManyReports.
    """
    text = unicodedata.normalize("NFC", text).replace("\x00", "").strip()
    if reason_code not in REPORT_REASONS:
        raise BadReason(code="unknown")
    if reason_code == "other" and not text:
        raise BadReason(code="empty")
    if len(text) > MAX_NOTE:
        raise BadReason(code="too_long")
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)  # two taps are one report
    task = Task.objects.filter(public_id=task_id).first() if looks_like_id(task_id) else None
    if task is None:
        raise NotFound()
    if earlier := Report.objects.filter(task=task, worker=worker).first():
        raise AlreadyReported(made_at=earlier.made_at)
    if Report.objects.filter(worker=worker, made_at__gt=now - timedelta(days=1)).count() >= REPORTS_A_DAY:
        raise TooManyReports(limit=REPORTS_A_DAY)
    made = Report.objects.create(
        public_id=new_id(), task=task, worker=worker, reason_code=reason_code, text=text, made_at=now
    )
    record(
        name="TaskReported",
        actor=worker.actor,
        subject=made.public_id,
        at=now,
        facts={"task": task_id, "reason": reason_code},
    )
    return made


def dismiss_report(*, by: Actor, report_id: str, note: str = "", now: datetime) -> Report:
    """The staff find nothing wrong; the worker reads the note. Refuses NotFound, ReportDecided, BadReason."""
    with transaction.atomic():
        return _decide(by, report_id, ReportOutcome.DISMISSED, note, now)


def uphold_report(*, by: Actor, report_id: str, note: str = "", hold: bool = False, now: datetime) -> Report:
    """The staff agree. ``hold``: nobody can start the tasks of that batch until staff release it.

    Other reports of the same work that say the same are upheld with it, and their batches held. Refuses
    NotFound, ReportDecided, BadReason.
    """
    with transaction.atomic():
        report = _decide(by, report_id, ReportOutcome.UPHELD, note, now)
        same = Report.objects.filter(
            task__task_type_id=report.task.task_type_id, reason_code=report.reason_code, decided_at=None
        )
        others = list(same.order_by("id").values_list("public_id", flat=True))
        upheld = [report, *(_decide(by, one, ReportOutcome.UPHELD, note, now) for one in others)]
        if hold:
            for batch_pk in sorted({one.task.batch_id for one in upheld if one.task.batch_id is not None}):
                hold_batch(batch_pk=batch_pk, reason_code=report.reason_code, by=by, now=now)
    return report


def _decide(by: Actor, report_id: str, outcome: ReportOutcome, note: str, now: datetime) -> Report:
    note = unicodedata.normalize("NFC", note).replace("\x00", "").strip()
    if len(note) > MAX_NOTE:
        raise BadReason(code="too_long")
    locked = Report.objects.select_for_update(of=["self"], no_key=True).select_related("task", "worker")
    report = locked.filter(public_id=report_id).first()
    if report is None:
        raise NotFound()
    if report.decided_at is not None:
        raise ReportDecided(outcome=report.outcome)
    report.outcome, report.note, report.decided_at, report.decided_by = outcome, note, now, str(by)
    report.save(update_fields=["outcome", "note", "decided_at", "decided_by"])
    record(
        name="ReportDecided",
        actor=by,
        subject=report_id,
        at=now,
        facts={"outcome": outcome, "task": report.task.public_id, "worker": report.worker.public_id},
    )
    return report
