"""Following review policies: one look per submission, and one each time that a task is reviewable.

A review is several transactions. The first notes that there will be one; the second writes what was found and
what is intended; then each intention is carried out by a verb of work in the transaction that notes how it
went; the last says that it is over.
Whatever stops the house in between, the next call goes on from there, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Requester
from tukro.quality import queries
from tukro.quality.models import Action, ActionStatus, Policy, PolicyLevel, Result, Review
from tukro.quality.rules import (
    KnownAnswers,
    Outcome,
    Plurality,
    Submission,
    judge_submission,
    judge_task,
    known_answers,
    places_after,
    plurality,
)
from tukro.work.actions.doing.assigning import WrongState
from tukro.work.actions.publishing.task_changes import add_places, change_expiry
from tukro.work.actions.reviewing import approve_assignment, reject_assignment
from tukro.work.models import HANDED_IN, Assignment, AssignmentState, Task
from tukro.work.rules import YEAR


@dataclass(frozen=True, slots=True)
class Policies:
    """What came with a task, read and found good."""

    by_level: Mapping[str, Mapping[str, Any]]

    def __bool__(self) -> bool:
        return bool(self.by_level)


def read_policies(
    *, assignment_level: Mapping[str, Any] | None, hit_level: Mapping[str, Any] | None
) -> Policies:
    """Look at policies before anything is made. Refuses BadReviewPolicy."""
    by_level = {}
    if assignment_level is not None:
        known_answers(assignment_level)
        by_level[PolicyLevel.ASSIGNMENT.value] = assignment_level
    if hit_level is not None:
        plurality(hit_level)
        by_level[PolicyLevel.HIT.value] = hit_level
    return Policies(by_level)


@transaction.atomic
def attach_policies(*, task_id: str, policies: Policies, now: datetime) -> None:
    """Give a new task (public id) its policies, in the transaction that makes it."""
    Policy.objects.bulk_create(
        Policy(task_id=task_id, level=level, given=dict(given), created_at=now)
        for level, given in policies.by_level.items()
    )
    if PolicyLevel.ASSIGNMENT in policies.by_level:
        Task.objects.filter(public_id=task_id).update(reviews=True)


def review_submitted(*, assignment_id: str, now: datetime) -> None:
    """Look at what was just handed in, as its task's policy says; then the requester sees it.

    Does nothing when there is no such policy, nothing was handed in, or the look is over already.
    """
    review_id = begin_on_submission(assignment_id=assignment_id, now=now)
    if review_id is not None:
        finish(review_id=review_id, now=now)


def begin_on_submission(*, assignment_id: str, now: datetime) -> int | None:
    """Note that a submission is to be looked at, so that it is not forgotten; None when it is not, or was."""
    task_id = (
        Assignment.objects.filter(public_id=assignment_id, task__reviews=True, state__in=HANDED_IN)
        .values_list("task__public_id", flat=True)
        .first()
    )
    if task_id is None:
        return None
    review, _ = Review.objects.get_or_create(
        level=PolicyLevel.ASSIGNMENT,
        assignment_id=assignment_id,
        defaults={"public_id": new_id(), "task_id": task_id, "started_at": now},
    )
    return review.pk if review.done_at is None else None


def begin_on_task(*, task_id: str, event_id: int, now: datetime) -> int | None:
    """The same for a task that became reviewable, once per journal event that says so."""
    if queries.policy_of(task_id, PolicyLevel.HIT) is None:
        return None
    review, _ = Review.objects.get_or_create(
        level=PolicyLevel.HIT,
        event_id=event_id,
        defaults={"public_id": new_id(), "task_id": task_id, "started_at": now},
    )
    return review.pk if review.done_at is None else None


def finish(*, review_id: int, now: datetime) -> None:
    """Do what is left of a review: look, carry out what that intends, in order, and close it.

    Before a task is looked at, submissions that still wait for the policy of their own have their turn: their
    scores count.
    """
    review = Review.objects.get(pk=review_id)
    if review.level == PolicyLevel.HIT and not review.actions.exists():
        for assignment_id in queries.pending_of_task(review.task_id):
            review_submitted(assignment_id=assignment_id, now=now)
    _look(review_id, now)
    intended = Action.objects.filter(review_id=review_id, status=ActionStatus.INTENDED)
    for action_id in intended.order_by("id").values_list("id", flat=True):
        _carry_out(action_id, now)
    Review.objects.filter(pk=review_id, done_at=None).update(done_at=now)


# --- looking ----------------------------------------------------------------------------------------


@transaction.atomic
def _look(review_id: int, now: datetime) -> None:
    """Write what the policy finds and intends; the look is an action itself, so it is taken once."""
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.actions.exists():
        return
    if review.level == PolicyLevel.HIT:
        policy = _plurality_of(review.task_id)
        outcome = judge_task(policy, task_id=review.task_id, submissions=_submissions(review.task_id))
    else:
        outcome = judge_submission(
            _known_answers_of(review.task_id),
            task_id=review.task_id,
            assignment_id=review.assignment_id,
            answers=queries.answers_of([review.assignment_id]).get(review.assignment_id, {}),
        )
    _write(review, outcome, now)


def _write(review: Review, outcome: Outcome, now: datetime) -> None:
    """Keep what was found and what is wanted. The look itself is the first action, and done."""
    review.score = outcome.score
    review.save(update_fields=["score"])
    Result.objects.bulk_create(
        Result(
            review=review,
            subject_type=finding.subject,
            subject_id=finding.subject_id,
            question_id=finding.question,
            key=finding.key,
            value=finding.value,
        )
        for finding in outcome.findings
    )
    on_task = review.level == PolicyLevel.HIT
    look = Action(
        review=review,
        public_id=review.public_id,
        name="review",
        target_type="HIT" if on_task else "Assignment",
        target_id=review.task_id if on_task else review.assignment_id,
        status=ActionStatus.SUCCEEDED,
        completed_at=now,
    )
    wanted = [
        Action(
            review=review,
            public_id=new_id(),
            name=intention.name,
            target_type="HIT" if intention.name == "extend" else "Assignment",
            target_id=intention.target_id,
            reason=intention.reason,
        )
        for intention in outcome.intentions
    ]
    Action.objects.bulk_create([look, *wanted])


def _submissions(task_id: str) -> list[Submission]:
    handed_in = Assignment.objects.filter(task__public_id=task_id, state__in=HANDED_IN)
    states = dict(handed_in.order_by("submitted_at", "id").values_list("public_id", "state"))
    answers = queries.answers_of(states.keys())
    scores = dict(
        Review.objects.filter(assignment_id__in=states.keys()).values_list("assignment_id", "score")
    )
    return [
        Submission(
            assignment_id=assignment_id,
            answers=answers.get(assignment_id, {}),
            is_rejected=state == AssignmentState.REJECTED,
            known_score=scores.get(assignment_id),
        )
        for assignment_id, state in states.items()
    ]


def _known_answers_of(task_id: str) -> KnownAnswers:
    return known_answers(Policy.objects.get(task_id=task_id, level=PolicyLevel.ASSIGNMENT).given)


def _plurality_of(task_id: str) -> Plurality:
    return plurality(Policy.objects.get(task_id=task_id, level=PolicyLevel.HIT).given)


# --- acting -----------------------------------------------------------------------------------------


@transaction.atomic
def _carry_out(action_id: int, now: datetime) -> None:
    """Try one intention and note how it went, in one transaction; another process may have been quicker."""
    action = Action.objects.select_for_update(of=("self",)).select_related("review").get(pk=action_id)
    if action.status != ActionStatus.INTENDED:
        return
    error = ""
    try:
        with transaction.atomic():
            _act(action, now)
    except Refused as refusal:
        error = type(refusal).__name__
    action.status = ActionStatus.FAILED if error else ActionStatus.SUCCEEDED
    action.error, action.completed_at = error, now
    action.save(update_fields=["status", "error", "completed_at"])


def _act(action: Action, now: datetime) -> None:
    requester = Requester.objects.get(pk=Task.objects.get(public_id=action.review.task_id).requester_id)
    match action.name:
        case "approve":
            # Approved before: it is as the policy wants it.
            approve_assignment(
                requester=requester, assignment_id=action.target_id, feedback=action.reason, now=now
            )
        case "reject":
            _reject(requester, action, now)
        case "extend":
            _extend(requester, action.review, now)
        case name:
            raise AssertionError(f"unknown action {name}")


def _reject(requester: Requester, action: Action, now: datetime) -> None:
    try:
        reject_assignment(
            requester=requester, assignment_id=action.target_id, feedback=action.reason, now=now
        )
    except WrongState as refusal:
        if refusal.facts["state"] != AssignmentState.REJECTED:
            raise


def _extend(requester: Requester, review: Review, now: datetime) -> None:
    """One place more and the policy's time with it; nothing when the task has as many as the policy wants."""
    task_id = review.task_id
    on_task = review.level == PolicyLevel.HIT
    extension = (_plurality_of(task_id) if on_task else _known_answers_of(task_id)).extension
    # Locked before the look: two submissions that extend at once add up to the cap, not beyond it.
    task = Task.objects.select_for_update(of=("self",), no_key=True).get(public_id=task_id)
    if places_after(task.places, extension) == task.places:
        return
    if extension.seconds:
        longest = now + timedelta(seconds=YEAR)
        end = max(task.expires_at, now) + timedelta(seconds=extension.seconds)
        change_expiry(requester=requester, task_id=task_id, expires_at=min(end, longest), now=now)
    add_places(requester=requester, task_id=task_id, places=1, now=now)
