"""What workers do: one try at one task, its answer as it is and as it was, and what is paid on top."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db import models
from django.db.models import Q

from tukro.money.models import MoneyField
from tukro.people.models import Requester, Worker
from tukro.work.models.tasks import Lane, Task


class AssignmentState(models.TextChoices):
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    REVISING = "revising"  # sent back for repair; the worker may submit again until the deadline
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    ABANDONED = "abandoned"


BEING_DONE = (AssignmentState.ACCEPTED, AssignmentState.REVISING)  # its worker may hand in, till the deadline
HANDED_IN = (AssignmentState.SUBMITTED, AssignmentState.APPROVED, AssignmentState.REJECTED)


class Assignment(models.Model):
    """One worker's try at one task."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30)
    # Written by one function, which has locked or read lane, task and worker; none of them is ever deleted,
    # and the proofs look for strays. The database would look for them again on every accept.
    lane = models.ForeignKey(
        Lane, on_delete=models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    task_type_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(null=True)
    requester_id = models.BigIntegerField()
    worker = models.ForeignKey(
        Worker, on_delete=models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    # The terms that it was accepted under and the names that events say, none of which ever changes: handing
    # in and approving read this row alone (docs/decisions/0030).
    hold = models.BigIntegerField()  # the account that pays it, as the lane names it
    reward = MoneyField()
    fee = MoneyField()
    auto_approve_seconds = models.IntegerField()
    own_form = models.BooleanField()  # answers are checked against a form of ours before they are kept
    reviews = models.BooleanField()  # a review policy looks at what is handed in
    group_id = models.CharField(max_length=30)
    task_public_id = models.CharField(max_length=30)
    worker_public_id = models.CharField(max_length=20)
    # In the database a type of its own: that it is one of these words need not be checked.
    state = models.CharField(max_length=10, choices=AssignmentState.choices)
    accepted_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when a repair was last asked for
    # Seconds from accepting to handing in and, for each repair, from being asked for to being handed in: not
    # the days in which the answer lay with its requester. Null before it is handed in.
    worked_seconds = models.IntegerField(null=True)
    auto_approve_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)  # approved, rejected, returned or abandoned
    decided_by = models.CharField(max_length=40, default="")
    rejected_at = models.DateTimeField(null=True)  # kept when a rejection is overturned
    # Rejected: when the money goes back to the requester; null while an appeal is open.
    release_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=30, default="")  # of a rejection, revision, return or skip
    feedback = models.TextField(default="")  # what the requester says to the worker
    # What was handed in, ``{"fields": [[name, value], …]}`` in the order it was posted; null before. It is
    # written and read with the rest of the row (docs/decisions/0030).
    answer = models.JSONField(null=True)
    had_draft = models.BooleanField()  # an unfinished answer was kept at some time
    extended = models.SmallIntegerField(default=0, db_default=0)  # how often the worker took more time
    code_tries = models.SmallIntegerField(default=0, db_default=0)  # wrong codes that were handed in

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="assignment_public_id"),
            models.UniqueConstraint(
                fields=["task", "worker"],
                condition=~Q(state__in=["returned", "abandoned"]),
                name="assignment_once_per_worker",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "-id"], name="assignment_of_worker"),
            models.Index(fields=["worker", "task_type_id", "lane"], name="assignment_resume"),
            models.Index(
                fields=["worker", "deadline_at"],
                name="assignment_queue",
                condition=Q(state__in=["accepted", "revising"]),
            ),
            # Said by other columns than in the queue's index: with old statistics the planner would take this
            # one, which holds everybody's work, to look up one worker's queue.
            models.Index(
                fields=["deadline_at"],
                name="assignment_late",
                condition=Q(decided_at__isnull=True, auto_approve_at__isnull=True),
            ),
            models.Index(
                fields=["auto_approve_at"], name="assignment_silence", condition=Q(state="submitted")
            ),
            # What waits for one requester, in whatever batch.
            models.Index(
                fields=["requester_id", "batch_id", "auto_approve_at"],
                name="assignment_to_review",
                condition=Q(state="submitted"),
            ),
            models.Index(fields=["batch_id", "id"], name="assignment_of_batch"),
            # One task's work as programs read it: page by page, the first handed in first.
            models.Index(
                fields=["task", "submitted_at", "id"],
                name="assignment_handed_in",
                condition=Q(submitted_at__isnull=False),
            ),
            models.Index(
                fields=["release_at"],
                name="assignment_to_release",
                condition=Q(state="rejected", released_at__isnull=True),
            ),
        ]

    @property
    def handed_in(self) -> dict[str, Any]:
        """The answer of work that was handed in."""
        assert self.answer is not None, self.public_id
        return cast(dict[str, Any], self.answer)

    @property
    def waits_since(self) -> datetime:
        """Since when it lies, or lay, with its requester: it was handed in, or a repair did not come."""
        assert self.submitted_at is not None, self.public_id
        is_repaired = self.asked_at is None or self.asked_at < self.submitted_at
        return self.submitted_at if is_repaired else self.deadline_at

    @property
    def time_worked(self) -> int:
        """Seconds of work in what was handed in."""
        assert self.worked_seconds is not None, self.public_id
        return self.worked_seconds


class EarlierAnswer(models.Model):
    """An answer that was sent back for repair, as it was then, and what was asked of the worker.

    Kept because the answer itself is replaced when the worker hands in again; numbered from 1 per assignment.
    """

    id = models.BigAutoField(primary_key=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="earlier")
    no = models.SmallIntegerField()
    body = models.JSONField()
    submitted_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()  # until when the repair was asked for
    reason_code = models.CharField(max_length=30)
    asked = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "no"], name="earlier_answer_once"),
        ]


class Draft(models.Model):
    """An unfinished answer, kept on the server so that a closed tab loses nothing."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    body = models.JSONField()
    saved_at = models.DateTimeField()


class Bonus(models.Model):
    """Extra pay after work; ``token`` is the requester's own key against paying twice."""

    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="bonuses")
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="bonuses")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="bonuses")
    amount = MoneyField()
    fee = MoneyField()
    reason = models.TextField()
    token = models.CharField(max_length=64)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["requester", "token"], name="bonus_once")]


class RequestToken(models.Model):
    """A requester's own key against doing a thing twice; remembered for a day (mturk-api 1.9)."""

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="request_tokens")
    operation = models.CharField(max_length=40)
    token = models.CharField(max_length=64)
    subject = models.CharField(max_length=30)  # public id of what was made or changed
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requester", "operation", "token"], name="request_token_once"),
        ]
        indexes = [models.Index(fields=["made_at"], name="request_token_old")]
