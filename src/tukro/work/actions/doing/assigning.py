"""The worker's verbs: accept, submit, return, and the draft in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Worker
from tukro.people.queries.visiting import WorkerBySession, known
from tukro.qualifications.actions.eligibility import refresh_eligibility
from tukro.qualifications.queries import unmet_requirements
from tukro.work.actions.calls import call, count
from tukro.work.actions.doing.answer_checks import Fields, checked_answer, storable
from tukro.work.models import BEING_DONE, Assignment, AssignmentState, Draft, Lane, TaskType
from tukro.work.queries.finding.narrowing import own_tasks_allowed
from tukro.work.rules import GRACE_SECONDS, QUEUE_LIMIT, RETURN_REASONS, SKIPPED

_NEED_WORKER = ("stale", "not_eligible")  # what more is done or said is about the worker

MAX_NOTE = 1000


class NotActive(Refused):
    """The worker account may not take work now. ``state``."""


class Paused(Refused):
    """Too much of the worker's latest work was rejected: no new work until then. ``until``"""


class OwnTask(Refused):
    """The requester and the worker are one person: where money is real nobody approves themselves."""


class Blocked(Refused):
    """The requester does not want this worker."""


class NotEligible(Refused):
    """Requirements are not met. ``missing``: list of Requirement."""


class ByLot(Refused):
    """The group is scarce and just opened: wish for it, and be drawn. ``draw_at``."""


class QueueFull(Refused):
    """As many accepted tasks as one worker may hold. ``limit``."""


class NothingLeft(Refused):
    """No place is free for this worker.

    ``code``, ``done``: why, and how many of the group's tasks the worker did; where somebody looked
    (queries.preview.nothing_left).
    """


class NothingElse(Refused):
    """No other task of this work is free; this one stays the worker's."""


class NoMoreTime(Refused):
    """All the additional time that the requester allows is taken. ``allowed``: how many times."""


class AlreadyDone(Refused):
    """The worker has or had this task."""


class TaskClosed(Refused):
    """The task is paused, expired or withdrawn."""


class WrongState(Refused):
    """The verb is not for this state. ``state``."""


class TooLate(Refused):
    """The moment until which this was possible has passed. ``deadline_at``; ``state``, of work in hand."""


class BadReason(Refused):
    """The reason is not of the list, or its text will not do. ``code``: unknown, empty, too_long."""


@dataclass(frozen=True, slots=True)
class Accepted:
    assignment_id: str
    task_id: str
    group_id: str
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    assignment_id: str
    state: str  # submitted, or approved when the requester takes no time to review
    task_id: str
    group_id: str
    reviews: bool  # a review policy wants to see it: the door calls quality next


@dataclass(frozen=True, slots=True)
class GivenBack:
    group_id: str
    stands: bool  # it was a repair: the answer waits for review as it was


def accept_next(*, worker: Worker | WorkerBySession, group_id: str, now: datetime) -> Accepted:
    """Reserve some task of the group for the worker.

    Refuses NotFound, NotActive, OwnTask, Paused, Blocked, NotEligible, QueueFull, ByLot, NothingLeft.
    """
    return _accept("work_accept_next", worker, group_id, now)


def accept_task(*, worker: Worker, task_id: str, now: datetime) -> Accepted:
    """Reserve this task for the worker.

    Refuses NotFound, NotActive, OwnTask, Paused, Blocked, NotEligible, QueueFull, ByLot, TaskClosed,
    AlreadyDone, NothingLeft.
    """
    return _accept("work_accept_task", worker, task_id, now)


def submit_assignment(
    *, worker: Worker | WorkerBySession, assignment_id: str, fields: Fields, now: datetime
) -> Submitted:
    """Hand in the answer; its draft goes. The same answer twice is one submission.

    Refuses NotFound, WrongState, TooLate, BadAnswer, AnswerTooLong.
    """
    return _submit(worker, assignment_id, fields, now)


def submit_from_frame(*, assignment_id: str, fields: Fields, now: datetime) -> Submitted:
    """The same through the task's own page, where the unguessable id is the right to hand in."""
    return _submit(None, assignment_id, fields, now)


def return_assignment(
    *, worker: Worker, assignment_id: str, reason_code: str, note: str = "", now: datetime
) -> GivenBack:
    """Give the task back unpaid; its place is free again. A repair is given back without loss: the answer
    waits for review as it was, and nothing is said of reasons.

    Refuses NotFound, WrongState, BadReason.
    """
    if reason_code not in RETURN_REASONS:
        raise BadReason(code="unknown")
    if len(note) > MAX_NOTE:
        raise BadReason(code="too_long")
    return _give_back(worker, assignment_id, reason_code, note, now)


