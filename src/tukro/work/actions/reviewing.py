"""The requester's verbs after work is done: approve, reject, send back, thank with a bonus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.queries import policy as house_policy
from tukro.money.rules import fee_for
from tukro.people.models import Requester, Worker, WorkerState
from tukro.people.queries.visiting import RequesterBySession
from tukro.work.actions.calls import call, count
from tukro.work.actions.doing.assigning import BadReason, TooLate, WrongState
from tukro.work.actions.funds import refuse_lack_of_funds
from tukro.work.models import HANDED_IN, Assignment, AssignmentState, Batch, Bonus, OverturnedRejection
from tukro.work.rules import (
    REJECTION_REASONS,
    REVISION_REASONS,
    REVISION_SECONDS,
    REVISION_SECONDS_AT_MOST,
    REVISIONS_AT_MOST,
)

MAX_FEEDBACK = 4000
_STEP = 1000  # approvals in one transaction
_SEND_BONUS = "SendBonus"  # the scope of tokens


class BadDeadline(Refused):
    """A repair takes another time than a requester may give. ``least``, ``most``: how long."""


class TooManyRepairs(Refused):
    """The answer was sent back as often as one can be. ``limit``."""


class BonusRefused(Refused):
    """It takes work handed in, an amount and a reason. ``code``: state, amount, reason."""


class TokenReused(Refused):
    """The token belongs to another bonus. ``token``."""


class BonusPaidBefore(Refused):
    """A program used the token within a day. ``token``, ``bonus``: public id of the bonus that it paid."""


class WorkerUnknown(Refused):
    """The work is another worker's."""


class WorkerGone(Refused):
    """The worker closed the account: nobody could ever take the money."""


def approve_assignment(
    *,
    requester: Requester,
    assignment_id: str,
    feedback: str = "",
    now: datetime,
    override: bool = False,
) -> bool:
    """Approve and pay one. False: it was approved before, by somebody or by silence (then it is paid now).

    ``override`` overturns a rejection up to 30 days after submission, and what it said is kept; if its money
    has gone back, the requester's balance pays. Refuses NotFound, WrongState (also of a disposed task, unless
    an appeal is open), TooLate, WorkerGone, InsufficientFunds.
    """
    feedback = _feedback(feedback)
    if not override:
        return _approve(requester, assignment_id, feedback, now, override=False)
    with transaction.atomic():
        said = _rejection(requester, assignment_id)
        done = _approve(requester, assignment_id, feedback, now, override=True)
        if said is not None:
            said.save(force_insert=True)
    return done


def approve_assignments(
    *,
    requester: Requester | RequesterBySession,
    assignment_ids: Sequence[str],
    feedback: str = "",
    now: datetime,
) -> int:
    """Approve and pay those that wait for review; the others stay as they are. Returns how many.

    Refuses NotFound when one of them is not the requester's, and then approves none.
    """
    feedback = _feedback(feedback)
    actor = requester.actor if isinstance(requester, RequesterBySession) else str(requester.actor)
    if len(assignment_ids) == 1:  # half the work of a set of one
        row = call("work_approve", assignment_ids[0], requester.pk, feedback, actor, now, False, by=requester)
        if row["code"] != "wrong_state":
            _refuse(row)
        return int(row["code"] in ("ok", "silence"))
    row = call("work_approve_many", list(assignment_ids), requester.pk, feedback, actor, now, by=requester)
    _refuse(row)
    return int(row["count"])


def approve_all_submitted(
    *, requester: Requester, batch_id: str, handed_in_by: datetime, now: datetime
) -> int:
    """Approve and pay everything in the batch that waits for review, in steps. Returns how many.

    What came in after ``handed_in_by`` stays: the requester has not seen it. Refuses NotFound.
    """
    batch = Batch.objects.filter(public_id=batch_id, requester=requester).first()
    if batch is None:
        raise NotFound()
    waiting = Assignment.objects.filter(
        batch_id=batch.pk, state=AssignmentState.SUBMITTED, submitted_at__lte=handed_in_by
    ).order_by("pk")
    approved = 0
    while ids := list(waiting.values_list("pk", flat=True)[:_STEP]):
        approved += count("work_approve_set", ids, str(requester.actor), "", now)
    return approved


