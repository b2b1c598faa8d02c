"""What a requester may still do to one task: offer more, end it, let it go on, look it through, be done.

Every verb locks the task and its lanes, so that no place is taken meanwhile, and decides by rules.Tally.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Requester
from tukro.work.actions.calls import call, count
from tukro.work.actions.funds import refuse_lack_of_funds
from tukro.work.actions.once import keep_token, refuse_repeat
from tukro.work.actions.publishing import BadTerms, check_limits
from tukro.work.actions.publishing.holding import refuse_held, refuse_held_terms
from tukro.work.actions.publishing.tasks import refuse_unusable_type
from tukro.work.actions.publishing.terms import as_time
from tukro.work.actions.publishing.wall import refuse_beyond_walls
from tukro.work.models import (
    Assignment,
    AssignmentState,
    BatchSource,
    BatchState,
    Lane,
    RequestToken,
    Task,
    TaskState,
    TaskType,
)
from tukro.work.queries.of_requester.tasks import tally_of
from tukro.work.rules import (
    DISPOSE_DAYS,
    ENDED,
    LIVING,
    TASK_LIMITS,
    TOKEN_HOURS,
    HitStatus,
    Tally,
)

_STEP = 1000


class WrongStatus(Refused):
    """The verb is not for a task of this status. ``task_id``, ``status``, ``allowed``: rules.HitStatus."""


class Unreviewed(Refused):
    """Work that was handed in waits for the requester's verdict. ``task_id``, ``status``, ``count``."""


class WorkBegun(Refused):
    """Somebody has taken the task. ``task_id``, ``status``."""


class Withdrawn(Refused):
    """The batch of the task was cancelled, and its unpublished rows with it. ``task_id``, ``status``."""


@transaction.atomic
def add_places(*, requester: Requester, task_id: str, places: int, token: str = "", now: datetime) -> None:
    """Offer the task to so many workers more; their price is set aside.

    An expired task only remembers them: they are offered, and paid for, when its end is moved. ``token``
    makes a repeat within a day harmless: it is refused. Records HITExtended. Refuses AlreadyProcessed,
    NotFound, WrongStatus, BatchHeld, BelowWall, BadTerms, InsufficientFunds. (mturk-api 6.8)
    """
    check_limits({"added_places": places}, TASK_LIMITS)
    refuse_repeat(requester, "CreateAdditionalAssignmentsForHIT", token, now)
    task, tally = _locked(requester, task_id, now)
    _require(task, tally, LIVING)
    refuse_held(task.batch)
    wanted = task.places + places
    refuse_beyond_walls(places=task.places, wanted=wanted)
    room = TASK_LIMITS["places"][1] - task.places
    check_limits({"added_places": places}, {"added_places": (1, room)})
    if tally.expired:
        _close(task, now)
        Task.objects.filter(pk=task.pk).update(places=wanted)
    else:
        _open(requester, task, wanted, task.expires_at, now)
    keep_token(requester, "CreateAdditionalAssignmentsForHIT", token, task_id, now)
    record(name="HITExtended", actor=requester.actor, subject=task_id, at=now, facts={"places": places})


@transaction.atomic
def extend_task(
    *, requester: Requester, task_id: str, places: int = 0, seconds: int = 0, token: str = "", now: datetime
) -> None:
    """Offer the task to so many more, for so much longer, or both: all of it or nothing.

    ``token`` as in ``add_places``, whose refusals and those of ``change_expiry`` are this verb's.
    """
    refuse_repeat(requester, "ExtendTask", token, now)
    task, _ = _locked(requester, task_id, now)
    if seconds:  # first: what is added to an ended task is not offered
        end = max(task.expires_at, now) + as_time(seconds)
        change_expiry(requester=requester, task_id=task_id, expires_at=end, now=now)
    if places:
        add_places(requester=requester, task_id=task_id, places=places, now=now)
    keep_token(requester, "ExtendTask", token, task_id, now)


