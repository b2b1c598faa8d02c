"""Review policies of tasks, each look that they took, what it found and what it did about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PolicyLevel(models.TextChoices):
    ASSIGNMENT = "assignment"  # looks at each submission before it is shown
    HIT = "hit"  # looks at a task's submissions each time it becomes reviewable


class Policy(models.Model):
    """A task's review policy, as it came over the wire; never changed."""

    task_id = models.CharField(max_length=30)  # public id
    level = models.CharField(max_length=10, choices=PolicyLevel.choices)
    given = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task_id", "level"], name="policy_once_per_level")]


class Review(models.Model):
    """One look that a policy took. It is over when all that it wanted was tried."""

    public_id = models.CharField(max_length=30)  # the wire's ActionId of the look itself
    task_id = models.CharField(max_length=30)  # public id
    level = models.CharField(max_length=10, choices=PolicyLevel.choices)
    assignment_id = models.CharField(max_length=30, default="")  # public id, on the assignment level
    event_id = models.BigIntegerField(null=True)  # of the journal's HITReviewable, on the HIT level
    score = models.SmallIntegerField(null=True)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment_id"], condition=Q(level="assignment"), name="review_of_assignment_once"
            ),
            models.UniqueConstraint(
                fields=["event_id"], condition=Q(level="hit"), name="review_of_event_once"
            ),
        ]
        indexes = [
            models.Index(fields=["task_id", "level", "id"], name="review_of_task"),
            models.Index(fields=["id"], name="review_unfinished", condition=Q(done_at=None)),
        ]


class Result(models.Model):
    """One thing that a review found. Later reviews add theirs; nothing is overwritten."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="results")
    subject_type = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=30)
    question_id = models.CharField(max_length=255, default="")
    key = models.CharField(max_length=40)
    value = models.TextField()


class ActionStatus(models.TextChoices):
    INTENDED = "Intended"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class Action(models.Model):
    """One thing that a review wanted done. Written as intended; tried once, in the transaction that says how
    it went: whatever stops the house in between, it is done once or not yet."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="actions")
    public_id = models.CharField(max_length=30)
    name = models.CharField(max_length=10)
    target_type = models.CharField(max_length=10)
    target_id = models.CharField(max_length=30)
    reason = models.TextField(default="")  # said to the worker
    status = models.CharField(max_length=10, choices=ActionStatus.choices, default=ActionStatus.INTENDED)
    completed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, default="")  # name of the refusal

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="Intended", completed_at=None)
                | (~Q(status="Intended") & Q(completed_at__isnull=False)),
                name="action_completed",
            ),
            models.CheckConstraint(
                condition=Q(status="Failed") | Q(error=""), name="action_failed_has_error"
            ),
        ]


class Cursor(models.Model):
    """How far the room has read the journal."""

    reader = models.CharField(max_length=30, primary_key=True)
    event_id = models.BigIntegerField(default=0)