def reject_assignments(
    *,
    requester: Requester,
    assignment_ids: Sequence[str],
    reason_code: str,
    feedback: str,
    reopen: bool = False,
    now: datetime,
) -> int:
    """Reject all of these or none. Money stays set aside for the time of appeal, then goes back.

    ``reopen`` offers the places again, with new money; places of tasks that have ended stay closed.
    Refuses NotFound, BadReason, WrongState, TooLate (approved by silence), InsufficientFunds.
    """
    feedback = _reason(reason_code, feedback, REJECTION_REASONS)
    row = _reject(requester, assignment_ids, reason_code, feedback, reopen, now)
    refuse_lack_of_funds(row, requester)
    _refuse(row)
    return int(row["count"])


def reject_assignment(*, requester: Requester, assignment_id: str, feedback: str, now: datetime) -> None:
    """Reject one as programs do, who may leave the words empty (mturk-api 6.16); its place stays taken.

    Refuses NotFound, BadReason, WrongState, TooLate (approved by silence).
    """
    row = _reject(requester, [assignment_id], "other", _feedback(feedback), False, now)
    _refuse(row, assignment_id)


def ask_revision(
    *,
    requester: Requester,
    assignment_id: str,
    reason_code: str,
    feedback: str,
    seconds: int = REVISION_SECONDS,
    now: datetime,
) -> datetime:
    """Send work back for repair; returns until when.

    ``seconds``: how long the worker has, never less than the task's own time.
    Does the repair not come in time, or is it given back, the answer waits for review as it was.
    Refuses NotFound, BadReason, BadDeadline, WrongState, TooLate, TooManyRepairs.
    """
    feedback = _reason(reason_code, feedback, REVISION_REASONS)
    if not REVISION_SECONDS <= seconds <= REVISION_SECONDS_AT_MOST:
        raise BadDeadline(
            least=timedelta(seconds=REVISION_SECONDS), most=timedelta(seconds=REVISION_SECONDS_AT_MOST)
        )
    given = (reason_code, feedback, str(requester.actor), now, seconds)
    row = call("work_revise", assignment_id, requester.pk, *given)
    _refuse(row)
    until: datetime = row["when_at"]
    return until


@transaction.atomic
def send_bonus(
    *, requester: Requester, assignment_id: str, amount: Money, reason: str, token: str, now: datetime
) -> Bonus:
    """Pay the worker of an assignment extra. The same token again is the same bonus.

    Refuses NotFound, BonusRefused, TokenReused, WorkerGone, InsufficientFunds.
    """
    assignment = _locked(requester, assignment_id)
    if earlier := Bonus.objects.filter(requester=requester, token=token).first():
        if (earlier.assignment_id, earlier.amount) != (assignment.pk, amount):
            raise TokenReused(token=token)
        return earlier
    if not reason.strip():
        raise BonusRefused(code="reason")
    return _pay_bonus(requester, assignment, amount, reason, token, now)


@transaction.atomic
def grant_bonus(
    *,
    requester: Requester,
    worker: Worker,
    assignment_id: str,
    amount: Money,
    reason: str,
    token: str,
    now: datetime,
) -> Bonus:
    """The same as programs do it: the worker is named too, the reason may be empty, and a token that was used
    within a day is refused. Without a token (``""``) each call pays. (mturk-api 6.19, 1.9)

    Refuses NotFound, WorkerUnknown, BonusRefused, BonusPaidBefore, WorkerGone, InsufficientFunds; then the
    token stays good.
    """
    assignment = _locked(requester, assignment_id)
    if token:
        _use_token(requester, token, now)
    if assignment.state not in HANDED_IN:
        raise NotFound(assignment_id=assignment_id)
    if assignment.worker_id != worker.pk:
        raise WorkerUnknown()
    # On the pages a token belongs to one bonus for ever; here the bonus is named by itself.
    bonus = _pay_bonus(requester, assignment, amount, reason, "", now)
    if token:
        call("work_token_keep", requester.pk, _SEND_BONUS, token, bonus.public_id, now)
    return bonus


def auto_approve_due(*, now: datetime, limit: int = _STEP) -> int:
    """Approve and pay what requesters have left unreviewed past their own time. Returns how many."""
    return count("work_auto_approve", now, limit)


def _approve(
    requester: Requester, assignment_id: str, feedback: str, now: datetime, *, override: bool
) -> bool:
    actor = str(requester.actor)
    row = call("work_approve", assignment_id, requester.pk, feedback, actor, now, override)
    refuse_lack_of_funds(row, requester)
    _refuse(row, assignment_id)
    return bool(row["code"] == "ok")


