"""What workers say against it: reports to the staff, and appeals against rejections."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.people.models import Worker
from tukro.work.models.assignments import Assignment
from tukro.work.models.tasks import Task


class ReportOutcome(models.TextChoices):
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class Report(models.Model):
    """A worker tells the staff that something is wrong with a task. Its requester does not see who."""

    public_id = models.CharField(max_length=30, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="reports")
    reason_code = models.CharField(max_length=30)
    text = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ReportOutcome.choices, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    note = models.TextField(default="", blank=True)  # what the staff say to the worker

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "worker"], name="report_once")]
        indexes = [
            models.Index(fields=["id"], name="report_waiting", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["worker", "made_at"], name="report_of_worker"),
        ]


class AppealOutcome(models.TextChoices):
    OPEN = "open"
    OVERTURNED = "overturned"  # the requester approved after all
    WITHDRAWN = "withdrawn"  # by the worker


class Appeal(models.Model):
    """A worker says that a rejection was wrong. One per rejection, and it needs its time of appeal.

    While it is open, ``Assignment.release_at`` is null: the money stays set aside for as long as that takes.
    ``window_until`` is what stood there before.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="appeal")
    requester_id = models.BigIntegerField()  # of the assignment, repeated for their list
    text = models.TextField()
    outcome = models.CharField(
        max_length=10, choices=AppealOutcome.choices, default=AppealOutcome.OPEN, db_default="open"
    )
    opened_at = models.DateTimeField()
    window_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True)
                | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="appeal_closed_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="appeal_open", condition=Q(outcome="open")),
            models.Index(fields=["requester_id", "-id"], name="appeal_of_requester"),
        ]


class OverturnedRejection(models.Model):
    """What a rejection said that its requester has taken back: approving put other words in its place."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, primary_key=True, related_name="overturned"
    )
    reason_code = models.CharField(max_length=30)
    feedback = models.TextField()


class AppealFile(models.Model):
    """What a worker adds to an appeal; read by the worker, the requester of the task, and staff."""

    public_id = models.CharField(max_length=30, unique=True)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