def skip_task(*, worker: Worker, assignment_id: str, now: datetime) -> Accepted:
    """Take another task of the same work in place of this one. The skipped one is on nobody's record.

    The other task is taken first, so that whoever finds nothing else keeps what they have. Two transactions:
    a crash between them leaves both tasks in the queue. A full queue is no reason against it. Refuses
    NotFound, WrongState (also of work sent back for repair), TooLate, NothingElse, and what ``accept_next``
    refuses.
    """
    assignment = own_live_assignment(worker=worker, assignment_id=assignment_id, now=now)
    if assignment.state != AssignmentState.ACCEPTED:
        raise WrongState(state=assignment.state)
    group_id = TaskType.objects.values_list("group_id", flat=True).get(pk=assignment.task_type_id)
    try:
        taken = accept_next(worker=worker, group_id=group_id, now=now)
    except NothingLeft:
        raise NothingElse from None
    except QueueFull:
        return _swap_in_full_queue(worker, assignment, group_id, now)
    _give_back(worker, assignment_id, SKIPPED, "", now)
    return taken


@transaction.atomic
def extend_deadline(*, worker: Worker, assignment_id: str, now: datetime) -> datetime:
    """More time, as much and as often as the requester allowed beforehand. Returns the new deadline.

    Refuses NotFound, WrongState, TooLate, NoMoreTime.
    """
    lock_assignment(worker=worker, assignment_id=assignment_id)
    assignment = own_live_assignment(worker=worker, assignment_id=assignment_id, now=now)
    terms = TaskType.objects.get(pk=assignment.task_type_id)
    if assignment.extended >= terms.extensions:
        raise NoMoreTime(allowed=terms.extensions)
    assignment.extended += 1
    assignment.deadline_at += timedelta(seconds=terms.extension_seconds)
    assignment.save(update_fields=["extended", "deadline_at"])
    record(
        name="DeadlineExtended",
        actor=worker.actor,
        subject=assignment_id,
        at=now,
        facts={"seconds": terms.extension_seconds, "times": assignment.extended},
    )
    return assignment.deadline_at


@transaction.atomic
def save_draft(*, worker: Worker, assignment_id: str, fields: Fields, now: datetime) -> None:
    """Keep an unfinished answer. Refuses NotFound, WrongState, TooLate, AnswerTooLong."""
    lock_assignment(worker=worker, assignment_id=assignment_id)  # no draft comes after its answer
    assignment = own_live_assignment(worker=worker, assignment_id=assignment_id, now=now)
    body = {"fields": storable(fields)}
    if not assignment.had_draft:  # handing in looks for a draft only where there was one
        Assignment.objects.filter(pk=assignment.pk).update(had_draft=True)
    Draft.objects.update_or_create(assignment=assignment, defaults={"body": body, "saved_at": now})


def lock_assignment(*, worker: Worker, assignment_id: str) -> None:
    """Hold the worker's assignment until the transaction ends, against its submission and its expiry.

    Refuses NotFound what is no id; whether there is such an assignment is asked afterwards.
    """
    if not looks_like_id(assignment_id):
        raise NotFound()
    own = Assignment.objects.select_for_update(no_key=True).filter(public_id=assignment_id, worker=worker)
    own.values_list("pk").first()


def own_live_assignment(*, worker: Worker, assignment_id: str, now: datetime) -> Assignment:
    """The worker's assignment while it can still be worked on. Refuses NotFound, WrongState, TooLate."""
    assignment = Assignment.objects.filter(public_id=assignment_id, worker=worker).first()
    if assignment is None:
        raise NotFound()
    if assignment.state not in BEING_DONE:
        raise WrongState(state=assignment.state)
    if assignment.deadline_at + timedelta(seconds=GRACE_SECONDS) < now:
        raise TooLate(deadline_at=assignment.deadline_at, state=assignment.state)
    return assignment


def expire_late(*, now: datetime, limit: int = 1000) -> int:
    """Free places whose workers ran out of time; answers whose repair did not come wait for review as they
    were. Up to ``limit`` of each; returns how many."""
    return count("work_expire_late", now, limit)


def _give_back(worker: Worker, assignment_id: str, reason_code: str, note: str, now: datetime) -> GivenBack:
    row = _call_for(assignment_id, "work_return", assignment_id, worker.pk, reason_code, note, now)
    _refuse(row)
    return GivenBack(str(row["group_id"]), stands=row["fact"] == AssignmentState.REVISING)


@transaction.atomic
def _swap_in_full_queue(worker: Worker, assignment: Assignment, group_id: str, now: datetime) -> Accepted:
    """Skip in one transaction, in which the task counts as over until the other one is taken.

    Given back first, it could be the very one that is found. Nothing is waited for while its lane is held.
    """
    Lane.objects.select_for_update(no_key=True).get(pk=assignment.lane_id)
    lock_assignment(worker=worker, assignment_id=assignment.public_id)
    own = Assignment.objects.filter(pk=assignment.pk)
    deadline_at = own_live_assignment(worker=worker, assignment_id=assignment.public_id, now=now).deadline_at
    own.update(deadline_at=now)
    try:
        taken = _accept("work_accept_next", worker, group_id, now, patient=False)
    except NothingLeft:
        raise NothingElse from None
    own.update(deadline_at=deadline_at)
    _give_back(worker, assignment.public_id, SKIPPED, "", now)
    return taken


