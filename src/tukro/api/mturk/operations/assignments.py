"""Assignments: read them, judge them, fetch their files (mturk-api 6.13-6.17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse

from tukro.api.mturk.errors import invalid_value
from tukro.api.mturk.forms import assignment as assignment_form
from tukro.api.mturk.forms import feedback_of, hit
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page, key_of_moment, moment_of_key
from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.quality.queries import pending, pending_of_task
from tukro.work.actions import reviewing
from tukro.work.actions.doing.assigning import WrongState
from tukro.work.queries.of_requester import handed_in as reading
from tukro.work.queries.of_requester.tasks import task_row


@operation("GetAssignment")
def get_assignment(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """One assignment that was handed in, and its HIT."""
    found = _own(caller, given["AssignmentId"], now)
    task = task_row(caller, found.task_id, now=now)
    return {"Assignment": assignment_form(found, of=caller), "HIT": hit(task)}


@operation("ListAssignmentsForHIT")
def list_assignments_for_hit(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """What was handed in on a HIT, the first first; without statuses, or with none of them, all three."""
    page = Page.asked("ListAssignmentsForHIT", caller, given)
    task = reading.task_with_work(caller, given["HITId"])
    rows = reading.work_on(
        task,
        states=[status.lower() for status in given.get("AssignmentStatuses", ())],
        hidden=pending_of_task(task.task_id) if task.has_policy else (),
        after=moment_of_key(page.after),
        limit=page.size,
        now=now,
    )
    return page.answer(
        "Assignments",
        rows,
        key=lambda row: key_of_moment(row.submitted_at, row.pk),
        form=partial(assignment_form, of=caller),
    )


@operation("ApproveAssignment", own_transaction=True)
def approve_assignment(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Approve and pay, once: what is approved already, by whomever, cannot be approved."""
    assignment_id = given["AssignmentId"]
    is_approved_now = reviewing.approve_assignment(
        requester=caller,
        assignment_id=assignment_id,
        feedback=feedback_of(given),
        override=given.get("OverrideRejection", False),
        now=now,
    )
    if not is_approved_now:
        raise WrongState(state="approved", assignment_id=assignment_id)
    return {}


@operation("RejectAssignment", own_transaction=True)
def reject_assignment(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Reject; the words to the worker must be there and may be empty. No place is offered instead."""
    reviewing.reject_assignment(
        requester=caller, assignment_id=given["AssignmentId"], feedback=feedback_of(given), now=now
    )
    return {}


@operation("GetFileUploadURL")
def get_file_upload_url(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """An address that serves a handed-in file for a minute to whoever has it."""
    name = given["QuestionIdentifier"]
    file = reading.files_by_question(_own(caller, given["AssignmentId"], now)).get(name)
    if file is None:
        raise invalid_value("QuestionIdentifier", name)
    link = reading.file_link(file.key, now)
    return {"FileUploadURL": settings.SITE_URL + reverse("linked_file", args=[link])}


def _own(caller: Requester, assignment_id: str, now: datetime) -> reading.Work:
    """What was handed in and may be seen: not before its review policy has looked. Refuses NotFound."""
    found = reading.work_of(caller, assignment_id, now=now)
    if found is None or (found.has_policy and pending([assignment_id])):
        raise NotFound(assignment_id=assignment_id)
    return found
