"""A worker appeals against a rejection: that is recorded, and the money stays set aside while it is open.

Who decides is another matter; the requester can always overturn (``reviewing.approve_assignment``), which
ends the appeal in the worker's favour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Worker
from tukro.work.actions.doing.proof_files import StoredFile, TooManyFiles
from tukro.work.models import Appeal, AppealFile, AppealOutcome, Assignment, AssignmentState
from tukro.work.rules import MAX_APPEAL, MAX_APPEAL_FILES


class NothingToAppeal(Refused):
    """Only a rejection can be appealed against. ``state``"""


class AppealTooLate(Refused):
    """The time of appeal is over, and the money has gone back or is about to. ``ended_at``"""


class AppealedBefore(Refused):
    """There is one appeal per rejection. ``outcome``"""


class BadAppeal(Refused):
    """``code``: empty, too_long. ``limit``: characters."""


@transaction.atomic
def appeal(
    *, worker: Worker, assignment_id: str, text: str, files: Sequence[StoredFile] = (), now: datetime
) -> Appeal:
    """Say why the rejection was wrong, with files that show it. The money does not move until this is closed.

    The same words twice are one appeal. Refuses NotFound, NothingToAppeal, AppealTooLate, AppealedBefore,
    BadAppeal, TooManyFiles.
    """
    assignment = _locked(worker, assignment_id)
    said = _words(text)
    if len(files) > MAX_APPEAL_FILES:
        raise TooManyFiles(limit=MAX_APPEAL_FILES)
    if earlier := Appeal.objects.filter(assignment=assignment).first():
        if earlier.outcome == AppealOutcome.OPEN and earlier.text == said:
            return earlier
        raise AppealedBefore(outcome=earlier.outcome)
    if assignment.state != AssignmentState.REJECTED:
        raise NothingToAppeal(state=assignment.state)
    until = assignment.release_at
    assert until is not None, "a rejection without an appeal has its time"
    if until <= now or assignment.released_at is not None:
        raise AppealTooLate(ended_at=until)
    # The release of due rejections reads this column under the row's lock: with no time, none is due.
    assignment.release_at = None
    assignment.save(update_fields=["release_at"])
    made = Appeal.objects.create(
        public_id=new_id(),
        assignment=assignment,
        requester_id=assignment.requester_id,
        text=said,
        opened_at=now,
        window_until=until,
    )
    AppealFile.objects.bulk_create(
        AppealFile(
            public_id=new_id(),
            appeal=made,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            path=file.path,
        )
        for file in files
    )
    facts = {"appeal": made.public_id, "worker": worker.public_id}
    record(name="AppealOpened", actor=worker.actor, subject=assignment_id, at=now, facts=facts)
    return made


@transaction.atomic
def withdraw_appeal(*, worker: Worker, assignment_id: str, now: datetime) -> None:
    """The worker lets it rest: the money goes back when the time of appeal ends, or at once when it has.

    Twice is once. Refuses NotFound, AppealedBefore (it was closed otherwise).
    """
    assignment = _locked(worker, assignment_id)
    open_one = Appeal.objects.filter(assignment=assignment).first()
    if open_one is None:
        raise NotFound()
    if open_one.outcome == AppealOutcome.WITHDRAWN:
        return
    if open_one.outcome != AppealOutcome.OPEN:
        raise AppealedBefore(outcome=open_one.outcome)
    open_one.outcome, open_one.closed_at, open_one.closed_by = (
        AppealOutcome.WITHDRAWN,
        now,
        str(worker.actor),
    )
    open_one.save(update_fields=["outcome", "closed_at", "closed_by"])
    assignment.release_at = max(open_one.window_until, now)
    assignment.save(update_fields=["release_at"])
    facts = {"appeal": open_one.public_id, "outcome": AppealOutcome.WITHDRAWN}
    record(name="AppealClosed", actor=worker.actor, subject=assignment_id, at=now, facts=facts)


def _words(text: str) -> str:
    said = text.strip()
    if not said:
        raise BadAppeal(code="empty", limit=MAX_APPEAL)
    if len(said) > MAX_APPEAL:
        raise BadAppeal(code="too_long", limit=MAX_APPEAL)
    return said


def _locked(worker: Worker, assignment_id: str) -> Assignment:
    found = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .filter(public_id=assignment_id, worker=worker)
        .first()
        if looks_like_id(assignment_id)
        else None
    )
    if found is None:
        raise NotFound()
    return found