@transaction.atomic
def change_expiry(*, requester: Requester, task_id: str, expires_at: datetime, now: datetime) -> None:
    """Move the task's end; a moment that has passed ends it now. The same end again changes nothing.

    Money of places that nobody took goes back when it ends, and is set aside again when it goes on. Who has
    taken a place may finish. Records HITExpired, HITExtended or HITShortened. Refuses NotFound, WrongStatus,
    BatchHeld (to go on, not to end), BadTerms, Withdrawn, InsufficientFunds. (mturk-api 6.9)
    """
    task, tally = _locked(requester, task_id, now)
    _require(task, tally, LIVING)
    if expires_at <= now:
        _end(task, now)
        return
    refuse_held(task.batch)
    if expires_at > now + timedelta(seconds=TASK_LIMITS["lifetime_seconds"][1]):
        raise BadTerms(
            field="expires_at", code="too_large", limit=TASK_LIMITS["lifetime_seconds"][1] // 86400
        )
    if expires_at == task.expires_at and not tally.expired:
        return
    if task.batch and task.batch.state == BatchState.CANCELLED:
        _let_go_on(task, tally)
    _open(requester, task, task.places, expires_at, now)
    name = "HITExtended" if expires_at > task.expires_at else "HITShortened"
    facts = {"expires_at": expires_at.isoformat()}
    record(name=name, actor=requester.actor, subject=task_id, at=now, facts=facts)


@transaction.atomic
def mark_reviewing(*, requester: Requester, task_id: str, reviewing: bool, now: datetime) -> None:
    """Say that the requester is looking the finished task through, or is not any more.

    Records HITReviewing or HITReviewLeft. Refuses NotFound, WrongStatus: it is no switch. (mturk-api 6.10)
    """
    task, tally = _locked(requester, task_id, now)
    _require(task, tally, ("Reviewable",) if reviewing else ("Reviewing",))
    Task.objects.filter(pk=task.pk).update(reviewing_at=now if reviewing else None)
    name = "HITReviewing" if reviewing else "HITReviewLeft"
    record(name=name, actor=requester.actor, subject=task_id, at=now)


@transaction.atomic
def retype_task(*, requester: Requester, task_id: str, type_id: str, now: datetime) -> None:
    """Give a task that nobody has taken the terms of another type; what is set aside follows the price.

    It moves into the standing batch of that type. Its own type again changes nothing. Records HITRetyped.
    Refuses NotFound (also a type that died with its qualification type), WrongStatus, WorkBegun,
    CategoryRefused, ModerationNeeded, BatchHeld (its batch, or work of those terms), InactiveRequiredType,
    InsufficientFunds. (mturk-api 6.11)
    """
    task, tally = _locked(requester, task_id, now)
    task_type = TaskType.objects.filter(public_id=type_id, requester=requester).first()
    if task_type is None:
        raise NotFound(task_type_id=type_id)
    _require(task, tally, LIVING)
    if Assignment.objects.filter(task=task).exclude(state__in=("returned", "abandoned")).exists():
        raise WorkBegun(task_id=task_id, status=tally.status)
    if task_type.pk == task.task_type_id:
        return
    refuse_held(task.batch)
    refuse_held_terms(task_type)
    before = task.task_type.public_id
    key = f"retype:{new_id()}"
    row = call(
        "work_retype",
        task.pk,
        task_id,
        requester.pk,
        requester.public_id,
        task_type.pk,
        new_id(),
        key,
        now,
    )
    refuse_unusable_type(row, type_id)
    refuse_lack_of_funds(row, requester)
    if task.state == TaskState.OPEN and not tally.expired:
        _show(task_type.pk, task.expires_at, now)
    facts = {"from": before, "to": type_id}
    record(name="HITRetyped", actor=requester.actor, subject=task_id, at=now, facts=facts)


def dispose_task(*, requester: Requester, task_id: str, now: datetime) -> None:
    """Be done with a task: it is closed for good and gone from the wire, with its answers.

    Records HITDisposed. Refuses NotFound, WrongStatus, Unreviewed. (mturk-api 6.12)
    """
    _dispose(requester, task_id, requester.actor, now)


def dispose_old(*, now: datetime, limit: int = _STEP) -> int:
    """Dispose of the wire's tasks that have been reviewable for 120 days. Returns how many.

    Those that wait for a verdict are left until they have it. What pages published stays with its requester.
    """
    due = (
        Task.objects.filter(
            disposed_at=None,
            reviewable_at__lte=now - timedelta(days=DISPOSE_DAYS),
            batch__source=BatchSource.WIRE,
        )
        .exclude(assignments__state__in=("accepted", "revising", "submitted"))
        .order_by("reviewable_at")[:limit]
    )
    done = 0
    for task in due:
        try:
            requester = Requester.objects.get(pk=task.requester_id)
            _dispose(requester, task.public_id, HOUSE, now)
            done += 1
        except (WrongStatus, Unreviewed):
            continue  # extended since we looked
    return done