def _rejection(requester: Requester, assignment_id: str) -> OverturnedRejection | None:
    """What the rejection says that is about to be overturned; None when the work is not rejected."""
    found = (
        Assignment.objects.select_for_update(no_key=True)
        .filter(public_id=assignment_id, requester_id=requester.pk)
        .only("state", "reason_code", "feedback")
        .first()
    )
    if found is None or found.state != AssignmentState.REJECTED:
        return None
    return OverturnedRejection(assignment=found, reason_code=found.reason_code, feedback=found.feedback)


def _locked(requester: Requester, assignment_id: str) -> Assignment:
    assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("worker")
        .filter(public_id=assignment_id, requester_id=requester.pk)
        .first()
    )
    if assignment is None:
        raise NotFound(assignment_id=assignment_id)
    return assignment


def _use_token(requester: Requester, token: str, now: datetime) -> None:
    """The token is this transaction's, or it was used within a day. Refuses BonusPaidBefore."""
    earlier = call("work_token_use", requester.pk, _SEND_BONUS, token, now)["work_token_use"]
    if earlier is not None:
        raise BonusPaidBefore(token=token, bonus=earlier)


def _pay_bonus(
    requester: Requester, assignment: Assignment, amount: Money, reason: str, token: str, now: datetime
) -> Bonus:
    _check_bonus(assignment, amount, reason)
    # Locked: against an account that is being closed at this moment.
    worker = Worker.objects.select_for_update(no_key=True).get(pk=assignment.worker_id)
    if worker.state == WorkerState.CLOSED:
        raise WorkerGone
    fee = fee_for(amount, house_policy())
    public_id = new_id()
    bonus = Bonus.objects.create(
        public_id=public_id,
        assignment=assignment,
        requester=requester,
        worker=worker,
        amount=amount,
        fee=fee,
        reason=reason,
        token=token or public_id,
        granted_at=now,
    )
    escrow.pay_bonus(
        requester_id=requester.public_id,
        worker_id=worker.public_id,
        amount=amount,
        fee=fee,
        key=f"bonus:{public_id}",
        subject=assignment.public_id,
        at=now,
    )
    facts = {"worker": worker.public_id, "amount": amount.units, "bonus": public_id}
    record(name="BonusPaid", actor=requester.actor, subject=assignment.public_id, at=now, facts=facts)
    return bonus


def _check_bonus(assignment: Assignment, amount: Money, reason: str) -> None:
    if assignment.state not in HANDED_IN:
        raise BonusRefused(code="state")
    if amount.units <= 0:
        raise BonusRefused(code="amount", amount=amount)
    if len(reason) > MAX_FEEDBACK:
        raise BonusRefused(code="reason")


def _reject(
    requester: Requester,
    assignment_ids: Sequence[str],
    reason_code: str,
    feedback: str,
    reopen: bool,
    now: datetime,
) -> dict[str, Any]:
    return call(
        "work_reject_many",
        list(assignment_ids),
        requester.pk,
        requester.public_id,
        reason_code,
        feedback,
        reopen,
        str(requester.actor),
        f"reopen:{new_id()}",
        now,
    )


def _feedback(text: str) -> str:
    if len(text) > MAX_FEEDBACK:
        raise BadReason(code="too_long")
    return text  # as it was given: programs read it again


def _reason(code: str, text: str, allowed: tuple[str, ...]) -> str:
    """A decision against a worker has a reason from the list and says in words what was wrong."""
    if code not in allowed:
        raise BadReason(code="unknown")
    if not text.strip():
        raise BadReason(code="empty")
    return _feedback(text)


def _refuse(row: dict[str, Any], assignment_id: str = "") -> None:
    match row["code"]:
        case "ok" | "same" | "silence":
            return
        case "not_found":
            raise NotFound(assignment_id=assignment_id)
        case "wrong_state":
            raise WrongState(state=row["fact"], assignment_id=assignment_id)
        case "too_late":
            raise TooLate(deadline_at=row["when_at"])
        case "too_often":
            raise TooManyRepairs(limit=REVISIONS_AT_MOST)
        case "worker_gone":
            raise WorkerGone
        case code:
            raise AssertionError(f"unknown code {code}")