def _accept(
    function: str, worker: Worker | WorkerBySession, subject: str, now: datetime, *, patient: bool = True
) -> Accepted:
    def take(*, wait: bool) -> dict[str, Any]:
        asked = (subject, worker.pk, worker.public_id, new_id(), now, wait, own_tasks_allowed())
        return _call_for(subject, function, *asked, by=worker)

    def attempt(*, wait: bool) -> dict[str, Any]:
        row = take(wait=wait)
        if row["code"] in _NEED_WORKER:
            known(worker)
        if row["code"] != "stale":
            return row
        refresh_eligibility(worker=known(worker), now=now)
        return take(wait=wait)

    row = attempt(wait=False)
    if row["code"] == "nothing_left" and _expire_of(function, subject, now):
        row = attempt(wait=False)
    if row["code"] == "busy":
        # All that is left is in other workers' hands this moment. They may let go of it, so wait for them,
        # in a transaction of its own that holds nothing yet.
        row = attempt(wait=True) if patient else {"code": "nothing_left"}
    if row["code"] == "not_eligible":
        raise NotEligible(missing=_missing(function, known(worker), subject))
    _refuse(row)
    return Accepted(row["assignment_id"], row["task_id"], row["group_id"], row["deadline_at"])


def _expire_of(function: str, subject: str, now: datetime) -> bool:
    """Whether places were freed: a passed deadline counts as passed before the sweep has seen it."""
    late = Assignment.objects.filter(
        decided_at=None,
        auto_approve_at=None,  # neither decided nor handed in
        deadline_at__lt=now - timedelta(seconds=GRACE_SECONDS),
    )
    asked = (
        {"task__public_id": subject}
        if function == "work_accept_task"
        else {"task__task_type__group_id": subject}
    )
    return late.filter(**asked).exists() and expire_late(now=now) > 0


def _missing(function: str, worker: Worker, subject: str) -> list[Any]:
    asked = {"tasks__public_id": subject} if function == "work_accept_task" else {"group_id": subject}
    task_type = TaskType.objects.select_related("requirement_set").get(**asked)
    return unmet_requirements(worker, task_type.requirement_set)


def _submit(
    worker: Worker | WorkerBySession | None, assignment_id: str, fields: Fields, now: datetime
) -> Submitted:
    row = _submit_call(worker, assignment_id, {"fields": storable(fields)}, now, checked=False)
    if row["code"] == "unchecked":
        row = _submit_call(worker, assignment_id, checked_answer(assignment_id, fields), now, checked=True)
    _refuse(row)
    return Submitted(assignment_id, row["fact"], row["task_id"], row["group_id"], row["reviews"])


def _submit_call(
    worker: Worker | WorkerBySession | None,
    assignment_id: str,
    body: Mapping[str, object],
    now: datetime,
    *,
    checked: bool,
) -> dict[str, Any]:
    worker_pk = None if worker is None else worker.pk
    answer = json.dumps(body)
    return _call_for(assignment_id, "work_submit", assignment_id, worker_pk, answer, now, checked, by=worker)


def _call_for(public_id: str, function: str, *arguments: Any, by: object = None) -> dict[str, Any]:
    """Rubbish instead of an id is not worth a look into the database."""
    return call(function, *arguments, by=by) if looks_like_id(public_id) else {"code": "not_found"}


def _refuse(row: dict[str, Any]) -> None:
    """Turn a code of the SQL functions into its refusal; ``ok`` passes."""
    match row["code"]:
        case "ok":
            return
        case "not_found":
            raise NotFound()
        case "not_active":
            raise NotActive(state=row["fact"] or "")
        case "paused":
            raise Paused(until=datetime.fromtimestamp(float(row["fact"]), UTC))
        case "own_task":
            raise OwnTask()
        case "blocked":
            raise Blocked()
        case "queue_full":
            raise QueueFull(limit=QUEUE_LIMIT)
        case "nothing_left":
            raise NothingLeft()
        case "by_lot":
            raise ByLot(draw_at=datetime.fromisoformat(row["fact"]))
        case "already_done":
            raise AlreadyDone()
        case "task_closed":
            raise TaskClosed()
        case "wrong_state":
            raise WrongState(state=row["fact"])
        case "too_late":
            raise TooLate(deadline_at=row["deadline_at"], state=row["fact"])
        case code:
            raise AssertionError(f"unknown code {code}")