def forget_tokens(*, now: datetime) -> int:
    """Delete request tokens that may be used again. Returns how many."""
    return RequestToken.objects.filter(made_at__lte=now - timedelta(hours=TOKEN_HOURS)).delete()[0]


@transaction.atomic
def _dispose(requester: Requester, task_id: str, by: Actor, now: datetime) -> None:
    task, tally = _locked(requester, task_id, now)
    _require(task, tally, ENDED)
    if tally.submitted:
        raise Unreviewed(task_id=task_id, status=tally.status, count=tally.submitted)
    _pay_silence(task, now)
    if tally.expired:
        _close(task, now)  # records that it expired, if nobody has
    Task.objects.filter(pk=task.pk).update(disposed_at=now)
    if not tally.expired:
        _close(task, now)
    record(name="HITDisposed", actor=by, subject=task_id, at=now)


def _locked(requester: Requester, task_id: str, now: datetime) -> tuple[Task, Tally]:
    """The requester's task and how far it is, with the task and its lanes locked. Refuses NotFound.

    A worker whose deadline has passed may still hold a place until the sweep comes; it does not count, and
    the sweep puts right the place and its money whatever happens to the task meanwhile.
    """
    own = Task.objects.filter(public_id=task_id, requester_id=requester.pk)
    if not looks_like_id(task_id) or not own.exists():
        raise NotFound(task_id=task_id)
    task = own.select_for_update(of=("self",), no_key=True).select_related("batch", "task_type").get()
    list(Lane.objects.select_for_update(no_key=True).filter(task=task).order_by("pk").values_list("pk"))
    return task, tally_of(task, now=now)


def _require(task: Task, tally: Tally, allowed: tuple[HitStatus, ...]) -> None:
    if tally.status not in allowed:
        raise WrongStatus(task_id=task.public_id, status=tally.status, allowed=allowed)


def _pay_silence(task: Task, now: datetime) -> None:
    """Pay what counts as approved because the time to review it is over, before the sweep comes to it."""
    silent = Assignment.objects.filter(
        task=task, submitted_at__isnull=False, state=AssignmentState.SUBMITTED, auto_approve_at__lte=now
    )
    if ids := list(silent.values_list("pk", flat=True)):
        count("work_approve_set", ids, str(HOUSE), "", now)


def _end(task: Task, now: datetime) -> None:
    """End the task now, unless it has ended."""
    Task.objects.filter(pk=task.pk, expires_at__gt=now).update(expires_at=now)
    _close(task, now)


def _close(task: Task, now: datetime) -> None:
    """Free places are gone, their money is given back; nothing when that was done before."""
    if task.state != TaskState.CLOSED:
        count("work_close", [task.pk], now)


def _open(requester: Requester, task: Task, places: int, expires_at: datetime, now: datetime) -> None:
    """Offer the task with so many places until then. Refuses InsufficientFunds."""
    paused = task.batch is not None and task.batch.state == BatchState.PAUSED
    state = TaskState.PAUSED if paused else TaskState.OPEN
    key = f"extend:{new_id()}"
    row = call(
        "work_open_task",
        task.pk,
        task.public_id,
        requester.public_id,
        places,
        expires_at,
        str(state),
        key,
        now,
    )
    refuse_lack_of_funds(row, requester)
    if state == TaskState.OPEN:
        _show(task.task_type_id, expires_at, now)


def _show(task_type_pk: int, expires_at: datetime, now: datetime) -> None:
    """Show the group in the open list, unless it is shown."""
    with connection.cursor() as cursor:
        cursor.execute("select work_show_group(%s, %s, %s)", [task_type_pk, expires_at, now])


def _let_go_on(task: Task, tally: Tally) -> None:
    """A withdrawn standing batch runs again; a cancelled file does not, it may have lost rows."""
    assert task.batch is not None
    if task.batch.source != BatchSource.WIRE:
        raise Withdrawn(task_id=task.public_id, status=tally.status)
    type(task.batch).objects.filter(pk=task.batch.pk).update(state=BatchState.RUNNING, cancelled_at=None)
